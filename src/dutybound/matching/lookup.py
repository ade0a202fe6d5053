"""Exact look-up of links and file hashes by the fingerprint of their kind and value.

Some 15 bytes a key, in plain arrays that many processes can share: fingerprints of 64 bits in
order, the numbers of the signals beside them, where each bucket of fingerprints starts, and hints
that tell of most fingerprints by one look that they are not there. What was added or removed since
lies in a small dict and a small set on top, until it is merged.

Two values can share a fingerprint, by chance or because somebody made them so. A fingerprint
therefore keeps every number it was given, and what is found is a candidate: whoever asks has the
signal's record, and compares its value. So no collision tells a false match or hides a true one.

One writer, any number of readers. A reader works on the state it found when it began.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from dutybound.matching import links
from dutybound.matching.signals import SignalKind

Arrays = Mapping[str, NDArray[Any]]

# Fingerprints are stored, so a kind's seed never changes.
_OF_SHA256, _OF_MD5, _OF_URL, _OF_URL_PREFIX, _OF_HOST, _OF_DOMAIN = range(1, 7)
_SEEDS = {
    SignalKind.SHA256: _OF_SHA256,
    SignalKind.MD5: _OF_MD5,
    SignalKind.URL: _OF_URL,
    SignalKind.URL_PREFIX: _OF_URL_PREFIX,
    SignalKind.HOST: _OF_HOST,
    SignalKind.DOMAIN: _OF_DOMAIN,
}
_ENTRY = np.dtype([("number", np.int64), ("fingerprint", np.uint64)])
# Every change copies the dict or the set on top: this many entries take some 50 microseconds.
_MOST_CHANGES = 4096
_HINTS = tuple(1 << last_bits for last_bits in range(8))
_HINT_BITS = 2


def is_looked_up(kind: SignalKind) -> bool:
    """Whether signals of this kind are looked up, not searched for."""
    return kind in _SEEDS


def fingerprint(kind: SignalKind, value: str) -> int:
    """The 64 bits (XXH3) under which a signal is looked up: what names a file, or a link."""
    named = links.address(value) if kind in (SignalKind.URL, SignalKind.URL_PREFIX) else value
    return xxh3_64_intdigest(named.encode(), _SEEDS[kind])


def fingerprints_of_link(link: str) -> list[tuple[SignalKind, int]]:
    """What a canonical link is looked up by. Kinds are not hashed here: that takes as long."""
    whole, *of_prefixes = of_whole_and_prefixes(link)
    host = links.host_of(link)
    domain = links.registered_domain(host)
    of_domain = (
        [(SignalKind.DOMAIN, xxh3_64_intdigest(domain.encode(), _OF_DOMAIN))] if domain else []
    )
    return [
        (SignalKind.URL, whole),
        (SignalKind.HOST, xxh3_64_intdigest(host.encode(), _OF_HOST)),
        *of_domain,
        *[(SignalKind.URL_PREFIX, each) for each in reversed(of_prefixes)],
    ]


def of_whole_and_prefixes(link: str) -> list[int]:
    """The fingerprint of a canonical link, and those of its prefixes, longest first."""
    whole = links.address(link).encode()
    found = [xxh3_64_intdigest(whole, _OF_URL)]
    # In one loop: to make a list of the prefixes first would take a quarter longer.
    prefix = links.longest_prefix(whole)
    while prefix:
        found.append(xxh3_64_intdigest(prefix, _OF_URL_PREFIX))
        prefix = prefix.rpartition(b"/")[0]
    return found


@dataclass(frozen=True, slots=True)
class _Base:
    """Entries in the order of their fingerprints, whose first bits are the number of the bucket.

    Two more bits choose one of a bucket's four bytes of hints, and the last three a bit of it.
    """

    fingerprints: NDArray[np.uint64]
    numbers: NDArray[Any]
    starts: NDArray[np.uint32]
    hints: NDArray[np.uint8]

    def arrays(self) -> Arrays:
        return {
            "fingerprints": self.fingerprints,
            "numbers": self.numbers,
            "starts": self.starts,
            "hints": self.hints,
        }


class _State:
    """What a reader looks at. Never changed: a writer makes another."""

    __slots__ = ("base", "fingerprints", "fresh", "gone", "hints", "numbers", "shift", "starts")

    def __init__(
        self, base: _Base, fresh: Mapping[int, tuple[int, ...]], gone: frozenset[int]
    ) -> None:
        self.base = base
        self.fresh = fresh
        self.gone = gone
        # Single elements are read three times as fast from a memoryview as from an array.
        self.fingerprints = base.fingerprints.data
        self.numbers = base.numbers.data
        self.starts = base.starts.data
        self.hints = base.hints.data
        self.shift = 65 - (base.starts.size - 1).bit_length()


class LookupIndex:
    """Numbers of the caller's under fingerprints, each number once."""

    def __init__(self) -> None:
        self._state = _State(_base_of(np.empty(0, _ENTRY)), {}, frozenset())

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "LookupIndex":
        """An index over what `arrays` gave, which may be mapped from a file and is not copied.

        ValueError for arrays whose lengths or types do not belong together. That they hold what
        was written is for the file's checksums to say.
        """
        base = _Base(*(arrays[name] for name in ("fingerprints", "numbers", "starts", "hints")))
        _check(base)
        index = cls()
        index._state = _State(base, {}, frozenset())
        return index

    def arrays(self) -> Arrays:
        """All entries as named arrays, for a file; merges first, so it is a writer's call."""
        self._state = _merged(self._state, np.empty(0, _ENTRY))
        return self._state.base.arrays()

    def __len__(self) -> int:
        state = self._state
        fresh = sum(map(len, state.fresh.values()))
        return state.base.fingerprints.size - len(state.gone) + fresh

    def add(self, entries: Iterable[tuple[int, int]]) -> None:
        """Make numbers findable under their fingerprints; each number is new."""
        added = np.fromiter(entries, dtype=_ENTRY)
        state = self._state
        if len(state.fresh) + added.size > _MOST_CHANGES:
            self._state = _merged(state, added)
        elif added.size:
            fresh = dict(state.fresh)
            for number, wanted in added.tolist():
                fresh[wanted] = (*fresh.get(wanted, ()), number)
            self._state = _State(state.base, fresh, state.gone)

    def remove(self, entries: Iterable[tuple[int, int]]) -> None:
        """Make numbers unfindable under the fingerprints they were added with.

        What is not there is passed over.
        """
        state = self._state
        fresh, gone = dict(state.fresh), set(state.gone)
        for number, wanted in entries:
            if number in (known := fresh.pop(wanted, ())):
                known = tuple(each for each in known if each != number)
            elif any(number == each for each, _ in self.find([wanted])):
                gone.add(number)
            if known:
                fresh[wanted] = known
        changed = _State(state.base, fresh, frozenset(gone))
        is_much = len(gone) > _MOST_CHANGES
        self._state = _merged(changed, np.empty(0, _ENTRY)) if is_much else changed

    def find(self, fingerprints: Sequence[int]) -> list[tuple[int, int]]:
        """Every (number, place of its fingerprint among those asked for): candidates, see above."""
        state = self._state
        hints, shift, fresh = state.hints, state.shift, state.fresh
        hint_shift = shift - _HINT_BITS
        found: list[tuple[int, int]] = []
        for place, wanted in enumerate(fingerprints):
            if hints[wanted >> hint_shift] & _HINTS[wanted & 7]:
                end = state.starts[(wanted >> shift) + 1]
                row = bisect_left(state.fingerprints, wanted, state.starts[wanted >> shift], end)
                while row < end and state.fingerprints[row] == wanted:
                    if (number := state.numbers[row]) not in state.gone:
                        found.append((number, place))
                    row += 1
            if wanted in fresh:
                found += [(number, place) for number in fresh[wanted]]
        return found


