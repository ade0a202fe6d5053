"""The radius index without numba: slower, with the same answers as `kernels`."""

import numpy as np
from numpy.typing import NDArray

from dutybound.matching.tables import HASH_BYTES, PLACES, Rows, Tables

_BLOCK_ROWS = 8192


def spread(hashes: NDArray[np.uint8]) -> Rows:
    """Each hash of 32 bytes as a row."""
    rows = np.empty((len(hashes), HASH_BYTES // 8), dtype=np.uint64)
    for start in range(0, len(hashes), _BLOCK_ROWS):
        here = slice(start, start + _BLOCK_ROWS)
        each = PLACES[np.arange(HASH_BYTES), hashes[here]]
        np.bitwise_or.reduce(each, axis=1, out=rows[here])
    return rows


def near(
    rows: Rows,
    tables: Tables | None,  # noqa: ARG001 - comparing with every row needs none
    hashes: bytes,
    radius: int,
) -> NDArray[np.int64]:
    """(place in hashes, row, distance) of every pair within the radius, in no order."""
    wanted = spread(np.frombuffer(hashes, np.uint8).reshape(-1, HASH_BYTES))
    blocks = [
        _near_in_block(rows[start : start + _BLOCK_ROWS], each, start, place, radius)
        for start in range(0, len(rows), _BLOCK_ROWS)
        for place, each in enumerate(wanted)
    ]
    return np.concatenate([np.empty((0, 3), dtype=np.int64), *blocks])


def _near_in_block(
    rows: Rows, each: NDArray[np.uint64], start: int, place: int, radius: int
) -> NDArray[np.int64]:
    # Half a hash that is too far already makes the whole too far. It also fits in 8 bits: 128.
    half = np.bitwise_count(rows[:, 0] ^ each[0]) + np.bitwise_count(rows[:, 1] ^ each[1])
    near_by_half = np.flatnonzero(half <= radius)
    whole = np.bitwise_count(rows[near_by_half] ^ each).sum(axis=1, dtype=np.int64)
    near = whole <= radius
    found = np.empty((np.count_nonzero(near), 3), dtype=np.int64)
    found[:, 0], found[:, 1], found[:, 2] = place, start + near_by_half[near], whole[near]
    return found
