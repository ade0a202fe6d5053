"""What decisions mean for an account: what counts now, what another would change, in words too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.db.models import Q

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.sanctions import ForAccount, SanctionKind
from dutybound_server.casework.models import Case, Decision, Sanction, Strike
from dutybound_server.casework.subjects import ACCOUNT

IS_NOW = {
    SanctionKind.WARN: "Your account has a warning",
    SanctionKind.LIMIT: "What your account can do is limited",
    SanctionKind.SUSPEND: "Your account is suspended",
    SanctionKind.CLOSE: "Your account is closed",
}
COUNTS_NO_MORE = "It no longer counts against your account."
IS_LIFTED = "What we did to your account because of it is taken back."


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What counts against the account no more."""

    strikes: int = 0
    sanctions: int = 0

    def __bool__(self) -> bool:
        return bool(self.strikes or self.sanctions)

    def __add__(self, other: "TakenBack") -> "TakenBack":
        return TakenBack(self.strikes + other.strikes, self.sanctions + other.sanctions)


@dataclass(frozen=True, slots=True)
class Replaced:
    """The decisions that another takes the place of; none of them where all stays as it is."""

    decisions: Sequence[Decision]
    says_the_same: bool
    stays: bool


def replaced_by(
    *,
    case: Case,
    kind: EnforcementKind,
    chosen: ForAccount | None,
    answers_appeal: bool,
    now: datetime,
    before: Decision | None = None,
) -> Replaced:
    """What a decision of that kind replaces; `before` is the decision itself, once it is there.

    One that says the same changes nothing unless something else is chosen for the account, or the
    account was sanctioned for a time that is over: what counts already is not counted twice.
    """
    earlier = alike(case, before=before)
    if not answers_appeal:
        revision = case.item.revision if case.item else None
        earlier = [one for one in earlier if revision_of(one) == revision]
    same = bool(earlier) and earlier[0].enforcement_kind == kind
    is_over = not answers_appeal and _sanctions_are_over(earlier, now=now)
    return Replaced(earlier, same, stays=same and chosen is None and not is_over)


def alike(case: Case, *, before: Decision | None = None) -> list[Decision]:
    """The decisions that stand, or stood before, from the last back to where another was made."""
    standing = case.decisions.filter(undone_at=None).order_by("-id")
    if before is not None:
        standing = standing.filter(id__lt=before.pk)
    found = list(standing.select_related("case__service", "case__account"))
    return list(takewhile(lambda one: one.enforcement_kind == found[0].enforcement_kind, found))


def revision_of(decision: Decision) -> int | None:
    """The revision that was decided about; None where the service was told nothing."""
    told = decision.enforcements.order_by("id").values_list("revision", flat=True)
    return told.first()


def counts_now(case: Case, *, now: datetime) -> tuple[Strike | None, Sanction | None]:
    """What counts against the account because of this case."""
    strikes = Strike.objects.filter(decision__case=case, removed_at=None, expires_at__gt=now)
    sanctions = Sanction.objects.filter(decision__case=case, lifted_at=None)
    lasting = sanctions.filter(Q(ends_at=None) | Q(ends_at__gt=now))
    return strikes.order_by("-id").first(), lasting.order_by("-id").first()


def account_words(case: Case, *, now: datetime) -> str:
    """What the holder is told of what counts; what the statement itself says is left out."""
    strike, sanction = counts_now(case, now=now)
    sentences = []
    if strike is not None:
        sentences.append(f"It counts against your account until {day(strike.expires_at)}.")
    if sanction is not None and (sanction.ends_at or case.subject_kind != ACCOUNT):
        until = f" until {day(sanction.ends_at)}" if sanction.ends_at else ""
        sentences.append(f"{IS_NOW[SanctionKind(sanction.kind)]}{until}.")
    return " ".join(sentences)


def taken_back_words(taken_back: TakenBack) -> str:
    """What the holder is told of what counts no more; empty where nothing was taken back."""
    strike = COUNTS_NO_MORE if taken_back.strikes else ""
    sanction = IS_LIFTED if taken_back.sanctions else ""
    return f"{strike} {sanction}".strip()


def day(moment: datetime) -> str:
    """`7 December 2026`."""
    return f"{moment:%d %B %Y}".lstrip("0")


def _sanctions_are_over(decisions: Iterable[Decision], *, now: datetime) -> bool:
    """Whether an account as a whole was sanctioned before for a time that has ended."""
    of_account = [one for one in decisions if one.case.subject_kind == ACCOUNT]
    given = Sanction.objects.filter(decision__in=of_account)
    lasting = given.filter(Q(ends_at=None) | Q(ends_at__gt=now))
    return given.exists() and not lasting.exists()
