"""Which part of the queue a person looks at, kept in the address so that links can be shared."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

MINE, AT_RISK, DECIDED = "mine", "at-risk", "decided"


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A tab, a search and a page of the list on the left."""

    tab: str = ""
    q: str = ""
    page: str = ""

    @property
    def query(self) -> str:
        """The query string that leads back to it."""
        return _encoded(queue=self.tab, q=self.q, page=self.page)

    @property
    def query_without_page(self) -> str:
        return _encoded(queue=self.tab, q=self.q)

    @property
    def suffix(self) -> str:
        """The query string with its question mark, or nothing."""
        return f"?{self.query}" if self.query else ""


def list_choice(asked: QueryDict) -> ListChoice:
    """The choice that an address carries; anything odd is an empty search, not an error."""
    return ListChoice(
        tab=asked.get("queue", "")[:40],
        q=asked.get("q", "").strip()[:200].replace("\0", ""),
        page=asked.get("page", "")[:9],
    )


def _encoded(**parts: str) -> str:
    return urlencode({name: value for name, value in parts.items() if value})
