"""The quick way answers only where the exact one could not have found what it did not."""

import io
from itertools import cycle

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from dutybound.matching import (
    FAST_MARGIN,
    Gap,
    MediaHashes,
    hash_media,
    needs_exact_hash,
    screen_media,
)
from tests.library.matching.photos import bits_apart, photo, reference_hash, saved

LARGE = photo().resize((800, 600))
KNOWN = reference_hash(LARGE)[0]


def screened(file: io.BytesIO) -> MediaHashes:
    return screen_media(file, id="m1")


def exact(file: io.BytesIO) -> MediaHashes:
    return hash_media(file, id="m1")


BARRED = Image.new("RGB", (800, 800))
BARRED.paste(LARGE, (0, 100))
FAINT = ImageEnhance.Contrast(LARGE).enhance(0.12)


@pytest.mark.parametrize(
    "file",
    [
        saved(LARGE, "PNG", compress_level=0),
        saved(LARGE.convert("CMYK"), "JPEG"),
        saved(photo(side=200), "JPEG"),
        saved(BARRED, "JPEG"),
        saved(FAINT, "JPEG"),
        io.BytesIO(saved(LARGE, "JPEG").getvalue()[:-3000]),
        io.BytesIO(saved(LARGE, "JPEG").getvalue()[:400]),
        io.BytesIO(b"hello"),
    ],
    ids=["no JPEG", "four inks", "small", "bars", "faint", "ends early", "no pixels", "no picture"],
)
def test_what_is_not_sure_is_hashed_exactly_at_once(file: io.BytesIO) -> None:
    media = screened(file)

    assert media == exact(file)
    assert not needs_exact_hash(media, ["a match"])


def test_a_photograph_is_hashed_fast_and_nearly_right_in_all_orientations() -> None:
    file = saved(LARGE, "JPEG")

    media = screened(file)

    assert media.is_fast
    assert (media.sha256, media.md5, media.size) == (
        exact(file).sha256,
        exact(file).md5,
        exact(file).size,
    )
    for fast, right in zip(media.frames[0].hashes, exact(file).frames[0].hashes, strict=True):
        assert bits_apart(fast, right) <= 8


def test_a_plain_photograph_is_too_plain_either_way() -> None:
    shades = np.linspace(90, 120, 800, dtype=np.uint8)
    file = saved(Image.fromarray(np.tile(shades, (600, 1))), "JPEG")

    assert screened(file).gap is exact(file).gap is Gap.TOO_PLAIN


def test_only_a_fast_hash_that_met_something_needs_the_exact_one() -> None:
    media = screened(saved(LARGE, "JPEG"))

    assert needs_exact_hash(media, ["a match"])
    assert not needs_exact_hash(media, [])


EDITS = {
    "as it is": LARGE,
    "turned by the camera": LARGE.transpose(Image.Transpose.ROTATE_90),
    "blurred": LARGE.filter(ImageFilter.GaussianBlur(3)),
    "sharpened": LARGE.filter(ImageFilter.UnsharpMask(3, 200)),
    "colourful": ImageEnhance.Color(LARGE).enhance(4),
    "contrasted": ImageEnhance.Contrast(LARGE).enhance(2),
    "cropped": LARGE.crop((30, 20, 770, 580)),
    "wide": LARGE.resize((1100, 520)),
}


@pytest.mark.parametrize(("edit", "quality"), list(zip(EDITS, cycle((90, 20)), strict=False)))
def test_what_the_exact_hash_meets_the_fast_one_meets_within_the_margin(
    edit: str, quality: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6 if edit == "turned by the camera" else 1
    file = saved(EDITS[edit], "JPEG", quality=quality, exif=exif)

    media = screened(file)

    at_most = bits_apart(exact(file).frames[0].hashes[0], KNOWN) + FAST_MARGIN
    assert media.is_fast
    assert bits_apart(media.frames[0].hashes[0], KNOWN) <= at_most
