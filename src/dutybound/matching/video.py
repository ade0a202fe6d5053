"""From a film to the PDQ of what it shows: one picture a second, and wherever the picture changes.

What is compared is the luma plane as it was decoded, so that no colours are made only to be thrown
away. docs/why/video.md says why these frames, and what of a film stays uncompared.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from PIL import Image

from dutybound.matching.bars import inner_box
from dutybound.matching.content import FrameHashes, Gap
from dutybound.matching.decoding import View
from dutybound.matching.film import CANNOT_DECODE, Film, Frame
from dutybound.matching.luma import Glance, Shades, may_have_bars
from dutybound.matching.pdq import LEAST_QUALITY, hash_pixels
from dutybound.matching.pictures import Limits

Chance = Callable[[], float]
"""Any number from 0 up to 1."""

MOST_FRAMES = 4 * 3600
"""Of one film, at most so many frames are kept: one a second of four hours."""

_MOST_NUMBER = 2**31 - 1
# Time stamps are the file's to say. Whatever they say, one in so many frames is looked at.
_MOST_FRAMES_UNSEEN = 60
# Frames so few bits from the one kept before show the same; with too many, the next is tried.
_SAME_LOOK_BITS = (0, 8, 16)


def take_film(
    file: BinaryIO,
    taken: list[FrameHashes],
    *,
    found: str,
    limits: Limits,
    seconds_apart: float = 1.0,
    chance: Chance = lambda: 0.0,
) -> Gap:
    """Put the hashes of what a film shows into `taken`, in order; say why some of it has none.

    `found` is a key of film.FORMATS. A frame is hashed once in `seconds_apart` seconds (0: each),
    and when the picture has changed since the last. `chance` says which one, from 0 for the first
    up to 1: whoever made the film should not know when it is looked at. All tracks of pictures are
    taken: a player may show any. When the time of `limits` does not reach to the end, the rest is
    looked at by key frames spread over it, and the answer is TOO_LONG: something could be shown
    between them.
    """
    kept, inner = _Kept(taken), _Kept([])
    try:
        with closing(Film(file, found=found, limits=limits)) as film:
            _take_frames(film, (kept, inner), seconds_apart, chance)
            qualities = [frame.quality for frame in [*taken, *inner.taken]]
            are_too_many = kept.are_too_many or inner.are_too_many
            gap = gap_of(film, qualities=qualities, are_too_many=are_too_many)
    except CANNOT_DECODE:
        gap = Gap.DAMAGED if taken else Gap.UNDECODED
    taken.extend(inner.taken)
    taken.sort(key=lambda frame: frame.number)
    return gap


def _take_frames(
    film: Film, kept: "tuple[_Kept, _Kept]", seconds_apart: float, chance: Chance
) -> None:
    """Keep the frames to be looked at, as they are and without the bars around them."""
    whole, inner = kept
    watches: dict[int, _Watch] = {}
    for frame in film.frames():
        watch = watches.setdefault(frame.track, _Watch(seconds_apart, chance))
        if watch.must_see(frame):
            _keep(frame, whole, inner)
        if whole.are_too_many or inner.are_too_many:
            return
    if film.is_cut_short:
        for frame in film.looks_at_the_rest():
            _keep(frame, whole, inner)


def _keep(frame: Frame, whole: "_Kept", inner: "_Kept") -> None:
    shown = frame.upright()
    whole.add(_hashes_of(shown, frame))
    if not may_have_bars(shown):
        return
    height, width = shown.shape
    box = inner_box(View(Image.fromarray(shown), (width, height)))
    if box is not None:
        left, top, right, bottom = box
        hashes = _hashes_of(shown[top:bottom, left:right], frame)
        if hashes.quality >= LEAST_QUALITY:
            inner.add(hashes)


def gap_of(film: Film, *, qualities: Sequence[int], are_too_many: bool = False) -> Gap:
    """Why some of a film that was read has no hashes, given the qualities of those it has."""
    if film.has_no_pictures:
        return Gap.NOT_A_PICTURE
    if film.has_too_many_pixels:
        return Gap.TOO_MANY_PIXELS
    if not qualities:
        return Gap.UNDECODED
    if film.is_cut_short or are_too_many:
        return Gap.TOO_LONG
    if film.is_damaged:
        return Gap.DAMAGED
    return Gap.TOO_PLAIN if max(qualities) < LEAST_QUALITY else Gap.NONE


def _hashes_of(shown: Shades, frame: Frame) -> FrameHashes:
    """PDQ of what a frame shows in all 8 orientations; its number is the second it is shown at."""
    hashed = hash_pixels(shown)
    return FrameHashes(min(int(frame.seconds), _MOST_NUMBER), hashed.quality, hashed.hashes)


@dataclass(slots=True)
class _Watch:
    """Which frames of a track must be looked at."""

    seconds_apart: float
    chance: Chance
    _due: float = 0.0
    _looked_at: float = 0.0
    _unseen: int = 0
    _glance: Glance = field(default_factory=Glance)

    def must_see(self, frame: Frame) -> bool:
        if not self.seconds_apart:
            return True
        plane = frame.plane()
        self._unseen += 1
        is_due = self._is_due(frame.seconds)
        if not is_due and not self._glance.is_another(plane):
            return False
        if is_due:
            self._looked_at = frame.seconds
            period = frame.seconds // self.seconds_apart + 1
            self._due = (period + self.chance()) * self.seconds_apart
        self._unseen = 0
        self._glance.take(plane)
        return True

    def _is_due(self, seconds: float) -> bool:
        """Whether it is time, or time has gone back, or too much passed without a look.

        A change in between puts off nothing: it could be made to.
        """
        is_back = seconds < self._looked_at
        return seconds >= self._due or is_back or self._unseen >= _MOST_FRAMES_UNSEEN


@dataclass(slots=True)
class _Kept:
    """Frames that do not look like the one before; of plain ones, only a first.

    Only a frame that looks the very same is left out, until there are too many.
    """

    taken: list[FrameHashes]
    are_too_many: bool = False
    _step: int = 0

    def add(self, frame: FrameHashes) -> None:
        if self._is_new(frame):
            self.taken.append(frame)
        while len(self.taken) > MOST_FRAMES and not self.are_too_many:
            self._widen()

    def _is_new(self, frame: FrameHashes) -> bool:
        if not self.taken or frame.quality < LEAST_QUALITY:
            return not self.taken
        before = self.taken[-1]
        if before.quality < LEAST_QUALITY:
            return True
        one, other = (int.from_bytes(each.hashes[0], "big") for each in (before, frame))
        return (one ^ other).bit_count() > _SAME_LOOK_BITS[self._step]

    def _widen(self) -> None:
        self._step += 1
        if self._step == len(_SAME_LOOK_BITS):
            self.are_too_many = True
            del self.taken[MOST_FRAMES:]
            return
        frames = self.taken.copy()
        self.taken.clear()
        for frame in frames:
            if self._is_new(frame):
                self.taken.append(frame)
