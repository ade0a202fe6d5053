"""Exact search for hashes within a Hamming distance. Writers take turns, readers never wait.

A reader works on the state it found when it began. A writer never changes what a reader could be
looking at: it writes to rows no reader knows yet, notes with each row the change that took it out
of force, and publishes the new state by one assignment. What was added lately is compared one by
one; when that has become much, a thread sorts it into tables beside, and swaps it in.
docs/why/radius-index.md says how and why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from threading import Lock, Thread
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dutybound.matching import scans
from dutybound.matching.tables import HASH_BYTES, Rows, Tables, are_rows, built, chunks_of, fixed

Identifiers = NDArray[np.int64] | NDArray[np.uint32]
Hashes = NDArray[np.uint8]

LOOSE_ROWS = 8192
"""Rows compared one by one before they are sorted: as long as looking into tables takes twice."""

_HASH = np.dtype((np.uint8, HASH_BYTES))
_FIRST_CAPACITY = 64
_BUILDERS = 2
_FOLD = 8
"""A sorted part is folded into the next one unless it is this many times larger."""
_LAYOUT = "radius2"
"""The order of bits and the shape of tables that this program writes and reads."""
_FEW = 2048
"""Rows that are compared sooner than looked up."""


class Pairs(NamedTuple):
    """Who met whom: rows of the query, numbers, distances; by row of the query, then number."""

    places: NDArray[np.int64]
    numbers: NDArray[np.int64]
    distances: NDArray[np.int64]


class _Loops(Protocol):
    def spread(self, hashes: Hashes) -> Rows: ...

    def near(
        self, rows: Rows, tables: Tables | None, hashes: bytes, radius: int
    ) -> NDArray[np.int64]: ...


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows with the caller's numbers. `gone` has the change that took a row out of force, or 0.

    With tables the numbers are in order; without, rows may be free at the end.
    """

    rows: Rows
    numbers: Identifiers
    gone: NDArray[np.int64]
    tables: Tables | None = None


class _State:
    """`loose_rows` are the rows of `loose` that are in use. `change` counts what was published.

    `parts` are all that have rows, each with those in use, the loose ones last.
    """

    __slots__ = ("change", "loose", "loose_rows", "parts", "sorted")

    def __init__(self, parts: tuple[_Part, ...], loose: _Part, end: int, change: int) -> None:
        self.sorted, self.loose, self.change = parts, loose, change
        self.loose_rows = fixed(loose.rows[:end])
        self.parts = [(part, part.rows) for part in parts]
        if end:
            self.parts.append((loose, self.loose_rows))


