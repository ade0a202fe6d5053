"""Photographs, vectors and distances for the tests of matching."""

import io
import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pdqhash
from PIL import Image

# Beside the repository, or where PDQ_VECTORS says (settings refuse a DUTYBOUND_ name they do not
# know).
BESIDE = [folder / "shared" / "vectors" for folder in Path(__file__).parents[4:]]
VECTORS = Path(os.environ.get("PDQ_VECTORS") or next(filter(Path.exists, BESIDE), BESIDE[0]))


@cache
def photo(*, seed: int = 1, side: int = 300) -> Image.Image:
    """A picture with much in the large and little in the small, as photographs have it."""
    random = np.random.default_rng(seed)
    shades = np.zeros((side, side, 3))
    for cells in (3, 6, 12, 24):
        noise = Image.fromarray(random.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
        shades += np.asarray(noise.resize((side, side), Image.Resampling.BICUBIC)) / cells
    contrasted = 128 + 90 * (shades - shades.mean()) / shades.std()
    return Image.fromarray(contrasted.clip(0, 255).astype(np.uint8))


@cache
def photograph(name: str) -> Image.Image:
    """A photograph that ships with scikit-image; it is opened without importing that."""
    package = find_spec("skimage")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("photographs ship with scikit-image: run `make set-up`")
    with Image.open(Path(package.origin).parent / "data" / name) as picture:
        return picture.convert("RGB")


def saved(picture: Image.Image, picture_format: str, **options: object) -> io.BytesIO:
    """The picture as a file; it is packed quickly rather than well, since nobody keeps it."""
    if picture_format == "PNG":
        options.setdefault("compress_level", 1)
    if picture_format == "GIF" and picture.mode == "RGB":
        picture = picture.quantize(method=Image.Quantize.FASTOCTREE)
    file = io.BytesIO()
    picture.save(file, picture_format, **options)
    return file


def reference_hash(picture: Image.Image) -> tuple[bytes, int]:
    """PDQ and quality, from the reference on the full picture."""
    bits, quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return np.packbits(bits).tobytes(), int(quality)


def bits_apart(one: bytes, other: bytes) -> int:
    """How many of 256 bits differ, counted the slow way."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
