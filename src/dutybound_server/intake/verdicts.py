"""Verdicts in the journal: what an entry holds of each, and which rows no longer agree with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import rfc8785

from dutybound.ledger.tree import leaf_hash, root_of
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry

KIND = "verdicts.given"
SHOWN_DIGITS = 16
"""Of each verdict's hash an entry holds so many digits, to name it; the root covers all of them."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A stored verdict is not the one that was given."""

    entry: int
    item: int
    what: str

    def __str__(self) -> str:
        return f"item {self.item}: {self.what} (journal entry {self.entry})"


def verdict_leaf(item: Item) -> bytes:
    """The RFC 9162 leaf hash of all that was answered for an item."""
    return leaf_hash(
        rfc8785.dumps(
            {
                "service": item.service_id,
                "item": item.external_id,
                "revision": item.revision,
                "digest": item.digest,
                "verdict": item.verdict,
                "answer": item.answer,
            }
        )
    )


def altered_verdicts() -> Iterator[Altered]:
    """Every verdict that was changed or removed since it was journalled, the oldest first.

    It trusts the journal, which has checks of its own.
    """
    for entry in Entry.objects.filter(kind=KIND).order_by("id").iterator():
        yield from _altered_in(entry)


def _altered_in(entry: Entry) -> Iterator[Altered]:
    facts = json.loads(bytes(entry.body))["facts"]
    told = dict(facts["verdicts"])
    stored = Item.objects.defer("text", "links", "context").in_bulk(told)
    leaves = {item_id: verdict_leaf(item) for item_id, item in stored.items()}
    agrees = True
    for item_id, shown in told.items():
        if item_id not in leaves:
            agrees = False
            yield Altered(entry.pk, item_id, "is gone")
        elif not leaves[item_id].hex().startswith(shown):
            agrees = False
            yield Altered(entry.pk, item_id, "was changed after the verdict was given")
    if agrees and root_of([leaves[item_id] for item_id in told]).hex() != facts["root"]:
        yield Altered(entry.pk, min(told), "or one of its batch was changed with great effort")
