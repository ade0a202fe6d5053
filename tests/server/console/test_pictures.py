"""A picture on a staff screen: re-drawn, small, grey unless asked for twice."""

from io import BytesIO

import pytest
from PIL import Image

from dutybound_server.console.pictures import CannotShow, Look, drawn


def a_file(mode: str = "RGB", size: tuple[int, int] = (1000, 500), kind: str = "PNG") -> BytesIO:
    file = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(file, kind)
    file.seek(0)
    return file


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg))


def test_a_hidden_picture_is_a_few_grey_pixels() -> None:
    picture = opened(drawn(a_file(), look=Look.HIDDEN, max_pixels=10**6))

    assert (picture.size, picture.mode) == ((24, 12), "L")


def test_a_picture_is_grey_until_colour_is_asked_for() -> None:
    assert opened(drawn(a_file(), look=Look.GREY, max_pixels=10**6)).mode == "L"
    assert opened(drawn(a_file(), look=Look.COLOUR, max_pixels=10**6)).mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixel_can_be_drawn(mode: str) -> None:
    assert opened(drawn(a_file(mode), look=Look.GREY, max_pixels=10**6)).size == (720, 360)


def test_a_print_colour_picture_can_be_drawn() -> None:
    file = a_file("CMYK", kind="JPEG")

    assert opened(drawn(file, look=Look.COLOUR, max_pixels=10**6)).mode == "RGB"


def test_what_the_camera_wrote_into_the_file_does_not_reach_the_screen() -> None:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (50, 50)).save(file, "JPEG", exif=exif)
    file.seek(0)

    assert b"a camera" not in drawn(file, look=Look.COLOUR, max_pixels=10**6)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_a_file_that_is_no_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(CannotShow, match="not a picture"):
        drawn(BytesIO(content), look=Look.HIDDEN, max_pixels=10**6)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "JPEG2000"])
def test_a_picture_that_ends_early_is_drawn_as_far_as_it_goes(kind: str) -> None:
    whole = a_file(kind=kind).getvalue()
    half = BytesIO(whole[: len(whole) // 2])

    assert opened(drawn(half, look=Look.GREY, max_pixels=10**6)).size == (720, 360)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(CannotShow, match="too large"):
        drawn(a_file(), look=Look.HIDDEN, max_pixels=1000)


def test_a_jpeg_may_be_larger_since_it_shrinks_while_it_is_read() -> None:
    file = a_file(kind="JPEG")

    assert opened(drawn(file, look=Look.HIDDEN, max_pixels=200_000)).size == (24, 12)
