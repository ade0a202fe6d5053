"""Texts that are nearly the same: one message sent again and again with something changed.

A text is brought to a canonical form (links gone; disguised letters and leetspeak read; only
letters left, none twice in a row) and cut into pieces of five letters. Its key is a MinHash of
the pieces: two keys agree in about that share of their places that the texts have of all their
pieces in common. A key tells nothing of the text but this.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from dutybound.matching import links, words

LEAST_PIECES = 36
"""A text with fewer different pieces has no key: two who write as little may write the same."""

LEAST_SIMILARITY = 0.35

_PIECE = 5
_PLACES = 128
_SEED = 1
_GONE = -1
_REPEATED = re.compile(r"(.)\1+")

Keys = NDArray[np.uint16]


def key(text: str) -> bytes | None:
    """256 bytes that are like those of a like text; None for a text of too little to tell.

    It is made by rensa's algorithm of version 2, and compares only with keys made by it.
    """
    letters = _REPEATED.sub(r"\1", words.letters_alone(links.without_links(text)))
    pieces = {letters[at : at + _PIECE] for at in range(len(letters) - _PIECE + 1)}
    if len(pieces) < LEAST_PIECES:
        return None
    sketch = RMinHash(_PLACES, _SEED)
    sketch.update(pieces)
    return np.array(sketch.digest(), dtype=np.uint32).astype(np.uint16).tobytes()


@dataclass(frozen=True, slots=True)
class Near:
    """A text of this number is near: from 0, nothing in common, to 1, the same."""

    number: int
    similarity: float


@dataclass(frozen=True, slots=True)
class _State:
    """The first `rows` rows are in use. Keys are stored by column: one row is one key."""

    keys: Keys
    numbers: NDArray[np.int64]
    rows: int


class CampaignIndex:
    """Keys of the newest texts, each under a number of the caller's. The oldest are forgotten.

    One writer, any number of readers: a reader works on the state it found when it began.
    """

    def __init__(self, *, most: int = 10_000) -> None:
        """It looks back at `most` keys, and takes some 650 bytes for each."""
        self._most = most
        self._row_of: dict[int, int] = {}
        self._state = self._moved(_State(np.empty((_PLACES, 0), np.uint16), np.empty(0, int), 0))

    def __len__(self) -> int:
        state = self._state
        return int(np.count_nonzero(state.numbers[self._first(state) : state.rows] != _GONE))

    def add(self, number: int, key: bytes) -> None:
        """Make a text findable by its key; a number already in use changes its key."""
        self.remove([number])
        if self._state.rows == len(self._state.numbers):
            self._state = self._moved(self._state)
        state = self._state
        state.keys[:, state.rows] = np.frombuffer(key, dtype=np.uint16)
        state.numbers[state.rows] = number
        self._row_of[number] = state.rows
        self._state = _State(state.keys, state.numbers, state.rows + 1)

    def remove(self, numbers: Iterable[int]) -> None:
        """Forget texts; numbers not in use are passed over."""
        rows = [self._row_of.pop(number) for number in set(numbers) if number in self._row_of]
        if rows:
            changed = self._state.numbers.copy()
            changed[rows] = _GONE
            self._state = _State(self._state.keys, changed, self._state.rows)

    def near(self, key: bytes, *, least: float = LEAST_SIMILARITY) -> list[Near]:
        """The texts that are at least that similar, the most similar first."""
        state = self._state
        looked_at = slice(self._first(state), state.rows)
        same = state.keys[:, looked_at] == np.frombuffer(key, dtype=np.uint16)[:, None]
        similarities = same.view(np.uint8).sum(axis=0, dtype=np.uint8) / _PLACES
        numbers = state.numbers[looked_at]
        rows = np.flatnonzero((similarities >= least) & (numbers != _GONE))
        found = zip(numbers[rows].tolist(), similarities[rows].tolist(), strict=True)
        return sorted((Near(*each) for each in found), key=lambda each: -each.similarity)

    def _first(self, state: _State) -> int:
        return max(0, state.rows - self._most)

    def _moved(self, old: _State) -> _State:
        """The rows looked at, in new arrays with room for as many more; readers keep the old."""
        kept = slice(self._first(old), old.rows)
        rows = old.rows - kept.start
        keys = np.empty((_PLACES, 2 * self._most), np.uint16)
        numbers = np.full(2 * self._most, _GONE, np.int64)
        keys[:, :rows], numbers[:rows] = old.keys[:, kept], old.numbers[kept]
        self._row_of = {
            number: row for row, number in enumerate(numbers.tolist()) if number != _GONE
        }
        return _State(keys, numbers, rows)
