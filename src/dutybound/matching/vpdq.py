"""vPDQ: films as lists of frame hashes, in the form other tools exchange, and when two match.

Meta's vPDQ hashes one frame a second and calls two films alike when enough frames of one are near
some frame of the other. https://github.com/facebook/ThreatExchange/tree/main/vpdq
"""

import json
import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from dutybound.matching.content import Gap
from dutybound.matching.filetypes import HEAD_BYTES, type_of
from dutybound.matching.film import CANNOT_DECODE, FORMATS, Film
from dutybound.matching.pdq import hash_pixels
from dutybound.matching.pictures import LEAST_QUALITY, Limits
from dutybound.matching.video import gap_of

DISTANCE_TOLERANCE = 31
"""Two frames match when at most so many of 256 bits differ; ThreatExchange's default."""

_USUAL_LIMITS = Limits()
_LINE = re.compile(r"(\d{1,9}),(\d{1,3}),([0-9a-fA-F]{64}),(\d{1,12}(?:\.\d{1,9})?)")
_COMPACT = re.compile(r"([0-9a-fA-F]{64}),(\d{1,3}),(\d{1,12}(?:\.\d{1,9})?(?:e[+-]?\d\d?)?)")
_MOST_QUALITY = 100
_BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Feature:
    """One frame of a film: its PDQ (32 bytes) and quality (0 to 100), and where it is."""

    number: int
    quality: int
    pdq: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Shares:
    """How many percent of the one's frames match some frame of the other, and the other way."""

    of_query: float
    of_target: float

    def is_match(self, *, least_of_query: float = 80.0, least_of_target: float = 0.0) -> bool:
        """Whether both shares are large enough; ThreatExchange's defaults."""
        return self.of_query >= least_of_query and self.of_target >= least_of_target


class BadFeatures(ValueError):
    """Text is not vPDQ's; the message says where and what was expected."""


def features(
    file: BinaryIO, *, seconds_apart: float = 1.0, limits: Limits = _USUAL_LIMITS
) -> tuple[list[Feature], Gap]:
    """The features of a film's first track, and why they are not those of the whole film.

    As vPDQ does, it takes each n-th frame, n being as many frames as the film has in
    `seconds_apart` seconds; with 0, every frame.
    """
    file.seek(0)
    found = type_of(file.read(HEAD_BYTES))
    if found not in FORMATS:
        return [], Gap.NOT_A_PICTURE
    taken: list[Feature] = []
    try:
        with closing(Film(file, found=found, limits=limits)) as film:
            _take(film, taken, seconds_apart)
            return taken, gap_of(film, qualities=[each.quality for each in taken])
    except CANNOT_DECODE:
        return taken, Gap.DAMAGED if taken else Gap.UNDECODED


def _take(film: Film, taken: list[Feature], seconds_apart: float) -> None:
    every = max(1, int(film.rate * seconds_apart))
    first_track: int | None = None
    for frame in film.frames():
        first_track = frame.track if first_track is None else first_track
        if frame.track == first_track and frame.number % every == 0:
            hashes, quality = hash_pixels(frame.upright())
            taken.append(Feature(frame.number, quality, hashes[0], frame.seconds))


def compare(
    query: Sequence[Feature],
    target: Sequence[Feature],
    *,
    least_quality: int = LEAST_QUALITY,
    distance: int = DISTANCE_TOLERANCE,
) -> Shares:
    """How much of each film is in the other; frames below the quality do not count.

    Of frames that are the same to the bit, one counts, as in ThreatExchange. A film with no frame
    left matches nothing. Meta's C++ tools differ: there a distance must be below the tolerance, and
    each frame counts.
    """
    asked, known = (_distinct(each, least_quality) for each in (query, target))
    if not len(asked) or not len(known):
        return Shares(0.0, 0.0)
    met = np.zeros(len(known), dtype=bool)
    matched = 0
    for start in range(0, len(asked), _BLOCK_ROWS):
        apart = asked[start : start + _BLOCK_ROWS, np.newaxis] ^ known
        near = np.bitwise_count(apart).sum(axis=2, dtype=np.uint16) <= distance
        matched += int(near.any(axis=1).sum())
        met |= near.any(axis=0)
    return Shares(100 * matched / len(asked), 100 * float(met.mean()))


def as_lines(film: Iterable[Feature]) -> str:
    """One line a frame, `number,quality,hash,seconds`: the files of Meta's vPDQ programs."""
    return "".join(f"{f.number},{f.quality},{f.pdq.hex()},{f.seconds:.3f}\n" for f in film)


def as_json(film: Iterable[Feature]) -> str:
    """A JSON list of `hash,quality,seconds`: the signal of ThreatExchange and HMA."""
    return json.dumps([f"{f.pdq.hex()},{f.quality},{f.seconds:.3f}" for f in film])


def read(text: str) -> list[Feature]:
    """The features in either form; BadFeatures for anything else.

    The JSON form has no frame numbers, so they are places in the list.
    """
    if not text.lstrip().startswith("["):
        return [_read_line(line, at) for at, line in enumerate(text.splitlines(), start=1) if line]
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFeatures(f"expected a list in JSON: {error}") from None
    return [_read_compact(each, number) for number, each in enumerate(told)]


def _read_line(line: str, at: int) -> Feature:
    known = _LINE.fullmatch(line.strip())
    if known is None or int(known[2]) > _MOST_QUALITY:
        raise BadFeatures(f"line {at}: expected number,quality,hash,seconds; got {line[:120]!r}")
    number, quality, digits, seconds = known.groups()
    return Feature(int(number), int(quality), bytes.fromhex(digits), float(seconds))


def _read_compact(told: object, number: int) -> Feature:
    known = _COMPACT.fullmatch(told) if isinstance(told, str) else None
    if known is None or int(known[2]) > _MOST_QUALITY:
        raise BadFeatures(f"entry {number}: expected hash,quality,seconds; got {str(told)[:120]!r}")
    digits, quality, seconds = known.groups()
    return Feature(number, int(quality), bytes.fromhex(digits), float(seconds))


def _distinct(film: Sequence[Feature], least_quality: int) -> NDArray[np.uint64]:
    """Hashes that count, each once: n x 4 words of 64 bits."""
    hashes = dict.fromkeys(each.pdq for each in film if each.quality >= least_quality)
    return np.frombuffer(b"".join(hashes), dtype=np.uint64).reshape(-1, 4)
