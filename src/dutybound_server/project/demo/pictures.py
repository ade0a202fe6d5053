"""Harmless photographs that come with a package, and the edits people make before they repost."""

import io
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageEnhance, ImageOps

Edit = Callable[[Image.Image], Image.Image]


class NoPhotographs(Exception):
    """The package whose photographs the demo uses is not installed."""


def photograph(name: str) -> Image.Image:
    """One of scikit-image's own pictures, such as `chelsea`, the cat."""
    package = find_spec("skimage")
    if package is None or package.origin is None:
        raise NoPhotographs("The demo needs scikit-image: pip install 'dutybound[server,demo]'.")
    found = sorted((Path(package.origin).parent / "data").glob(f"{name}.*"))
    with Image.open(found[0]) as picture:
        return picture.convert("RGB")


def _cropped(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 90, height // 120, width - width // 120, height - height // 90))


def _smaller(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width * 3 // 5, picture.height * 3 // 5))


EDITS: Mapping[str, Edit] = MappingProxyType(
    {
        "original": lambda picture: picture,
        "cropped": _cropped,
        "smaller": _smaller,
        "mirrored": ImageOps.mirror,
        "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
        "turned": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    }
)


def as_jpeg(picture: Image.Image, *, quality: int = 80) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=quality)
    return buffer.getvalue()


def reposted(name: str, *, edit: str) -> bytes:
    """The photograph as it comes back: edited, and squeezed once more on its way."""
    return as_jpeg(EDITS[edit](photograph(name)), quality=70)
