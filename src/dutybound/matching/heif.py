"""The still pictures of a HEIF file, decoded and as viewers show them; HEIC is HEIF with HEVC.

What is compressed goes to FFmpeg's decoders, one picture or tile at a time. FFmpeg's own reader of
HEIF is not used: through PyAV it gives the tiles of a picture, and not where they belong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time
from typing import BinaryIO

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from dutybound.matching.film import CANNOT_DECODE, Frame
from dutybound.matching.heif_boxes import BadBoxes, Bytes, Contents, Item
from dutybound.matching.pictures import Limits

# By the kind of an item: FFmpeg's decoder, and the property that sets it up.
_CODECS = {
    b"hvc1": ("hevc", b"hvcC"),
    b"av01": ("libdav1d", b"av1C"),
    b"jpeg": ("mjpeg", b"jpgC"),
}
_GRID, _SAME, _OVERLAY = b"grid", b"iden", b"iovl"
_NO_PICTURES = {b"", b"Exif", b"mime", b"uri ", b"iptc", b"tmap", b"rgan"}
_MADE_OF, _MASK_OF, _THUMBNAIL_OF = b"dimg", b"auxl", b"thmb"
_ALPHA = {
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
}
_MOST_STEPS = 3
_TURNS = (
    None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270,
)  # fmt: skip
_MIRRORS = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)
_JPEG_RANGE = 2


class Heif:
    """An open HEIF file; once its stills have been seen, it knows what was amiss."""

    def __init__(self, file: BinaryIO, *, limits: Limits) -> None:
        """BadBoxes when it is not HEIF after all, or there is no telling what is in it."""
        self._contents = Contents(file)
        self._items = self._contents.items
        self._mask_of = {
            seen: mask_id
            for mask_id, mask in self._items.items()
            if _is_alpha(mask)
            for seen in mask.points_to[_MASK_OF]
        }
        self._max_pixels = limits.max_pixels
        self._until = thread_time() + limits.max_decoding_seconds
        self._decoder: _Decoder | None = None
        self.has_stills = self._contents.primary is not None
        self.has_film = self._contents.has_film
        self.has_too_many_pixels = False
        self.is_damaged = False
        self.is_cut_short = False

    def stills(self) -> Iterator[tuple[int, Image.Image]]:
        """What is shown in grey, see-through or not, with its number: the primary picture is 0.

        Others follow, as some viewers show them too: all but tiles, masks, and what is no picture.
        A picture of which only a part is to be shown comes whole as well. Pictures laid over each
        other are not put together: they come one by one, and the file counts as damaged.
        """
        for number, item_id in enumerate(self._shown_ids()):
            try:
                picture = self._seen(item_id)
                yield number, picture
                if self._items[item_id].property(b"clap"):
                    yield number, self._seen(item_id, is_cropped=False)
            except CANNOT_DECODE:
                self.is_damaged = True
            if self.is_cut_short:
                return

    def _shown_ids(self) -> list[int]:
        primary, items = self._contents.primary, self._items
        if primary is None:
            return []
        parts = {
            part
            for item in items.values()
            if item.kind != _OVERLAY
            for part in item.points_to[_MADE_OF]
        }
        others = (item_id for item_id in items if item_id not in parts and item_id != primary)
        return [primary, *(item_id for item_id in others if _is_shown(items[item_id]))]

    def _seen(self, item_id: int, *, is_cropped: bool = True) -> Image.Image:
        picture = self._shown(item_id, is_cropped=is_cropped)
        if item_id in self._mask_of:
            try:
                mask = self._shown(self._mask_of[item_id], is_cropped=is_cropped)
                picture.putalpha(mask.resize(picture.size))
            except CANNOT_DECODE:
                self.is_damaged = True
        return picture

    def _shown(self, item_id: int, *, steps: int = 0, is_cropped: bool = True) -> Image.Image:
        """A picture as its properties have it turned and cut; BadBoxes if it cannot be."""
        item = self._items[item_id]
        self._check(item, steps)
        if item.kind in _CODECS:
            picture = self._decoded(item)
        elif item.kind == _GRID:
            picture = self._put_together(item, steps + 1)
        elif item.kind == _SAME and item.points_to[_MADE_OF]:
            picture = self._shown(item.points_to[_MADE_OF][0], steps=steps + 1)
        else:
            raise BadBoxes(f"a picture of kind {item.kind!r}")
        for name, content in item.properties:
            if name != b"clap" or is_cropped:
                picture = _changed(picture, name, Bytes(content))
        return picture

    def _check(self, item: Item, steps: int) -> None:
        if steps > _MOST_STEPS:
            raise BadBoxes("a picture made of pictures made of pictures")
        if thread_time() > self._until:
            self.is_cut_short = True
            raise BadBoxes("its time is spent")
        # Decoders hold about as much again for each picture as is made of it.
        most = self._max_pixels if item.kind == _GRID else self._max_pixels // 2
        size = Bytes(item.property(b"ispe")[4:])
        self._check_size(size.number(4) * size.number(4), most=most)

    def _check_size(self, pixels: int, *, most: int) -> None:
        if pixels > most:
            self.has_too_many_pixels = True
            raise BadBoxes(f"a picture of {pixels:,} pixels")

    def _put_together(self, item: Item, steps: int) -> Image.Image:
        grid = _grid_of(self._contents.bytes_of(item))
        tiles = item.points_to[_MADE_OF]
        if len(tiles) != grid.columns * grid.rows:
            raise BadBoxes(f"{len(tiles)} tiles for {grid.rows} rows of {grid.columns}")
        self._check_size(grid.width * grid.height, most=self._max_pixels)
        whole = Image.new("L", (grid.width, grid.height))
        size: tuple[int, int] | None = None
        for place, tile_id in enumerate(tiles):
            try:
                tile = self._shown(tile_id, steps=steps)
            except CANNOT_DECODE:
                self.is_damaged = True
                continue
            size = size or tile.size
            row, column = divmod(place, grid.columns)
            whole.paste(tile, (column * size[0], row * size[1]))
            grid.check(tile.size, size)
        if size is None:
            raise BadBoxes("none of its tiles could be decoded")
        return whole

    def _decoded(self, item: Item) -> Image.Image:
        name, setting = _CODECS[item.kind]
        key = (name, item.property(setting))
        if self._decoder is None or self._decoder.key != key:
            # One eighth more, since decoders round the sides up.
            self._decoder = _Decoder(key, max_pixels=self._max_pixels * 9 // 16)
        try:
            frame = self._decoder.decode(self._contents.bytes_of(item))
        except CANNOT_DECODE:
            self._decoder = None
            raise
        self._check_size(frame.width * frame.height, most=self._max_pixels // 2)
        self.is_damaged |= frame.is_corrupt
        return Image.fromarray(_shades(frame, is_full_range=_is_full_range(item, frame)))


class _Decoder:
    """One of FFmpeg's decoders, for pictures that are set up alike."""

    def __init__(self, key: tuple[str, bytes], *, max_pixels: int) -> None:
        self.key = key
        name, setting = key
        context = av.CodecContext.create(name, "r")
        assert isinstance(context, VideoCodecContext)
        context.extradata = setting or None
        context.thread_count = 1
        context.options = {"max_pixels": str(max_pixels)}
        self._context = context

    def decode(self, content: bytes) -> VideoFrame:
        frames = [*self._context.decode(Packet(content)), *self._context.decode(None)]
        self._context.flush_buffers()
        if not frames:
            raise BadBoxes("no picture in what should be one")
        return frames[0]


