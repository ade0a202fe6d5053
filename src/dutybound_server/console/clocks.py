"""The clock of what somebody told us, in words, as a share and in a colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dutybound.cases.clocks import Stage, share_used, stage_at
from dutybound.cases.priority import lasting
from dutybound_server.casework.models import Concern

COLOURS: Mapping[Stage, str] = {
    Stage.CALM: "slate",
    Stage.HALF: "slate",
    Stage.THREE_QUARTERS: "amber",
    Stage.NEARLY: "red",
    Stage.BREACHED: "red",
}


@dataclass(frozen=True, slots=True)
class ConcernClock:
    """How much of its time is used, and how much is left or too much."""

    share: float
    words: str
    colour: str


def concern_clock(one: Concern, *, now: datetime) -> ConcernClock:
    """As the list and the page show it, and as the worker raises it: a pause counts for nothing."""
    until = one.decided_at or one.paused_at or now
    return ConcernClock(
        share=share_used(
            now=until, received=one.received_at, due=one.due_at, paused_for=one.paused_for
        ),
        words=_words(one, rest=one.due_at - until),
        colour=COLOURS[
            stage_at(now=until, received=one.received_at, due=one.due_at, paused_for=one.paused_for)
        ],
    )


def _words(one: Concern, *, rest: timedelta) -> str:
    is_late = rest < timedelta()
    if one.decided_at:
        return f"decided {lasting(-rest)} late" if is_late else "decided in time"
    if one.withdrawn_at:
        return "taken back"
    words = f"{lasting(-rest)} late" if is_late else f"{lasting(rest)} left"
    return f"stands still, {words}" if one.paused_at else words
