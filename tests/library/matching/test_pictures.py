"""A file's hashes agree with the reference, whatever form its picture comes in."""

import csv
import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from dutybound.matching import ORIENTATIONS, Gap, Limits, MediaHashes, Unreadable, hash_media
from tests.library.matching.photos import (
    VECTORS,
    bits_apart,
    photo,
    photograph,
    reference_hash,
    saved,
)

Transpose = Image.Transpose


def hashed(file: io.BytesIO, limits: Limits | None = None) -> MediaHashes:
    return hash_media(file, id="m1", limits=limits or Limits())


def pdq_of(picture: Image.Image) -> bytes:
    return hashed(saved(picture, "PNG")).frames[0].hashes[0]


def expected_hashes() -> list[dict[str, str]]:
    if not (VECTORS / "pdq_expected.csv").exists():
        return []
    with (VECTORS / "pdq_expected.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not expected_hashes(), reason=f"NO VECTORS at {VECTORS}: not compared")
def test_the_vectors_agree_to_the_bit() -> None:
    for expected in expected_hashes():
        with (VECTORS / "photos" / expected["file"]).open("rb") as file:
            frame = hash_media(file, id="m1").frames[0]

        assert (frame.hashes[0].hex(), frame.quality) == (
            expected["pdq"],
            int(expected["quality"]),
        ), expected["file"]
        if expected["published"]:
            assert bits_apart(frame.hashes[0], bytes.fromhex(expected["published"])) <= 10


EDITS: dict[str, Callable[[Image.Image, float], Image.Image]] = {
    "crop": lambda p, much: p.crop((0, 0, p.width - int(much * 90), p.height - int(much * 60))),
    "shrink": lambda p, much: p.resize((p.width - int(much * 300), p.height - int(much * 200))),
    "grow": lambda p, much: p.resize((int(p.width * (2 + 3 * much)), int(p.height * (2 + much)))),
    "turn": lambda p, much: p.rotate(much * 360, expand=True),
    "blur": lambda p, much: p.filter(ImageFilter.GaussianBlur(much * 5)),
    "contrast": lambda p, much: ImageEnhance.Contrast(p).enhance(0.5 + much),
    "colour": lambda p, much: ImageEnhance.Color(p).enhance(2 * much),
}


PHOTOGRAPHS = ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "camera.png"]


@settings(max_examples=16, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(
        ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "camera.png"]
    ),
    edit=st.sampled_from(sorted(EDITS)),
    much=st.floats(0, 1),
    picture_format=st.sampled_from(["JPEG", "PNG"]),
)
def test_edited_photographs_agree_with_the_reference(
    name: str, edit: str, much: float, picture_format: str
) -> None:
    original = photograph(name).reduce(2)
    file = saved(EDITS[edit](original, much), picture_format, quality=90)

    frame = hashed(file).frames[0]

    with Image.open(file) as picture:
        expected, quality = reference_hash(picture)
    assert frame.quality == quality
    if quality >= 50:
        assert frame.hashes[0] == expected


@pytest.mark.parametrize(
    ("size", "picture_format"), [((1600, 1400), "JPEG"), ((300, 14_000), "BMP")]
)
def test_a_picture_that_is_looked_at_in_pieces_agrees_to_the_bit(
    size: tuple[int, int], picture_format: str
) -> None:
    file = saved(photo().resize(size), picture_format)

    frame = hashed(file).frames[0]

    with Image.open(file) as picture:
        assert (frame.hashes[0], frame.quality) == reference_hash(picture)


def greys(dtype: type, most: float) -> Image.Image:
    return Image.fromarray((np.asarray(photo().convert("L")) * (most / 255)).astype(dtype))


@pytest.mark.parametrize(
    ("file", "content_type"),
    [
        (saved(photo(), "JPEG", quality=95), "image/jpeg"),
        (saved(photo(), "JPEG", quality=95, progressive=True), "image/jpeg"),
        (saved(photo().convert("CMYK"), "JPEG", quality=95), "image/jpeg"),
        (saved(photo().convert("P"), "PNG"), "image/png"),
        (saved(photo().convert("LA"), "PNG"), "image/png"),
        (saved(photo().convert("L"), "GIF"), "image/gif"),
        (saved(photo(), "WEBP", quality=95), "image/webp"),
        (saved(photo(), "AVIF", quality=95), "image/avif"),
        (saved(photo(), "BMP"), "image/bmp"),
        (saved(photo(), "JPEG2000"), "image/jp2"),
        (saved(photo(), "TIFF"), "image/tiff"),
        (saved(greys(np.uint16, 65535), "PNG"), "image/png"),
        (saved(greys(np.uint16, 65535), "TIFF"), "image/tiff"),
        (saved(greys(np.int32, 100_000), "TIFF"), "image/tiff"),
        (saved(greys(np.float32, 255), "TIFF"), "image/tiff"),
    ],
)
def test_one_picture_is_known_in_every_form(file: io.BytesIO, content_type: str) -> None:
    media = hashed(file)

    assert media.content_type == content_type
    assert media.comparable
    assert bits_apart(media.frames[0].hashes[0], reference_hash(photo())[0]) <= 10


