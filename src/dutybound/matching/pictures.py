"""From a file to its hashes: exact ones for every file, PDQ in 8 orientations for pictures.

Memory is bounded by `Limits`: a file is read by chunks, a picture is decoded at most once and
looked at piece by piece, and no picture is decoded whose pixels would not fit.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, BinaryIO, Protocol

from PIL import ImageFile

from dutybound.matching.bars import inner_box
from dutybound.matching.content import FrameHashes, Gap, MediaHashes
from dutybound.matching.decoding import (
    MOST_BACKDROPS,
    NOT_DECODED,
    Box,
    View,
    can_open,
    decode,
    has_frame,
    made_to_fit,
    opened,
    views,
)
from dutybound.matching.filetypes import HEAD_BYTES, type_of
from dutybound.matching.pdq import LEAST_QUALITY, ORIENTATIONS
from dutybound.matching.screening import fast_frame

if TYPE_CHECKING:
    from dutybound.matching.heif import Heif

__all__ = [
    "LEAST_QUALITY",
    "NOT_DECODED",
    "ORIENTATIONS",
    "Limits",
    "Unreadable",
    "hash_media",
    "screen_media",
]

_CHUNK_BYTES = 1 << 20
# Opening a frame and hashing it has a price, however small it is.
_FRAME_COSTS_AT_LEAST_PIXELS = 50_000
# Frames so few bits apart show the same; with too many looks, the next number is tried. Together
# they keep an exact copy of a known picture within the usual threshold of a frame that was taken.
_SAME_LOOK_BITS = (0, 8, 16)
_HEIF, _AS_FILM = "image/heic", "video/mp4"
_FROM_NO_DOUBT = (Gap.NOT_A_PICTURE, Gap.TOO_PLAIN, Gap.NONE)
_NOTES = {
    Gap.NONE: "",
    Gap.TOO_PLAIN: "It is too plain to compare by likeness.",
    Gap.NOT_A_PICTURE: "It is not a picture: only exact copies of it are found.",
    Gap.DAMAGED: "It ends early or is damaged: only a part of it was compared by likeness.",
    Gap.UNDECODED: "It could not be decoded: only exact copies of it are found.",
    Gap.TOO_MANY_PIXELS: "It has too many pixels to be compared: only exact copies are found.",
    Gap.TOO_LONG: "It shows too much to compare as a whole: only a part was, by likeness.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost.

    `max_pixels` are those of one decoded picture, which takes some 7 bytes for each while it is
    compared. Half as many are allowed in WebP, AVIF, JPEG 2000 and one tile of a HEIC, whose
    decoders need twice as much; four times as many in a JPEG that can be made smaller while it is
    decoded, and in all frames of a moving picture together. `max_frames` are those that do not look
    alike; of their inner pictures, when they have bars, as many may be hashed again.
    `max_decoding_seconds` are of computing for one film, see `matching.video`, or one HEIC.
    """

    max_bytes: int = 100 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_frames: int = 64
    max_decoding_seconds: float = 60.0


class Unreadable(ValueError):
    """Nothing at all can be said about a file: it is empty, or larger than allowed."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def hash_media(
    file: BinaryIO,
    *,
    id: str,  # noqa: A002 - the word the wire and every dataclass use
    content_type: str = "",
    limits: Limits = Limits(),
    compare: "Compare | None" = None,
) -> MediaHashes:
    """The hashes of a file that can be sought in, read twice from its beginning.

    Every file with at least one byte gets its exact hashes. When it could not be compared by
    likeness as well, or only a part of it, `comparable` is False; `gap` and `note` are the reason.
    Unreadable is raised with code "empty" or "too_large". `compare` reads the second time, if not
    this process; see `matching.apart`.
    """
    exact = _hash_exactly(file, max_bytes=limits.max_bytes)
    compare = compare or compare_here
    compared = compare(file, found=exact.found, declared=content_type, limits=limits)
    return _media(id, exact, compared)


def screen_media(
    file: BinaryIO,
    *,
    id: str,  # noqa: A002 - the word the wire and every dataclass use
    content_type: str = "",
    limits: Limits = Limits(),
) -> MediaHashes:
    """What `hash_media` says, only quicker and less exact where that is safe: for screening.

    Where `is_fast` is set, its frames are never to be stored or banked, and what they meet is only
    a hint: ask `needs_exact_hash`, and then `hash_media`.
    """
    return hash_media(file, id=id, content_type=content_type, limits=limits, compare=screen_here)


def _media(id: str, exact: "_Exact", compared: "Compared") -> MediaHashes:  # noqa: A002
    return MediaHashes(
        id=id,
        sha256=exact.sha256,
        md5=exact.md5,
        frames=tuple(compared.frames),
        note=_NOTES[compared.gap],
        comparable=compared.gap is Gap.NONE,
        content_type=exact.found,
        size=exact.size,
        gap=compared.gap,
        is_fast=compared.is_fast,
    )


@dataclass(frozen=True, slots=True)
class _Exact:
    sha256: str
    md5: str
    size: int
    found: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Hashes by likeness, and why some of the file has none."""

    frames: list[FrameHashes]
    gap: Gap = Gap.NONE
    is_fast: bool = False


