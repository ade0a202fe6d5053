"""The index finds exactly what comparing with every hash one by one finds."""

import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dutybound import matching
from dutybound.matching import index as index_module
from dutybound.matching import scans
from dutybound.matching.compiled import open_arrays, write_arrays
from dutybound.matching.index import LOOSE_ROWS, RadiusIndex, base_of
from dutybound.matching.tables import HASH_BYTES
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
numbers = st.one_of(st.integers(0, 40), st.sampled_from([-(2**63), -1, 2**32, 2**63 - 1]))
changes = st.lists(
    st.one_of(
        st.dictionaries(numbers, hashes_near_each_other, max_size=30),
        st.sets(numbers, max_size=30),
        st.sampled_from(["merge", "open"]),
    ),
    max_size=12,
)


def write(path: Path, known: dict[int, bytes]) -> None:
    numbers = np.fromiter(known, dtype=np.int64)
    hashes = np.frombuffer(b"".join(known.values()), dtype=np.uint8).reshape(-1, HASH_BYTES)
    arrays = {**base_of(numbers, hashes), "exact": np.arange(3)}
    write_arrays(path, header={"as_of": 7}, arrays=arrays)


def made(index: RadiusIndex, change: object, *, known: dict[int, bytes], path: Path) -> RadiusIndex:
    """The index after a change; another one, if the change was to open all that is known."""
    match change:
        case dict():
            index.add(change.items())
        case set():
            index.remove(change)
        case "merge":
            index.merge()
        case _:
            write(path, known)
            return RadiusIndex(open_arrays(path).arrays)
    return index


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    changes=changes,
    wanted=st.lists(hashes_near_each_other, min_size=1, max_size=8),
    radius=st.integers(0, 48),
)
def test_after_any_changes_it_finds_what_the_slow_way_finds(
    changes: list[dict[int, bytes] | set[int] | str],
    wanted: list[bytes],
    radius: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.getbasetemp() / "index"
    index: RadiusIndex = RadiusIndex()
    known: dict[int, bytes] = {}

    for change in changes:
        index = made(index, change, known=known, path=path)
        if isinstance(change, dict):
            known.update(change)
        elif isinstance(change, set):
            known = {number: each for number, each in known.items() if number not in change}

    assert len(index) == len(known)
    assert found(index, wanted, radius) == found_slowly(known, wanted, radius)


def some_hashes(count: int, *, seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, HASH_BYTES), dtype=np.uint8)


@pytest.fixture(scope="module")
def many() -> dict[int, bytes]:
    """Enough hashes to be sorted into tables, which no two are near of."""
    return {3 * n: each.tobytes() for n, each in enumerate(some_hashes(LOOSE_ROWS, seed=1))}


@pytest.fixture
def compiled(many: dict[int, bytes], tmp_path: Path) -> Path:
    write(tmp_path / "bank", many)
    return tmp_path / "bank"


def test_many_are_found_while_and_after_they_are_sorted(many: dict[int, bytes]) -> None:
    index = RadiusIndex()
    index.add(many.items())

    at_once = found(index, [many[9], many[30]], 31)
    index.merge()

    assert at_once == found(index, [many[9], many[30]], 31) == {9: 0, 30: 0}
    assert len(index._state.loose_rows) == 0


def test_a_compiled_index_opens_as_it_was_written(many: dict[int, bytes], compiled: Path) -> None:
    file = open_arrays(compiled)

    index = RadiusIndex(file.arrays)

    file.check()
    assert file.header == {"as_of": 7}
    assert file.arrays["exact"].tolist() == [0, 1, 2]
    assert len(index) == len(many)
    assert found(index, [at_distance(many[9], 31)], 31) == {9: 31}


def test_changes_lie_on_top_of_a_compiled_index(many: dict[int, bytes], compiled: Path) -> None:
    index = RadiusIndex(open_arrays(compiled).arrays)

    index.remove([0, 1, 3])
    index.add([(6, ONES), (7, many[0])])

    assert len(index) == len(many) - 1
    assert found(index, [many[0], many[3], many[6], many[9]], 31) == {7: 0, 9: 0}
    assert found(index, [ONES], 0) == {6: 0}
    assert found(RadiusIndex(open_arrays(compiled).arrays), [many[0], ONES], 31) == {0: 0}


def test_arrays_without_an_index_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no radius index of layout radius2 among \['exact'\]"):
        RadiusIndex({"exact": np.arange(3)})


