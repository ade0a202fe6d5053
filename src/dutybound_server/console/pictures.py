"""What staff see of a picture: always re-drawn by us, never the file that was sent."""

from enum import StrEnum
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageFile, ImageFilter, ImageOps

from dutybound.matching.pictures import NOT_DECODED

# Formats that Pillow reads by itself, and that are compared; EPS would start other programs.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000")
GROUND = 128  # what shows through transparent pixels


class Look(StrEnum):
    """How much of a picture is shown."""

    HIDDEN = "hidden"  # a few blurred grey pixels, enough to tell one picture from another
    GREY = "grey"
    COLOUR = "colour"


SIDE = {Look.HIDDEN: 24, Look.GREY: 720, Look.COLOUR: 720}  # longest side, in pixels


class CannotShow(Exception):
    """The file is no picture we can draw; the sentence says why."""


def drawn(file: BinaryIO, *, look: Look, max_pixels: int) -> bytes:
    """The first frame of a picture as a small JPEG, as far as it goes; raises CannotShow."""
    try:
        with Image.open(file, formats=FORMATS) as picture:
            # What cannot be made smaller while it is read has no hashes if it is as large as that,
            # and is not asked for here.
            allowed = 4 * max_pixels if picture.format == "JPEG" else max_pixels
            if picture.width * picture.height > allowed:
                raise CannotShow("it is too large to open")
            # A JPEG decoder can shrink while it reads; other formats ignore the wish.
            picture.draft("L" if look is not Look.COLOUR else "RGB", (SIDE[look], SIDE[look]))
            _load(picture)
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((SIDE[look], SIDE[look]))
            return _as_jpeg(_in_colours_of(small, look=look))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise CannotShow("it is too large to open") from None
    except NOT_DECODED as problem:
        # Pillow's words are for the log, not the page.
        raise CannotShow("it is not a picture that can be opened") from problem


def _load(picture: ImageFile.ImageFile) -> None:
    try:
        picture.load()
    except NOT_DECODED:
        # It ends early. Without tiles left to decode, Pillow takes the pixels it has.
        picture.tile = []
        picture.load()


def _in_colours_of(picture: Image.Image, *, look: Look) -> Image.Image:
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    whole = picture.convert("RGBA")
    ground = Image.new("RGBA", whole.size, (GROUND, GROUND, GROUND, 255))
    flat = Image.alpha_composite(ground, whole).convert("RGB" if look is Look.COLOUR else "L")
    return flat.filter(ImageFilter.GaussianBlur(1.5)) if look is Look.HIDDEN else flat


def _as_jpeg(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()
