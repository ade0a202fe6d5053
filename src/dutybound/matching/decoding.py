"""From a picture's file to its pixels: opened, decoded within bounds, and seen part by part."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
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

from dutybound.matching.pdq import UPRIGHT, Hashed, Pixels, Sketch, Turn

Box = tuple[int, int, int, int]
"""Left, top, right and bottom; right and bottom are the first pixels outside."""

# What Pillow raises for bytes that are not a picture after all, beside OSError. Its decoders
# promise nothing narrower; `Warning` is there for programs that turn warnings into errors.
NOT_DECODED = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError,
    MemoryError, RuntimeError, struct.error, zlib.error, Warning, Image.DecompressionBombError,
)  # fmt: skip
MOST_BACKDROPS = 3
JPEG_SCALES = (1, 2, 4, 8)
"""How many pixels along a side a JPEG's decoder can make into one."""

# The formats people post; others stay closed, since each decoder is a door. The classes are opened
# directly: what a picture may cost is decided here, by its pixels, and not by Pillow's own setting.
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
# Decoders that keep a picture of their own beside Pillow's: about 12 bytes a pixel, others 4.
_HOLD_IT_TWICE = {"WEBP", "AVIF", "JPEG2000"}
_PIECE_PIXELS = 1 << 20
_TURN_OF_EXIF = {
    2: Turn(mirrored=True),
    3: Turn(mirrored=True, flipped=True),
    4: Turn(flipped=True),
    5: Turn(transposed=True),
    6: Turn(flipped=True, transposed=True),
    7: Turn(mirrored=True, flipped=True, transposed=True),
    8: Turn(mirrored=True, transposed=True),
}
_EXIF_ORIENTATION = 0x0112
# Programs that make a JPEG of it often leave out what was see-through, and show what was under it.
_IGNORED = "ignored"


def can_open(media_type: str) -> bool:
    """Whether pictures of that type are decoded at all."""
    return media_type in _OPENERS


def opened(file: BinaryIO, media_type: str) -> ImageFile.ImageFile:
    """The picture in a file, from its beginning, with nothing decoded yet."""
    file.seek(0)
    return _OPENERS[media_type](file)


def has_frame(image: ImageFile.ImageFile, number: int) -> bool:
    """Whether the picture has a frame of that number; goes to it."""
    try:
        image.seek(number)
    except EOFError:
        return False
    return True


def made_to_fit(image: ImageFile.ImageFile, *, max_pixels: int) -> int | None:
    """How many pixels along a side are decoded to one, so that it fits; None when it cannot.

    Only some JPEGs can be made smaller while they are decoded.
    """
    pixels = image.width * image.height
    if image.format in _HOLD_IT_TWICE:
        return 1 if pixels <= max_pixels // 2 else None
    if pixels <= max_pixels:
        return 1
    if not (isinstance(image, JpegImagePlugin.JpegImageFile) and _is_in_one_scan(image)):
        return None
    if pixels > 4 * max_pixels:
        return None
    return made_smaller(image, next(s for s in JPEG_SCALES if pixels <= max_pixels * s * s))


