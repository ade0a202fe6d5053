"""Harmless pictures made on the spot, with enough detail to be compared."""

import io

import numpy as np
from PIL import Image, ImageOps

from dutybound.matching import hash_media


def drawn(seed: int = 3, *, side: int = 512) -> Image.Image:
    """Soft blobs of grey: a different picture for each seed."""
    noise = np.random.default_rng(seed).integers(0, 256, (8, 8), dtype=np.uint8)
    return Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)


def jpeg(picture: Image.Image, *, quality: int = 90) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def mirrored(picture: Image.Image) -> Image.Image:
    return ImageOps.mirror(picture)


def pdq_of(content: bytes) -> str:
    """The PDQ hash of an encoded picture, in hex."""
    return hash_media(io.BytesIO(content), id="m").frames[0].hashes[0].hex()