def _merged(state: _State, added: NDArray[Any]) -> _State:
    """All entries of the state that were not removed, and the added ones, as one base."""
    if not (added.size or state.fresh or state.gone):
        return state
    kept = np.ones(state.base.numbers.size, dtype=bool)
    if state.gone:
        kept = ~np.isin(state.base.numbers, list(state.gone))
    old = np.empty(int(kept.sum()), _ENTRY)
    old["number"], old["fingerprint"] = state.base.numbers[kept], state.base.fingerprints[kept]
    fresh = ((number, wanted) for wanted, numbers in state.fresh.items() for number in numbers)
    every = np.concatenate([old, np.fromiter(fresh, dtype=_ENTRY), added])
    return _State(_base_of(every), {}, frozenset())


def _base_of(entries: NDArray[Any]) -> _Base:
    # Two to four entries a bucket.
    bits = max(entries.size.bit_length() - 2, 0)
    order = np.argsort(entries["fingerprint"], kind="stable")
    fingerprints, numbers = entries["fingerprint"][order], entries["number"][order]
    fourths = fingerprints >> np.uint64(64 - _HINT_BITS - bits)
    bounds = np.arange(2**bits + 1, dtype=np.uint64) << np.uint64(_HINT_BITS)
    starts = np.searchsorted(fourths, bounds).astype(np.uint32)
    hints = np.zeros(2 ** (bits + _HINT_BITS), dtype=np.uint8)
    last_bits = (fingerprints & np.uint64(7)).astype(np.uint8)
    np.bitwise_or.at(hints, fourths.astype(np.int64), np.left_shift(np.uint8(1), last_bits))
    fits = not numbers.size or 0 <= numbers.min() <= numbers.max() < 2**32
    return _Base(fingerprints, numbers.astype(np.uint32 if fits else np.int64), starts, hints)


def _check(base: _Base) -> None:
    types = [each.dtype for each in base.arrays().values()]
    is_of_types = types in (
        [np.uint64, np.uint32, np.uint32, np.uint8],
        [np.uint64, np.int64, np.uint32, np.uint8],
    )
    size, buckets = base.fingerprints.size, base.starts.size - 1
    if not is_of_types or any(each.ndim != 1 for each in base.arrays().values()):
        raise ValueError(f"expected the arrays of a look-up index, got {types}")
    if (
        base.numbers.size != size
        or base.hints.size != buckets << _HINT_BITS
        or buckets.bit_count() != 1
        or (base.starts[0], base.starts[-1]) != (0, size)
    ):
        raise ValueError("expected arrays of one look-up index: their lengths do not fit")
