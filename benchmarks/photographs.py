"""Harmless photographs that other packages bring, and the bridge of the shared vectors."""

from collections.abc import Iterator
from pathlib import Path

import skimage
from PIL import Image, ImageOps

from tests.library.matching.photos import VECTORS

FOLDER = Path(skimage.__file__).parent / "data"
NAMES = (
    "astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "coins.png",
    "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png", "moon.png",
    "motorcycle_left.png", "retina.jpg", "rocket.jpg",
)  # fmt: skip
BRIDGE = VECTORS / "photos/bridge-1-original.jpg"


def photographs() -> dict[str, Image.Image]:
    """Different photographs by name, each of something else, in RGB."""
    paths = [FOLDER / name for name in NAMES] + [BRIDGE] * BRIDGE.exists()
    return {path.stem: Image.open(path).convert("RGB") for path in paths}


def tiles(picture: Image.Image, *, sides: tuple[int, ...]) -> Iterator[Image.Image]:
    """Squares out of a picture, of several sizes and each half a square from the next."""
    for side in sides:
        for top in range(0, picture.height - side + 1, side // 2):
            for left in range(0, picture.width - side + 1, side // 2):
                yield picture.crop((left, top, left + side, top + side))


def at_most(side: int, picture: Image.Image) -> Image.Image:
    """The picture no larger than it may be."""
    return ImageOps.contain(picture, (side, side)) if max(picture.size) > side else picture
