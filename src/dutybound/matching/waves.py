"""From the 64 x 64 points that PDQ sees of a picture to its hashes, in one compiled call.

No sum may be reordered: machines would then answer differently, and none as the reference does.
"""

import numpy as np
from numpy.typing import NDArray

from dutybound.matching.machine_code import compiled

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

POINTS, WAVES = 64, 16
_MOST_QUALITY = 100


def _cosines() -> Floats:
    """The discrete cosine transform of 64 points, without the wave that is flat: waves x points."""
    wave, point = np.arange(1, WAVES + 1)[:, None], np.arange(POINTS)
    scale = np.float32(np.sqrt(2 / POINTS))
    cosines: Floats = scale * np.cos(np.pi / 2 / POINTS * wave * (2 * point + 1))
    return cosines.astype(np.float32)


_COSINES = _cosines()
_COSINES_OF_POINT = np.ascontiguousarray(_COSINES.T)


@compiled
def hash_points(points: NDArray[np.float64], turns: Numbers, hashes: NDArray[np.uint8]) -> int:
    """Fill in a hash for each turn, and give the quality at the first.

    A turn is which of the `points` (each 64 x 64), and whether they are transposed.
    """
    quality = 0
    seen = np.empty((POINTS, POINTS), np.float32)
    for turn in range(turns.shape[0]):
        upright, is_transposed = points[turns[turn, 0]], turns[turn, 1]
        for row in range(POINTS):
            for column in range(POINTS):
                point = upright[column, row] if is_transposed else upright[row, column]
                seen[row, column] = point
        if turn == 0:
            quality = _quality(seen)
        _mark_upper_half(_waves_in(seen), hashes[turn])
    return quality


@compiled
def _quality(points: Floats) -> int:
    """How much neighbouring points differ, each counted in whole hundredths of white."""
    steps = 0
    for line in range(POINTS):
        for place in range(POINTS - 1):
            steps += _hundredths(points[line, place + 1] - points[line, place])
    for line in range(POINTS - 1):
        for place in range(POINTS):
            steps += _hundredths(points[line + 1, place] - points[line, place])
    return min(steps // 90, _MOST_QUALITY)


@compiled
def _hundredths(difference: np.float32) -> int:
    return abs(int(difference * np.float32(100) / np.float32(255)))


@compiled
def _waves_in(points: Floats) -> Floats:
    """Cosines x points x cosines, added up in the reference's order."""
    half = np.zeros((WAVES, POINTS), np.float32)
    waves = np.zeros((WAVES, WAVES), np.float32)
    for wave in range(WAVES):
        _add_lines(half[wave], _COSINES[wave], points)
        _add_lines(waves[wave], half[wave], _COSINES_OF_POINT)
    return waves


@compiled
def _add_lines(sums: Floats, weights: Floats, lines: Floats) -> None:
    """Add the lines one after the other; four at a time, so the sums are fetched less often."""
    for line in range(0, weights.size, 4):
        one, two = weights[line], weights[line + 1]
        three, four = weights[line + 2], weights[line + 3]
        first, second = lines[line], lines[line + 1]
        third, fourth = lines[line + 2], lines[line + 3]
        for place in range(sums.size):
            pair = sums[place] + one * first[place] + two * second[place]
            sums[place] = pair + three * third[place] + four * fourth[place]


@compiled
def _mark_upper_half(waves: Floats, hash_: NDArray[np.uint8]) -> None:
    """Set the bit of each wave above the lower of the two middle ones, the last wave first.

    Those are the waves that half of all are below: to count them takes no longer than to sort.
    """
    strengths = waves.reshape(-1)
    below = np.zeros(strengths.size, np.int32)
    for strength in strengths:
        for place in range(strengths.size):
            below[place] += strength < strengths[place]
    hash_[:] = 0
    for place in range(strengths.size):
        if 2 * below[-1 - place] >= strengths.size:
            hash_[place // 8] |= 128 >> place % 8
