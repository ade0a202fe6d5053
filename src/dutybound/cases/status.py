"""A case's status is derived from what happened to it; this table is the whole rule."""

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from types import MappingProxyType


class Status(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    APPEALED = "appealed"


class EventKind(StrEnum):
    OPENED = "opened"
    MATCHED = "matched"
    RAISED = "raised"
    """Something else than a match joined it: what a member of staff or a person says."""
    CLAIMED = "claimed"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    NOTED = "noted"
    REVEALED = "revealed"
    DECIDED = "decided"
    UNDONE = "undone"
    APPEALED = "appealed"


class NotAllowed(ValueError):
    """The event cannot happen to a case of that status."""


WAITING = frozenset({Status.OPEN, Status.APPEALED})
"""Statuses in which a case waits for a person."""

NEXT = MappingProxyType(
    {
        # New matches and words join whatever is going on; a decided case they reopen.
        (Status.OPEN, EventKind.MATCHED): Status.OPEN,
        (Status.DECIDED, EventKind.MATCHED): Status.OPEN,
        (Status.APPEALED, EventKind.MATCHED): Status.APPEALED,
        (Status.OPEN, EventKind.RAISED): Status.OPEN,
        (Status.DECIDED, EventKind.RAISED): Status.OPEN,
        (Status.APPEALED, EventKind.RAISED): Status.APPEALED,
        # Only a case that waits can be somebody's.
        (Status.OPEN, EventKind.CLAIMED): Status.OPEN,
        (Status.APPEALED, EventKind.CLAIMED): Status.APPEALED,
        (Status.OPEN, EventKind.RELEASED): Status.OPEN,
        (Status.APPEALED, EventKind.RELEASED): Status.APPEALED,
        (Status.OPEN, EventKind.HANDED_OVER): Status.OPEN,
        (Status.APPEALED, EventKind.HANDED_OVER): Status.APPEALED,
        # Notes and looks are possible at any time and change nothing.
        (Status.OPEN, EventKind.NOTED): Status.OPEN,
        (Status.DECIDED, EventKind.NOTED): Status.DECIDED,
        (Status.APPEALED, EventKind.NOTED): Status.APPEALED,
        (Status.OPEN, EventKind.REVEALED): Status.OPEN,
        (Status.DECIDED, EventKind.REVEALED): Status.DECIDED,
        (Status.APPEALED, EventKind.REVEALED): Status.APPEALED,
        # A decided case is decided again only after an undo, a new match or an appeal.
        (Status.OPEN, EventKind.DECIDED): Status.DECIDED,
        (Status.APPEALED, EventKind.DECIDED): Status.DECIDED,
        (Status.OPEN, EventKind.UNDONE): Status.OPEN,
        (Status.DECIDED, EventKind.UNDONE): Status.OPEN,
        # A reopened case may still be appealed: its last decision stands until the next.
        (Status.OPEN, EventKind.APPEALED): Status.APPEALED,
        (Status.DECIDED, EventKind.APPEALED): Status.APPEALED,
    }
)


def after(status: Status, event: EventKind) -> Status:
    """The status a case has once the event has happened to it."""
    try:
        return NEXT[status, event]
    except KeyError:
        raise NotAllowed(f"a case that is {status} cannot be {event.replace('_', ' ')}") from None


def status_of(events: Iterable[EventKind]) -> Status:
    """Rebuild a case's status from its whole history, oldest first."""
    history = iter(events)
    first = next(history, None)
    if first is not EventKind.OPENED:
        raise NotAllowed(f"a history starts with opened, this one with {first}")
    return reduce(after, history, Status.OPEN)
