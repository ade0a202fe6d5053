"""The compiled loops find exactly what comparing with every row finds, whatever the hashes are."""

import itertools
from collections.abc import Callable
from types import ModuleType

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from dutybound.matching import kernels, scans
from dutybound.matching.tables import (
    CHUNKS,
    CHUNKS_OF_FEW,
    HASH_BYTES,
    Rows,
    Tables,
    built,
    fixed,
)
from tests.library.matching.photos import VECTORS

FARTHEST = 63
"""The largest radius that goes through the tables; beyond it every row is compared."""
BITS = 256


def some_rows(count: int, *, seed: int) -> Rows:
    return np.random.default_rng(seed).integers(0, 2**64, (count, 4), dtype=np.uint64)


def turned(row: Rows, places: NDArray[np.int64]) -> Rows:
    """The row with the bits at these places turned over."""
    bits = np.unpackbits(row.view(np.uint8), bitorder="little")
    bits[places] ^= 1
    return np.packbits(bits, bitorder="little").view(np.uint64)


def spread_over_chunks(distance: int, *, first: int) -> NDArray[np.int64]:
    """Places of bits that lie as evenly over the chunks as can be: hardest for the tables."""
    turns = np.arange(distance)
    return (turns + first) % CHUNKS * 16 + turns // CHUNKS


def spread_over_short_chunks(distance: int, *, first: int) -> NDArray[np.int64]:
    turns = np.arange(distance)
    return (turns + first) % CHUNKS_OF_FEW * 8 + turns // CHUNKS_OF_FEW


def heaped_in_chunks(distance: int, *, first: int) -> NDArray[np.int64]:
    return (16 * first + np.arange(distance)) % BITS


def in_every_other_chunk(distance: int, *, first: int) -> NDArray[np.int64]:
    turns = np.arange(distance)
    return (2 * turns + first) % CHUNKS * 16 + turns // (CHUNKS // 2)


WAYS: list[Callable[..., NDArray[np.int64]]] = [
    spread_over_chunks,
    spread_over_short_chunks,
    heaped_in_chunks,
    in_every_other_chunk,
]


def hashes_of(rows: Rows) -> NDArray[np.uint8]:
    """The hashes that are spread into these rows."""
    one_bit_each = np.packbits(np.eye(BITS, dtype=np.uint8), axis=1)
    places = np.unpackbits(scans.spread(one_bit_each).view(np.uint8), axis=1, bitorder="little")
    bits = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little")
    return np.packbits(bits[:, places.argmax(axis=1)], axis=1)


def found_by(
    loops: ModuleType, rows: Rows, tables: Tables | None, wanted: Rows, radius: int
) -> list[list[int]]:
    found: list[list[int]] = loops.near(
        fixed(rows.view()), tables, hashes_of(wanted).tobytes(), radius
    ).tolist()
    assert len({(place, row) for place, row, _ in found}) == len(found)
    return sorted(found)


@pytest.fixture(scope="module")
def wanted() -> Rows:
    return some_rows(FARTHEST + 1, seed=1)


@pytest.fixture(scope="module")
def planted(wanted: Rows) -> Rows:
    """For each radius rows that are just near enough and rows that are just not, in many others.

    So many that even the widest search costs less through the tables.
    """
    near = [
        turned(wanted[radius], way(radius + farther, first=first))
        for radius in range(FARTHEST + 1)
        for farther, way, first in itertools.product((0, 1), WAYS, (0, 7, 15))
    ]
    return np.concatenate([near, some_rows(100_000, seed=2)])