class Compare(Protocol):
    """What finds the hashes by likeness: `compare_here`, or something that asks another process."""

    def __call__(
        self, file: BinaryIO, *, found: str, declared: str, limits: Limits
    ) -> Compared: ...


def _hash_exactly(file: BinaryIO, *, max_bytes: int) -> _Exact:
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    size, head = 0, b""
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        head = head or chunk[:HEAD_BYTES]
        size += len(chunk)
        if size > max_bytes:
            raise Unreadable("too_large", f"It has more than {max_bytes:,} bytes.")
        sha256.update(chunk)
        md5.update(chunk)
    if size == 0:
        raise Unreadable("empty", "It has no bytes.")
    return _Exact(sha256.hexdigest(), md5.hexdigest(), size, type_of(head))


def compare_here(
    file: BinaryIO,
    *,
    found: str,
    declared: str,
    limits: Limits,
    chance: Callable[[], float] = lambda: 0.0,
) -> Compared:
    """The hashes by likeness of a file of the found type, decoded in this process.

    `chance` says when films are looked at; see `video.take_film`.
    """
    if found.startswith(("video/", "audio/")):
        return _compare_film(file, found=found, limits=limits, chance=chance)
    if found == _HEIF:
        return _compare_heif(file, limits=limits, chance=chance)
    if not can_open(found):
        is_seen = (found or declared).startswith(("image/", "video/"))
        return Compared([], Gap.UNDECODED if is_seen else Gap.NOT_A_PICTURE)
    seen = _Seen(limits.max_frames)
    try:
        with opened(file, found) as image:
            gap = _look_at_frames(image, seen, limits)
    except NOT_DECODED:
        gap = Gap.DAMAGED if seen.frames else Gap.UNDECODED
    return Compared(seen.frames, gap)


def screen_here(
    file: BinaryIO,
    *,
    found: str,
    declared: str,
    limits: Limits,
    chance: Callable[[], float] = lambda: 0.0,
) -> Compared:
    """As `compare_here`, but fast where that is safe; see `screen_media`."""
    frame = fast_frame(file, found, max_pixels=limits.max_pixels)
    if frame is None:
        return compare_here(file, found=found, declared=declared, limits=limits, chance=chance)
    gap = Gap.TOO_PLAIN if frame.quality < LEAST_QUALITY else Gap.NONE
    return Compared([frame], gap, is_fast=True)


def _compare_film(
    file: BinaryIO, *, found: str, limits: Limits, chance: Callable[[], float]
) -> Compared:
    # Only films need FFmpeg, which takes a tenth of a second to load.
    from dutybound.matching import film, video  # noqa: PLC0415

    if found not in film.FORMATS:
        return Compared([], Gap.UNDECODED if found.startswith("video/") else Gap.NOT_A_PICTURE)
    taken: list[FrameHashes] = []
    gap = video.take_film(file, taken, found=found, limits=limits, chance=chance)
    return Compared(taken, gap)


def _compare_heif(file: BinaryIO, *, limits: Limits, chance: Callable[[], float]) -> Compared:
    """The still pictures of a HEIF file; and its film, if it is a sequence of pictures."""
    # As for films.
    from dutybound.matching import film, heif  # noqa: PLC0415

    seen = _Seen(limits.max_frames)
    try:
        found = heif.Heif(file, limits=limits)
    except film.CANNOT_DECODE:
        return Compared([], Gap.UNDECODED)
    for number, still in found.stills():
        if seen.are_too_many or (number and limits.max_frames == 1):
            break
        for view in views(still, full_size=still.size):
            seen.look_at(view, number)
    gap = _gap_of_stills(found, seen)
    if not found.has_film:
        return Compared(seen.frames, gap)
    moving = _compare_film(file, found=_AS_FILM, limits=limits, chance=chance)
    return Compared([*seen.frames, *moving.frames], max(gap, moving.gap, key=_doubt))


