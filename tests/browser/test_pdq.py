"""The hash that a browser makes of a picture is the library's, so the picture can stay there."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

import dutybound_server.public
from dutybound.matching.pdq import hash_pixels
from tests.library.matching.photos import VECTORS, photo

pytestmark = pytest.mark.browser

SCRIPT = Path(dutybound_server.public.__file__).parent / "static" / "pdq.js"
MOST_BITS_APART = 2
OF_FILE = """async (content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  return PDQ.ofFile(new Blob([bytes]));
}"""
OF_PIXELS = """([content, width, height]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const sketch = new PDQ.Sketch(width, height);
  sketch.add(bytes);
  return sketch.hashed();
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(content=SCRIPT.read_text())
    yield page
    page.close()


def _bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _of_pixels(page: Page, picture: Image.Image) -> Any:  # noqa: ANN401 - JSON
    content = _in_base64(picture.convert("RGBA").tobytes())
    return page.evaluate(OF_PIXELS, [content, *picture.size])


def test_what_is_no_picture_gets_no_hash(page: Page) -> None:
    answer = page.evaluate(
        f"(content) => ({OF_FILE})(content).catch(() => 'refused')", _in_base64(b"zonk")
    )

    assert answer == "refused"


@pytest.mark.parametrize(
    "path", sorted((VECTORS / "photos").glob("*.jpg")), ids=lambda path: path.stem
)
def test_the_browser_and_the_library_agree_on_a_photograph(page: Page, path: Path) -> None:
    with Image.open(path) as opened:
        known = hash_pixels(np.asarray(opened.convert("RGB")))

    answer = page.evaluate(OF_FILE, _in_base64(path.read_bytes()))

    assert _bits_apart(answer["hash"], known.hashes[0].hex()) <= MOST_BITS_APART


@pytest.mark.parametrize("size", [(4, 9), (5, 5), (48, 40), (63, 64), (65, 200), (300, 30)])
def test_they_agree_on_pixels_of_small_and_narrow_pictures(
    page: Page, size: tuple[int, int]
) -> None:
    picture = photo().resize(size)
    known = hash_pixels(np.asarray(picture))

    answer = _of_pixels(page, picture)

    assert _bits_apart(answer["hash"], known.hashes[0].hex()) <= MOST_BITS_APART
    assert answer["quality"] == known.quality


def test_what_is_see_through_lies_on_white_as_in_the_library(page: Page) -> None:
    ramp = Image.linear_gradient("L")
    clear = Image.merge("RGBA", [ramp, ramp.rotate(90), ramp, ramp.rotate(45)])
    file = io.BytesIO()
    clear.save(file, "PNG")
    on_white = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    known = hash_pixels(np.asarray(on_white))

    answer = page.evaluate(OF_FILE, _in_base64(file.getvalue()))

    assert _bits_apart(answer["hash"], known.hashes[0].hex()) <= MOST_BITS_APART