def made_smaller(image: ImageFile.ImageFile, scale: int, *, mode: str | None = None) -> int:
    """Have a JPEG decoded with so many pixels along a side to one; the scale that it gets."""
    width = image.width
    image.draft(mode, (max(1, image.width // scale), max(1, image.height // scale)))
    return next(s for s in JPEG_SCALES if -(-width // s) == image.width)


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


def decode(image: ImageFile.ImageFile) -> bool:
    """Whether all of the picture could be decoded; what was decoded before a fault is kept."""
    try:
        image.load()
    except NOT_DECODED:
        # Without tiles left to decode, Pillow takes the pixels it has for the picture.
        image.tile = []
        image.load()
        return False
    return True


@dataclass(frozen=True, slots=True)
class View:
    """A decoded picture as it is seen on one backdrop.

    `full_size` is its width and height before `scale` pixels along a side were decoded to one;
    `turn` is what viewers do before they show it.
    """

    image: Image.Image
    full_size: tuple[int, int]
    scale: int = 1
    turn: Turn = UPRIGHT
    backdrop: str = "white"
    black_and_white: tuple[float, float] = (0, 255)

    def pixels(self, box: Box) -> Pixels:
        """A part of it, rows x columns x 3 colours or 1 grey."""
        whole = (0, 0, *self.image.size)
        coloured = self._coloured(self.image if box == whole else self.image.crop(box))
        return np.asarray(coloured).reshape(coloured.height, coloured.width, -1)

    def shades(self, box: Box, size: tuple[int, int]) -> Pixels:
        """Evenly chosen pixels of a part of it in grey, as many across and down as `size` says."""
        chosen = self.image.resize(size, Image.Resampling.NEAREST, box)
        return np.asarray(self._coloured(chosen).convert("L"))

    def _coloured(self, part: Image.Image) -> Image.Image:
        return _coloured(part, self.backdrop, black_and_white=self.black_and_white)

    def hashed(self, inner: Box | None = None) -> Hashed:
        """PDQ of it, or of the part in a box, the way up that viewers show it."""
        left, top, right, bottom = inner or (0, 0, *self.image.size)
        size = (self.scale * (right - left), self.scale * (bottom - top))
        sketch = Sketch(size if inner else self.full_size, turn=self.turn, scale=self.scale)
        for piece in _pieces((left, top, right, bottom)):
            sketch.add(self.pixels(piece), left=piece[0] - left, top=piece[1] - top)
        return sketch.hashed()


def views(image: Image.Image, *, full_size: tuple[int, int], scale: int = 1) -> Iterator[View]:
    """What a decoded picture shows; one that is see-through, different things on each backdrop."""
    for backdrop in _backdrops(image):
        yield View(image, full_size, scale, _turn_of(image), backdrop, _range_of(image))


def _pieces(box: Box) -> Iterator[Box]:
    left, top, right, bottom = box
    columns = min(right - left, _PIECE_PIXELS)
    rows = max(1, _PIECE_PIXELS // columns)
    for y in range(top, bottom, rows):
        for x in range(left, right, columns):
            yield x, y, min(x + columns, right), min(y + rows, bottom)


def _backdrops(image: Image.Image) -> tuple[str, ...]:
    if not image.has_transparency_data:
        return ("white",)
    if image.mode in ("RGBA", "LA", "PA") and image.getchannel("A").getextrema() == (255, 255):
        return ("white",)
    return ("white", "black", _IGNORED)


def _range_of(image: Image.Image) -> tuple[float, float]:
    """What is black and what is white in a picture with more than 8 bits for a shade of grey."""
    if image.mode.startswith("I;16"):
        return 0, 65535
    if not _has_many_greys(image):
        return 0, 255
    shades = np.asarray(image.getextrema(), dtype=np.float64)
    return min(0.0, float(shades[0])), max(255.0, float(shades[1]))


def _coloured(
    part: Image.Image, backdrop: str, *, black_and_white: tuple[float, float]
) -> Image.Image:
    """A part of a picture in 8 bits of RGB or of grey, on the backdrop where it is see-through."""
    if _has_many_greys(part):
        low, high = black_and_white
        shades = (np.asarray(part, dtype=np.float32) - low) * (255 / (high - low))
        part = Image.fromarray(np.nan_to_num(shades).clip(0, 255).astype(np.uint8))
    if not part.has_transparency_data:
        return part if part.mode in ("RGB", "L") else part.convert("RGB")
    if backdrop == _IGNORED:
        return part.convert("RGBA").convert("RGB")
    behind = Image.new("RGBA", part.size, backdrop)
    return Image.alpha_composite(behind, part.convert("RGBA")).convert("RGB")


def _has_many_greys(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _turn_of(image: Image.Image) -> Turn:
    """How viewers turn the picture: cameras note how they were held."""
    try:
        return _TURN_OF_EXIF.get(image.getexif().get(_EXIF_ORIENTATION, 1), UPRIGHT)
    except NOT_DECODED:
        return UPRIGHT
