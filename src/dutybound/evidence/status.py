"""What can be said of a measure, and nothing in between."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Status(StrEnum):
    """Whether the records bear a measure out."""

    MET = "met"
    AT_RISK = "at_risk"
    NOT_MET = "not_met"
    NOT_ENOUGH = "not_enough_evidence"
    STALE = "stale"
    """Nothing has looked for too long, or a document's day has passed; what was found may be so
    no longer."""


STATUS_WORDS: Mapping[Status, str] = MappingProxyType(
    {
        Status.NOT_MET: "Not met",
        Status.AT_RISK: "At risk",
        Status.STALE: "Stale",
        Status.NOT_ENOUGH: "Not enough evidence",
        Status.MET: "Met",
    }
)
"""As people read them, the worst first."""
WORST_FIRST = tuple(STATUS_WORDS)


def worst_of(found: Iterable[Status]) -> Status:
    """The status of several things together; of none there is not enough evidence."""
    there = frozenset(found)
    return next((status for status in WORST_FIRST if status in there), Status.NOT_ENOUGH)
