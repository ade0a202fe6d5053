"""PDQ of a picture's pixels: the reference's answer, to the bit, at a fraction of its cost.

The reference blurs the whole picture by two box filters along rows and columns, twice, and then
looks at 64 x 64 of its points. All of that is linear: each point is a weighted sum of the pixels
around it, with the same weights for a whole row or column of points. So the points are added up
straight from the bytes, piece by piece, and nothing as large as the picture is ever written.

Source: the PDQ paper (facebook/ThreatExchange, hashing/hashing.pdf) and its code, pdq/cpp.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dutybound.matching.machine_code import compiled
from dutybound.matching.waves import POINTS, WAVES, hash_points

ORIENTATIONS = (
    "original",
    "rotated_90",
    "rotated_180",
    "rotated_270",
    "mirrored_180",
    "mirrored",
    "mirrored_270",
    "mirrored_90",
)
"""How a picture was turned from the known one, clockwise and after mirroring left to right.

The hash in each place is that of the picture really turned back, so it is near the known one's
when the picture was turned that way. The reference's dihedral hashes have the same order, but are
only near these: it gets them from one DCT by its signs, though its filters are not symmetric.
"""

LEAST_QUALITY = 50
"""PDQ of a picture with less detail than this says too little to be compared."""


Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_FILTERS = 2
_LEAST_SIDE = 5
_NOTHING = bytes(WAVES * WAVES // 8)
# What a colour's three bytes count for, and a shade of grey.
_LUMA = {3: np.array([0.299, 0.587, 0.114]), 1: np.ones(1)}
# So many pixels of a row at once that the sums over them stay in the nearest cache.
_STRIP_PIXELS = 1024
_SIDES_KEPT, _LARGEST_SIDE_KEPT = 128, 1 << 14
_WEIGHTS_AT_ONCE = 1 << 18
_SMALL_PIXELS = 1 << 18


class Turn(NamedTuple):
    """How to turn a picture: mirror left to right, flip top to bottom, and then transpose."""

    mirrored: bool = False
    flipped: bool = False
    transposed: bool = False

    def then(self, other: "Turn") -> "Turn":
        """Both in one: to mirror what was transposed is to flip it before."""
        mirrored, flipped = other[1::-1] if self.transposed else other[:2]
        return Turn(
            self.mirrored != mirrored,
            self.flipped != flipped,
            self.transposed != other.transposed,
        )


UPRIGHT = Turn()
# What turns a picture back that was turned in each of the ORIENTATIONS.
_BACK = (
    UPRIGHT,
    Turn(mirrored=True, transposed=True),
    Turn(mirrored=True, flipped=True),
    Turn(flipped=True, transposed=True),
    Turn(flipped=True),
    Turn(mirrored=True),
    Turn(transposed=True),
    Turn(mirrored=True, flipped=True, transposed=True),
)


class Hashed(NamedTuple):
    """PDQ in the order of ORIENTATIONS, and the quality of the picture from 0 to 100."""

    hashes: tuple[bytes, ...]
    quality: int


def hash_pixels(pixels: Pixels) -> Hashed:
    """PDQ of a whole picture: rows x columns of grey, or rows x columns x 3 colours."""
    piece = pixels.reshape(*pixels.shape[:2], -1)
    sketch = Sketch((piece.shape[1], piece.shape[0]))
    sketch.add(piece)
    return sketch.hashed()


class Sketch:
    """What PDQ sees of a picture that comes in pieces.

    `size` is the picture's width and height. Where what comes was made smaller, `scale` pixels
    along each side to one, PDQ is still that of the full size, only less exactly.
    """

    def __init__(self, size: tuple[int, int], *, turn: Turn = UPRIGHT, scale: int = 1) -> None:
        width, height = size
        self._size, self._turn = size, turn
        self._across, self._down = (_shares_of(side, scale=scale) for side in size)
        # Flipped or not, mirrored or not, down, across.
        self._points = np.zeros((2, 2, POINTS, POINTS))
        is_small = scale == 1 and min(size) < POINTS and width * height <= _SMALL_PIXELS
        self._small = np.zeros((height, width), np.float32) if is_small else None

    def add(self, pixels: Pixels, *, left: int = 0, top: int = 0) -> None:
        """Add a piece, rows x columns x 3 colours or 1 grey; each pixel is to come once."""
        rows, columns, bytes_each = pixels.shape
        luma = _LUMA[bytes_each]
        if self._small is None:
            lines = np.ascontiguousarray(pixels).reshape(rows, columns * bytes_each)
            # Compiled once: what may be written to is another type than what may not.
            lines.setflags(write=False)
            where = (left, top, *self._across, *self._down)
            _add_up(self._points, lines, luma.astype(np.float32), *where)
        else:
            self._small[top : top + rows, left : left + columns] = (pixels * luma).sum(axis=2)

    def hashed(self) -> Hashed:
        """PDQ of the picture, turned, once all of it has come."""
        if min(self._size) < _LEAST_SIDE:
            return Hashed((_NOTHING,) * len(ORIENTATIONS), 0)
        points, turns = self._points.reshape(-1, POINTS, POINTS), _turns_back(self._turn)
        if self._small is not None:
            seen = [_points_of(self._small, self._turn.then(back)) for back in _BACK]
            points, turns = np.array(seen, np.float64), _AS_THEY_ARE
        hashes = np.empty((len(ORIENTATIONS), len(_NOTHING)), np.uint8)
        quality = hash_points(points, turns, hashes)
        return Hashed(tuple(map(bytes, hashes)), quality)


# What the pixels weigh in the points


class _OneWay(NamedTuple):
    """Point p is the sum over k < counts[p] of weights[p, k] x pixel[starts[p] + k]."""

    starts: Numbers
    counts: Numbers
    weights: Floats


class _Shares(NamedTuple):
    """What the pixels along one side of a picture weigh in each of the 64 points along it.

    Point p is the sum over k < counts[p] of weights[p, 0, k] x pixel[starts[p] + k]. With
    weights[p, 1, k] it is point 63 - p of the picture mirrored, which has nearly the same pixels.
    """

    starts: Numbers
    counts: Numbers
    weights: Floats


def _shares_of(side: int, *, scale: int) -> _Shares:
    make = _shares if side <= _LARGEST_SIDE_KEPT else _shares.__wrapped__
    return make(side, scale)


@lru_cache(maxsize=_SIDES_KEPT)
def _shares(side: int, scale: int) -> _Shares:
    shares = _upright_shares(side)
    mirrored = _mirrored(shares, side)
    if scale != 1:
        shares, mirrored = _scaled(shares, scale), _scaled(mirrored, scale)
    return _side_by_side(shares, mirrored)


def _upright_shares(side: int) -> _OneWay:
    """The two box filters and the choice of points along a side, folded into one."""
    firsts, ends = _boxes_of(_middles_along(side), side)
    starts, counts = _boxes_of(firsts, side)[0], _boxes_of(ends - 1, side)[1]
    counts -= starts
    given = _given_before(side)
    behind, before = _box_around(side)

    weights = np.zeros((POINTS, int(counts.max())), np.float32)
    at_once = max(1, _WEIGHTS_AT_ONCE // weights.shape[1])
    for point in range(0, POINTS, at_once):
        some = slice(point, point + at_once)
        first, end = firsts[some, None], ends[some, None]
        pixel = starts[some, None] + np.arange(weights.shape[1])
        # Those whose box a pixel is in, as far as the second filter looks at them.
        own_first = (pixel - behind).clip(first, end)
        own_end = (pixel + before + 1).clip(first, end)
        weights[some] = (given[own_end] - given[own_first]) / (end - first)
    weights[np.arange(weights.shape[1]) >= counts[:, None]] = 0
    return _OneWay(starts, counts, weights)


def _box_around(side: int) -> tuple[int, int]:
    """How many pixels behind one, and before it, are in its box: a 128th of the side in all."""
    box = -(-side // (2 * POINTS))
    return box // 2, box - 1 - box // 2


def _boxes_of(pixels: Numbers, side: int) -> tuple[Numbers, Numbers]:
    """The first pixel in each of these pixels' box, and the one behind the last."""
    behind, before = _box_around(side)
    return np.maximum(pixels - before, 0), np.minimum(pixels + behind + 1, side)


