"""Exact search for hashes within a Hamming distance. One writer, any number of readers.

A reader works on the state it found when it began. A writer never changes what a reader could be
looking at: it writes to rows no reader knows yet, or to copies, and publishes the new state by
one assignment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Identifiers = NDArray[np.int64]

HASH_BYTES = 32
_GONE = -1
_BLOCK_ROWS = 8192
_FIRST_CAPACITY = 64


@dataclass(frozen=True, slots=True)
class _State:
    """The first `rows` rows are in use. Words are stored by column: one row is one hash."""

    words: Words
    identifiers: Identifiers
    rows: int


class RadiusIndex:
    """Hashes of 32 bytes, each under a number of the caller's, found by nearness."""

    def __init__(self) -> None:
        self._state = _empty(_FIRST_CAPACITY)
        self._row_of: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._row_of)

    def add(self, entries: Iterable[tuple[int, bytes]]) -> None:
        """Make hashes findable under their numbers; a number already in use changes its hash."""
        fresh = dict(entries)
        self.remove(number for number in fresh if number in self._row_of)
        state = self._with_room_for(len(fresh))
        numbers = np.fromiter(fresh, dtype=np.int64, count=len(fresh))
        end = state.rows + len(fresh)
        state.words[:, state.rows : end] = _as_words(fresh.values())
        state.identifiers[state.rows : end] = numbers
        self._row_of.update(zip(fresh, range(state.rows, end), strict=True))
        self._state = _State(state.words, state.identifiers, end)

    def remove(self, numbers: Iterable[int]) -> None:
        """Make the hashes under these numbers unfindable; a number not in use is passed over."""
        rows = [self._row_of.pop(number) for number in set(numbers) if number in self._row_of]
        if not rows:
            return
        identifiers = self._state.identifiers.copy()
        identifiers[rows] = _GONE
        self._state = _State(self._state.words, identifiers, self._state.rows)
        if self._state.rows > 2 * len(self) + _FIRST_CAPACITY:
            self._move_to(capacity=_FIRST_CAPACITY + len(self))

    def search(self, hashes: Sequence[bytes], radius: int) -> list[tuple[int, int, int]]:
        """Every (number, distance, place of the nearest hash) within the radius of any hash."""
        state = self._state
        wanted = _as_words(hashes)
        nearest: dict[int, tuple[int, int]] = {}
        for start in range(0, state.rows, _BLOCK_ROWS):
            end = min(start + _BLOCK_ROWS, state.rows)
            places, rows, distances = _near(state.words[:, start:end], wanted, radius)
            numbers = state.identifiers[start + rows]
            for number, *found in zip(
                numbers.tolist(), distances.tolist(), places.tolist(), strict=True
            ):
                if number != _GONE:
                    best = nearest.get(number)
                    nearest[number] = min((found[0], found[1]), best) if best else (*found,)
        return [(number, distance, place) for number, (distance, place) in nearest.items()]

    def _with_room_for(self, count: int) -> _State:
        if self._state.rows + count > self._state.identifiers.size:
            self._move_to(capacity=2 * (len(self) + count))
        return self._state

    def _move_to(self, *, capacity: int) -> None:
        """Copy the rows still in use to new arrays; readers keep the old ones."""
        old, fresh = self._state, _empty(capacity)
        kept = np.flatnonzero(old.identifiers[: old.rows] != _GONE)
        fresh.words[:, : kept.size] = old.words[:, kept]
        fresh.identifiers[: kept.size] = old.identifiers[kept]
        self._row_of = dict(zip(old.identifiers[kept].tolist(), range(kept.size), strict=True))
        self._state = _State(fresh.words, fresh.identifiers, kept.size)


def _empty(capacity: int) -> _State:
    words = np.zeros((HASH_BYTES // 8, capacity), dtype=np.uint64)
    return _State(words, np.full(capacity, _GONE, dtype=np.int64), 0)


def _as_words(hashes: Iterable[bytes]) -> Words:
    """Hashes as columns of four words of 64 bits."""
    joined = b"".join(hashes)
    return np.frombuffer(joined, dtype=np.uint64).reshape(-1, HASH_BYTES // 8).T


def _near(
    words: Words, wanted: Words, radius: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
    """Places in wanted and rows of words that are within the radius, with their distances."""
    # Half a hash that is too far already makes the whole too far. It also fits in 8 bits: 128.
    half = np.bitwise_count(words[0] ^ wanted[0][:, None])
    half += np.bitwise_count(words[1] ^ wanted[1][:, None])
    places, rows = np.nonzero(half <= radius)
    whole = np.bitwise_count(words[:, rows] ^ wanted[:, places]).sum(axis=0, dtype=np.int64)
    near = whole <= radius
    return places[near], rows[near], whole[near]
