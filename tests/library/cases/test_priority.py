from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.cases.priority import (
    DECIDE_WITHIN,
    SEVERITY,
    UnknownHarm,
    due_at,
    is_at_risk,
    lasting,
    score,
    severity_of,
    weight,
    why,
)
from dutybound.register.harms import HARMS

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_every_kind_of_harm_of_the_register_has_a_severity_from_1_to_5() -> None:
    assert set(SEVERITY) == set(HARMS)
    assert set(SEVERITY.values()) <= set(range(1, 6))


def test_what_the_register_restricts_is_of_the_greatest_severity() -> None:
    assert {severity_of(harm.id) for harm in HARMS.values() if harm.restricted} == {5}


def test_a_kind_the_register_does_not_know_is_refused() -> None:
    with pytest.raises(UnknownHarm, match="got 'boredom'"):
        severity_of("boredom")


def test_a_wider_reach_weighs_more_by_orders_of_magnitude() -> None:
    assert [weight(3, reach) for reach in (0, 1, 10, 1000)] == pytest.approx([3, 3, 6, 12])


@given(
    severity=st.integers(1, 4),
    reach=st.integers(0, 10**9),
    hours=st.floats(0, 10_000),
)
def test_graver_wider_and_older_each_come_first(severity: int, reach: int, hours: float) -> None:
    waiting = timedelta(hours=hours)
    this = score(severity=severity, reach=reach, waiting=waiting)

    assert score(severity=severity + 1, reach=reach, waiting=waiting) > this
    assert score(severity=severity, reach=reach * 10 + 10, waiting=waiting) > this
    assert score(severity=severity, reach=reach, waiting=waiting + HOUR) > this


def test_the_reason_for_a_place_can_be_read_aloud() -> None:
    assert why(severity=5, reach=1200, waiting=3 * HOUR) == "severity 5 × reach 1,200 × 3 h"
    assert why(severity=1, reach=1, waiting=HOUR / 2) == "severity 1 × reach 1 × 30 min"
    assert why(severity=1, reach=1, waiting=50 * HOUR) == "severity 1 × reach 1 × 2 days"


def test_the_gravest_cases_are_at_risk_at_once_and_others_near_their_time() -> None:
    assert is_at_risk(due=due_at(severity=5, since=NOW), now=NOW)
    tomorrow = due_at(severity=4, since=NOW)
    assert not is_at_risk(due=tomorrow, now=NOW)
    assert is_at_risk(due=tomorrow, now=NOW + DECIDE_WITHIN[4] - HOUR)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=31), "31 h"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_sensible_unit(span: timedelta, words: str) -> None:
    assert lasting(span) == words
