import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

import pytest

from dutybound_server.project.rounds import Rounds, work
from dutybound_server.project.worker import DUTIES, Duty

pytestmark = pytest.mark.django_db(transaction=True)


def until(stop: Event, *, times: int) -> Callable[..., int]:
    """A duty that finds work so many times and then asks for the end."""
    left = iter(range(times))

    def do(*, now: datetime) -> int:
        assert now.tzinfo is not None
        if next(left, None) is None:
            stop.set()
            return 0
        return 1

    return do


def test_a_duty_that_finds_work_is_done_again_at_once() -> None:
    stop = Event()

    work([Duty("busy", 3600, until(stop, times=50))], stop=stop)

    assert stop.is_set()


def test_a_duty_that_fails_stops_no_other_and_is_named_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = Event()

    def fail(*, now: datetime) -> int:
        raise ValueError("the disk is upside down")

    with caplog.at_level(logging.ERROR, logger="dutybound.worker"):
        work([Duty("broken", 0.1, fail), Duty("whole", 0.01, until(stop, times=20))], stop=stop)

    assert "duty broken failed" in caplog.text
    assert "the disk is upside down" in caplog.text


def test_failures_are_tried_later_and_later_and_one_success_forgives_them() -> None:
    rounds = Rounds(Duty("delivery", 1, until(Event(), times=0)))

    pauses = []
    for _ in range(9):
        rounds.failed(now=0)
        pauses.append(rounds.due_at)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]

    rounds.ended(done=0, now=0)
    assert rounds.due_at == 1
    rounds.ended(done=3, now=0)
    assert rounds.due_at == 0


def test_duties_have_names_of_their_own() -> None:
    assert len({duty.name for duty in DUTIES}) == len(DUTIES)