def test_what_is_see_through_is_seen_on_white() -> None:
    see_through = photo().convert("RGBA")
    see_through.putalpha(Image.linear_gradient("L").resize(see_through.size))
    on_white = Image.alpha_composite(Image.new("RGBA", see_through.size, "white"), see_through)
    two_colours = photo().convert("1")
    two_colours.info["transparency"] = 0

    assert pdq_of(see_through) == reference_hash(on_white)[0]
    assert hashed(saved(two_colours, "PNG", transparency=0)).frames[0].quality < 50


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_compared_the_way_up_that_viewers_show_it(
    orientation: int, picture_format: str
) -> None:
    undo = {
        1: None,
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_90,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_270,
    }[orientation]
    lying = photo() if undo is None else photo().transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation

    media = hashed(saved(lying, picture_format, exif=exif))

    assert bits_apart(media.frames[0].hashes[0], reference_hash(photo())[0]) <= 10


@pytest.mark.parametrize(
    ("turn", "variant"),
    [
        (None, "original"),
        (Transpose.ROTATE_270, "rotated_90"),
        (Transpose.ROTATE_180, "rotated_180"),
        (Transpose.ROTATE_90, "rotated_270"),
        (Transpose.FLIP_LEFT_RIGHT, "mirrored"),
        (Transpose.FLIP_TOP_BOTTOM, "mirrored_180"),
        (Transpose.TRANSVERSE, "mirrored_90"),
        (Transpose.TRANSPOSE, "mirrored_270"),
    ],
)
def test_the_eight_hashes_undo_the_turn_they_are_named_after(
    turn: Transpose | None, variant: str
) -> None:
    turned = photo() if turn is None else photo().transpose(turn)

    hashes = hashed(saved(turned, "PNG")).frames[0].hashes

    known = reference_hash(photo())[0]
    assert bits_apart(hashes[ORIENTATIONS.index(variant)], known) <= 10
    assert sum(bits_apart(each, known) <= 31 for each in hashes) == 1


def test_a_picture_does_not_hide_in_white_that_is_more_or_less_see_through() -> None:
    grey = photo().convert("L")
    seen_on_black = Image.new("RGBA", grey.size, "white")
    seen_on_black.putalpha(grey)

    media = hashed(saved(seen_on_black, "PNG"))

    assert media.comparable
    assert pdq_of(grey) in [frame.hashes[0] for frame in media.frames]


def test_a_picture_does_not_hide_under_what_is_see_through() -> None:
    seen_once_it_is_a_jpeg = photo().convert("RGBA")
    seen_once_it_is_a_jpeg.putalpha(0)

    media = hashed(saved(seen_once_it_is_a_jpeg, "PNG"))

    assert media.comparable
    assert pdq_of(photo()) in [frame.hashes[0] for frame in media.frames]


@pytest.mark.parametrize("picture_format", ["GIF", "PNG", "WEBP"])
@pytest.mark.parametrize("hidden_at", [1, 5, 20])
def test_a_picture_does_not_hide_between_the_frames_of_others(
    picture_format: str, hidden_at: int
) -> None:
    # Grey, since to choose the 256 colours of a GIF takes longer than all the rest.
    pictures = [photo(seed=seed % 3 + 2, side=100).convert("L") for seed in range(21)]
    pictures[hidden_at] = photo(side=100).convert("L")
    first, *rest = pictures

    file = saved(first, picture_format, save_all=True, append_images=rest, lossless=True)
    media = hashed(file)

    assert media.comparable
    assert hidden_at in [frame.number for frame in media.frames]
    assert len(media.frames) <= 6


def test_a_film_with_too_many_looks_says_that_not_all_were_compared() -> None:
    first, *rest = (photo(seed=seed, side=64) for seed in range(12))
    file = saved(first, "PNG", save_all=True, append_images=rest)

    media = hashed(file, Limits(max_frames=8))

    assert (media.comparable, media.gap) == (False, Gap.TOO_LONG)
    assert [frame.number for frame in media.frames] == list(range(8))


def test_only_the_first_frame_is_taken_when_one_is_allowed() -> None:
    file = saved(photo(side=40), "GIF", save_all=True, append_images=[photo(seed=2, side=40)])

    assert [each.number for each in hashed(file, Limits(max_frames=1)).frames] == [0]


