"""What people are told of witnesses, on every page and by every command alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlsplit

from dutybound_server.journal.models import Witness
from dutybound_server.journal.queries import Witnessed
from dutybound_server.journal.witnesses.asking import Trouble

LATE_AFTER = timedelta(minutes=10)
"""The newest entries are always a few seconds ahead of their witnesses; that is no news."""

IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Trouble.UNREACHABLE: "did not answer",
        Trouble.NOT_WATCHED: "does not watch this journal; whoever runs it has to add its key",
        Trouble.NOT_TRUSTED: "does not trust the key that signs this journal",
        Trouble.AHEAD: "has seen more entries than there are here: this journal was set back to an "
        "older copy, or there is a second one under its name",
        Trouble.FORKED: "says that this journal does not follow from what it saw before: it was "
        "set back and written on, or there is a second one under its name",
        Trouble.NONSENSE: "gave an answer that makes no sense",
        Trouble.BROKEN: "could not be asked, because the stored tree is damaged",
    }
)
GRAVE = frozenset({Trouble.AHEAD, Trouble.FORKED, Trouble.BROKEN})


class Standing(StrEnum):
    """How far others have seen the journal."""

    EMPTY = "empty"
    ALONE = "alone"
    UNSEEN = "unseen"
    LATE = "late"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Told:
    """One witness in trouble, as a page shows it."""

    host: str
    words: str
    is_grave: bool
    since: datetime | None
    said: str


def standing_of(found: Witnessed, *, now: datetime) -> Standing:
    if not found.size and not found.unwitnessed:
        return Standing.EMPTY
    if not found.asked:
        return Standing.ALONE
    if not found.size:
        return Standing.UNSEEN
    is_late = found.since is not None and now - found.since > LATE_AFTER
    return Standing.LATE if is_late else Standing.SEEN


def troubles_of(found: Witnessed) -> list[Told]:
    return [_told(one) for one in found.troubles]


def sentence(found: Witnessed, *, now: datetime) -> str:
    """The same in one line, for a terminal."""
    standing = standing_of(found, now=now)
    if standing == Standing.EMPTY:
        return "Nothing is sealed yet."
    if standing == Standing.SEEN:
        return f"Witnessed by {', '.join(found.seen_by)} up to entry {found.size - 1:,}."
    since = f"{found.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if found.since else "its beginning"
    why = {
        Standing.ALONE: "this installation asks no witness (DUTYBOUND_WITNESSES)",
        Standing.UNSEEN: "no witness has cosigned it yet",
        Standing.LATE: f"witnesses saw it up to entry {found.size - 1:,}",
    }[standing]
    return f"Unwitnessed since {since}, {found.unwitnessed:,} entries: {why}."


def _told(one: Witness) -> Told:
    host = urlsplit(one.url).hostname or "a witness"
    is_grave = one.trouble in GRAVE
    return Told(host, IN_WORDS[one.trouble], is_grave, one.since, one.told)
