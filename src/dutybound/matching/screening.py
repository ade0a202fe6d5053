"""A quicker PDQ of JPEG photographs, good enough to tell which of them need the exact one.

Only the shades of grey are decoded, and at a fraction of the size, onto which the full size's
weights are folded. Most photographs are near nothing that is known: for them that is the answer.
"""

from collections.abc import Collection
from typing import BinaryIO

from PIL import ImageFile

from dutybound.matching.bars import may_have_bars
from dutybound.matching.content import FrameHashes, MediaHashes
from dutybound.matching.decoding import (
    JPEG_SCALES,
    NOT_DECODED,
    View,
    decode,
    made_smaller,
    opened,
    views,
)
from dutybound.matching.pdq import LEAST_QUALITY

FAST_MARGIN = 16
"""How many bits further than the threshold to look for the neighbours of a fast hash.

Farther than any fast hash was from the exact one in some 2,300 edited photographs: 12 bits. See
docs/why/hashing.md for what that promises, and what not.
"""

_QUALITY_MARGIN = 10
# Smaller than this, a side has too few pixels for the 64 points to lie where they should.
_LEAST_SIDE = 256


def needs_exact_hash(media: MediaHashes, met: Collection[object]) -> bool:
    """Whether hashes made fast must be made exactly before they are answered with.

    `met` is all that was found within FAST_MARGIN beyond each bank's threshold.
    """
    return media.is_fast and bool(met)


def fast_frame(file: BinaryIO, content_type: str, *, max_pixels: int) -> FrameHashes | None:
    """The one frame of a JPEG, made fast; None where only the exact way is sure to miss nothing.

    That is for a file that is damaged, large, small, or no JPEG, for a picture that could have
    bars, and for one whose quality is near the least that is compared.
    """
    if content_type != "image/jpeg":
        return None
    try:
        with opened(file, content_type) as image:
            view = _small_view(image, max_pixels=max_pixels)
            return None if view is None else _frame_if_sure(view)
    except NOT_DECODED:
        return None


def _small_view(image: ImageFile.ImageFile, *, max_pixels: int) -> View | None:
    full_size = image.size
    is_usual = image.mode in ("RGB", "L") and image.width * image.height <= max_pixels
    if not is_usual or min(full_size) < _LEAST_SIDE:
        return None
    scale = max(scale for scale in JPEG_SCALES if min(full_size) >= scale * _LEAST_SIDE)
    scale = made_smaller(image, scale, mode="L")
    if not decode(image):
        return None
    return next(views(image, full_size=full_size, scale=scale))


def _frame_if_sure(view: View) -> FrameHashes | None:
    hashed = view.hashed()
    is_near_the_limit = abs(hashed.quality - LEAST_QUALITY) <= _QUALITY_MARGIN
    if is_near_the_limit or may_have_bars(view):
        return None
    return FrameHashes(0, hashed.quality, hashed.hashes)
