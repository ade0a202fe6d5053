"""HEIF files of photographs, made on the spot: HEVC by PyAV's encoder, the boxes around it here."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import av
from PIL import Image

from tests.library.matching.films import film
from tests.library.matching.photos import photo

SHOWN = photo().resize((320, 240))
OTHER = photo(seed=2).resize((160, 120))
TILE = 128
QUICKLY = {"preset": "ultrafast", "crf": "8", "x265-params": "log-level=none:keyint=1"}
Properties = tuple[bytes, ...]
References = tuple[tuple[bytes, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Item:
    """An item as it is written; `points_to` are (kind, ids)."""

    kind: bytes
    content: bytes
    properties: Properties = ()
    points_to: References = ()
    is_in_idat: bool = False


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def full_box(kind: bytes, content: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags) + content)


def size_of(width: int, height: int) -> bytes:
    return full_box(b"ispe", struct.pack(">II", width, height))


def turned(times: int) -> bytes:
    """By so many times 90° against the clock."""
    return box(b"irot", bytes([times]))


def mirrored(axis: int) -> bytes:
    """Top and bottom exchanged (0), or left and right (1)."""
    return box(b"imir", bytes([axis]))


def cut(width: int, height: int, *, right: int = 0, down: int = 0) -> bytes:
    """To a part whose middle is so far from the picture's."""
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, right, 1, down, 1))


def mask_of_kind(urn: bytes) -> bytes:
    return full_box(b"auxC", urn + b"\0")


ALPHA = mask_of_kind(b"urn:mpeg:hevc:2015:auxid:1")
DEPTH = mask_of_kind(b"urn:mpeg:hevc:2015:auxid:2")


def coded(
    picture: Image.Image,
    *properties: bytes,
    points_to: References = (),
    pixels: str = "yuv420p",
) -> Item:
    """A picture compressed with HEVC."""
    setting, content = _hevc(picture.tobytes(), picture.size, picture.mode, pixels)
    size = size_of(*picture.size)
    return Item(b"hvc1", content, (box(b"hvcC", setting), size, *properties), points_to)


def sequence(pictures: Sequence[Image.Image]) -> bytes:
    """Pictures that follow each other, in a file that says it is no film."""
    made = film(pictures, codec="libx265", **QUICKLY).getvalue()
    return made[:8] + b"msf1" + made[12:]


@cache
def _hevc(points: bytes, size: tuple[int, int], mode: str, pixels: str) -> tuple[bytes, bytes]:
    picture = Image.frombytes(mode, size, points)
    with av.open(film([picture], codec="libx265", pixels=pixels, **QUICKLY), mode="r") as made:
        stream = made.streams.video[0]
        setting = stream.codec_context.extradata
        assert setting is not None
        return setting, bytes(next(made.demux(stream)))


def grid(size: tuple[int, int], *, rows: int, columns: int, tiles: Sequence[int]) -> Item:
    """What puts tiles together to a picture of that size."""
    content = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, *size)
    return Item(b"grid", content, (size_of(*size),), ((b"dimg", tuple(tiles)),), is_in_idat=True)


def in_tiles(picture: Image.Image, *properties: bytes) -> dict[int, Item]:
    """The picture as a phone writes it: item 1, in tiles from item 101 on, row by row."""
    width, height = picture.size
    tiles = [
        coded(picture.crop((x, y, x + TILE, y + TILE)))
        for y in range(0, height, TILE)
        for x in range(0, width, TILE)
    ]
    ids = range(101, 101 + len(tiles))
    whole = grid(picture.size, rows=-(-height // TILE), columns=-(-width // TILE), tiles=ids)
    whole = replace(whole, properties=(*whole.properties, *properties))
    return {1: whole, **dict(zip(ids, tiles, strict=True))}


def heic(items: dict[int, Item], *, primary: int = 1, film: bytes = b"") -> io.BytesIO:
    """A file with these items, behind a film if there is one."""
    head = film or box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    length = len(_meta(items, primary=primary, begin=0))
    begin = len(head) + length + 8
    outside = b"".join(item.content for item in items.values() if not item.is_in_idat)
    return io.BytesIO(head + _meta(items, primary=primary, begin=begin) + box(b"mdat", outside))


def _meta(items: dict[int, Item], *, primary: int, begin: int) -> bytes:
    kinds = b"".join(
        full_box(b"infe", struct.pack(">HH4sB", item_id, 0, item.kind, 0), version=2)
        for item_id, item in items.items()
    )
    references = b"".join(
        box(kind, struct.pack(f">HH{len(ids)}H", item_id, len(ids), *ids))
        for item_id, item in items.items()
        for kind, ids in item.points_to
    )
    content = (
        full_box(b"hdlr", bytes(4) + b"pict" + bytes(13))
        + full_box(b"pitm", struct.pack(">H", primary))
        + full_box(b"iinf", struct.pack(">H", len(items)) + kinds)
        + full_box(b"iloc", _places(items, begin=begin), version=1)
        + full_box(b"iref", references)
        + box(b"iprp", _properties(items))
        + box(b"idat", b"".join(item.content for item in items.values() if item.is_in_idat))
    )
    return full_box(b"meta", content)


def _places(items: dict[int, Item], *, begin: int) -> bytes:
    told = struct.pack(">HH", 0x4400, len(items))
    places = [begin, 0]
    for item_id, item in items.items():
        place, length = places[item.is_in_idat], len(item.content)
        told += struct.pack(">HHHHII", item_id, item.is_in_idat, 0, 1, place, length)
        places[item.is_in_idat] += length
    return told


def _properties(items: dict[int, Item]) -> bytes:
    known = list(dict.fromkeys(each for item in items.values() for each in item.properties))
    links = b"".join(
        struct.pack(">HB", item_id, len(item.properties))
        + bytes(0x80 | 1 + known.index(each) for each in item.properties)
        for item_id, item in items.items()
    )
    return box(b"ipco", b"".join(known)) + full_box(b"ipma", struct.pack(">I", len(items)) + links)
