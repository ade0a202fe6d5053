"""Tiles: the tree's hashes and entries as files of 256 (c2sp.org/tlog-tiles)."""

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dutybound.ledger.tree import HASH_BYTES, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = -1
"""The level of entry bundles, as Go's tlog package numbers it."""

_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)
_LENGTH = struct.Struct(">H")

Edge = tuple[tuple[bytes, ...], ...]
"""By level, the hashes of the last tile that is not full: all that growing a tree needs."""

ReadTile = Callable[["TileName"], Sequence[bytes]]


class BadBundle(ValueError):
    """The bytes are not entries, each after its length."""


@dataclass(frozen=True, slots=True)
class TileName:
    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        level = "entries" if self.level == ENTRIES else self.level
        number = f"{self.index % 1000:03}"
        rest = self.index // 1000
        while rest:
            number = f"x{rest % 1000:03}/{number}"
            rest //= 1000
        partial = f".p/{self.width}" if self.width < WIDTH else ""
        return f"tile/{level}/{number}{partial}"

    def __str__(self) -> str:
        return self.path.removeprefix("tile/")


def name_in(path: str) -> TileName | None:
    """The tile that a path names; None unless it is written exactly as tlog-tiles has it."""
    parts = _PATH.fullmatch(path)
    if not parts:
        return None
    level, number, width = parts.groups()
    name = TileName(
        ENTRIES if level == "entries" else int(level),
        int(number.replace("/", "").replace("x", "")),
        int(width or WIDTH),
    )
    return name if name.path == path and name.level < 64 else None


def tile_at(level: int, index: int, *, size: int) -> TileName | None:
    """The tile as a tree of that size has it: full, partial, or not at all."""
    hashes = size >> HEIGHT * max(level, 0)
    width = min(hashes - index * WIDTH, WIDTH)
    return TileName(level, index, width) if width > 0 else None


def tiles_of(level: int, *, size: int) -> Iterator[TileName]:
    """Every tile of one level, from the left."""
    index = 0
    while name := tile_at(level, index, size=size):
        yield name
        index += 1


def levels_of(size: int) -> range:
    """The levels that a tree of that size has hash tiles on."""
    level = 0
    while size >> HEIGHT * level:
        level += 1
    return range(level)


def hashes_in(tile: bytes) -> tuple[bytes, ...]:
    return tuple(tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES))


def bundle_of(entries: Sequence[bytes]) -> bytes:
    return b"".join(_LENGTH.pack(len(entry)) + entry for entry in entries)


def entries_in(bundle: bytes) -> list[bytes]:
    """The entries of a bundle; raises BadBundle if the last one is cut short."""
    entries, rest = split_bundle(bundle)
    if rest:
        raise BadBundle(f"after {len(entries)} entries, {len(rest)} bytes are not an entry")
    return entries


def split_bundle(bundle: bytes) -> tuple[list[bytes], bytes]:
    """The entries that are whole, and what is left over."""
    entries: list[bytes] = []
    at = 0
    while at + _LENGTH.size <= len(bundle):
        end = at + _LENGTH.size + _LENGTH.unpack_from(bundle, at)[0]
        if end > len(bundle):
            break
        entries.append(bundle[at + _LENGTH.size : end])
        at = end
    return entries, bundle[at:]


def edge_root(edge: Edge) -> bytes:
    """The root of the whole tree, from its unfinished tiles alone."""
    row: list[bytes] = []
    for hashes in edge:
        row = [root_of([*hashes, *row])] if hashes or row else []
    return root_of(row)


def grow(
    edge: Edge, *, size: int, leaves: Sequence[bytes]
) -> tuple[Edge, dict[TileName, tuple[bytes, ...]]]:
    """The edge after the leaves were added to a tree of that size, and every tile they changed."""
    grown: list[tuple[bytes, ...]] = []
    tiles: dict[TileName, tuple[bytes, ...]] = {}
    added = tuple(leaves)
    for level in levels_of(size + len(leaves)):
        hashes = (edge[level] if level < len(edge) else ()) + added
        first = size >> HEIGHT * (level + 1)
        roots = []
        for at in range(0, len(hashes), WIDTH):
            tile = hashes[at : at + WIDTH]
            if added:
                tiles[TileName(level, first + at // WIDTH, len(tile))] = tile
            if len(tile) == WIDTH:
                roots.append(root_of(tile))
        grown.append(hashes[len(roots) * WIDTH :])
        added = tuple(roots)
    return tuple(grown), tiles


def subtree_from(read: ReadTile, *, size: int) -> Callable[[int, int], bytes]:
    """What `tree` makes proofs from, found in the tiles of a tree of that size."""

    def subtree(height: int, index: int) -> bytes:
        level, above = divmod(height, HEIGHT)
        first = index << above
        name = tile_at(level, first // WIDTH, size=size)
        if name is None:
            raise ValueError(f"a tree of {size} has no subtree {index} of height {height}")
        at = first % WIDTH
        return root_of(read(name)[at : at + (1 << above)])

    return subtree
