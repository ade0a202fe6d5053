"""The loops of the radius index, compiled by numba; `scans` gives the same answers without it.

docs/why/radius-index.md says what is computed and proves that nothing is missed. Importing this
compiles it, or loads what was compiled; ImportError where that cannot be done.

Three habits of numba explain how this reads. It makes a float of a signed and an unsigned number,
so all are signed but the words of a row. Counting references to arrays costs more here than the
work does, so that is off (`_nrt`), and whatever needs room is handed it. And only what is inlined
costs nothing to call.

All of it is in one file, since numba keeps compiled code for as long as the file is the same.
"""

# ruff: noqa: ANN401 - what a compiler hands around has no types of ours

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.core.errors import NumbaError
from numba.extending import intrinsic
from numpy.typing import NDArray

from dutybound.matching.tables import (
    CHUNKS,
    FLIPS,
    FLIPS_WITHIN,
    HASH_BYTES,
    LANES,
    PLACES,
    Rows,
    Tables,
)

Numbers = NDArray[np.int64]
Chunks = NDArray[np.uint16]
Positions = NDArray[np.uint32]
Flags = NDArray[np.bool_]

_AHEAD = 16
"""Buckets that are asked of memory before they are needed."""
_ASKED = 256
"""Entries of a bucket asked for; the processor itself sees what comes after so many."""
_HELD = 128
"""Candidates whose rows are asked of memory together."""
_BLOCK_ROWS = 512
"""Rows compared with every query before the next are read: they stay in the nearest cache."""
_PROBE_ROWS = 8
"""Rows compared in the time a look into a bucket takes."""
_ENTRIES_ROW = 4
"""Entries looked at in the time a row is compared."""
_ROWS_CANDIDATE = 16
"""Rows compared in the time a candidate is fetched from wherever it lies, and compared."""
_ROOM = 64

_Function = TypeVar("_Function", bound=Callable[..., Any])

_uint64 = types.Array(types.uint64, 2, "C", readonly=True)
_uint32 = types.Array(types.uint32, 1, "C", readonly=True)
_uint32s = types.Array(types.uint32, 2, "C", readonly=True)
_uint16 = types.Array(types.uint16, 1, "C", readonly=True)
_places = types.Array(types.uint64, 3, "C", readonly=True)
_flips = types.Array(types.int64, 1, "C", readonly=True)
_hashes = types.Array(types.uint8, 2, "C", readonly=True)


_OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False}


def _inlined(function: _Function) -> _Function:
    return cast("_Function", numba.njit(forceinline=True, **_OPTIONS)(function))


def _compiled(signature: Any) -> Callable[[_Function], _Function]:
    """A function in machine code, kept for other processes where there is a place to keep it."""

    def compile_now(function: _Function) -> _Function:
        try:
            fast = numba.njit(signature, cache=True, **_OPTIONS)(function)
        except NumbaError as error:
            raise ImportError(f"numba cannot compile {function.__name__}") from error
        except (RuntimeError, OSError):
            # Neither the package's folder nor the user's can be written to.
            fast = numba.njit(signature, **_OPTIONS)(function)
        return cast("_Function", fast)

    return compile_now


