"""How long things took, and how many were in time."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.cases.times import share_of, spread_of, wilson


def minutes(*counts: int) -> list[timedelta]:
    return [timedelta(minutes=count) for count in counts]


def test_of_nothing_there_is_no_spread_and_no_share() -> None:
    assert spread_of([]) is None
    assert share_of(0, of=0) is None


def test_of_a_few_there_is_a_median_and_no_high_percentile() -> None:
    spread = spread_of(minutes(9, 1, 5))

    assert spread is not None
    assert (spread.median, spread.p90, spread.p95) == (timedelta(minutes=5), None, None)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=20, max_size=60))
def test_percentiles_agree_with_numpy(counts: list[int]) -> None:
    spread = spread_of(minutes(*counts))

    assert spread is not None
    expected = np.percentile(counts, [50, 90, 95], method="inverted_cdf")
    found = (spread.median, spread.p90, spread.p95)
    assert [(time or timedelta()) / timedelta(minutes=1) for time in found] == list(expected)


def test_a_share_of_few_is_told_with_how_little_it_says() -> None:
    share = share_of(3, of=3)

    assert share is not None
    # Wilson's interval for 3 of 3, as in Newcombe (1998): 0.4385 to 1.
    assert (share.rate, round(share.low, 4), share.high) == (1.0, 0.4385, 1.0)


def test_a_share_has_the_interval_that_wilson_published() -> None:
    # Newcombe 1998, table I: 81 of 263 and 1 of 29.
    low, high = wilson(81, of=263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = wilson(1, of=29)
    assert (round(low, 4), round(high, 4)) == (0.0061, 0.1718)


def test_none_and_all_stay_within_nothing_and_everything() -> None:
    assert wilson(0, of=5)[0] == 0
    assert wilson(5, of=5)[1] == 1
