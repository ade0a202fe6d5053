"""What can be decided about a case, and which decisions make sense."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from dutybound.cases.guides import Judges, Verdict

UNDO_WINDOW = timedelta(days=30)
APPEAL_WINDOW = timedelta(days=180)
LONGEST_RULE = 200
LONGEST_WORDS = 10_000


class EnforcementKind(StrEnum):
    TAKE_DOWN = "take_down"
    RESTRICT = "restrict"
    LABEL = "label"
    RESTORE = "restore"
    NONE = "none"
    HOLD = "hold"
    """Keep from view until it is decided again. Follows an undo; nobody chooses it."""


class Ground(StrEnum):
    LAW = "law"
    TERMS = "terms"
    NONE = "none"


AGAINST = frozenset({EnforcementKind.TAKE_DOWN, EnforcementKind.RESTRICT, EnforcementKind.LABEL})
IN_FAVOUR = frozenset({EnforcementKind.RESTORE, EnforcementKind.NONE})
CHOICES = AGAINST | IN_FAVOUR
"""What a moderator can choose."""

Problem = tuple[str, str]
"""The field, and a sentence that says what was expected of it."""


def problems(
    *, enforcement_kind: str, ground: str, rule: str, reasons: str, statement: str
) -> Iterator[Problem]:
    """Everything that keeps a decision from making sense, field by field."""
    if enforcement_kind not in CHOICES:
        yield "enforcement_kind", "Choose take down, restrict, label, restore or none."
    if ground not in set(Ground):
        yield "ground", "Choose the law, our terms, or none."
    if enforcement_kind in AGAINST and ground == Ground.NONE:
        yield "ground", "Say whether this rests on the law or on our terms."
    if enforcement_kind in IN_FAVOUR and ground in {Ground.LAW, Ground.TERMS}:
        yield "ground", "Nothing is taken away, so there is no ground: choose none."
    yield from _problems_in_words(
        needs_rule=ground in {Ground.LAW, Ground.TERMS},
        needs_statement=enforcement_kind in AGAINST,
        rule=rule,
        reasons=reasons,
        statement=statement,
    )


def _problems_in_words(
    *, needs_rule: bool, needs_statement: bool, rule: str, reasons: str, statement: str
) -> Iterator[Problem]:
    if needs_rule and not rule.strip():
        yield "rule", "Name the section of the law or the rule of our terms."
    if len(rule) > LONGEST_RULE:
        yield "rule", f"Keep it to {LONGEST_RULE} characters; this has {len(rule)}."
    if not reasons.strip():
        yield "reasons", "Say in a sentence why, for colleagues and auditors."
    if needs_statement and not statement.strip():
        yield "statement", "Tell the author what was decided and why."
    for field, words in (("reasons", reasons), ("statement", statement)):
        if len(words) > LONGEST_WORDS:
            yield field, f"Keep it to {LONGEST_WORDS:,} characters; this has {len(words):,}."


def contradiction(verdict: Verdict, *, judges: Judges, enforcement_kind: str, ground: str) -> str:
    """What is at odds between guided answers and a decision; empty where nothing is."""
    if ground == Ground.LAW:
        return "" if verdict is Verdict.ILLEGAL else _not_illegal(verdict, judges)
    if ground == Ground.TERMS and judges is Judges.TERMS:
        return _no_breach(verdict)
    if enforcement_kind in IN_FAVOUR and verdict is Verdict.ILLEGAL:
        return "By these answers it is illegal content, so it cannot stay. Look at them again."
    if enforcement_kind in IN_FAVOUR and verdict is Verdict.HARMFUL:
        return "By these answers it is harmful to children. Look at them again, or restrict it."
    if enforcement_kind in IN_FAVOUR and verdict is Verdict.TERMS:
        return "By these answers it breaks our terms. Look at them again, or choose what is done."
    return ""


def _not_illegal(verdict: Verdict, judges: Judges) -> str:
    if judges is Judges.TERMS:
        return "These questions are about our terms. To rest on the law, choose an offence."
    if judges is Judges.CHILDREN:
        return (
            "What harms children need not be illegal: judge it under our terms, or as an offence."
        )
    if verdict is Verdict.UNSURE:
        return (
            "The answers do not suffice to call it illegal. Answer what is missing, judge it under "
            "our terms, or ask a colleague."
        )
    return "By these answers it is not illegal. Judge it under our terms, or look again."


def _no_breach(verdict: Verdict) -> str:
    if verdict is Verdict.NO_BREACH:
        return "By these answers it breaks no rule of our terms. Look at them again."
    if verdict is Verdict.UNSURE:
        return "The answers do not suffice to say that it breaks our terms. Answer what is missing."
    return ""


def state_at_first(verdict: str) -> EnforcementKind:
    """How the service shows an item that nobody has decided about."""
    return EnforcementKind.HOLD if verdict in {"hold", "block"} else EnforcementKind.RESTORE


def to_enforce(chosen: EnforcementKind, *, state: EnforcementKind) -> EnforcementKind:
    """What the service must be told: `none` means nothing is wrong, so what is kept comes back."""
    if chosen is EnforcementKind.NONE and state is not EnforcementKind.RESTORE:
        return EnforcementKind.RESTORE
    return chosen


def can_still_undo(*, decided_at: datetime, now: datetime) -> bool:
    return now - decided_at <= UNDO_WINDOW


def can_still_appeal(*, decided_at: datetime, now: datetime) -> bool:
    return now - decided_at <= APPEAL_WINDOW