class RadiusIndex:
    """Hashes of 32 bytes, each under a number of the caller's, found by nearness.

    `base` is what `base_of` gives, or what a file with it has, as `open_arrays` gives it.
    """

    def __init__(self, base: Mapping[str, NDArray[Any]] | None = None) -> None:
        parts = (_part_from(base),) if base is not None else ()
        self._state = _State(parts, _empty(_FIRST_CAPACITY), 0, 1)
        self._kept = len(parts)
        self._row_of: dict[int, int] = {}
        self._count = sum(len(part.rows) for part in parts)
        self._tombstones = 0
        self._writing, self._sorting = Lock(), Lock()
        if parts:
            _loops()

    def __len__(self) -> int:
        return self._count

    def add(self, entries: Iterable[tuple[int, bytes]]) -> None:
        """Make hashes findable under their numbers; a number already in use changes its hash."""
        fresh = dict(entries)
        numbers = np.fromiter(fresh, dtype=np.int64, count=len(fresh))
        loops = _loops() if len(fresh) >= LOOSE_ROWS else scans
        rows = loops.spread(np.frombuffer(_joined(fresh.values()), _HASH))
        with self._writing:
            self._retire(fresh.keys())
            loose, start = self._with_room_for(len(fresh))
            end = start + len(fresh)
            loose.rows[start:end] = rows
            loose.numbers[start:end] = numbers
            self._row_of.update(zip(fresh, range(start, end), strict=True))
            self._count += len(fresh)
            self._publish(self._state.sorted, loose, end)
        self._sort_when_due()

    def remove(self, numbers: Iterable[int]) -> None:
        """Make the hashes under these numbers unfindable; a number not in use is passed over."""
        with self._writing:
            self._retire(set(numbers))
            self._publish(self._state.sorted, self._state.loose, len(self._state.loose_rows))
        self._sort_when_due()

    def search(self, hashes: Sequence[bytes], radius: int) -> list[tuple[int, int, int]]:
        """Every (number, distance, place of the nearest hash) within the radius of any hash."""
        state, nearest = self._state, dict[int, tuple[int, int, int]]()
        loops = _loops() if state.sorted else scans
        wanted = _joined(hashes)
        for part, rows in state.parts:
            # One by one, since nearly always there are few: arrays would take longer.
            for place, row, distance in loops.near(rows, part.tables, wanted, radius).tolist():
                if 0 < part.gone.item(row) <= state.change:
                    continue
                number = part.numbers.item(row)
                met = number, distance, place
                if number not in nearest or met < nearest[number]:
                    nearest[number] = met
        return list(nearest.values())

    def search_many(self, hashes: Hashes, radius: int, *, threads: int = 1) -> Pairs:
        """Every pair of a hash, a row of 32 bytes, and a number within the radius of it.

        The more hashes at once, the less each costs: they go through the tables together.
        """
        state = self._state
        loops = _loops() if state.sorted else scans
        bounds = np.linspace(0, len(hashes), threads + 1, dtype=np.int64).tolist()

        def search(start: int, end: int) -> list[NDArray[np.int64]]:
            pairs = []
            wanted = hashes[start:end].tobytes()
            for part, rows in state.parts:
                found = loops.near(rows, part.tables, wanted, radius)
                gone = part.gone[found[:, 1]]
                places, met, distances = found[(gone == 0) | (gone > state.change)].T
                pairs.append(np.stack([places + start, part.numbers[met], distances]))
            return pairs

        with ThreadPoolExecutor(threads) as pool:
            told = [each for some in pool.map(search, bounds, bounds[1:]) for each in some]
        pairs = np.concatenate([np.empty((3, 0), dtype=np.int64), *told], axis=1)
        return Pairs(*pairs[:, np.lexsort((pairs[1], pairs[0]))])

    def merge(self) -> None:
        """Sort what was added lately. Readers and writers go on meanwhile.

        It happens by itself, in a thread, when it is due; who calls this waits until it is done.
        """
        with self._sorting:
            self._sort()

    def _retire(self, numbers: Collection[int]) -> None:
        """Note that whatever has these numbers is out of force from the next change on."""
        change = self._state.change + 1
        wanted = np.fromiter(numbers, dtype=np.int64, count=len(numbers))
        loose = [self._row_of.pop(number) for number in numbers if number in self._row_of]
        self._state.loose.gone[loose] = change
        retired = len(loose)
        for part in self._state.sorted:
            rows = _rows_of(part, wanted)
            rows = rows[part.gone[rows] == 0]
            part.gone[rows] = change
            retired += len(rows)
        self._count -= retired
        self._tombstones += retired

    def _with_room_for(self, count: int) -> tuple[_Part, int]:
        """Somewhere for loose rows to go, and its first free row; readers keep the old place."""
        old, used = self._state.loose, len(self._state.loose_rows)
        if used + count <= len(old.rows):
            return old, used
        return _moved(old, slice(used), capacity=2 * (used + count)), used

    def _publish(self, parts: tuple[_Part, ...], loose: _Part, end: int) -> None:
        self._state = _State(parts, loose, end, self._state.change + 1)

    def _is_due(self) -> bool:
        return max(len(self._state.loose_rows), self._tombstones) >= LOOSE_ROWS

    def _sort_when_due(self) -> None:
        if self._is_due() and not self._sorting.locked():
            Thread(target=self._sort_while_due, name="dutybound-radius-sort").start()

    def _sort_while_due(self) -> None:
        with self._sorting:
            while self._is_due():
                self._sort()

    def _sort(self) -> None:
        state = self._state
        first, size = len(state.sorted), len(state.loose_rows)
        while first > self._kept and _is_to_fold(state.sorted[first - 1], size=size):
            first -= 1
            size += len(state.sorted[first].rows)
        rows, numbers = _in_force(state, first)
        self._swap(state, first, (_sorted(rows, numbers),) if len(rows) else ())

    def _swap(self, before: _State, first: int, made: tuple[_Part, ...]) -> None:
        """Put what was made of a state's parts, from the first on, and loose rows, in their place.

        What was taken out of force while it was made is found by the change that did so.
        """
        with self._writing:
            now, done = self._state, len(before.loose_rows)
            folded = [*before.sorted[first:], now.loose]
            gone = [part.numbers[part.gone > before.change] for part in folded]
            for part in made:
                part.gone[_rows_of(part, np.concatenate(gone))] = before.change
            used = len(now.loose_rows)
            loose = _moved(now.loose, slice(done, used), capacity=_FIRST_CAPACITY + used - done)
            self._row_of = {n: row - done for n, row in self._row_of.items() if row >= done}
            self._tombstones = 0
            self._publish((*now.sorted[:first], *made), loose, used - done)


def base_of(numbers: NDArray[np.int64], hashes: Hashes) -> dict[str, NDArray[Any]]:
    """What a RadiusIndex may begin from or `write_arrays` may store, on two cores.

    `hashes` has a row of 32 bytes for each number. ValueError if a number is there twice.
    """
    with ThreadPoolExecutor(_BUILDERS) as pool:
        halves = np.array_split(np.ascontiguousarray(hashes), _BUILDERS)
        spread = pool.map(_loops().spread, halves)
        rows, sorted_numbers = _by_number(np.concatenate([*spread]), numbers)
    if np.any(sorted_numbers[1:] == sorted_numbers[:-1]):
        raise ValueError("a number is there twice")
    return _arrays_of(_sorted(rows, sorted_numbers, builders=_BUILDERS))


