"""Where a picture lies within plain bars, which screenshots and other shapes of screen add."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dutybound.matching.decoding import Box, View
from dutybound.matching.pdq import Pixels

# Of 256 shades: JPEG blurs the colour of a bar by so much near what is beside it.
_SAME_SHADE = 8
_MOST_IN_A_PLAIN_LINE = 0.02
_MOST_IF_IN_DOUBT = 0.1
# A clock or some words may stand on a bar: lines that are plain for the most part, fewer than the
# plain ones around them, and not many of the whole.
_MOST_ON_A_BAR = 0.4
_LARGEST_ON_A_BAR = 0.08
_SAMPLES_OF_A_LINE = 256
_LINES_AT_ONCE = 32
# Once the bars above and below are cut off, there may be others left and right, and the reverse.
_ROUNDS = 3
# PDQ of a picture with less of a bar is near its own anyway.
_LEAST_CUT = 0.02
_LEAST_INNER_SIDE, _LEAST_INNER_SHARE = 32, 0.1


def inner_box(view: View) -> Box | None:
    """The part of a picture that is left without its bars; None when there are none worth it.

    A bar is made of the lines at a border that have the shade of grey of the outermost one. What is
    cut off too much, of a picture that is dark at its edge, costs only a hash.
    """
    whole: Box = (0, 0, *view.image.size)
    inner = whole
    for _ in range(_ROUNDS):
        peeled = _peeled(view, inner)
        if peeled == inner or not _has_room(peeled, whole):
            break
        inner = peeled
    return inner if _is_cut(inner, whole) else None


def may_have_bars(view: View) -> bool:
    """Whether a border's outermost line is plain, or nearly: without one there is no bar."""
    whole: Box = (0, 0, *view.image.size)
    return any(
        _differing(lines, _shade_of(lines)).item(0) <= _MOST_IF_IN_DOUBT
        for lines in map(next, _borders(view, whole))
    )


def _has_room(inner: Box, whole: Box) -> bool:
    return all(
        end - start >= max(_LEAST_INNER_SIDE, _LEAST_INNER_SHARE * side)
        for start, end, side in zip(inner[:2], inner[2:], whole[2:], strict=True)
    )


def _is_cut(inner: Box, whole: Box) -> bool:
    return any(
        end - start <= (1 - _LEAST_CUT) * side
        for start, end, side in zip(inner[:2], inner[2:], whole[2:], strict=True)
    )


def _peeled(view: View, box: Box) -> Box:
    left, top, right, bottom = box
    sides = (right - left, bottom - top, right - left, bottom - top)
    before, above, behind, below = (
        _thickness(blocks, side=side)
        for blocks, side in zip(_borders(view, box), sides, strict=True)
    )
    return left + before, top + above, right - behind, bottom - below


def _thickness(blocks: Iterator[Pixels], *, side: int) -> int:
    """How many lines, from the border inwards, are of a bar."""
    thickness = passed = 0
    for is_plain, run in groupby(_lines_of_one_shade(blocks)):
        lines = sum(1 for _ in run)
        if is_plain and passed <= min(thickness + lines, _LARGEST_ON_A_BAR * side):
            thickness, passed = thickness + passed + lines, 0
        else:
            passed += lines
        if not thickness:
            break
    return thickness


def _lines_of_one_shade(blocks: Iterator[Pixels]) -> Iterator[bool]:
    """Whether each line is plain, up to the first that can only be the picture's own."""
    shade: int | None = None
    for lines in blocks:
        shade = _shade_of(lines) if shade is None else shade
        for share in _differing(lines, shade).tolist():
            if share > _MOST_ON_A_BAR:
                return
            yield share <= _MOST_IN_A_PLAIN_LINE


def _shade_of(lines: Pixels) -> int:
    """The middle one of the shades in the first of some lines."""
    return int(np.sort(lines[0])[lines.shape[1] // 2])


def _differing(lines: Pixels, shade: int) -> NDArray[np.float64]:
    """How much of each line is of another shade."""
    least, most = max(shade - _SAME_SHADE, 0), min(shade + _SAME_SHADE, 255)
    shares: NDArray[np.float64] = ((lines < least) | (lines > most)).mean(axis=1)
    return shares


def _borders(view: View, box: Box) -> tuple[Iterator[Pixels], ...]:
    """The lines of a box from its left, its top, its right and its bottom."""
    left, top, right, bottom = box
    return (
        _columns(view, box, range(left, right)),
        _rows(view, box, range(top, bottom)),
        _columns(view, box, range(right - 1, left - 1, -1)),
        _rows(view, box, range(bottom - 1, top - 1, -1)),
    )


def _rows(view: View, box: Box, places: range) -> Iterator[Pixels]:
    left, _, right, _ = box
    samples = min(right - left, _SAMPLES_OF_A_LINE)
    for some in _blocks(places):
        lines = (left, min(some), right, max(some) + 1)
        yield view.shades(lines, (samples, len(some)))[:: places.step]


def _columns(view: View, box: Box, places: range) -> Iterator[Pixels]:
    _, top, _, bottom = box
    samples = min(bottom - top, _SAMPLES_OF_A_LINE)
    for some in _blocks(places):
        lines = (min(some), top, max(some) + 1, bottom)
        yield view.shades(lines, (len(some), samples))[:, :: places.step].T


def _blocks(places: range) -> Iterator[range]:
    """The outermost line alone, since most pictures have no bar; then many at once."""
    yield places[:1]
    start = 1
    while start < len(places):
        yield places[start : start + max(start, _LINES_AT_ONCE)]
        start += max(start, _LINES_AT_ONCE)
