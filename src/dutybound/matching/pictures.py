"""From a file to its hashes: exact ones for every file, PDQ in 8 orientations for pictures.

Memory is bounded by `Limits`: a file is read by chunks, a picture is decoded at most once and made
smaller band by band, and no picture is decoded whose pixels would not fit.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from itertools import count
from math import ceil
from typing import BinaryIO

import numpy as np
import pdqhash
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from dutybound.matching.content import FrameHashes, Gap, MediaHashes
from dutybound.matching.filetypes import HEAD_BYTES, type_of

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

In the order of pdqhash's dihedral hashes: the hash in each place is that of the picture turned
back, so it is near the known one's when the picture was turned that way.
"""

LEAST_QUALITY = 50
"""PDQ of a picture with less detail than this says too little to be compared."""

_CHUNK_BYTES = 1 << 20
_FULL_COMPARE_PIXELS = 1 << 22
# PDQ looks at 64 x 64 points of a blurred picture. 1344 = 64 x 21 puts each of them in the middle
# of a pixel, and makes the blur (ceil(1344 / 128) = 11 pixels) odd, hence centred: measured on
# photographs of 3 to 20 megapixels, that halves the bits by which a smaller picture is off.
# The sides are shrunk apart from each other, since PDQ does not see proportions.
_COMPARED_SIDE = 1344
_BAND_PIXELS = 1 << 22
# Opening a frame and hashing it has a price, however small it is.
_FRAME_COSTS_AT_LEAST_PIXELS = 50_000
# Frames so few bits apart show the same; with too many looks, the next number is tried. Together
# they keep an exact copy of a known picture within the usual threshold of a frame that was taken.
_SAME_LOOK_BITS = (0, 8, 16)
# The formats people post; others stay closed, since each decoder is a door. The classes are opened
# directly: what a picture may cost is decided here, by `Limits`, and not by Pillow's own setting.
_OPENERS: dict[str, type[ImageFile.ImageFile]] = {
    "image/jpeg": JpegImagePlugin.JpegImageFile,
    "image/png": PngImagePlugin.PngImageFile,
    "image/gif": GifImagePlugin.GifImageFile,
    "image/webp": WebPImagePlugin.WebPImageFile,
    "image/avif": AvifImagePlugin.AvifImageFile,
    "image/tiff": TiffImagePlugin.TiffImageFile,
    "image/jp2": Jpeg2KImagePlugin.Jpeg2KImageFile,
    "image/bmp": BmpImagePlugin.BmpImageFile,
}
# Decoders that keep a picture of their own beside Pillow's: about 15 bytes a pixel, others 7.
_HOLD_IT_TWICE = {"WEBP", "AVIF", "JPEG2000"}
_TURN_OF_EXIF = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_EXIF_ORIENTATION = 0x0112
# Programs that make a JPEG of it often leave out what was see-through, and show what was under it.
_IGNORED = "ignored"
_MOST_BACKDROPS = 3
# What Pillow raises for bytes that are not a picture after all, beside OSError. Its decoders
# promise nothing narrower; `Warning` is there for programs that turn warnings into errors.
NOT_DECODED = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError,
    MemoryError, RuntimeError, struct.error, zlib.error, Warning, Image.DecompressionBombError,
)  # fmt: skip
_NOTES = {
    Gap.NONE: "",
    Gap.TOO_PLAIN: "It is too plain to compare by likeness.",
    Gap.NOT_A_PICTURE: "It is not a picture: only exact copies of it are found.",
    Gap.DAMAGED: "It ends early or is damaged: only a part of it was compared by likeness.",
    Gap.UNDECODED: "It could not be decoded: only exact copies of it are found.",
    Gap.TOO_MANY_PIXELS: "It has too many pixels to be compared: only exact copies are found.",
    Gap.TOO_LONG: "It shows too much to compare as a whole: only its beginning was, by likeness.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost.

    `max_pixels` are those of one decoded picture, which takes some 7 bytes for each while it is
    compared. Half as many are allowed in WebP, AVIF and JPEG 2000, whose decoders need twice as
    much; four times as many in a JPEG that can be made smaller while it is decoded, and in all
    frames of a moving picture together. `max_frames` are those that do not look alike.
    """

    max_bytes: int = 100 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_frames: int = 64


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
) -> MediaHashes:
    """The hashes of a file that can be sought in, read twice from its beginning.

    Every file with at least one byte gets its exact hashes. When it could not be compared by
    likeness as well, or only a part of it, `comparable` is False; `gap` and `note` are the reason.
    Unreadable is raised with code "empty" or "too_large".
    """
    exact = _hash_exactly(file, max_bytes=limits.max_bytes)
    found = type_of(exact.head)
    compared = _compare(file, found=found, declared=content_type, limits=limits)
    return MediaHashes(
        id=id,
        sha256=exact.sha256,
        md5=exact.md5,
        frames=tuple(compared.frames),
        note=_NOTES[compared.gap],
        comparable=compared.gap is Gap.NONE,
        content_type=found,
        size=exact.size,
        gap=compared.gap,
    )


@dataclass(frozen=True, slots=True)
class _Exact:
    sha256: str
    md5: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class _Compared:
    """Hashes by likeness, and why some of the file has none."""

    frames: list[FrameHashes]
    gap: Gap = Gap.NONE


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
    return _Exact(sha256.hexdigest(), md5.hexdigest(), size, head)


def _compare(file: BinaryIO, *, found: str, declared: str, limits: Limits) -> _Compared:
    opener = _OPENERS.get(found)
    if opener is None:
        is_picture = (found or declared).startswith("image/")
        return _Compared([], Gap.UNDECODED if is_picture else Gap.NOT_A_PICTURE)
    taken: list[FrameHashes] = []
    try:
        file.seek(0)
        with opener(file) as image:
            gap = _take_frames(image, taken, limits)
    except NOT_DECODED:
        gap = Gap.DAMAGED if taken else Gap.UNDECODED
    return _Compared(taken, gap)


def _take_frames(image: ImageFile.ImageFile, taken: list[FrameHashes], limits: Limits) -> Gap:
    """Hash every frame, and keep those that do not look like one kept before.

    Were some passed over unseen, a picture could hide between them.
    """
    looks, pixels_left = _Looks(taken, limits.max_frames), 4 * limits.max_pixels
    for number in count():
        if number and (limits.max_frames == 1 or not _has_frame(image, number)):
            break
        if not _fits(image, limits):
            return Gap.TOO_MANY_PIXELS
        pixels_left -= max(image.width * image.height, _FRAME_COSTS_AT_LEAST_PIXELS)
        if number and pixels_left < 0:
            return Gap.TOO_LONG
        is_whole = _decode(image)
        for backdrop in _backdrops(image):
            looks.add(_hash_picture(image, number, backdrop))
        if not is_whole:
            return Gap.DAMAGED
        if looks.are_too_many:
            return Gap.TOO_LONG
    is_plain = all(frame.quality < LEAST_QUALITY for frame in taken)
    return Gap.TOO_PLAIN if is_plain else Gap.NONE


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
        while len(self.taken) > max(self.most, _MOST_BACKDROPS) and not self.are_too_many:
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


def _has_frame(image: ImageFile.ImageFile, number: int) -> bool:
    try:
        image.seek(number)
    except EOFError:
        return False
    return True


def _fits(image: ImageFile.ImageFile, limits: Limits) -> bool:
    """Whether a picture may be decoded. Makes a large JPEG smaller first."""
    allowed = limits.max_pixels
    if image.format in _HOLD_IT_TWICE:
        allowed //= 2
    elif isinstance(image, JpegImagePlugin.JpegImageFile) and _is_in_one_scan(image):
        allowed *= 4
    if image.width * image.height > allowed:
        return False
    if _is_large(image.size):
        image.draft(None, _compared_size(image.size))
    return True


def _is_in_one_scan(image: JpegImagePlugin.JpegImageFile) -> bool:
    """Whether libjpeg can make the picture smaller without holding all of it first.

    It cannot when the picture is progressive, or its colours come one after another. Pillow stops
    right behind the first scan's header, which says how many colours that scan has.
    """
    file, header_bytes = image.fp, 6 + 2 * image.layers
    assert file is not None
    after_header = file.tell()
    file.seek(after_header - header_bytes)
    header = file.read(3)
    file.seek(after_header)
    return "progressive" not in image.info and header == bytes((0, header_bytes, image.layers))


def _decode(image: ImageFile.ImageFile) -> bool:
    """Whether all of the picture could be decoded; what was decoded before a fault is kept."""
    try:
        image.load()
    except NOT_DECODED:
        # Without tiles left to decode, Pillow takes the pixels it has for the picture.
        image.tile = []
        image.load()
        return False
    return True


def _backdrops(image: Image.Image) -> tuple[str, ...]:
    """What a picture is seen on. One that is see-through shows different things on each."""
    if not image.has_transparency_data:
        return ("white",)
    if image.mode in ("RGBA", "LA", "PA") and image.getchannel("A").getextrema() == (255, 255):
        return ("white",)
    return ("white", "black", _IGNORED)


def _hash_picture(image: ImageFile.ImageFile, number: int, backdrop: str) -> FrameHashes:
    picture = _turned_upright(_compared_picture(image, backdrop), image)
    hashes, quality = pdqhash.compute_dihedral(np.asarray(picture))
    return FrameHashes(number, int(quality), tuple(np.packbits(bits).tobytes() for bits in hashes))


def _compared_picture(image: Image.Image, backdrop: str) -> Image.Image:
    """The picture in RGB on a backdrop, of the size that is compared; made band by band."""
    if not _is_large(image.size):
        return _coloured(image, backdrop, black_and_white=_range_of(image))
    across, down = (max(1, side // (2 * _COMPARED_SIDE)) for side in image.size)
    black_and_white = _range_of(image)
    picture = Image.new("RGB", (ceil(image.width / across), ceil(image.height / down)))
    band_rows = down * max(1, _BAND_PIXELS // (image.width * down))
    for top in range(0, image.height, band_rows):
        band = image.crop((0, top, image.width, min(top + band_rows, image.height)))
        coloured = _coloured(band, backdrop, black_and_white=black_and_white)
        picture.paste(coloured.reduce((across, down)), (0, top // down))
    return picture.resize(_compared_size(image.size), Image.Resampling.BOX)


def _is_large(size: tuple[int, int]) -> bool:
    return size[0] * size[1] > _FULL_COMPARE_PIXELS


def _compared_size(size: tuple[int, int]) -> tuple[int, int]:
    return min(size[0], _COMPARED_SIDE), min(size[1], _COMPARED_SIDE)


def _range_of(image: Image.Image) -> tuple[float, float]:
    """What is black and what is white in a picture with more than 8 bits for a shade of grey."""
    if image.mode.startswith("I;16"):
        return 0, 65535
    if not _has_many_greys(image):
        return 0, 255
    shades = np.asarray(image.getextrema(), dtype=np.float64)
    return min(0.0, float(shades[0])), max(255.0, float(shades[1]))


def _coloured(
    band: Image.Image, backdrop: str, *, black_and_white: tuple[float, float]
) -> Image.Image:
    """A band of a picture in RGB, on the backdrop where it is see-through."""
    if _has_many_greys(band):
        low, high = black_and_white
        shades = (np.asarray(band, dtype=np.float32) - low) * (255 / (high - low))
        band = Image.fromarray(np.nan_to_num(shades).clip(0, 255).astype(np.uint8))
    if not band.has_transparency_data:
        return band.convert("RGB")
    if backdrop == _IGNORED:
        return band.convert("RGBA").convert("RGB")
    behind = Image.new("RGBA", band.size, backdrop)
    return Image.alpha_composite(behind, band.convert("RGBA")).convert("RGB")


def _has_many_greys(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _turned_upright(picture: Image.Image, image: ImageFile.ImageFile) -> Image.Image:
    """The picture as viewers show it: cameras note how they were held."""
    try:
        turn = _TURN_OF_EXIF.get(image.getexif().get(_EXIF_ORIENTATION, 1))
    except NOT_DECODED:
        return picture
    return picture if turn is None else picture.transpose(turn)