def test_a_film_of_too_many_pixels_is_compared_at_its_beginning_and_says_so() -> None:
    first, *rest = (photo(seed=seed, side=100).convert("L") for seed in range(12))
    file = saved(first, "GIF", save_all=True, append_images=rest)

    media = hashed(file, Limits(max_pixels=25_000))

    assert (media.comparable, media.gap) == (False, Gap.TOO_LONG)
    assert media.frames[-1].number <= 9


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_file_that_ends_early_is_hashed_and_never_called_clean(
    picture_format: str, share: float
) -> None:
    whole = saved(photo(side=100), picture_format).getvalue()

    media = hashed(io.BytesIO(whole[: int(len(whole) * share)]))

    assert len(media.sha256) == 64
    assert not media.comparable
    assert media.note


def test_a_jpeg_without_its_last_bytes_still_matches() -> None:
    whole = saved(photo(), "JPEG").getvalue()

    media = hashed(io.BytesIO(whole[:-30]))

    assert media.gap is Gap.DAMAGED
    assert bits_apart(media.frames[0].hashes[0], reference_hash(photo())[0]) <= 31


def test_a_fault_in_a_later_frame_does_not_hide_the_first() -> None:
    film = saved(photo(), "PNG", save_all=True, append_images=[photo(seed=2)]).getvalue()
    second = film.index(b"fcTL", film.index(b"fcTL") + 1)
    damaged = film[: second + 8] + b"\xff" + film[second + 9 :]

    media = hashed(io.BytesIO(damaged))

    assert media.gap is Gap.DAMAGED
    assert media.frames[0].hashes[0] == reference_hash(photo())[0]


def test_a_sum_that_does_not_fit_does_not_hide_a_picture() -> None:
    whole = bytearray(saved(photo(), "PNG").getvalue())
    whole[whole.index(b"IEND") - 5] ^= 1  # the last byte of the checksum before

    media = hashed(io.BytesIO(bytes(whole)))

    assert bits_apart(media.frames[0].hashes[0], reference_hash(photo())[0]) <= 31


@pytest.mark.parametrize("picture", [Image.new("RGB", (1, 1)), Image.new("RGB", (300, 300), "red")])
def test_a_plain_picture_is_an_answer_and_not_an_error(picture: Image.Image) -> None:
    media = hashed(saved(picture, "PNG"))

    assert (media.comparable, media.gap) == (False, Gap.TOO_PLAIN)
    assert media.frames[0].quality < 50
    assert len(media.md5) == 32


@pytest.mark.parametrize(
    ("content", "declared", "gap"),
    [
        (b"\0\0\0\x18ftypmp42" + bytes(50), "", Gap.UNDECODED),
        (b"%PDF-1.7" + bytes(50), "", Gap.NOT_A_PICTURE),
        (b"hello", "", Gap.NOT_A_PICTURE),
        (b"<svg/>", "image/svg+xml", Gap.UNDECODED),
        (b"\0\0\0\x18ftypheic" + bytes(50), "", Gap.UNDECODED),
        (b"\xff\xd8\xff", "", Gap.UNDECODED),
    ],
)
def test_what_is_not_decoded_has_exact_hashes_and_tells_why(
    content: bytes, declared: str, gap: Gap
) -> None:
    media = hash_media(io.BytesIO(content), id="m1", content_type=declared)

    assert (media.gap, media.comparable, media.frames) == (gap, False, ())
    assert "only exact copies of it are found" in media.note
    assert media.sha256


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"x" * 11, "too_large")])
def test_only_a_file_of_no_bytes_or_too_many_is_unreadable(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        hashed(io.BytesIO(content), Limits(max_bytes=10))

    assert refusal.value.code == code


SMALL = photo(side=48)
FORMS = [
    saved(SMALL, "JPEG").getvalue(),
    saved(SMALL, "JPEG", progressive=True).getvalue(),
    saved(SMALL, "PNG").getvalue(),
    saved(SMALL.convert("P"), "GIF", save_all=True, append_images=[SMALL.rotate(9)]).getvalue(),
    saved(SMALL, "WEBP", save_all=True, append_images=[SMALL.rotate(9)]).getvalue(),
    saved(SMALL, "AVIF").getvalue(),
    saved(SMALL, "BMP").getvalue(),
    saved(SMALL, "JPEG2000").getvalue(),
]


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    form=st.sampled_from(FORMS),
    faults=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
    kept=st.floats(0.01, 1),
)
def test_no_damage_makes_hashing_fail(
    form: bytes, faults: list[tuple[float, int]], kept: float
) -> None:
    damaged = bytearray(form)
    for place, byte in faults:
        damaged[int(place * len(damaged))] = byte
    damaged = damaged[: max(1, int(len(damaged) * kept))]

    media = hashed(io.BytesIO(bytes(damaged)))

    assert len(media.sha256) == 64
    assert media.comparable or media.note