def _given_before(side: int) -> NDArray[np.float64]:
    """What a pixel gives to each box that it is in, added up over the boxes before each pixel."""
    firsts, ends = _boxes_of(np.arange(side, dtype=np.int32), side)
    given = np.zeros(side + 1)
    np.divide(1.0, ends - firsts, out=given[1:])
    return np.cumsum(given, out=given)


def _middles_along(side: int) -> Numbers:
    """The pixels that are looked at once the picture is blurred."""
    return ((np.arange(POINTS) + 0.5) * side / POINTS).astype(np.int64)


def _mirrored(shares: _OneWay, side: int) -> _OneWay:
    """For the picture mirrored; its points backwards, so that they lie where the others do."""
    weights = np.zeros_like(shares.weights)
    for point, count in enumerate(shares.counts):
        weights[-1 - point, :count] = shares.weights[point, :count][::-1]
    starts = side - shares.starts - shares.counts
    return _OneWay(starts[::-1], shares.counts[::-1], weights)


def _scaled(shares: _OneWay, scale: int) -> _OneWay:
    """For pixels each of which is the mean of so many."""
    starts = shares.starts // scale
    counts = -(-(shares.starts + shares.counts) // scale) - starts
    spread = np.zeros((POINTS, int(counts.max() + 1) * scale), np.float32)
    places = (shares.starts % scale)[:, None] + np.arange(shares.weights.shape[1])
    np.put_along_axis(spread, places, shares.weights, axis=1)
    return _OneWay(starts, counts, spread.reshape(POINTS, -1, scale).sum(axis=2))


def _side_by_side(*ways: _OneWay) -> _Shares:
    starts = np.minimum.reduce([way.starts for way in ways])
    counts = np.maximum.reduce([way.starts + way.counts for way in ways]) - starts
    weights = np.zeros((POINTS, len(ways), int(counts.max())), np.float32)
    for number, way in enumerate(ways):
        for point, count in enumerate(way.counts):
            at = way.starts[point] - starts[point]
            weights[point, number, at : at + count] = way.weights[point, :count]
    return _Shares(starts, counts, weights)


def _points_of(grey: Floats, turn: Turn) -> Floats:
    """The points of a small picture, made step by step as the reference makes them.

    A side of fewer than 64 pixels gives some of them twice. Many waves are then equally strong,
    and how each sum was rounded decides which of them are above the median.
    """
    across, down = (slice(None, None, -1 if back else 1) for back in (turn.mirrored, turn.flipped))
    blurred = grey[down, across]
    upright = blurred.T if turn.transposed else blurred
    for _ in range(_FILTERS):
        upright = _blurred(_blurred(upright).T).T
    return upright[np.ix_(*map(_middles_along, upright.shape))]


def _blurred(lines: Floats) -> Floats:
    boxes = _boxes_of(np.arange(lines.shape[1]), lines.shape[1])
    means: Floats = _box_filtered(np.ascontiguousarray(lines), *boxes)
    return means


# From the points to the hashes


@lru_cache(maxsize=len(_BACK))
def _turns_back(turn: Turn) -> Numbers:
    """For each orientation of a picture turned so: which of a sketch's points, and if transposed.

    The points are those of the picture upright, mirrored, flipped, and both.
    """
    back = [turn.then(each) for each in _BACK]
    return np.array([(2 * each.flipped + each.mirrored, each.transposed) for each in back])


_AS_THEY_ARE = np.array([(number, 0) for number in range(len(_BACK))])


# What is compiled. No sum may be reordered: machines would then answer differently.


@compiled
def _add_up(
    points: NDArray[np.float64],
    lines: Pixels,
    luma: Floats,
    left: int,
    top: int,
    across_starts: Numbers,
    across_counts: Numbers,
    across_weights: Floats,
    down_starts: Numbers,
    down_counts: Numbers,
    down_weights: Floats,
) -> None:
    """Add to each point what a piece of the picture, at (left, top) of it, weighs in it.

    Rows are added up first, byte by byte as they lie, which is quickest; colours are weighed and
    columns added up once for each row of points. `points` are those of the picture upright and
    mirrored, and of both flipped.
    """
    columns = lines.shape[1] // luma.size
    sums = np.empty((2, _STRIP_PIXELS * luma.size), np.float32)
    greys = np.empty((2, _STRIP_PIXELS), np.float32)
    for start in range(0, columns, _STRIP_PIXELS):
        width = min(_STRIP_PIXELS, columns - start)
        strip = lines[:, start * luma.size : (start + width) * luma.size]
        begins = across_starts - (left + start)
        for row in range(POINTS):
            begin = down_starts[row] - top
            first, end = max(begin, 0), min(begin + down_counts[row], lines.shape[0])
            if first >= end:
                continue
            sums[:] = 0
            _add_up_rows(sums[0], sums[1], strip[first:end], down_weights[row, :, first - begin :])
            _weigh_colours(greys[0, :width], sums[0], luma)
            _weigh_colours(greys[1, :width], sums[1], luma)
            totals = _add_up_columns(greys, width, begins, across_counts, across_weights)
            for side in range(2):
                for column in range(POINTS):
                    points[0, side, row, column] += totals[0, side, column]
                    points[1, side, POINTS - 1 - row, column] += totals[1, side, column]


@compiled
def _add_up_rows(upright: Floats, flipped: Floats, rows: Pixels, weights: Floats) -> None:
    """Two rows at once: the sums are then fetched half as often."""
    for row in range(0, rows.shape[0], 2):
        one, has_other = rows[row], row + 1 < rows.shape[0]
        other = rows[row + 1] if has_other else one
        there, back = weights[0, row], weights[1, row]
        there_too = weights[0, row + 1] if has_other else np.float32(0)
        back_too = weights[1, row + 1] if has_other else np.float32(0)
        for byte in range(one.size):
            shade, shade_too = np.float32(one[byte]), np.float32(other[byte])
            upright[byte] = upright[byte] + there * shade + there_too * shade_too
            flipped[byte] = flipped[byte] + back * shade + back_too * shade_too


@compiled
def _weigh_colours(greys: Floats, sums: Floats, luma: Floats) -> None:
    if luma.size == 1:
        for pixel in range(greys.size):
            greys[pixel] = luma[0] * sums[pixel]
        return
    red, green, blue = luma
    for pixel in range(greys.size):
        of_red, of_green = red * sums[3 * pixel], green * sums[3 * pixel + 1]
        greys[pixel] = of_red + of_green + blue * sums[3 * pixel + 2]


@compiled
def _add_up_columns(
    greys: Floats, width: int, starts: Numbers, counts: Numbers, weights: Floats
) -> NDArray[np.float64]:
    """The points of both rows, upright and mirrored, from as many of their pixels as there are."""
    points = np.zeros((2, 2, POINTS))
    for column in range(POINTS):
        begin = starts[column]
        upright = mirrored = flipped = both = 0.0
        for pixel in range(max(begin, 0), min(begin + counts[column], width)):
            there, back = weights[column, 0, pixel - begin], weights[column, 1, pixel - begin]
            upright += there * greys[0, pixel]
            mirrored += back * greys[0, pixel]
            flipped += there * greys[1, pixel]
            both += back * greys[1, pixel]
        points[0, 0, column] = upright
        points[0, 1, POINTS - 1 - column] = mirrored
        points[1, 0, column] = flipped
        points[1, 1, POINTS - 1 - column] = both
    return points


@compiled
def _box_filtered(lines: Floats, firsts: Numbers, ends: Numbers) -> Floats:
    """The mean of each pixel's box along its line, from a running sum as the reference has it."""
    means = np.empty_like(lines)
    for line in range(lines.shape[0]):
        total, added, gone = np.float32(0), 0, 0
        for pixel in range(lines.shape[1]):
            while added < ends[pixel]:
                total += lines[line, added]
                added += 1
            while gone < firsts[pixel]:
                total -= lines[line, gone]
                gone += 1
            means[line, pixel] = total / np.float32(added - gone)
    return means
