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
    CHUNKS_OF_FEW,
    FLIPS,
    FLIPS_WITHIN,
    HASH_BITS,
    HASH_BYTES,
    LANES,
    NEXT_BITS,
    PLACES,
    Rows,
    Tables,
    fixed,
)

Numbers = NDArray[np.int64]
Chunks = NDArray[np.uint16]
Positions = NDArray[np.uint32]

_ASKED = 256
"""Entries of a bucket asked of memory beforehand; the processor sees by itself what follows."""
_HELD = 128
"""Candidates whose rows are asked of memory together."""
_MANY = 64
"""Queries that go through the tables one table after the other."""
_BLOCK_ROWS = 512
"""Rows compared with every query before the next are read: they stay in the nearest cache."""
_PROBE_ROWS = 8
"""Rows compared in the time a look into a bucket takes."""
_ENTRIES_ROW = 4
"""Entries looked at in the time a row is compared."""
_ROWS_CANDIDATE = 64
"""Rows compared in the time a candidate is fetched from wherever it lies, and compared."""
_PAIRS = 64
"""Pairs there is room for at first, and as many again for each query."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


_NUMBER, _WORD = np.dtype(np.int64), np.dtype(np.uint64)
_IN_TURN = fixed(np.arange(CHUNKS_OF_FEW * _MANY))

_OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False}


def _inlined(function: _Function) -> _Function:
    return cast("_Function", numba.njit(forceinline=True, **_OPTIONS)(function))


def _compiled(signature: Any) -> Callable[[_Function], _Function]:
    """A function in machine code, kept for other processes where there is a place to keep it.

    It is called without numba's look at the arguments, which would take as long as the search:
    only their number and the size of array items are compared with the signature.
    """

    def compile_now(function: _Function) -> _Function:
        try:
            fast = numba.njit(signature, cache=True, **_OPTIONS)(function)
        except NumbaError as error:
            raise ImportError(f"numba cannot compile {function.__name__}") from error
        except (RuntimeError, OSError):
            # Neither the package's folder nor the user's can be written to.
            fast = numba.njit(signature, **_OPTIONS)(function)
        (made,) = fast.overloads.values()
        return cast("_Function", made.entry_point)

    return compile_now


def spread(hashes: NDArray[np.uint8]) -> Rows:
    """Each hash of 32 bytes as a row."""
    rows = np.empty((len(hashes), HASH_BYTES // 8), _WORD)
    _spread(hashes.reshape(-1), rows)
    return rows


def near(rows: Rows, tables: Tables | None, hashes: bytes, radius: int) -> Numbers:
    """(place in hashes, row, distance) of every pair within the radius, in no order.

    Arrays must be contiguous, and of these kinds: the compiled loops do not look.
    """
    wanted = np.empty((len(hashes) // HASH_BYTES, HASH_BYTES // 8), _WORD)
    chunks = len(tables.starts) if tables else CHUNKS
    far = radius // chunks
    if tables is None or far >= len(FLIPS_WITHIN[chunks]):
        found = np.empty((_PAIRS, 3), _NUMBER)
        while (count := _scan(rows, hashes, wanted, radius, found)) > len(found):
            found = np.empty((count, 3), _NUMBER)
        return found[:count]
    flips = FLIPS_WITHIN[chunks][far]
    needed = _HELD + chunks * flips + len(wanted)
    room = np.empty((needed + _PAIRS + len(wanted), 3), _NUMBER)
    steps = _IN_TURN if len(wanted) < _MANY else _steps(hashes, chunks)
    parts = rows, tables.following, tables.row_of, tables.starts
    while (count := _search(*parts, hashes, wanted, steps, flips, radius, room)) > (
        len(room) - needed
    ):
        room = np.empty((needed + count, 3), _NUMBER)
    return room[needed : needed + count]


def _steps(hashes: bytes, chunks: int) -> Numbers:
    """Which query goes through which table, in turn: numbers that have both.

    Many go through one table after the other, sorted by their chunk of it. So they read the table
    in its order, and much of what one has read serves the next.
    """
    wanted = spread(np.frombuffer(hashes, np.uint8).reshape(-1, HASH_BYTES))
    order = np.argsort(wanted.view(f"u{HASH_BYTES // chunks}"), axis=0, kind="stable")
    return np.ascontiguousarray((order * chunks + np.arange(chunks)).T).reshape(-1)


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
def _spread_one(hashes: Any, query: int, rows: Rows) -> None:
    for word in range(rows.shape[1]):
        bits = np.uint64(0)
        for byte in range(HASH_BYTES):
            bits |= PLACES[byte, hashes[query * HASH_BYTES + byte], word]
        rows[query, word] = bits


@_inlined
def _chunk(rows: Rows, row: int, place: int, chunks: int) -> int:
    return _bits_from(rows, row, place * (HASH_BITS // chunks)) & ((1 << HASH_BITS // chunks) - 1)


@_inlined
def _next(rows: Rows, row: int, place: int, chunks: int) -> int:
    """The bits after a chunk: NEXT_BITS of them."""
    return _bits_from(rows, row, (place + 1) * (HASH_BITS // chunks))


@_inlined
def _bits_from(rows: Rows, row: int, bit: int) -> int:
    """NEXT_BITS of a row, from this one on; after the last comes the first."""
    word, shift = bit >> 6 & 3, np.uint64(bit & 63)
    low, high = rows[row, word] >> shift, rows[row, (word + 1) & 3]
    # In two steps, since a word cannot be shifted by all of its bits.
    bits = low | (high << np.uint64(1)) << (np.uint64(63) - shift)
    return np.int64(bits & np.uint64((1 << NEXT_BITS) - 1))  # type: ignore[return-value]


@_inlined
def _limit(radius: int, chunks: int) -> int:
    """How far a chunk and the bits after it may be together."""
    return radius * (HASH_BITS // chunks + NEXT_BITS) // HASH_BITS


@_inlined
def _distance(rows: Rows, row: int, wanted: Rows, query: int) -> int:
    apart = _ones(rows[row, 0] ^ wanted[query, 0]) + _ones(rows[row, 1] ^ wanted[query, 1])
    apart += _ones(rows[row, 2] ^ wanted[query, 2]) + _ones(rows[row, 3] ^ wanted[query, 3])
    return apart  # type: ignore[no-any-return]


@_inlined
def _first_table(rows: Rows, row: int, wanted: Rows, query: int, radius: int, chunks: int) -> int:
    """The first table through which a row within the radius is found: there is one."""
    for table in range(chunks):
        own = _chunk(rows, row, table, chunks) ^ _chunk(wanted, query, table, chunks)
        after = _next(rows, row, table, chunks) ^ _next(wanted, query, table, chunks)
        apart = _ones(np.uint64(own))
        if apart <= radius // chunks and (
            apart + _ones(np.uint64(after)) <= _limit(radius, chunks)
        ):
            return table
    return chunks


@_inlined
def _tell(found: Numbers, count: int, query: int, row: int, distance: int) -> int:
    if count < found.shape[0]:
        found[count, 0] = query
        found[count, 1] = row
        found[count, 2] = distance
    return count + 1


@_inlined
def _compare(
    rows: Rows, first: int, wanted: Rows, query: int, radius: int, found: Numbers, count: int
) -> int:
    """Compare one query with a block of rows."""
    for row in range(first, min(first + _BLOCK_ROWS, rows.shape[0])):
        distance = _distance(rows, row, wanted, query)
        if distance <= radius:
            count = _tell(found, count, query, row, distance)
    return count


@_inlined
def _has_left(spent: Numbers, query: int, rows: Rows) -> bool:
    """Whether a query cost so much that it is compared with all rows instead."""
    return spent[query] > rows.shape[0]  # type: ignore[no-any-return]


@_inlined
def _ask(
    table: int,
    own: int,
    flips: int,
    rows: Rows,
    following: Chunks,
    starts: Positions,
    buckets: int,
    room: Numbers,
) -> int:
    """Note where the buckets near a chunk lie, and ask them of memory; tell what they cost."""
    together = np.int64(0)
    for flip in range(flips):
        bucket = own ^ FLIPS[flip]
        first = table * rows.shape[0] + np.int64(starts[table, bucket])
        entries = np.int64(starts[table, bucket + 1]) - np.int64(starts[table, bucket])
        room[buckets + flip, 0] = first
        room[buckets + flip, 1] = entries
        together += entries
        _ask_for(following, first)
        # The first lanes seldom begin where a line of memory does.
        _ask_for(following, first + LANES - 1)
        for entry in range(2 * LANES, min(entries, _ASKED), LANES):  # type: ignore[call-overload]
            _ask_for(following, first + entry)
    return _PROBE_ROWS * flips + together // _ENTRIES_ROW  # type: ignore[return-value]


@_inlined
def _look(
    table: int,
    query: int,
    flips: int,
    rows: Rows,
    following: Chunks,
    row_of: Positions,
    wanted: Rows,
    radius: int,
    chunks: int,
    buckets: int,
    spent: Numbers,
    room: Numbers,
    waiting: int,
    found: Numbers,
    count: int,
) -> tuple[int, int]:
    """Hold the entries of buckets whose next chunk is near enough; check them when full."""
    after = _next(wanted, query, table, chunks)
    for flip in range(flips):
        limit = _limit(radius, chunks) - _ones(np.uint64(FLIPS[flip]))
        first, entries = room[buckets + flip, 0], room[buckets + flip, 1]
        # Once at least, since the processor cannot foresee which buckets are empty.
        while True:
            lanes = _near_lanes(following, first, after, limit)
            lanes &= (1 << min(entries, LANES)) - 1
            while lanes:
                if waiting == _HELD:
                    count = _check(
                        room, waiting, rows, row_of, wanted, radius, chunks, found, count
                    )
                    waiting = 0
                room[waiting, 0] = first + _lowest(lanes)
                room[waiting, 1] = query
                room[waiting, 2] = table
                _ask_for(row_of, room[waiting, 0])
                waiting += 1
                spent[query] += _ROWS_CANDIDATE
                lanes &= lanes - 1
            first += LANES
            entries -= LANES
            if entries <= 0 or _has_left(spent, query, rows):
                break
    return waiting, count


@_inlined
def _check(
    room: Numbers, waiting: int, rows: Rows, row_of: Positions, wanted: Rows, radius: int,
    chunks: int, found: Numbers, count: int,
) -> int:  # fmt: skip
    """Compare the rows held in full. One that several tables lead to is told by the first."""
    for place in range(waiting):
        row = np.int64(row_of[room[place, 0]])
        room[place, 0] = row
        _ask_for(rows, row * rows.shape[1])
    for place in range(waiting):
        row, query = room[place, 0], room[place, 1]
        distance = _distance(rows, row, wanted, query)
        if distance <= radius and (
            _first_table(rows, row, wanted, query, radius, chunks) == room[place, 2]
        ):
            count = _tell(found, count, query, row, distance)
    return count


@_inlined
def _without_late(found: Numbers, count: int, rows: Rows, spent: Numbers) -> int:
    """Take out what was found for queries that then left the tables; all are found again."""
    if count > found.shape[0]:
        return count
    kept = 0
    for place in range(count):
        if not _has_left(spent, found[place, 0], rows):
            for column in range(3):
                found[kept, column] = found[place, column]
            kept += 1
    return kept


@_inlined
def _compare_left(
    rows: Rows, wanted: Rows, radius: int, spent: Numbers, found: Numbers, count: int
) -> int:
    """Compare the queries that left the tables with all rows."""
    left = 0
    for query in range(wanted.shape[0]):
        left += _has_left(spent, query, rows)
    if left == 0:
        return count
    count = _without_late(found, count, rows, spent)
    for first in range(0, rows.shape[0], _BLOCK_ROWS):
        for query in range(wanted.shape[0]):
            if _has_left(spent, query, rows):
                count = _compare(rows, first, wanted, query, radius, found, count)
    return count


_rows = types.Array(types.uint64, 2, "C", readonly=True)
_chunks = types.Array(types.uint16, 1, "C", readonly=True)
_row_of = types.Array(types.uint32, 1, "C", readonly=True)
_starts = types.Array(types.uint32, 2, "C", readonly=True)
_turns = types.Array(types.int64, 1, "C", readonly=True)
_bytes = types.Bytes(types.uint8, 1, "C", readonly=True)
_wanted = types.uint64[:, ::1]
_triples = types.int64[:, ::1]


@_compiled(types.void(types.Array(types.uint8, 1, "C", readonly=True), _wanted))
def _spread(hashes: NDArray[np.uint8], rows: Rows) -> None:
    for row in range(rows.shape[0]):
        _spread_one(hashes, row, rows)


@_compiled(types.int64(_rows, _bytes, _wanted, types.int64, _triples))
def _scan(rows: Rows, hashes: bytes, wanted: Rows, radius: int, found: Numbers) -> int:
    count = 0
    for query in range(wanted.shape[0]):
        _spread_one(hashes, query, wanted)
    for first in range(0, rows.shape[0], _BLOCK_ROWS):
        for query in range(wanted.shape[0]):
            count = _compare(rows, first, wanted, query, radius, found, count)
    return count


@_compiled(
    types.int64(
        _rows, _chunks, _row_of, _starts, _bytes, _wanted, _turns, types.int64, types.int64,
        _triples,
    )
)  # fmt: skip
def _search(
    rows: Rows,
    following: Chunks,
    row_of: Positions,
    starts: Positions,
    hashes: bytes,
    wanted: Rows,
    steps: Numbers,
    flips: int,
    radius: int,
    room: Numbers,
) -> int:
    """Go through the tables step by step, some steps' buckets asked for before they are needed.

    So many steps go together that it is all there are for a lone query. `wanted` has room for the
    hashes as rows, `room` for the candidates that are held, the buckets, what queries cost, and
    what is found.
    """
    queries, chunks = wanted.shape[0], starts.shape[0]
    start_of_spent = _HELD + chunks * flips
    spent = room[start_of_spent : start_of_spent + queries, 0]
    found = room[start_of_spent + queries :]
    spent[:] = 0
    waiting, count = 0, 0
    for query in range(queries):
        _spread_one(hashes, query, wanted)
    for start in range(0, chunks * queries, chunks):
        for step in range(start, start + chunks):
            query, table = steps[step] // chunks, steps[step] % chunks
            if not _has_left(spent, query, rows):
                spent[query] += _ask(
                    table, _chunk(wanted, query, table, chunks), flips, rows, following, starts,
                    _HELD + (step - start) * flips, room,
                )  # fmt: skip
        for step in range(start, start + chunks):
            query, table = steps[step] // chunks, steps[step] % chunks
            if not _has_left(spent, query, rows):
                waiting, count = _look(
                    table, query, flips, rows, following, row_of, wanted, radius, chunks,
                    _HELD + (step - start) * flips, spent, room, waiting, found, count,
                )  # fmt: skip
    count = _check(room, waiting, rows, row_of, wanted, radius, chunks, found, count)
    return _compare_left(rows, wanted, radius, spent, found, count)