@cache
def _loops() -> _Loops:
    """The fast loops, or the slow where numba does not run. Chosen once; it takes a moment."""
    try:
        from dutybound.matching import kernels  # noqa: PLC0415 - most programs never need numba
    except ImportError:
        return scans
    return kernels


def _in_force(state: _State, first: int) -> tuple[Rows, NDArray[np.int64]]:
    """All rows in force of the parts from the first on, and of the loose ones, by number."""
    rows, numbers = [state.loose_rows[:0]], [np.empty(0, dtype=np.int64)]
    for part, used in state.parts[first:]:
        gone = part.gone[: len(used)]
        kept = np.flatnonzero((gone == 0) | (gone > state.change))
        rows.append(used[kept])
        numbers.append(part.numbers[kept].astype(np.int64))
    return _by_number(np.concatenate(rows), np.concatenate(numbers))


def _by_number(rows: Rows, numbers: NDArray[np.int64]) -> tuple[Rows, NDArray[np.int64]]:
    if np.all(numbers[1:] > numbers[:-1]):
        return rows, numbers
    order = np.argsort(numbers)
    return rows[order], numbers[order]


def _sorted(rows: Rows, numbers: NDArray[np.int64], *, builders: int = 1) -> _Part:
    _loops()  # So that no reader waits for it.
    narrow = len(numbers) > 0 and numbers[0] >= 0 and numbers[-1] <= np.iinfo(np.uint32).max
    return _Part(
        fixed(rows),
        fixed(numbers.astype(np.uint32)) if narrow else fixed(numbers),
        np.zeros(len(rows), dtype=np.int64),
        built(rows, chunks=chunks_of(rows), builders=builders) if len(rows) >= _FEW else None,
    )


def _arrays_of(part: _Part) -> dict[str, NDArray[Any]]:
    named = {"rows": part.rows, "numbers": part.numbers}
    tables = {} if part.tables is None else asdict(part.tables)
    return {f"{_LAYOUT}.{name}": array for name, array in {**named, **tables}.items()}


def _part_from(arrays: Mapping[str, NDArray[Any]]) -> _Part:
    prefix = f"{_LAYOUT}."
    named = {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}
    if not named:
        raise ValueError(f"no radius index of layout {_LAYOUT} among {sorted(arrays)}")
    rows, numbers = named.pop("rows"), named.pop("numbers")
    tables = Tables(**named) if named else None
    belong = are_rows(rows) and numbers.shape == rows.shape[:1]
    if not belong or (tables and not tables.are_of(rows)):
        raise ValueError("the arrays of the radius index do not belong together")
    # Zeros cost no memory until they are written to.
    return _Part(fixed(rows), fixed(numbers), np.zeros(len(rows), dtype=np.int64), tables)


def _is_to_fold(part: _Part, *, size: int) -> bool:
    """Whether the next sorting takes this part along: it is not much larger, or half of it gone."""
    return len(part.rows) < max(_FOLD * size, 2 * int(np.count_nonzero(part.gone)))


def _rows_of(part: _Part, numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where a sorted part has these numbers, of those it has."""
    known = part.numbers
    limits = np.iinfo(known.dtype)
    # Only numbers of the same kind: numpy would convert all it knows, not the few it looks for.
    wanted = numbers[(numbers >= limits.min) & (numbers <= limits.max)].astype(known.dtype)
    rows = np.searchsorted(known, wanted)
    inside = rows < len(known)
    rows, wanted = rows[inside], wanted[inside]
    found: NDArray[np.intp] = rows[known[rows] == wanted]
    return found


def _empty(capacity: int) -> _Part:
    rows = np.zeros((capacity, HASH_BYTES // 8), dtype=np.uint64)
    return _Part(rows, np.zeros(capacity, dtype=np.int64), np.zeros(capacity, dtype=np.int64))


def _moved(old: _Part, rows: slice, *, capacity: int) -> _Part:
    """A part without tables that begins with these rows of another."""
    fresh, end = _empty(capacity), len(old.gone[rows])
    fresh.rows[:end] = old.rows[rows]
    fresh.numbers[:end] = old.numbers[rows]
    fresh.gone[:end] = old.gone[rows]
    return fresh


def _joined(hashes: Collection[bytes]) -> bytes:
    joined = b"".join(hashes)
    if len(joined) != HASH_BYTES * len(hashes):
        raise ValueError(f"{len(hashes)} hashes of {HASH_BYTES} bytes have not {len(joined)} bytes")
    return joined
