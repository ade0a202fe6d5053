"""Shares and their intervals: small numbers say neither that it works nor that all is well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.evidence.intervals import clopper_pearson
from dutybound.evidence.judging import status_of_share
from dutybound.evidence.status import Status, worst_of


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Brown, Cai and DasGupta (2001), and every table of exact intervals.
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (5, 10, 0.1871, 0.8129),
        (1, 20, 0.0013, 0.2487),
    ],
)
def test_intervals_are_the_published_ones(count: int, of: int, low: float, high: float) -> None:
    assert clopper_pearson(count, of=of) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 to 3 of 3, got 4"):
        clopper_pearson(4, of=3)


def test_three_of_three_is_not_enough_to_say_it_is_met() -> None:
    assert status_of_share(3, of=3, aim=0.95, floor=0.8) is Status.NOT_ENOUGH


def test_nothing_at_all_is_not_enough() -> None:
    assert status_of_share(0, of=0, aim=0.95, floor=0.8) is Status.NOT_ENOUGH


def test_many_in_time_are_met() -> None:
    assert status_of_share(99, of=100, aim=0.95, floor=0.8) is Status.MET


def test_none_of_three_is_surely_not_met() -> None:
    assert status_of_share(0, of=3, aim=0.95, floor=0.8) is Status.NOT_MET


def test_between_the_two_it_is_at_risk() -> None:
    assert status_of_share(90, of=100, aim=0.95, floor=0.8) is Status.AT_RISK


@given(of=st.integers(0, 400), aim=st.floats(0.5, 1.0), floor=st.floats(0.0, 0.5), data=st.data())
def test_met_always_reaches_the_aim_and_never_rests_on_few(
    of: int, aim: float, floor: float, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, of))

    status = status_of_share(part, of=of, aim=aim, floor=floor)

    if status is Status.MET:
        assert part / of >= aim
        assert clopper_pearson(part, of=of)[0] >= floor


def test_the_worst_of_several_counts() -> None:
    assert worst_of([Status.MET, Status.NOT_ENOUGH]) is Status.NOT_ENOUGH
    assert worst_of([Status.STALE, Status.AT_RISK]) is Status.AT_RISK
    assert worst_of([]) is Status.NOT_ENOUGH