def _gap_of_stills(found: "Heif", seen: "_Seen") -> Gap:
    if found.has_too_many_pixels:
        return Gap.TOO_MANY_PIXELS
    if not seen.frames:
        return Gap.NOT_A_PICTURE if found.has_film and not found.has_stills else Gap.UNDECODED
    if found.is_cut_short or seen.are_too_many:
        return Gap.TOO_LONG
    if found.is_damaged:
        return Gap.DAMAGED
    return Gap.TOO_PLAIN if seen.are_plain else Gap.NONE


def _doubt(gap: Gap) -> int:
    """Of two gaps in one file, the one with more of it is that of the whole."""
    return _FROM_NO_DOUBT.index(gap) if gap in _FROM_NO_DOUBT else len(_FROM_NO_DOUBT)


def _look_at_frames(image: ImageFile.ImageFile, seen: "_Seen", limits: Limits) -> Gap:
    """Hash every frame, and keep those that do not look like one kept before.

    Were some passed over unseen, a picture could hide between them.
    """
    pixels_left = 4 * limits.max_pixels
    for number in count():
        if number and (limits.max_frames == 1 or not has_frame(image, number)):
            break
        full_size = image.size
        scale = made_to_fit(image, max_pixels=limits.max_pixels)
        if scale is None:
            return Gap.TOO_MANY_PIXELS
        pixels_left -= max(image.width * image.height, _FRAME_COSTS_AT_LEAST_PIXELS)
        if number and pixels_left < 0:
            return Gap.TOO_LONG
        is_whole = decode(image)
        for view in views(image, full_size=full_size, scale=scale):
            seen.look_at(view, number)
        if not is_whole:
            return Gap.DAMAGED
        if seen.are_too_many:
            return Gap.TOO_LONG
    return Gap.TOO_PLAIN if seen.are_plain else Gap.NONE


class _Seen:
    """What was seen in a file: its frames, and the inner pictures of those with bars."""

    def __init__(self, most: int) -> None:
        self._whole = _Looks([], most)
        self._inner = _Looks([], most)

    def look_at(self, view: View, number: int) -> None:
        self._whole.add(_frame(view, number))
        if (box := inner_box(view)) is not None:
            inner = _frame(view, number, box)
            if inner.quality >= LEAST_QUALITY:
                self._inner.add(inner)

    @property
    def frames(self) -> list[FrameHashes]:
        return sorted([*self._whole.taken, *self._inner.taken], key=lambda frame: frame.number)

    @property
    def are_too_many(self) -> bool:
        return self._whole.are_too_many or self._inner.are_too_many

    @property
    def are_plain(self) -> bool:
        return all(frame.quality < LEAST_QUALITY for frame in self.frames)


def _frame(view: View, number: int, box: Box | None = None) -> FrameHashes:
    hashed = view.hashed(box)
    return FrameHashes(number, hashed.quality, hashed.hashes)


@dataclass(slots=True)
class _Looks:
    """Frames that do not look alike; of plain ones, which are not compared, only the first."""

    taken: list[FrameHashes]
    most: int
    are_too_many: bool = False
    _step: int = 0

    def add(self, frame: FrameHashes) -> None:
        if not self.taken or self._is_new(frame):
            self.taken.append(frame)
        while len(self.taken) > max(self.most, MOST_BACKDROPS) and not self.are_too_many:
            self._widen()

    def _is_new(self, frame: FrameHashes) -> bool:
        return frame.quality >= LEAST_QUALITY and all(
            _bits_apart(frame, known) > _SAME_LOOK_BITS[self._step]
            for known in self.taken
            if known.quality >= LEAST_QUALITY
        )

    def _widen(self) -> None:
        self._step += 1
        if self._step == len(_SAME_LOOK_BITS):
            self.are_too_many = True
            del self.taken[self.most :]
            return
        first, *rest = self.taken
        self.taken[:] = [first]
        for frame in rest:
            if self._is_new(frame):
                self.taken.append(frame)


def _bits_apart(one: FrameHashes, other: FrameHashes) -> int:
    upright, known = (int.from_bytes(frame.hashes[0], "big") for frame in (one, other))
    return (upright ^ known).bit_count()
