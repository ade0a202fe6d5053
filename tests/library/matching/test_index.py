"""The index finds exactly what comparing with every hash one by one finds."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.matching.index import HASH_BYTES, RadiusIndex
from tests.library.matching.photos import VECTORS, bits_apart

ZERO, ONES = bytes(HASH_BYTES), b"\xff" * HASH_BYTES


def at_distance(start: bytes, distance: int) -> bytes:
    """The hash with its first bits turned over."""
    return (int.from_bytes(start, "big") ^ ((1 << distance) - 1)).to_bytes(HASH_BYTES, "big")


def found_slowly(known: dict[int, bytes], hashes: list[bytes], radius: int) -> dict[int, int]:
    """The oracle: distances from the nearest of the hashes, by looking at every one."""
    nearest = {number: min(bits_apart(each, h) for h in hashes) for number, each in known.items()}
    return {number: distance for number, distance in nearest.items() if distance <= radius}


def found(index: RadiusIndex, hashes: list[bytes], radius: int) -> dict[int, int]:
    results = index.search(hashes, radius)
    assert len({number for number, _, _ in results}) == len(results)
    return {number: distance for number, distance, _ in results}


@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_a_bank_of_none_one_two_or_many_identical_hashes(count: int) -> None:
    index = RadiusIndex()
    index.add((number, ZERO) for number in range(count))

    assert len(index) == count
    assert found(index, [ZERO], 0) == dict.fromkeys(range(count), 0)
    assert found(index, [ONES], 48) == {}


@pytest.mark.parametrize("radius", range(49))
def test_the_threshold_is_met_to_the_bit(radius: int) -> None:
    index = RadiusIndex()
    index.add([(1, at_distance(ZERO, radius)), (2, at_distance(ZERO, radius + 1))])

    assert found(index, [ZERO], radius) == {1: radius}


def test_the_opposite_of_a_hash_is_not_taken_for_the_hash() -> None:
    # 256 bits apart is 0 in a byte.
    index = RadiusIndex()
    index.add([(1, ONES)])

    assert index.search([ZERO], 48) == []
    assert index.search([ZERO], 256) == [(1, 256, 0)]


def test_the_nearest_of_several_hashes_is_told() -> None:
    index = RadiusIndex()
    index.add([(1, ZERO)])

    assert index.search([at_distance(ZERO, 9), at_distance(ZERO, 4), ONES], 31) == [(1, 4, 1)]
    assert index.search([], 31) == []


def test_a_number_in_use_changes_its_hash() -> None:
    index = RadiusIndex()
    index.add([(1, ZERO)])
    index.add([(1, ONES)])

    assert len(index) == 1
    assert found(index, [ONES, ZERO], 0) == {1: 0}
    assert found(index, [ZERO], 0) == {}


def test_numbers_not_in_use_are_passed_over_when_removed() -> None:
    index = RadiusIndex()
    index.add([(1, ZERO)])
    index.remove([2, 2])

    assert len(index) == 1


hashes_near_each_other = st.tuples(st.integers(0, 60), st.integers(0, 3)).map(
    lambda told: at_distance(bytes([told[1] * 85]) * HASH_BYTES, told[0])
)
changes = st.lists(
    st.one_of(
        st.dictionaries(st.integers(0, 40), hashes_near_each_other, max_size=30),
        st.sets(st.integers(0, 40), max_size=30),
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    changes=changes,
    wanted=st.lists(hashes_near_each_other, min_size=1, max_size=8),
    radius=st.integers(0, 48),
)
def test_after_any_changes_it_finds_what_the_slow_way_finds(
    changes: list[dict[int, bytes] | set[int]], wanted: list[bytes], radius: int
) -> None:
    index, known = RadiusIndex(), {}

    for change in changes:
        if isinstance(change, dict):
            index.add(change.items())
            known.update(change)
        else:
            index.remove(change)
            known = {number: each for number, each in known.items() if number not in change}

    assert len(index) == len(known)
    assert found(index, wanted, radius) == found_slowly(known, wanted, radius)


@pytest.mark.skipif(not VECTORS.exists(), reason=f"NO VECTORS at {VECTORS}: not compared")
def test_the_vectors_have_as_many_near_pairs_as_they_say() -> None:
    haystack, needles = (
        [bytes.fromhex(line) for line in (VECTORS / name).read_text().split()]
        for name in ("haystack.txt", "needles.txt")
    )
    index = RadiusIndex()
    index.add(enumerate(haystack))

    near = [len(index.search([needle], 31)) for needle in needles]

    assert (sum(near), min(near) > 0) == (250, True)


def test_a_reader_never_sees_half_a_change() -> None:
    index = RadiusIndex()
    pair = [(1, ZERO), (2, ZERO)]
    index.add(pair)
    stop, seen = threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            seen.add(len(index.search([ZERO], 0)))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(150):
        index.remove([1, 2])
        index.add(pair)
        index.add((number, ONES) for number in range(3, 40))
        index.remove(range(3, 40))
    stop.set()
    reader.join()

    assert seen <= {0, 2}
