"""When a clock ends, the marks it passes, and how a pause moves them."""

from datetime import UTC, datetime, timedelta

import pytest

from dutybound.cases.clocks import Stage, due_at, share_used, stage_at
from dutybound.cases.kinds import Target

RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)
DUE = RECEIVED + timedelta(hours=10)


@pytest.mark.parametrize(
    ("hours", "stage"),
    [(0, Stage.CALM), (5, Stage.HALF), (7.5, Stage.THREE_QUARTERS), (9, Stage.NEARLY),
     (10, Stage.BREACHED)],
)  # fmt: skip
def test_a_mark_is_passed_at_its_very_moment(hours: float, stage: Stage) -> None:
    now = RECEIVED + timedelta(hours=hours)

    assert stage_at(now=now, received=RECEIVED, due=DUE) is stage


def test_what_stood_still_uses_none_of_its_time() -> None:
    pause = timedelta(hours=100)
    begun, due = RECEIVED + pause, DUE + pause
    half = begun + timedelta(hours=5)

    assert share_used(now=begun, received=RECEIVED, due=due, paused_for=pause) == 0.0
    assert stage_at(now=half, received=RECEIVED, due=due, paused_for=pause) is Stage.HALF


def test_a_clock_without_length_has_passed_all_its_marks() -> None:
    assert stage_at(now=RECEIVED, received=RECEIVED, due=RECEIVED) is Stage.BREACHED


@pytest.mark.parametrize(
    ("nation", "received", "days", "due"),
    [
        # Hogmanay is a Thursday; Scotland rests on 2 January too, and so on the Monday after it.
        ("ENG", datetime(2026, 12, 31, 10, tzinfo=UTC), 1, datetime(2027, 1, 4, 10, tzinfo=UTC)),
        ("SCT", datetime(2026, 12, 31, 10, tzinfo=UTC), 1, datetime(2027, 1, 5, 10, tzinfo=UTC)),
        # What comes on a day of rest counts from the start of the next working day.
        ("ENG", datetime(2026, 12, 25, 10, tzinfo=UTC), 2, datetime(2026, 12, 31, tzinfo=UTC)),
        # The hour is London's, also over a weekend on which the clocks change.
        ("ENG", datetime(2026, 3, 27, 10, tzinfo=UTC), 1, datetime(2026, 3, 30, 9, tzinfo=UTC)),
    ],
)
def test_working_days_are_those_of_the_nation(
    nation: str, received: datetime, days: int, due: datetime
) -> None:
    target = Target(timedelta(days=days), working=True)

    assert due_at(received=received, target=target, nation=nation) == due
