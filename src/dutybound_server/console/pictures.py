"""What staff see of a picture: always re-drawn by us, never the file that was sent."""

from enum import StrEnum
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageFilter, ImageOps

# Formats that Pillow reads by itself; EPS and its like would start other programs.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
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
    """The first frame of a picture as a small JPEG; raises CannotShow."""
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > max_pixels:
                raise CannotShow("it is too large to open")
            # A JPEG decoder can shrink while it reads; other formats ignore the wish.
            picture.draft("L" if look is not Look.COLOUR else "RGB", (SIDE[look], SIDE[look]))
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((SIDE[look], SIDE[look]))
            return _as_jpeg(_in_colours_of(small, look=look))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise CannotShow("it is too large to open") from None
    except (OSError, SyntaxError, ValueError) as problem:
        # Pillow reports broken files in these three ways; its words are for the log, not the page.
        raise CannotShow("it is not a picture that can be opened") from problem


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
