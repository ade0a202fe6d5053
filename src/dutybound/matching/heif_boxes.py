"""The boxes of a HEIF file: which items it has, what is said of each, and where its bytes are.

After ISO/IEC 14496-12 and 23008-12. Every length is checked against the box around it, and every
count against a limit; what is there twice, and would be read in two ways, is refused.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

_MOST_BYTES_OF_META = 4 << 20
_MOST_BOXES = _MOST_ITEMS = 10_000
_MOST_EXTENTS = 64
_READ_ONCE = (b"pitm", b"iinf", b"iloc", b"iref", b"iprp", b"idat", b"ipco")
_IN_FILE, _IN_IDAT, _ELSEWHERE = 0, 1, -1


class BadBoxes(ValueError):
    """The file is not laid out as HEIF is, or in a way that is not read here."""


class Bytes:
    """Bytes read in order; BadBoxes when more are asked for than there are."""

    def __init__(self, content: bytes | memoryview) -> None:
        self._left = memoryview(content)

    def take(self, size: int) -> bytes:
        return bytes(self._view(size))

    def rest(self) -> bytes:
        return self.take(len(self._left))

    def number(self, size: int, *, signed: bool = False) -> int:
        return int.from_bytes(self._view(size), "big", signed=signed)

    def count(self, size: int, *, most: int) -> int:
        count = self.number(size)
        if count > most:
            raise BadBoxes(f"expected at most {most}, got {count}")
        return count

    def version_and_flags(self) -> tuple[int, int]:
        return self.number(1), self.number(3)

    def boxes(self) -> "Iterator[tuple[bytes, Bytes]]":
        for _ in range(_MOST_BOXES):
            if not self._left:
                return
            size, kind = self.number(4), self.take(4)
            size = self.number(8) - 16 if size == 1 else size - 8 if size else len(self._left)
            yield kind, Bytes(self._view(size))
        raise BadBoxes(f"more than {_MOST_BOXES} boxes in one")

    def _view(self, size: int) -> memoryview:
        if not 0 <= size <= len(self._left):
            raise BadBoxes(f"expected {len(self._left)} bytes at most, asked for {size}")
        taken, self._left = self._left[:size], self._left[size:]
        return taken


@dataclass(slots=True)
class Item:
    """What the boxes say of one item.

    `extents` are places and lengths in the file, or in `idat`; a length of 0 reaches to the end.
    `points_to` are the items it is made of (dimg), or is a mask (auxl) or a thumbnail (thmb) of.
    """

    kind: bytes = b""
    source: int = _ELSEWHERE
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    points_to: defaultdict[bytes, list[int]] = field(default_factory=lambda: defaultdict(list))

    def property(self, kind: bytes) -> bytes:
        """The content of its first property of a kind, or empty."""
        return next((content for name, content in self.properties if name == kind), b"")


class Contents:
    """What a HEIF file has in it."""

    def __init__(self, file: BinaryIO) -> None:
        """BadBoxes when the list of it cannot be read."""
        self._file = file
        self._size = file.seek(0, 2)
        self._idat = b""
        self.items: defaultdict[int, Item] = defaultdict(Item)
        self.primary: int | None = None
        places = _places(file, self._size)
        self.has_film = b"moov" in places
        if b"meta" in places:
            start, size = places[b"meta"]
            if size > _MOST_BYTES_OF_META:
                raise BadBoxes(f"a list of contents of {size:,} bytes")
            self._read_meta(Bytes(_read(file, start, size, file_size=self._size)))

    def bytes_of(self, item: Item) -> bytes:
        """All that is stored of an item; BadBoxes when some of it is not in the file."""
        if item.source == _ELSEWHERE or not item.extents:
            raise BadBoxes("an item whose bytes are not in this file")
        size = self._size if item.source == _IN_FILE else len(self._idat)
        extents = [(place, length or size - place) for place, length in item.extents]
        if sum(length for _, length in extents) > size:
            raise BadBoxes("an item that is longer than the file")
        if item.source == _IN_IDAT:
            return b"".join(_piece(self._idat, *extent) for extent in extents)
        return b"".join(_read(self._file, *extent, file_size=size) for extent in extents)

    def _read_meta(self, meta: Bytes) -> None:
        meta.version_and_flags()
        boxes = _each_once(meta)
        if b"pitm" in boxes:
            version, _ = boxes[b"pitm"].version_and_flags()
            self.primary = boxes[b"pitm"].number(4 if version else 2)
        if b"idat" in boxes:
            self._idat = boxes[b"idat"].rest()
        for kind, read in (
            (b"iinf", self._read_kinds),
            (b"iloc", self._read_extents),
            (b"iref", self._read_references),
            (b"iprp", self._read_properties),
        ):
            if kind in boxes:
                read(boxes[kind])
        if len(self.items) > _MOST_ITEMS:
            raise BadBoxes(f"more than {_MOST_ITEMS} items")

    def _read_kinds(self, box: Bytes) -> None:
        version, _ = box.version_and_flags()
        box.count(4 if version else 2, most=_MOST_ITEMS)
        for _, entry in box.boxes():
            version, _ = entry.version_and_flags()
            # Before version 2 an entry said only what is not a picture.
            if version >= 2:
                item, protection = self.items[entry.number(2 * version - 2)], entry.number(2)
                kind = entry.take(4)
                if item.kind:
                    raise BadBoxes("an item that is two")
                item.kind = b"protected" if protection else kind

    def _read_extents(self, box: Bytes) -> None:
        version, _ = box.version_and_flags()
        sizes = box.number(2)
        offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        has_source = version in (1, 2)
        id_bytes = 4 if version > 1 else 2
        for _ in range(box.count(id_bytes, most=_MOST_ITEMS)):
            item = self.items[box.number(id_bytes)]
            if item.extents:
                raise BadBoxes("an item in two places")
            source = box.number(2) & 15 if has_source else _IN_FILE
            is_here = box.number(2) == 0 and source in (_IN_FILE, _IN_IDAT)
            item.source = source if is_here else _ELSEWHERE
            begin = box.number(base)
            for _ in range(box.count(2, most=_MOST_EXTENTS)):
                box.take(index if has_source else 0)
                item.extents.append((begin + box.number(offset), box.number(length)))

    def _read_references(self, box: Bytes) -> None:
        version, _ = box.version_and_flags()
        id_bytes = 4 if version else 2
        for kind, reference in box.boxes():
            points_to = self.items[reference.number(id_bytes)].points_to[kind]
            count = reference.count(2, most=_MOST_ITEMS)
            points_to += [reference.number(id_bytes) for _ in range(count)]

    def _read_properties(self, box: Bytes) -> None:
        boxes = list(box.boxes())
        known = [
            (kind, content.rest())
            for name, container in boxes
            if name == b"ipco"
            for kind, content in container.boxes()
        ]
        for name, links in boxes:
            if name == b"ipma":
                self._read_links(links, known)

    def _read_links(self, links: Bytes, known: list[tuple[bytes, bytes]]) -> None:
        version, flags = links.version_and_flags()
        # One bit says whether a reader must know the property; the rest is its number from 1.
        size, mask = (2, 0x7FFF) if flags & 1 else (1, 0x7F)
        for _ in range(links.count(4, most=_MOST_ITEMS)):
            item = self.items[links.number(4 if version else 2)]
            for _ in range(links.number(1)):
                number = links.number(size) & mask
                if number > len(known):
                    raise BadBoxes(f"property {number} of {len(known)}")
                if number:
                    item.properties.append(known[number - 1])


def _places(file: BinaryIO, file_size: int) -> dict[bytes, tuple[int, int]]:
    """Where the content of each of the file's own boxes begins, and how long it is."""
    places: dict[bytes, tuple[int, int]] = {}
    place = 0
    for _ in range(_MOST_BOXES):
        if place >= file_size:
            return places
        header = Bytes(_read(file, place, min(16, file_size - place), file_size=file_size))
        size, kind, begin = header.number(4), header.take(4), 8
        if size == 1:
            size, begin = header.number(8), 16
        size = size or file_size - place
        if size < begin or (kind == b"meta" and kind in places):
            raise BadBoxes(f"box {kind!r} of {size} bytes")
        places[kind] = (place + begin, size - begin)
        place += size
    raise BadBoxes(f"more than {_MOST_BOXES} boxes")


def _each_once(container: Bytes) -> dict[bytes, Bytes]:
    boxes: dict[bytes, Bytes] = {}
    for kind, content in container.boxes():
        if kind in boxes and kind in _READ_ONCE:
            raise BadBoxes(f"two boxes {kind!r}")
        boxes[kind] = content
    return boxes


def _piece(content: bytes, place: int, size: int) -> bytes:
    if not 0 < size <= len(content) - place:
        raise BadBoxes(f"expected {size} bytes at {place} of {len(content)}")
    return content[place : place + size]


def _read(file: BinaryIO, place: int, size: int, *, file_size: int) -> bytes:
    if not 0 < size <= file_size - place:
        raise BadBoxes(f"expected {size} bytes at {place} of {file_size}")
    file.seek(place)
    return file.read(size)
