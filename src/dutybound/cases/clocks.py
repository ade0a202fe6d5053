"""Clocks: when something should be decided, how much of the time is used, and what has passed.

A clock runs from receipt. It may keep working days, and it may be paused with a reason, unless
the Act sets its limit.
"""

from collections.abc import Container
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from dutybound.cases.kinds import Target

UK = ZoneInfo("Europe/London")
NATIONS = ("ENG", "WLS", "SCT", "NIR")
"""As ISO 3166-2:GB has them; each keeps bank holidays of its own."""


class Stage(IntEnum):
    """How far a clock has come, in per cent of its time."""

    CALM = 0
    HALF = 50
    THREE_QUARTERS = 75
    NEARLY = 90
    BREACHED = 100


@cache
def bank_holidays(nation: str, year: int) -> Container[date]:
    """The nation's bank holidays of the year."""
    return frozenset(holidays.country_holidays("GB", subdiv=nation, years=year))


def is_working_day(day: date, *, nation: str) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(nation, day.year)


def due_at(
    *, received: datetime, target: Target, nation: str, paused_for: timedelta = timedelta()
) -> datetime:
    """When it should be decided; a pause moves the end by as long as it lasted.

    A target in working days ends on that many working days after receipt, at the same time of
    day as in London; what comes on a day of rest counts from the next working day's start.
    """
    if not target.working:
        return received + target.within + paused_for
    return _in_working_days(received, days=target.within.days, nation=nation) + paused_for


def stage_at(
    *, now: datetime, received: datetime, due: datetime, paused_for: timedelta = timedelta()
) -> Stage:
    """The last mark that the clock has passed. A clock without length has passed them all."""
    used = share_used(now=now, received=received, due=due, paused_for=paused_for)
    return max(stage for stage in Stage if used * 100 >= stage)


def share_used(
    *, now: datetime, received: datetime, due: datetime, paused_for: timedelta = timedelta()
) -> float:
    """How much of the time is used, from 0 to 1.

    What stood still for a while is as if it had come so much later.
    """
    begun = received + paused_for
    if now >= due:
        return 1.0
    return max((now - begun) / (due - begun), 0.0) if due > begun else 0.0


def _in_working_days(received: datetime, *, days: int, nation: str) -> datetime:
    local = received.astimezone(UK)
    if not is_working_day(local.date(), nation=nation):
        local = local.replace(hour=0, minute=0, second=0, microsecond=0)
        while not is_working_day(local.date(), nation=nation):
            local += timedelta(days=1)
    left = days
    while left > 0:
        local += timedelta(days=1)
        left -= is_working_day(local.date(), nation=nation)
    return local.astimezone(received.tzinfo)