def spread(hashes: NDArray[np.uint8]) -> Rows:
    """Each hash of 32 bytes as a row."""
    rows = np.zeros((len(hashes), HASH_BYTES // 8), dtype=np.uint64)
    _spread(hashes, PLACES, rows)
    return rows


def near(rows: Rows, tables: Tables | None, wanted: Rows, radius: int) -> Numbers:
    """(place in wanted, row, distance) of every pair within the radius, in no order.

    Arrays must be such that cannot be written to: the compiled loops are made for those.
    """
    found = np.empty((_ROOM, 3), dtype=np.int64)
    while (count := _note(rows, tables, wanted, radius, found)) > len(found):
        found = np.empty((count, 3), dtype=np.int64)
    return found[:count]


def _note(rows: Rows, tables: Tables | None, wanted: Rows, radius: int, found: Numbers) -> int:
    """Note what is near, as far as there is room; the answer is how much room it takes."""
    through_tables = np.zeros(len(wanted), dtype=np.bool_)
    if tables is None or radius // CHUNKS >= len(FLIPS_WITHIN):
        return _scan(rows, wanted, through_tables, radius, found)
    return _search(
        rows,
        tables.following,
        tables.row_of,
        tables.starts,
        wanted,
        FLIPS[: FLIPS_WITHIN[radius // CHUNKS]],
        radius,
        found,
        through_tables,
        np.zeros(len(wanted), dtype=np.int64),
        np.empty((_AHEAD, 6), dtype=np.int64),
        np.empty((_HELD, 3), dtype=np.int64),
    )


def _instruction(function: Callable[..., Any]) -> Callable[..., Any]:
    return cast("Callable[..., Any]", intrinsic(function))


def _declared(builder: Any, answer: Any, arguments: list[Any], name: str) -> Any:
    """A function that LLVM knows by this name."""
    kind = ir.FunctionType(answer, arguments)
    return cgutils.get_or_insert_function(builder.module, kind, name)  # type: ignore[no-untyped-call]


@_instruction
def _near_lanes(_typing: Any, chunks: Any, _first: Any, _wanted: Any, _limit: Any) -> Any:
    """Of the LANES chunks from the first on, a bit for each that is within the limit."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lane, number = ir.IntType(16), ir.IntType(32)
        vector = ir.VectorType(lane, LANES)
        place = builder.gep(_start(context, builder, signature, arguments), [arguments[1]])
        met = builder.load(builder.bitcast(place, vector.as_pointer()), align=2)

        def in_all_lanes(value: Any) -> Any:
            nothing = ir.Constant(vector, ir.Undefined)
            one = builder.insert_element(nothing, builder.trunc(value, lane), number(0))
            same = ir.Constant(ir.VectorType(number, LANES), [0] * LANES)
            return builder.shuffle_vector(one, nothing, same)

        popcount = _declared(builder, vector, [vector], f"llvm.ctpop.v{LANES}i16")
        apart = builder.call(popcount, [builder.xor(met, in_all_lanes(arguments[2]))])
        near = builder.icmp_unsigned("<=", apart, in_all_lanes(arguments[3]))
        return builder.zext(builder.bitcast(near, ir.IntType(LANES)), ir.IntType(64))

    return types.int64(chunks, types.int64, types.int64, types.int64), generate


@_instruction
def _ask_for(_typing: Any, array: Any, _index: Any) -> Any:
    """Have memory send the item at this index: it will be needed soon."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        item = builder.gep(_start(context, builder, signature, arguments), [arguments[1]])
        ask = _declared(builder, ir.VoidType(), [byte, *[number] * 3], "llvm.prefetch.p0")
        builder.call(ask, [builder.bitcast(item, byte), number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


def _start(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Where the array that is the first argument begins in memory."""
    return context.make_array(signature.args[0])(context, builder, arguments[0]).data


@_instruction
def _ones(_typing: Any, _word: Any) -> Any:
    """How many bits of a word are set."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@_instruction
def _lowest(_typing: Any, _bits: Any) -> Any:
    """The place of the lowest bit set, of which there must be one."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.int64(types.int64), generate


@_inlined
def _chunk(rows: Rows, row: int, place: int) -> int:
    word = rows[row, place >> 2] >> np.uint64(16 * (place & 3))
    return np.int64(word & np.uint64(0xFFFF))  # type: ignore[return-value]


@_inlined
def _distance(rows: Rows, row: int, wanted: Rows, query: int) -> int:
    apart = _ones(rows[row, 0] ^ wanted[query, 0]) + _ones(rows[row, 1] ^ wanted[query, 1])
    apart += _ones(rows[row, 2] ^ wanted[query, 2]) + _ones(rows[row, 3] ^ wanted[query, 3])
    return apart  # type: ignore[no-any-return]


@_inlined
def _first_table(rows: Rows, row: int, wanted: Rows, query: int, radius: int) -> int:
    """The first table through which a row within the radius is found: there is one."""
    for table in range(CHUNKS):
        after = (table + 1) % CHUNKS
        own = _ones(np.uint64(_chunk(rows, row, table) ^ _chunk(wanted, query, table)))
        pair = own + _ones(np.uint64(_chunk(rows, row, after) ^ _chunk(wanted, query, after)))
        if own <= radius // CHUNKS and pair <= 2 * radius // CHUNKS:
            return table
    return CHUNKS


@_inlined
def _tell(found: Numbers, count: int, query: int, row: int, distance: int) -> int:
    if count < found.shape[0]:
        found[count, 0] = query
        found[count, 1] = row
        found[count, 2] = distance
    return count + 1


@_inlined
def _compare_all(
    rows: Rows, wanted: Rows, left_out: Flags, radius: int, found: Numbers, count: int
) -> int:
    """Compare every row with every query that is not left out."""
    for first in range(0, rows.shape[0], _BLOCK_ROWS):
        last = min(first + _BLOCK_ROWS, rows.shape[0])
        for query in range(wanted.shape[0]):
            if not left_out[query]:
                for row in range(first, last):
                    distance = _distance(rows, row, wanted, query)
                    if distance <= radius:
                        count = _tell(found, count, query, row, distance)
    return count


@_inlined
def _weigh(
    starts: Positions,
    wanted: Rows,
    flips: Numbers,
    size: int,
    through_tables: Flags,
    spent: Numbers,
) -> None:
    """Decide for each query whether its buckets cost less than comparing all rows would."""
    for query in range(wanted.shape[0]):
        spent[query] = _PROBE_ROWS * _ENTRIES_ROW * CHUNKS * flips.shape[0]
    for table in range(CHUNKS):
        for query in range(wanted.shape[0]):
            own = _chunk(wanted, query, table)
            for flip in flips:
                bucket = own ^ flip
                spent[query] += np.int64(starts[table, bucket + 1]) - starts[table, bucket]
    for query in range(wanted.shape[0]):
        through_tables[query] = spent[query] <= _ENTRIES_ROW * size
        spent[query] = 0


@_inlined
def _hold(
    ring: Numbers,
    slot: int,
    rows: Rows,
    following: Chunks,
    row_of: Positions,
    wanted: Rows,
    radius: int,
    spent: Numbers,
    held: Numbers,
    waiting: int,
    found: Numbers,
    count: int,
) -> tuple[int, int]:
    """Hold the entries of one bucket whose next chunk is near enough; check them when full."""
    first, last, query = ring[slot, 0], ring[slot, 1], ring[slot, 2]
    for entry in range(first, last, LANES):
        lanes = _near_lanes(following, entry, ring[slot, 4], ring[slot, 5])
        if last - entry < LANES:
            lanes &= (1 << (last - entry)) - 1
        while lanes:
            if waiting == _HELD:
                count = _check(held, waiting, rows, row_of, wanted, radius, found, count)
                waiting = 0
            held[waiting, 0] = entry + _lowest(lanes)
            held[waiting, 1] = query
            held[waiting, 2] = ring[slot, 3]
            _ask_for(row_of, held[waiting, 0])
            waiting += 1
            spent[query] += 1
            lanes &= lanes - 1
    return waiting, count


@_inlined
def _check(
    held: Numbers,
    waiting: int,
    rows: Rows,
    row_of: Positions,
    wanted: Rows,
    radius: int,
    found: Numbers,
    count: int,
) -> int:
    """Compare the rows held in full. One that several tables lead to is told by the first."""
    for place in range(waiting):
        row = np.int64(row_of[held[place, 0]])
        held[place, 0] = row
        _ask_for(rows, row * rows.shape[1])
    for place in range(waiting):
        row, query = held[place, 0], held[place, 1]
        distance = _distance(rows, row, wanted, query)
        if distance <= radius and (
            _first_table(rows, row, wanted, query, radius) == held[place, 2]
        ):
            count = _tell(found, count, query, row, distance)
    return count


@_inlined
def _without_late(found: Numbers, count: int, through_tables: Flags) -> int:
    """Take out what was found for queries that then left the tables; all are found again."""
    if count > found.shape[0]:
        return count
    kept = 0
    for place in range(count):
        if through_tables[found[place, 0]]:
            for column in range(3):
                found[kept, column] = found[place, column]
            kept += 1
    return kept


_numbers, _numbers2 = types.int64[::1], types.int64[:, ::1]


@_compiled(types.void(_hashes, _places, types.uint64[:, ::1]))
def _spread(hashes: NDArray[np.uint8], places: NDArray[np.uint64], rows: Rows) -> None:
    for row in range(hashes.shape[0]):
        for byte in range(HASH_BYTES):
            for word in range(rows.shape[1]):
                rows[row, word] |= places[byte, hashes[row, byte], word]


@_compiled(types.int64(_uint64, _uint64, types.boolean[::1], types.int64, _numbers2))
def _scan(rows: Rows, wanted: Rows, left_out: Flags, radius: int, found: Numbers) -> int:
    return _compare_all(rows, wanted, left_out, radius, found, 0)


@_compiled(
    types.int64(
        _uint64, _uint16, _uint32, _uint32s, _uint64, _flips, types.int64,
        _numbers2, types.boolean[::1], _numbers, _numbers2, _numbers2,
    )
)  # fmt: skip
def _search(
    rows: Rows,
    following: Chunks,
    row_of: Positions,
    starts: Positions,
    wanted: Rows,
    flips: Numbers,
    radius: int,
    found: Numbers,
    through_tables: Flags,
    spent: Numbers,
    ring: Numbers,
    held: Numbers,
) -> int:
    """Look into the buckets table by table, each some steps after it was asked of memory."""
    size = rows.shape[0]
    _weigh(starts, wanted, flips, size, through_tables, spent)
    made, waiting, count = 0, 0, 0
    for table in range(CHUNKS):
        for query in range(wanted.shape[0]):
            through_tables[query] &= spent[query] * _ROWS_CANDIDATE <= size
            if not through_tables[query]:
                continue
            own = _chunk(wanted, query, table)
            after = _chunk(wanted, query, (table + 1) % CHUNKS)
            for flip in flips:
                first = table * size + np.int64(starts[table, own ^ flip])
                last = table * size + np.int64(starts[table, (own ^ flip) + 1])
                if first == last:
                    continue
                slot = made % _AHEAD
                if made >= _AHEAD:
                    waiting, count = _hold(
                        ring, slot, rows, following, row_of, wanted, radius,
                        spent, held, waiting, found, count,
                    )  # fmt: skip
                ring[slot, 0], ring[slot, 1] = first, last
                ring[slot, 2], ring[slot, 3], ring[slot, 4] = query, table, after
                ring[slot, 5] = 2 * radius // CHUNKS - _ones(np.uint64(flip))
                for entry in range(first, min(last, first + _ASKED), LANES):
                    _ask_for(following, entry)
                made += 1
    for slot in range(min(made, _AHEAD)):
        waiting, count = _hold(
            ring, slot, rows, following, row_of, wanted, radius,
            spent, held, waiting, found, count,
        )  # fmt: skip
    count = _check(held, waiting, rows, row_of, wanted, radius, found, count)
    for query in range(wanted.shape[0]):
        through_tables[query] &= spent[query] * _ROWS_CANDIDATE <= size
    count = _without_late(found, count, through_tables)
    return _compare_all(rows, wanted, through_tables, radius, found, count)
