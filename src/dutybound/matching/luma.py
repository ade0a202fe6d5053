"""The luma of a film's frames: as players show it, and whether it has become another picture.

Every frame is looked at, so a glance at it may take some microseconds and no more. Of up to 64 x 64
points 16 x 16 means are made. Two frames show another picture when the brightness of 8 x 8 parts
differs, or when many waves of those that PDQ looks at have turned over.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dutybound.matching.machine_code import compiled

Floats = NDArray[np.float32]
Shades = NDArray[np.uint8]
Points = NDArray[np.uint8] | NDArray[np.uint16]

# A picture has become another one when its parts have changed, on the average, by 0.7 of what they
# differ among themselves. Of 306 pairs of photographs and drawings that have nothing in common, the
# nearest are 0.81 apart; a camera that moves gets there after some tenth of the picture's width.
_CHANGED_BY = 0.7
_LEAST_SPREAD = 4.0
# Or when so many of 225 waves have turned over: that is some 85 of the 256 bits of PDQ. What the
# grain of a film may do to a wave does not count.
_MOST_TURNED = 75
_LEAST_TURN = 6.0
_POINTS, _MEANS, _PARTS = 64, 16, 8
# 298 / 256 is 255 / 219.
_BLACK, _WHITE, _WIDER = np.int32(16), np.int32(235), np.int32(298)
# On an outermost line of a bar, 98 of 100 points are within 8 shades of one of them. Their mean is
# then at most 13 from that. So one that has many points far from its mean is of no bar.
_NEAR_THE_MEAN = 24
_MOST_FAR_PERCENT = 10


class Plane(NamedTuple):
    """Luma as it lies in memory: lines of `stride` points, of which the first `width` count.

    `shift` is how many bits a point has beyond 8.
    """

    points: Points
    height: int
    width: int
    stride: int
    shift: int = 0

    @classmethod
    def of(cls, points: Points, height: int, width: int, stride: int, shift: int = 0) -> "Plane":
        """ValueError unless all of it lies within the points: what is compiled does not check."""
        if not 0 < width <= stride or not 0 < height * stride <= points.size:
            raise ValueError(f"{height} lines of {width} points, but {points.size} in all")
        return cls(points, height, width, stride, shift)

    def shown(self, *, is_full_range: bool) -> Shades:
        """Rows x columns of shades from 0 to 255; not in full range, 16 is black and 235 white."""
        shades = np.empty((self.height, self.width), np.uint8)
        _show(*self, is_full_range, shades)
        return shades


class Glance:
    """What was seen at a glance of the picture that others are compared with."""

    def __init__(self) -> None:
        self._parts = np.zeros((_PARTS, _PARTS), np.float32)
        self._waves = np.zeros((_MEANS, _MEANS), np.float32)
        self._has_none = True

    def take(self, plane: Plane) -> None:
        """Compare with this picture from now on."""
        _see(*plane, self._parts, self._waves)
        self._has_none = False

    def is_another(self, plane: Plane) -> bool:
        """Whether this is another picture than the one taken; before one was, any is."""
        return self._has_none or _is_another(*plane, self._parts, self._waves)


def may_have_bars(shades: Shades) -> bool:
    """Whether an outermost line is nearly plain; where none is, `bars.inner_box` finds no bar."""
    return _may_have_bars(shades)


def _cosines() -> Floats:
    """The discrete cosine transform of 16 points: points x waves."""
    point, wave = np.arange(_MEANS)[:, None], np.arange(_MEANS)
    cosines: Floats = np.sqrt(2 / _MEANS) * np.cos(np.pi / 2 / _MEANS * wave * (2 * point + 1))
    return cosines.astype(np.float32)


_COSINES = _cosines()


@compiled
def _show(
    points: Points,
    height: int,
    width: int,
    stride: int,
    shift: int,
    is_full_range: bool,  # noqa: FBT001 - numba takes no keywords as fast
    shades: Shades,
) -> None:
    # In 64 bits, as numba would have it, half as many points fit into one instruction.
    bits = np.int32(shift)
    for row in range(height):
        line = points[row * stride : row * stride + width]
        for column in range(width):
            shade = np.int32(line[column]) >> bits
            if not is_full_range:
                shade = ((min(max(shade, _BLACK), _WHITE) - _BLACK) * _WIDER + 128) >> 8
            shades[row, column] = shade


@compiled
def _see(
    points: Points,
    height: int,
    width: int,
    stride: int,
    shift: int,
    parts: Floats,
    waves: Floats,
) -> None:
    """Fill `parts` with means of brightness, and `waves` with the transform of 16 x 16 of them."""
    down, across = -(-height // _POINTS), -(-width // _POINTS)
    rows, columns = -(-height // down), -(-width // across)
    line = np.empty(_POINTS, np.int32)
    half = np.zeros((_MEANS, _MEANS), np.float32)
    parts[:] = 0
    waves[:] = 0
    for mean in range(_MEANS):
        # With fewer than 16 points, some are taken twice.
        top = mean * rows // _MEANS
        bottom = max(top + 1, (mean + 1) * rows // _MEANS)
        line[:] = 0
        for row in range(top, bottom):
            start = row * down * stride
            seen = points[start : start + width : across]
            for column in range(columns):
                line[column] += seen[column]
        for place in range(_MEANS):
            left = place * columns // _MEANS
            right = max(left + 1, (place + 1) * columns // _MEANS)
            total = np.int32(0)
            for column in range(left, right):
                total += line[column]
            shade = np.float32(total) / np.float32(((bottom - top) * (right - left)) << shift)
            parts[mean // 2, place // 2] += shade / np.float32(4)
            for wave in range(_MEANS):
                half[mean, wave] += shade * _COSINES[place, wave]
    for mean in range(_MEANS):
        for wave_down in range(_MEANS):
            for wave in range(_MEANS):
                waves[wave_down, wave] += _COSINES[mean, wave_down] * half[mean, wave]


@compiled
def _is_another(
    points: Points,
    height: int,
    width: int,
    stride: int,
    shift: int,
    parts: Floats,
    waves: Floats,
) -> bool:
    """Whether what is seen of the points differs from the `parts` and `waves` taken."""
    its_parts, its_waves = np.empty_like(parts), np.empty_like(waves)
    _see(points, height, width, stride, shift, its_parts, its_waves)
    mean = parts.sum() / np.float32(parts.size)
    change, spread, turned = np.float32(0), np.float32(0), 0
    for row in range(_PARTS):
        for column in range(_PARTS):
            change += abs(its_parts[row, column] - parts[row, column])
            spread += abs(parts[row, column] - mean)
    if change > _CHANGED_BY * max(np.float32(_LEAST_SPREAD * parts.size), spread):
        return True
    for down in range(1, _MEANS):
        for across in range(1, _MEANS):
            one, other = waves[down, across], its_waves[down, across]
            turned += (one < 0) != (other < 0) and abs(one - other) > _LEAST_TURN
    return turned > _MOST_TURNED


@compiled
def _may_have_bars(shades: Shades) -> bool:
    height, width = shades.shape
    for side in range(4):
        is_row, place = side < 2, -(side % 2)
        count = width if is_row else height
        total = far = 0
        for at in range(count):
            total += shades[place, at] if is_row else shades[at, place]
        mean = total // count
        for at in range(count):
            shade = np.int64(shades[place, at] if is_row else shades[at, place])
            far += abs(shade - mean) > _NEAR_THE_MEAN
        if 100 * far <= _MOST_FAR_PERCENT * count:
            return True
    return False