@dataclass(frozen=True, slots=True)
class _Grid:
    """How many tiles make a picture, and how large that is."""

    rows: int
    columns: int
    width: int
    height: int

    def check(self, tile: tuple[int, int], first: tuple[int, int]) -> None:
        """BadBoxes when tiles differ, leave something open, or some are not needed."""
        rows, columns = -(-self.height // tile[1]), -(-self.width // tile[0])
        if tile != first or (rows, columns) != (self.rows, self.columns):
            raise BadBoxes(f"a tile of {tile} among tiles of {first}")


def _grid_of(content: bytes) -> _Grid:
    told = Bytes(content)
    told.number(1)
    size = 4 if told.number(1) & 1 else 2
    rows, columns = told.number(1) + 1, told.number(1) + 1
    return _Grid(rows, columns, told.number(size), told.number(size))


def _is_shown(item: Item) -> bool:
    """Whether viewers may show it by itself; a thumbnail in a format of others does no harm."""
    is_thumbnail = bool(item.points_to[_THUMBNAIL_OF])
    is_known = item.kind in _CODECS or item.kind in (_GRID, _SAME)
    is_picture = item.kind not in _NO_PICTURES and not item.points_to[_MASK_OF]
    return is_picture and (is_known or not is_thumbnail)


def _is_alpha(item: Item) -> bool:
    return item.property(b"auxC")[4:].split(b"\0")[0] in _ALPHA


def _changed(picture: Image.Image, name: bytes, content: Bytes) -> Image.Image:
    """The picture after one property of it: turned, mirrored, cut, or as it was."""
    if name == b"irot":
        turn = _TURNS[content.number(1) & 3]
        return picture if turn is None else picture.transpose(turn)
    if name == b"imir":
        return picture.transpose(_MIRRORS[content.number(1) & 1])
    if name == b"clap":
        return picture.crop(_cut(content, picture.size))
    return picture


def _cut(content: Bytes, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The box of the part that is shown, as far as it is in the picture; all, if none is."""
    width, height, right, down = (
        content.number(4, signed=True) / (content.number(4) or 1) for _ in range(4)
    )
    left, top = ((size[0] - width) / 2 + right, (size[1] - height) / 2 + down)
    within = (
        max(0, round(left)),
        max(0, round(top)),
        min(size[0], round(left + width)),
        min(size[1], round(top + height)),
    )
    return within if within[0] < within[2] and within[1] < within[3] else (0, 0, *size)


def _is_full_range(item: Item, frame: VideoFrame) -> bool:
    """Whether black is 0; what the file says of it goes before what the picture says."""
    for name, content in item.properties:
        if name == b"colr" and content[:4] == b"nclx":
            return bool(content[10:11] > b"\x7f")
    return frame.color_range == _JPEG_RANGE or frame.format.name.startswith("yuvj")


def _shades(frame: VideoFrame, *, is_full_range: bool) -> NDArray[np.uint8]:
    return Frame(0, 0, 0.0, frame).plane().shown(is_full_range=is_full_range)
