"""What a decision can mean for an account: a strike, and a sanction with or without an end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from dutybound.cases.judgement import EnforcementKind

STRIKE_LASTS = timedelta(days=365)
LONGEST_SANCTION_DAYS = 365
LENGTHS_DAYS = (1, 3, 7, 14, 30, 90, 180, LONGEST_SANCTION_DAYS)
"""What a moderator is offered; the law and the Codes name no lengths."""


class SanctionKind(StrEnum):
    WARN = "warn"
    LIMIT = "limit"
    SUSPEND = "suspend"
    CLOSE = "close"


OF_ACCOUNT_CASES = MappingProxyType(
    {
        EnforcementKind.TAKE_DOWN: SanctionKind.CLOSE,
        EnforcementKind.RESTRICT: SanctionKind.LIMIT,
        EnforcementKind.LABEL: SanctionKind.WARN,
    }
)
"""What a decision about an account as a whole means for it."""


@dataclass(frozen=True, slots=True)
class ForAccount:
    """What a moderator chose for the account beside what is done with the item."""

    strike: bool = True
    sanction: SanctionKind | None = None
    """None where the case is about the account as a whole: then the outcome is the sanction."""
    days: int | None = None
    """None: until somebody lifts it."""

    def ends_at(self, now: datetime) -> datetime | None:
        return now + timedelta(days=self.days) if self.days else None


def sanction_by(
    chosen: ForAccount, *, enforcement_kind: EnforcementKind, of_account: bool
) -> SanctionKind | None:
    """The sanction that a decision brings; a closing that ends is a suspension."""
    if not of_account:
        return chosen.sanction
    kind = OF_ACCOUNT_CASES[enforcement_kind]
    return SanctionKind.SUSPEND if kind is SanctionKind.CLOSE and chosen.days else kind


def trouble_with(chosen: ForAccount, *, of_account: bool) -> tuple[str, str] | None:
    """The field and what was expected of it; None where the choice makes sense."""
    kind, days = chosen.sanction, chosen.days
    if of_account and kind is not None:
        return "sanction", "The outcome says what happens to the account; choose no other sanction."
    if kind is not None and not chosen.strike:
        return "sanction", "What brings a sanction counts against the account too."
    if days is not None and not 1 <= days <= LONGEST_SANCTION_DAYS:
        return "days", f"Choose between 1 and {LONGEST_SANCTION_DAYS} days."
    if kind is SanctionKind.SUSPEND and days is None:
        return "days", "Say for how long; without an end, choose to close it."
    if kind in {SanctionKind.WARN, SanctionKind.CLOSE} and days is not None:
        return "days", "A warning and a closing have no end; choose none, or suspend it instead."
    if not of_account and kind is None and days is not None:
        return "days", "Choose a sanction that lasts so long, or no length."
    return None
