"""HEIC: what a phone's photograph shows is compared, and nothing in the file hides it."""

import io
import random
import struct
from dataclasses import replace

import pytest
from PIL import Image, ImageOps

from dutybound.matching import Gap, Limits, MediaHashes, hash_media
from dutybound.matching.apart import Decoders
from tests.library.matching import heics
from tests.library.matching.heics import OTHER, SHOWN, Item, box, coded, grid, heic, in_tiles
from tests.library.matching.photos import bits_apart, reference_hash, saved

NEAR = 8
"""Bits that the compression may change."""


def hashed(file: io.BytesIO, limits: Limits | None = None) -> MediaHashes:
    return hash_media(file, id="m1", limits=limits or Limits())


def shows(media: MediaHashes, picture: Image.Image, *, frame: int = 0) -> bool:
    known, _ = reference_hash(picture)
    return bits_apart(media.frames[frame].hashes[0], known) <= NEAR


def nv(full_range: bool) -> bytes:
    return box(b"colr", b"nclx" + bytes(6) + bytes([full_range << 7]))


@pytest.mark.parametrize(
    "items",
    [
        {1: coded(SHOWN)},
        {1: coded(SHOWN, pixels="yuv420p10le")},
        {1: coded(SHOWN, pixels="yuvj420p")},
        {1: coded(SHOWN, nv(full_range=True), pixels="yuvj420p")},
        {1: replace(coded(SHOWN), is_in_idat=True)},
        {1: Item(b"iden", b"-", (heics.size_of(320, 240),), ((b"dimg", (2,)),)), 2: coded(SHOWN)},
        in_tiles(SHOWN),
    ],
    ids=["one picture", "10 bits", "full range", "full range, told", "in idat", "again", "tiles"],
)
def test_the_picture_is_as_near_as_the_same_one_in_another_format(items: dict[int, Item]) -> None:
    media = hashed(heic(items))

    assert (media.content_type, media.gap) == ("image/heic", Gap.NONE)
    assert len(media.frames) == 1
    assert shows(media, SHOWN)
    assert shows(hashed(saved(SHOWN, "JPEG", quality=90)), SHOWN)


