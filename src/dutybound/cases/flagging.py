"""Trusted flaggers: what can be agreed with one, and how often it was right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dutybound.cases.times import Share, share_of

SOONEST, LATEST = timedelta(hours=1), timedelta(days=30)
REVIEW_WITHIN = timedelta(days=366)
LONGEST_POLICY = 4_000
LEAST_DECIDED = 20
"""Below as many decisions a share says little, and pages say so."""

Problem = tuple[str, str]
"""The field, and a sentence that says what was expected of it."""


class FlaggerKind(StrEnum):
    FRAUD = "fraud"
    """Experts in fraud (ICU D14)."""
    POLICE = "police"
    CRISIS = "crisis"
    """Whom the service hears in a crisis (ICU C15, C16)."""
    VICTIMS = "victims"
    """Organisations that stand by victims."""
    OTHER = "other"


def problems(
    *, name: str, kind: str, respond_within: timedelta, policy: str, review_by: date, today: date
) -> Iterator[Problem]:
    """Everything that keeps an arrangement with a flagger from making sense, field by field."""
    if not name.strip() or len(name) > 120:
        yield "name", "Name the organisation, in up to 120 characters."
    if kind not in set(FlaggerKind):
        yield "kind", f"Choose one of {', '.join(FlaggerKind)}."
    if not SOONEST <= respond_within <= LATEST:
        yield "respond_within", "Agree on something between 1 hour and 30 days."
    if not policy.strip():
        yield "policy", "Say why it has this channel and this priority; anybody may read it."
    if len(policy) > LONGEST_POLICY:
        yield "policy", f"Keep it to {LONGEST_POLICY:,} characters; this has {len(policy):,}."
    if not today < review_by <= today + REVIEW_WITHIN:
        yield "review_by", "Choose a day within the next year to look at it again."


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of the things somebody reported: how many were decided, and about how many they were right.

    Right means that something was done, and that no appeal or second look has undone it since.
    """

    reported: int
    decided: int
    right: int

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.decided <= self.reported:
            raise ValueError(f"expected right ≤ decided ≤ reported, got {self}")

    @property
    def waiting(self) -> int:
        return self.reported - self.decided

    @property
    def share(self) -> Share | None:
        """Of the decided ones; None where none is."""
        return share_of(self.right, of=self.decided)

    @property
    def says_little(self) -> bool:
        return self.decided < LEAST_DECIDED
