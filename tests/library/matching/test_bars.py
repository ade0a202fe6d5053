"""A picture is also known within bars, and a picture without any is not hashed twice."""

import pytest
from PIL import Image, ImageDraw

from dutybound.matching import Gap, Limits, MediaHashes, hash_media
from tests.library.matching.photos import bits_apart, photo, reference_hash, saved

KNOWN = reference_hash(photo())[0]
ALL_AROUND = (90, 60, 90, 60)
ABOVE_AND_BELOW = (0, 80, 0, 70)


def with_bars(
    bars: tuple[int, int, int, int], colour: str = "black", picture: Image.Image | None = None
) -> Image.Image:
    """A picture with so many pixels of bar to its left, above, to its right and below."""
    inner = picture or photo()
    left, top, right, bottom = bars
    size = (inner.width + left + right, inner.height + top + bottom)
    whole = Image.new("RGB", size, colour)
    whole.paste(inner, (left, top))
    return whole


def hashed(picture: Image.Image, quality: int = 75) -> MediaHashes:
    return hash_media(saved(picture, "JPEG", quality=quality), id="m1")


def nearest(media: MediaHashes) -> int:
    return min(bits_apart(frame.hashes[0], KNOWN) for frame in media.frames)


@pytest.mark.parametrize("picture", [photo(), photo().rotate(90), photo(seed=2, side=100)])
def test_a_picture_without_bars_is_hashed_once(picture: Image.Image) -> None:
    assert len(hashed(picture).frames) == 1


def test_a_picture_that_is_nothing_but_a_bar_has_no_inner_picture() -> None:
    media = hashed(Image.new("RGB", (300, 300), "navy"))

    assert (len(media.frames), media.gap) == (1, Gap.TOO_PLAIN)


@pytest.mark.parametrize("quality", [95, 40])
@pytest.mark.parametrize("colour", ["black", "white", "teal"])
@pytest.mark.parametrize(
    "bars", [ALL_AROUND, ABOVE_AND_BELOW, (0, 0, 0, 150), (120, 0, 120, 0), (30, 0, 0, 0)]
)
def test_a_picture_within_bars_is_known_by_its_second_hash(
    bars: tuple[int, int, int, int], colour: str, quality: int
) -> None:
    media = hashed(with_bars(bars, colour), quality)

    whole, inner = media.frames
    assert (whole.number, inner.number) == (0, 0)
    assert bits_apart(inner.hashes[0], KNOWN) <= 16
    assert len(inner.hashes) == 8


def test_the_first_hash_stays_that_of_the_whole() -> None:
    whole = with_bars(ALL_AROUND)

    media = hash_media(saved(whole, "PNG"), id="m1")

    assert (media.frames[0].hashes[0], media.frames[0].quality) == reference_hash(whole)
    assert media.frames[1].hashes[0] == KNOWN


def test_bars_left_and_right_of_another_colour_are_cut_off_as_well() -> None:
    within_both = with_bars(ABOVE_AND_BELOW, "white", with_bars((70, 0, 70, 0), "black"))

    assert nearest(hashed(within_both)) <= 16


def test_a_clock_and_a_line_of_words_on_the_bars_do_not_hide_the_picture() -> None:
    screenshot = with_bars((0, 120, 0, 120))
    draw = ImageDraw.Draw(screenshot)
    draw.text((10, 8), "09:41", fill="white", font_size=18)
    draw.rectangle((260, 10, 285, 24), fill="white")
    draw.text((90, 430), "Nice bridge", fill="white", font_size=18)

    assert nearest(hashed(screenshot)) <= 16


def test_a_small_picture_on_a_large_plain_page_is_compared_though_the_whole_is_too_plain() -> None:
    page = with_bars((700, 900, 700, 900), "white")

    media = hashed(page)

    assert media.frames[0].quality < 50
    assert (media.comparable, media.gap) == (True, Gap.NONE)
    assert nearest(media) <= 16


def test_a_turned_photograph_with_bars_is_known_the_way_up_it_is_shown() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = with_bars(ABOVE_AND_BELOW).transpose(Image.Transpose.ROTATE_90)

    media = hash_media(saved(lying, "JPEG", exif=exif), id="m1")

    assert nearest(media) <= 16


def test_a_film_with_bars_may_have_as_many_looks_as_one_without() -> None:
    first, *rest = (with_bars((0, 20, 0, 20), picture=photo(seed=n, side=64)) for n in range(8))
    film = saved(first, "PNG", save_all=True, append_images=rest)

    media = hash_media(film, id="m1", limits=Limits(max_frames=8))

    assert (media.comparable, media.gap) == (True, Gap.NONE)
    assert [frame.number for frame in media.frames] == [n for n in range(8) for _ in range(2)]