@pytest.mark.parametrize("name", ["numbers", "starts", "row_of", "following"])
def test_arrays_that_do_not_belong_together_are_refused(name: str) -> None:
    arrays = base_of(np.arange(3000), some_hashes(3000, seed=0))

    with pytest.raises(ValueError, match="do not belong together"):
        RadiusIndex({**arrays, f"radius2.{name}": arrays[f"radius2.{name}"][:-1]})


@pytest.mark.parametrize("name", ["rows", "starts", "row_of", "following"])
def test_arrays_of_another_kind_are_refused(name: str) -> None:
    arrays = base_of(np.arange(3000), some_hashes(3000, seed=0))
    other = arrays[f"radius2.{name}"].astype(np.float64)

    with pytest.raises(ValueError, match="do not belong together"):
        RadiusIndex({**arrays, f"radius2.{name}": other})


def test_what_changes_while_it_is_sorted_is_not_lost(
    many: dict[int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    index = RadiusIndex()
    index.add((number, many[number]) for number in range(0, 3000, 3))
    index.merge()
    index.add((number, many[number]) for number in range(0, 900, 6))
    usual = index_module._in_force

    def gather_and_let_others_write(*arguments: Any) -> Any:  # noqa: ANN401 - as they are
        gathered = usual(*arguments)
        index.remove([0, 3])
        index.add([(6, many[0]), (1, many[3])])
        index.remove([1])
        index.add([(1, ONES)])
        return gathered

    monkeypatch.setattr(index_module, "_in_force", gather_and_let_others_write)

    index.merge()

    assert len(index) == 1000 - 1
    assert found(index, [many[0], many[3], many[6], many[9]], 31) == {6: 0, 9: 0}
    assert found(index, [ONES], 0) == {1: 0}


def test_few_large_parts_come_of_many_small_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    index = RadiusIndex()
    hashes = some_hashes(400, seed=2)

    for number, each in enumerate(hashes):
        index.add([(number, each.tobytes())])
        index.merge()

    assert len(index._state.sorted) < 5
    assert found(index, [each.tobytes() for each in hashes], 0) == dict.fromkeys(range(400), 0)


@pytest.mark.parametrize("threads", [1, 2])
def test_many_hashes_are_searched_for_together(
    many: dict[int, bytes], compiled: Path, threads: int
) -> None:
    index = RadiusIndex(open_arrays(compiled).arrays)
    index.remove([12])
    index.add([(1, many[9])])
    wanted = np.frombuffer(many[9] + many[12] + ONES + at_distance(many[15], 31), np.uint8)

    pairs = index.search_many(wanted.reshape(4, HASH_BYTES), 31, threads=threads)

    assert pairs.places.tolist() == [0, 0, 3]
    assert pairs.numbers.tolist() == [1, 9, 15]
    assert pairs.distances.tolist() == [0, 0, 31]


def test_a_search_for_no_hashes_finds_none(compiled: Path) -> None:
    pairs = RadiusIndex(open_arrays(compiled).arrays).search_many(some_hashes(0, seed=0), 31)

    assert [each.tolist() for each in pairs] == [[], [], []]


def test_hashes_of_another_length_change_nothing() -> None:
    index = RadiusIndex()
    index.add([(1, ZERO)])

    with pytest.raises(ValueError, match="2 hashes of 32 bytes have not 63 bytes"):
        index.add([(1, ONES), (2, ONES[1:])])

    assert found(index, [ZERO, ONES], 0) == {1: 0}


def test_without_numba_the_answers_are_the_same(
    many: dict[int, bytes], compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "dutybound.matching.kernels", raising=False)
    monkeypatch.delattr(matching, "kernels", raising=False)
    monkeypatch.setattr(index_module, "_loops", index_module._loops.__wrapped__)
    index = RadiusIndex(open_arrays(compiled).arrays)
    index.add([(1, many[9])])

    answers = found(index, [at_distance(many[9], 31), at_distance(many[12], 32)], 31)

    assert index_module._loops() is scans
    assert answers == {1: 31, 9: 31}


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


def test_an_index_begins_from_arrays_in_any_order() -> None:
    hashes = some_hashes(3000, seed=3)
    numbers = np.arange(3000)[::-1] * 2**40 - 5

    index = RadiusIndex(base_of(numbers, hashes))
    index.remove([-5])

    assert len(index) == 2999
    assert found(index, [each.tobytes() for each in hashes[-2:]], 31) == {2**40 - 5: 0}


def test_a_number_can_be_there_only_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        base_of(np.array([4, 5, 4]), some_hashes(3, seed=0))
