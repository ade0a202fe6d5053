"""How the radius index lays hashes out: bits in a fixed order, and sixteen sorted tables.

A hash is spread into a row: 256 bits in an order that does not follow the picture, seen as 16
chunks of 16 bits. Table i lists all rows by their chunk i, and beside each its next chunk.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)

Rows = NDArray[np.uint64]
"""Spread hashes, four words of 64 bits each."""

HASH_BYTES = 32
CHUNKS = 16
CHUNK_BITS = 16
BUCKETS = 1 << CHUNK_BITS
LANES = 32
"""Entries that are compared at once; up to so many are read past the last one."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Table i takes the i-th sixteenth of `row_of` and `following`.

    Its bucket b, the rows whose chunk i is b, lies from `starts[i, b]` to `starts[i, b + 1]` in it.
    """

    starts: NDArray[np.uint32]
    row_of: NDArray[np.uint32]
    following: NDArray[np.uint16]

    def are_of(self, rows: Rows) -> bool:
        """Whether they are as large as the tables of these rows are, and of the same kind."""
        entries = CHUNKS * len(rows)
        return (
            _is_plain(self.starts, np.uint32, CHUNKS, BUCKETS + 1)
            and _is_plain(self.row_of, np.uint32, entries)
            and _is_plain(self.following, np.uint16, entries + LANES)
        )


def are_rows(array: NDArray[Any]) -> bool:
    """Whether these are spread hashes: compiled loops do not look before they read."""
    return _is_plain(array, np.uint64, len(array), HASH_BYTES // 8)


def built(rows: Rows, *, builders: int) -> Tables:
    """The tables of these rows, of which there are fewer than 2 to the 32nd, on so many cores."""
    size = len(rows)
    chunks = rows.view(np.uint16).reshape(size, CHUNKS)
    starts = np.zeros((CHUNKS, BUCKETS + 1), dtype=np.uint32)
    row_of = np.empty(CHUNKS * size, dtype=np.uint32)
    following = np.zeros(CHUNKS * size + LANES, dtype=np.uint16)

    def build(table: int) -> None:
        own = np.ascontiguousarray(chunks[:, table])
        here = slice(table * size, (table + 1) * size)
        row_of[here] = np.argsort(own, kind="stable")
        following[here] = chunks[row_of[here], (table + 1) % CHUNKS]
        np.cumsum(np.bincount(own, minlength=BUCKETS), out=starts[table, 1:])

    if builders == 1:
        # In the caller's own thread, which may be one that outlives all pools.
        list(map(build, range(CHUNKS)))
    else:
        with ThreadPoolExecutor(builders) as pool:
            list(pool.map(build, range(CHUNKS)))
    return Tables(fixed(starts), fixed(row_of), fixed(following))


def _places() -> NDArray[np.uint64]:
    """Where the bits of a byte go: the row to be or-ed in, by the byte's place and its value.

    Files hold rows: the order of the bits is a promise. Neighbouring bits of a picture's hash go
    together more often than not; in an order without regard to that no chunk takes few values.
    """
    order = sorted(range(HASH_BYTES * 8), key=lambda bit: sha256(b"%d" % bit).digest())
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
