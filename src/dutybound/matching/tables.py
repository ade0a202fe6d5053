"""How the radius index lays hashes out: bits in a fixed order, and sorted tables.

A hash is spread into a row: 256 bits in an order that does not follow the picture, seen as 16
chunks of 16 bits or, where there are few rows, as 32 chunks of 8. Table i lists all rows by their
chunk i, and beside each the 16 bits that follow.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)

Rows = NDArray[np.uint64]
"""Spread hashes, four words of 64 bits each."""

HASH_BYTES = 32
HASH_BITS = 8 * HASH_BYTES
NEXT_BITS = 16
"""Bits beside each entry: the next chunk of 16, or the next two of 8."""
CHUNKS, CHUNKS_OF_FEW = 16, 32
FEW_ROWS = 1 << 15
"""Rows up to which 32 long buckets are read sooner, and take less room, than many short ones."""
LANES = 32
"""Entries that are compared at once; up to so many are read past the last one."""
_FARTHEST_FLIP = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """Table i takes the i-th part of `row_of` and `following`, one for each row of `starts`.

    Its bucket b, the rows whose chunk i is b, lies from `starts[i, b]` to `starts[i, b + 1]` in it.
    """

    starts: NDArray[np.uint32]
    row_of: NDArray[np.uint32]
    following: NDArray[np.uint16]

    def are_of(self, rows: Rows) -> bool:
        """Whether they are as large as the tables of these rows are, and of the same kind."""
        chunks = len(self.starts)
        entries = chunks * len(rows)
        return (
            chunks in (CHUNKS, CHUNKS_OF_FEW)
            and _is_plain(self.starts, np.uint32, chunks, _buckets(chunks) + 1)
            and _is_plain(self.row_of, np.uint32, entries)
            and _is_plain(self.following, np.uint16, entries + LANES)
        )


def are_rows(array: NDArray[Any]) -> bool:
    """Whether these are spread hashes: compiled loops do not look before they read."""
    return _is_plain(array, np.uint64, len(array), HASH_BYTES // 8)


def chunks_of(rows: Rows) -> int:
    """Into how many chunks so many rows are best cut."""
    return CHUNKS_OF_FEW if len(rows) <= FEW_ROWS else CHUNKS


def built(rows: Rows, *, chunks: int, builders: int) -> Tables:
    """The tables of these rows, of which there are fewer than 2 to the 32nd, on so many cores."""
    size, width = len(rows), HASH_BYTES // chunks
    in_a_ring = np.concatenate([rows, rows[:, :1]], axis=1).view(np.uint8)
    starts = np.zeros((chunks, _buckets(chunks) + 1), dtype=np.uint32)
    row_of = np.empty(chunks * size, dtype=np.uint32)
    following = np.zeros(chunks * size + LANES, dtype=np.uint16)

    def build(table: int) -> None:
        start, end = table * width, (table + 1) * width
        own = np.ascontiguousarray(in_a_ring[:, start:end]).view(f"u{width}")[:, 0]
        after = np.ascontiguousarray(in_a_ring[:, end : end + NEXT_BITS // 8]).view(np.uint16)
        here = slice(table * size, (table + 1) * size)
        row_of[here] = np.argsort(own, kind="stable")
        following[here] = after[row_of[here], 0]
        np.cumsum(np.bincount(own, minlength=_buckets(chunks)), out=starts[table, 1:])

    if builders == 1:
        # In the caller's own thread, which may be one that outlives all pools.
        list(map(build, range(chunks)))
    else:
        with ThreadPoolExecutor(builders) as pool:
            list(pool.map(build, range(chunks)))
    return Tables(fixed(starts), fixed(row_of), fixed(following))


def _buckets(chunks: int) -> int:
    return 1 << HASH_BITS // chunks


def _flips() -> NDArray[np.int64]:
    """What turns a chunk of 16 bits into those at distance 0, 1, 2 and 3, in this order."""
    bits = [1 << bit for bit in range(HASH_BITS // CHUNKS)]
    flips = [sum(some) for far in range(_FARTHEST_FLIP + 1) for some in combinations(bits, far)]
    return np.array(flips, dtype=np.int64)


def _places() -> NDArray[np.uint64]:
    """Where the bits of a byte go: the row to be or-ed in, by the byte's place and its value.

    Files hold rows: the order of the bits is a promise. Neighbouring bits of a picture's hash go
    together more often than not; in an order without regard to that no chunk takes few values.
    """
    order = sorted(range(HASH_BITS), key=lambda bit: sha256(b"%d" % bit).digest())
    values = np.arange(256, dtype=np.uint64)
    places = np.zeros((HASH_BYTES, 256, HASH_BYTES // 8), dtype=np.uint64)
    for place, bit in enumerate(order):
        byte, shift = divmod(bit, 8)
        places[byte, :, place // 64] |= (values >> np.uint64(shift) & np.uint64(1)) << np.uint64(
            place % 64
        )
    return places


def _is_plain(array: NDArray[Any], kind: type[np.generic], *shape: int) -> bool:
    return array.shape == shape and array.dtype == kind and array.flags.c_contiguous


def fixed(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The array, never to be written to again."""
    array.flags.writeable = False
    return array


PLACES = fixed(_places())
FLIPS = fixed(_flips())
FLIPS_WITHIN = {
    CHUNKS: [int(sum(np.bitwise_count(FLIPS) <= far)) for far in range(_FARTHEST_FLIP + 1)],
    CHUNKS_OF_FEW: [1],
}
"""How many of the flips turn over at most 0, 1, 2 and 3 bits. Short chunks are not turned over."""