@pytest.mark.parametrize(
    ("properties", "upright"),
    [
        ((heics.turned(1),), SHOWN.transpose(Image.Transpose.ROTATE_90)),
        ((heics.turned(2),), SHOWN.transpose(Image.Transpose.ROTATE_180)),
        ((heics.turned(3),), SHOWN.transpose(Image.Transpose.ROTATE_270)),
        ((heics.mirrored(0),), ImageOps.flip(SHOWN)),
        ((heics.mirrored(1),), ImageOps.mirror(SHOWN)),
        (
            (heics.turned(1), heics.mirrored(1)),
            ImageOps.mirror(SHOWN.transpose(Image.Transpose.ROTATE_90)),
        ),
        ((heics.cut(200, 180, right=-20, down=10),), SHOWN.crop((40, 40, 240, 220))),
    ],
)
def test_it_is_turned_mirrored_and_cut_as_viewers_do_whatever_its_exif_says(
    properties: heics.Properties, upright: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    note = Item(b"Exif", bytes(4) + exif.tobytes(), (), ((b"cdsc", (1,)),))

    media = hashed(heic({**in_tiles(SHOWN, *properties), 2: note}))

    assert shows(media, upright)
    assert media.comparable


def test_what_a_part_was_cut_from_is_compared_as_well() -> None:
    media = hashed(heic({1: coded(SHOWN, heics.cut(60, 60))}))

    assert [frame.number for frame in media.frames] == [0, 0]
    assert shows(media, SHOWN, frame=1)


def test_the_primary_picture_comes_first_and_no_mask_is_taken_for_one() -> None:
    depth = coded(OTHER.convert("L"), heics.DEPTH, points_to=((b"auxl", (1,)),), pixels="gray")
    thumbnail = coded(SHOWN.resize((160, 120)), points_to=((b"thmb", (1,)),))
    second = coded(OTHER)

    media = hashed(heic({5: thumbnail, 6: depth, 7: second, **in_tiles(SHOWN)}))

    assert media.comparable
    assert [frame.number for frame in media.frames] == [0, 1, 2]
    assert shows(media, SHOWN, frame=0)
    assert bits_apart(media.frames[1].hashes[0], reference_hash(SHOWN)[0]) <= 31
    assert shows(media, OTHER, frame=2)


def test_a_picture_that_is_only_in_what_is_see_through_is_compared() -> None:
    black = coded(Image.new("RGB", SHOWN.size))
    alpha = coded(SHOWN.convert("L"), heics.ALPHA, points_to=((b"auxl", (1,)),), pixels="gray")

    media = hashed(heic({1: black, 2: alpha}))

    assert media.comparable
    assert any(shows(media, ImageOps.invert(SHOWN.convert("L")), frame=n) for n in range(2))


def test_pictures_in_a_file_of_a_wider_brand_are_those_another_reader_finds() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    avif = saved(SHOWN, "AVIF", exif=exif, quality=90)
    as_mif1 = io.BytesIO(avif.getvalue().replace(b"avif", b"mif1"))

    media = hashed(as_mif1)

    assert (media.content_type, media.gap) == ("image/heic", Gap.NONE)
    assert bits_apart(media.frames[0].hashes[0], hashed(avif).frames[0].hashes[0]) <= NEAR


def test_a_sequence_is_compared_and_so_is_the_picture_that_stands_for_it() -> None:
    moving = heics.sequence([OTHER] * 3)

    alone = hashed(io.BytesIO(moving))
    both = hashed(heic({1: coded(SHOWN)}, film=moving))

    assert alone.content_type == both.content_type == "image/heic"
    assert alone.gap is both.gap is Gap.NONE
    assert shows(alone, OTHER)
    assert shows(both, SHOWN)
    assert shows(both, OTHER, frame=1)


TILES = in_tiles(SHOWN)
ONE = coded(SHOWN)
OVERLAY = Item(b"iovl", bytes(12), (heics.size_of(320, 240),), ((b"dimg", (2,)),))


def said_to_be(item: Item, side: int) -> Item:
    kept = [each for each in item.properties if b"ispe" not in each]
    return replace(item, properties=(*kept, heics.size_of(side, side)))


LARGE = grid((60_000, 60_000), rows=2, columns=3, tiles=range(101, 107))


@pytest.mark.parametrize(
    ("items", "gap"),
    [
        ({1: OVERLAY, 2: ONE}, Gap.DAMAGED),
        ({**TILES, 102: replace(TILES[102], content=b"\0\0\0\1x")}, Gap.DAMAGED),
        ({**TILES, 1: grid((320, 240), rows=2, columns=3, tiles=(101, 102))}, Gap.DAMAGED),
        ({1: ONE, 2: replace(ONE, kind=b"vvc1")}, Gap.DAMAGED),
        ({1: replace(ONE, kind=b"vvc1")}, Gap.UNDECODED),
        ({1: replace(ONE, content=ONE.content[:9])}, Gap.UNDECODED),
        ({1: replace(ONE, properties=ONE.properties[1:])}, Gap.UNDECODED),
        ({2: ONE}, Gap.DAMAGED),
        ({}, Gap.UNDECODED),
        ({1: grid((320, 240), rows=1, columns=1, tiles=(1,))}, Gap.UNDECODED),
        ({1: grid((999, 999), rows=1, columns=1, tiles=(2,)), 2: ONE}, Gap.UNDECODED),
        ({1: grid((99, 99), rows=9, columns=9, tiles=[2] * 81), 2: ONE}, Gap.UNDECODED),
        ({1: said_to_be(ONE, 70_000)}, Gap.TOO_MANY_PIXELS),
        ({**TILES, 1: LARGE}, Gap.TOO_MANY_PIXELS),
        ({**TILES, 1: said_to_be(LARGE, 9)}, Gap.TOO_MANY_PIXELS),
    ],
    ids=[
        "overlay", "bad tile", "too few tiles", "a second in another format", "another format",
        "nothing in it", "no set-up", "no primary picture", "no picture", "its own tile",
        "tiles that leave some open", "tiles that are not needed",
        "large", "large in tiles", "large, said to be small",
    ],
)  # fmt: skip
def test_what_was_not_compared_as_a_whole_is_held(items: dict[int, Item], gap: Gap) -> None:
    media = hashed(heic(items))

    assert media.is_in_doubt
    assert media.gap is gap


@pytest.mark.parametrize(
    ("max_pixels", "gap"), [(20_000, Gap.UNDECODED), (2 * 320 * 240 - 2, Gap.TOO_MANY_PIXELS)]
)
def test_a_picture_that_is_larger_than_it_says_is_not_compared(max_pixels: int, gap: Gap) -> None:
    media = hashed(heic({1: said_to_be(ONE, 8)}), Limits(max_pixels=max_pixels))

    assert (media.gap, media.frames) == (gap, ())


def test_when_the_time_is_spent_the_rest_is_held() -> None:
    media = hashed(heic(TILES), Limits(max_decoding_seconds=0))

    assert media.is_in_doubt


def test_a_file_that_ends_early_is_held_wherever_it_ends() -> None:
    whole = heic(in_tiles(SHOWN.resize((200, 120)))).getvalue()

    gaps = {hashed(io.BytesIO(whole[:end])).gap for end in range(16, len(whole), 397)}

    assert gaps == {Gap.UNDECODED, Gap.DAMAGED}


def test_no_change_of_its_boxes_is_an_error_or_keeps_the_picture_from_being_asked_about() -> None:
    whole = heic({1: coded(SHOWN.resize((64, 48))), 2: OVERLAY}).getvalue()
    boxes = whole.index(b"mdat")
    dice = random.Random(1)

    for _ in range(300):
        changed = bytearray(whole)
        for _ in range(dice.randint(1, 3)):
            changed[dice.randrange(16, boxes)] = dice.choice((0, 1, 2, 127, 255))
        media = hashed(io.BytesIO(bytes(changed)))
        assert media.frames or media.is_in_doubt


def many_places() -> bytes:
    """An item in 65,535 places of no length that take no bytes to say."""
    return heics.full_box(b"iloc", struct.pack(">HHHHHH", 0, 1, 1, 0, 0, 65_535), version=1)


def test_few_bytes_cannot_tell_of_a_lot() -> None:
    head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    pitm = heics.full_box(b"pitm", struct.pack(">H", 1))

    for inner in (many_places(), box(b"free", b"") * 20_000, pitm * 2):
        file = io.BytesIO(head + heics.full_box(b"meta", pitm + inner))
        assert hashed(file).gap is Gap.UNDECODED


def test_a_process_apart_gives_the_same_answer() -> None:
    decoders = Decoders(most=1)

    apart = decoders.hash_media(heic(TILES), id="m1")
    decoders.close()

    assert apart == hashed(heic(TILES))
