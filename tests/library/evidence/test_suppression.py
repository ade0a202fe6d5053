"""A total never gives a withheld count away, whatever the counts are."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.evidence.suppression import THRESHOLD, Shown, suppress

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), min_size=1, max_size=6)
SMALL_COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), min_size=1, max_size=4)


def possible(shown: Shown) -> Iterator[dict[str, int]]:
    """Everything that the withheld counts may be for a reader who knows the rule: a slow oracle.

    A count of nothing is withheld only together with all others.
    """
    assert shown.total is not None
    hidden = [name for name, count in shown.counts.items() if count is None]
    least = 0 if len(hidden) == len(shown.counts) else 1
    rest = shown.total - sum(count or 0 for count in shown.counts.values())
    for values in product(range(least, rest + 1), repeat=max(len(hidden) - 1, 0)):
        last = rest - sum(values)
        if last >= least:
            yield dict(zip(hidden, (*values, last), strict=True))


@given(SMALL_COUNTS)
def test_for_a_reader_each_withheld_count_may_still_be_small_or_not(counts: dict[str, int]) -> None:
    shown = suppress(counts)

    if shown.total is not None and None in shown.counts.values():
        told = list(possible(shown))
        for name in (name for name, count in shown.counts.items() if count is None):
            assert {one[name] for one in told} >= set(range(1, THRESHOLD + 1))


@given(COUNTS)
def test_no_small_count_is_shown_and_every_shown_one_is_true(counts: dict[str, int]) -> None:
    shown = suppress(counts)

    for name, count in shown.counts.items():
        assert count in {None, counts[name]}
        assert count is None or count == 0 or count >= THRESHOLD
    assert shown.total in {None, sum(counts.values())}
    assert shown.total is None or shown.total == 0 or shown.total >= THRESHOLD


@given(COUNTS)
def test_one_count_is_never_withheld_alone_beside_a_total(counts: dict[str, int]) -> None:
    shown = suppress(counts)

    withheld = sum(count is None for count in shown.counts.values())
    assert shown.total is None or withheld != 1


def test_where_nothing_is_small_all_is_shown() -> None:
    assert suppress({"a": 5, "b": 0, "c": 70}) == Shown({"a": 5, "b": 0, "c": 70}, 75)


def test_the_next_larger_hides_a_small_one() -> None:
    assert suppress({"a": 2, "b": 40, "c": 9}) == Shown({"a": None, "b": 40, "c": None}, 51)


def test_two_small_ones_that_their_sum_would_tell_need_a_third() -> None:
    assert suppress({"a": 1, "b": 1, "c": 40, "d": 60}).counts["c"] is None


def test_a_small_total_is_withheld_itself() -> None:
    assert suppress({"a": 1, "b": 2}) == Shown({"a": None, "b": None}, None)


def test_one_small_count_alone_takes_its_total_with_it() -> None:
    assert suppress({"a": 3}) == Shown({"a": None}, None)


@pytest.mark.parametrize(("counts", "threshold"), [({"a": -1}, 5), ({"a": 1}, 1)])
def test_what_cannot_be_counted_is_refused(counts: dict[str, int], threshold: int) -> None:
    with pytest.raises(ValueError, match="expected a threshold"):
        suppress(counts, threshold=threshold)