@pytest.fixture(scope="module", params=[CHUNKS, CHUNKS_OF_FEW])
def chunks(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def tables(planted: Rows, chunks: int) -> Tables:
    return built(planted, chunks=chunks, builders=2)


def test_a_row_just_near_enough_is_found_and_one_just_too_far_is_not(
    wanted: Rows, planted: Rows, tables: Tables
) -> None:
    kinds = len(WAYS) * 3
    for radius in range(FARTHEST + 1):
        first = radius * 2 * kinds

        found = found_by(kernels, planted, tables, wanted[radius : radius + 1], radius)

        assert found == [[0, row, radius] for row in range(first, first + kinds)]


@pytest.mark.parametrize("radius", [0, 7, 15, 31, 63, 64, 256])
def test_both_kinds_of_loops_and_both_ways_of_search_agree(
    wanted: Rows, planted: Rows, tables: Tables, radius: int
) -> None:
    few = planted[:600] if radius == BITS else planted
    some = wanted[20:36]

    expected = found_by(scans, few, None, some, radius)

    assert len(expected) >= (radius == BITS) * len(few) * len(some)
    assert found_by(kernels, few, None, some, radius) == expected
    if len(few) == len(planted):
        assert found_by(kernels, planted, tables, some, radius) == expected


@pytest.mark.parametrize("radius", [15, 31, 47])
def test_many_searched_for_together_are_found_as_one_by_one(
    planted: Rows, tables: Tables, radius: int
) -> None:
    some = np.concatenate([planted[::1700], planted[:20], planted[-1:]])

    together = found_by(kernels, planted, tables, some, radius)

    assert together == [
        [place, row, distance]
        for place, each in enumerate(some)
        for _, row, distance in found_by(kernels, planted, tables, each[None], radius)
    ]
    assert len(together) > len(some) > 64


@pytest.mark.parametrize("count", [0, 1, 2, 33, 5000])
@pytest.mark.parametrize("radius", [0, 31])
def test_identical_rows_are_all_found_once(count: int, radius: int, chunks: int) -> None:
    rows = np.repeat(some_rows(1, seed=3), count, axis=0)

    found = found_by(
        kernels, rows, built(rows, chunks=chunks, builders=1), some_rows(1, seed=3), radius
    )

    assert found == [[0, row, 0] for row in range(count)]


@pytest.mark.parametrize("alike", [30, 2000, 15_000])
def test_clusters_are_found_whole(alike: int, chunks: int) -> None:
    chance = np.random.default_rng(4)
    centre = some_rows(1, seed=5)
    cluster = [turned(centre[0], chance.permutation(BITS)[: n % 40]) for n in range(alike)]
    rows = np.concatenate([some_rows(12_000, seed=6), cluster])
    wanted = np.concatenate([some_rows(2, seed=7), centre, rows[-3:]])

    found = found_by(kernels, rows, built(rows, chunks=chunks, builders=1), wanted, 31)

    assert found == found_by(scans, rows, None, wanted, 31)
    assert len(found) > alike * 3 // 4


@pytest.mark.parametrize("alike", [31, 32, 33, 64, 65, 300])
def test_a_long_bucket_is_looked_through_to_its_end(alike: int, chunks: int) -> None:
    # Too many bits in every chunk but the first: found through the first table only.
    near = (spread_over_chunks if chunks == CHUNKS else spread_over_short_chunks)(31, first=1)
    rows = some_rows(20_000, seed=11)
    wanted = some_rows(1, seed=12)
    rows[500 : 500 + alike] = turned(wanted[0], near)

    found = found_by(kernels, rows, built(rows, chunks=chunks, builders=1), wanted, 31)

    assert found == [[0, row, 31] for row in range(500, 500 + alike)]


def test_a_query_that_leaves_the_tables_late_tells_each_row_once(chunks: int) -> None:
    # Two chunks in common make many candidates, found through the first table only, and no match.
    rows = some_rows(20_000, seed=8)
    rows[:4000, 0] = (rows[:4000, 0] & np.uint64(0xFFFFFFFF00000000)) | (
        rows[0, 0] & np.uint64(0xFFFFFFFF)
    )
    rows[77] = turned(rows[0], np.array([40, 80, 120]))
    wanted = np.concatenate([rows[:1], rows[10_000:10_001]])

    found = found_by(kernels, rows, built(rows, chunks=chunks, builders=1), wanted, 31)

    assert found == [[0, 0, 0], [0, 77, 3], [1, 10_000, 0]]


@pytest.mark.parametrize("loops", [kernels, scans])
def test_a_hash_and_its_row_are_as_far_from_others(loops: ModuleType) -> None:
    hashes = np.random.default_rng(9).integers(0, 256, (50, HASH_BYTES), dtype=np.uint8)

    rows = loops.spread(fixed(hashes))

    apart = np.bitwise_count(hashes[:1] ^ hashes).sum(axis=1)
    assert np.bitwise_count(rows[:1] ^ rows).sum(axis=1).tolist() == apart.tolist()
    assert rows.tolist() == scans.spread(hashes).tolist()


def test_the_order_of_bits_is_the_one_in_files() -> None:
    # A file keeps rows: this line may only change together with the name of the layout.
    hashes = fixed(np.arange(HASH_BYTES, dtype=np.uint8)[None])

    assert kernels.spread(hashes).tobytes().hex() == (
        "9229c5cc612e980108688101e440105c43228e6b04100d024c221598e0004430"
    )


@pytest.mark.skipif(not VECTORS.exists(), reason=f"NO VECTORS at {VECTORS}: not compared")
def test_the_tables_find_the_near_pairs_of_the_vectors_among_many_others(chunks: int) -> None:
    haystack, needles = (
        np.array(
            [[*bytes.fromhex(line)] for line in (VECTORS / name).read_text().split()], np.uint8
        )
        for name in ("haystack.txt", "needles.txt")
    )
    rows = np.concatenate([kernels.spread(fixed(haystack)), some_rows(20_000, seed=10)])

    found = found_by(
        kernels, rows, built(rows, chunks=chunks, builders=1), kernels.spread(fixed(needles)), 31
    )

    assert len(found) == 250


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual: Callable[..., object] = numba.njit

    def without_a_place(signature: object, *, cache: bool = False, **options: bool) -> object:
        if cache:
            raise RuntimeError("no locator available")
        return usual(signature, **options)

    monkeypatch.setattr(numba, "njit", without_a_place)

    @kernels._compiled("int64(int64)")
    def double(number: int) -> int:
        return 2 * number

    assert double(21) == 42
