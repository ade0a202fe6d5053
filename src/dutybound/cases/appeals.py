"""Whether the person a decision touched can still ask another person to look again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutybound.cases.judgement import AGAINST, EnforcementKind, can_still_appeal


class NoticeKind(StrEnum):
    DECIDED = "decided"
    UNDONE = "undone"
    APPEAL_DECIDED = "appeal_decided"


class AppealStanding(StrEnum):
    POSSIBLE = "possible"
    WAITING = "waiting"
    """Lodged, and not answered yet."""
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    REPLACED = "replaced"
    FINAL = "final"
    """The notice is itself the answer to an appeal."""
    TOO_LATE = "too_late"
    NOTHING_TO_APPEAL = "nothing_to_appeal"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, and what became of its decision since."""

    kind: NoticeKind
    enforcement_kind: EnforcementKind
    decided_at: datetime
    is_undone: bool
    is_replaced: bool
    """A later decision about the same thing stands."""
    is_appealed: bool
    is_answered: bool


def appeal_standing(told: Told, *, now: datetime) -> AppealStanding:
    """Where an appeal against what the notice tells stands now. The first reason counts."""
    reasons = (
        (told.kind is NoticeKind.UNDONE, AppealStanding.NOTHING_TO_APPEAL),
        (told.is_undone, AppealStanding.TAKEN_BACK),
        (told.kind is NoticeKind.APPEAL_DECIDED, AppealStanding.FINAL),
        (told.is_answered, AppealStanding.ANSWERED),
        (told.is_appealed, AppealStanding.WAITING),
        (told.enforcement_kind not in AGAINST, AppealStanding.NOTHING_TO_APPEAL),
        (told.is_replaced, AppealStanding.REPLACED),
        (not can_still_appeal(decided_at=told.decided_at, now=now), AppealStanding.TOO_LATE),
    )
    return next((standing for holds, standing in reasons if holds), AppealStanding.POSSIBLE)
