"""A journal's tree told twice, by its tiles and by its entries, held against the signed root."""

from collections.abc import Callable, Iterator
from itertools import product

from dutybound.ledger.files import Files
from dutybound.ledger.findings import Finding, What, differences, missing
from dutybound.ledger.tiles import (
    HEIGHT,
    WIDTH,
    Edge,
    TileName,
    edge_root,
    grow,
    levels_of,
    tile_at,
    tiles_of,
)
from dutybound.ledger.tree import HASH_BYTES, root_of

Progress = Callable[[int, int], None]
"""(entries read so far, entries there are)"""

Hashes = tuple[bytes, ...]
UNKNOWN = bytes(HASH_BYTES)
"""Stands for the leaf hash of an entry that is not there."""


class Comparison:
    """Reads everything once; memory grows with the tiles above the first level only."""

    def __init__(self, files: Files, *, size: int, root: bytes, progress: Progress) -> None:
        self.files = files
        self.size = size
        self.root = root
        self.end = _end_of(files, size=size)
        self.told: dict[tuple[int, int], Hashes] = {}
        """The tiles above level 0 as the entries make them."""
        self.edge: Edge = ()
        """The unfinished tiles as the entries make them."""
        self.doubtful: list[TileName] = []
        """Tiles of level 0 that do not fit the entries under them."""
        self._read(progress)

    def findings(self) -> Iterator[Finding]:
        """Everything that does not fit the root, and if nothing but tiles does not, only those."""
        if self.end < self.size:
            yield missing(self.end, self.size - 1)
            yield from self._differing_entries(self._recorded)
        elif edge_root(self.edge) == self.root:
            yield from self._changed_tiles()
        else:
            yield from self._search()

    def _read(self, progress: Progress) -> None:
        done = 0
        for name in self._lowest():
            leaves = self.files.leaves(name) or []
            if self.files.hashes(name) != tuple(leaves):
                self.doubtful.append(name)
            # Kept to its width, so that one bundle's fault does not shift what comes after.
            fitted = [*leaves, *[UNKNOWN] * name.width][: name.width]
            self.edge, tiles = grow(self.edge, size=done, leaves=fitted)
            self.told |= {(at.level, at.index): tiles[at] for at in tiles if at.level > 0}
            done += name.width
            progress(done, self.size)

    def _lowest(self) -> Iterator[TileName]:
        return tiles_of(0, size=self.end)

    def _upper(self) -> Iterator[TileName]:
        for level in reversed(levels_of(self.size)[1:]):
            yield from tiles_of(level, size=self.size)

    def _changed_tiles(self) -> Iterator[Finding]:
        """The entries are as they were signed for, so a tile that does not fit them is wrong."""
        for name in self.doubtful:
            # Entries too many, after those that were signed for, make a tile doubtful as well.
            leaves = self.files.leaves(name) or []
            yield from differences(self._told(name), leaves, numbers=_numbers(name))
        for name in (*self.doubtful, *self._upper()):
            if self.files.hashes(name) != self._told(name):
                yield self._wrong(name)

    def _wrong(self, name: TileName) -> Finding:
        told = "does not match" if self.files.read(name.path) is not None else "is missing"
        return Finding(What.TILE, f"{name.path} {told}")

    def _search(self) -> Iterator[Finding]:
        """The entries are not as they were signed for: find the tiles that are, and compare."""
        proven: dict[TileName, Hashes] = {}
        edge = self._edge_of_the_root()
        if edge is None:
            yield Finding(
                What.ROOT, "neither the tiles nor the entries give the root that was signed"
            )
            edge = self._recorded_edge()
        for level in reversed(levels_of(self.size)):
            yield from self._proven_on(level, edge, proven)
        yield from self._differing_entries(proven.__getitem__)

    def _proven_on(
        self, level: int, edge: Edge, proven: dict[TileName, Hashes]
    ) -> Iterator[Finding]:
        """Add the level's tiles to those that are proven, each by the hash above it."""
        for name in tiles_of(level, size=self.size):
            recorded, told = self.files.hashes(name), self._told(name)
            if name.width < WIDTH:
                right: Hashes | None = edge[level]
            else:
                expected = proven[self._above(name)][name.index % WIDTH]
                tries = (recorded or told, told)
                right = next((tile for tile in tries if root_of(tile) == expected), None)
            if right is None or right != recorded:
                yield self._wrong(name)
            proven[name] = right or recorded or told

    def _recorded(self, name: TileName) -> Hashes:
        """The tile as it lies there; as its entries make it, if it is not there."""
        return self.files.hashes(name) or self._told(name)

    def _told(self, name: TileName) -> Hashes:
        if name.level > 0:
            return self.told[name.level, name.index]
        leaves = self.files.leaves(name) or []
        return tuple([*leaves, *[UNKNOWN] * name.width][: name.width])

    def _recorded_edge(self) -> Edge:
        return tuple(
            self._recorded(last) if (last := self._last(level)) else ()
            for level in levels_of(self.size)
        )

    def _above(self, name: TileName) -> TileName:
        """The tile that a full tile's own root is in."""
        above = tile_at(name.level + 1, name.index // WIDTH, size=self.size)
        assert above is not None
        return above

    def _last(self, level: int) -> TileName | None:
        return tile_at(level, self.size >> HEIGHT * (level + 1), size=self.size)

    def _edge_of_the_root(self) -> Edge | None:
        """Of the unfinished tiles, each recorded or as told, those that give the signed root."""
        choices = zip(self._recorded_edge(), self.edge, strict=True)
        return next((edge for edge in product(*choices) if edge_root(edge) == self.root), None)

    def _differing_entries(self, right: Callable[[TileName], Hashes]) -> Iterator[Finding]:
        """Compare the entries with the right tiles, all faults at once: entries may have moved."""
        expected: list[bytes] = []
        actual: list[bytes] = []
        numbers: list[int] = []
        for name in self._lowest():
            hashes, leaves = right(name), self.files.leaves(name) or []
            if hashes != tuple(leaves):
                expected += hashes
                actual += leaves
                numbers += _numbers(name)
        if numbers:
            yield from differences(expected, actual, numbers=numbers)


def _numbers(name: TileName) -> range:
    """The numbers of the entries under a tile of level 0."""
    return range(name.index * WIDTH, name.index * WIDTH + name.width)


def _end_of(files: Files, *, size: int) -> int:
    """How many entries to look for: all, but for a size that nothing on the right stands for.

    A changed checkpoint may name any size; looking for what was never there would not end.
    """
    last = tile_at(0, max(size - 1, 0) // WIDTH, size=size)
    if last is None or _is_there(files, last):
        return size
    return next(
        (name.index * WIDTH for name in tiles_of(0, size=size) if not _is_there(files, name)), size
    )


def _is_there(files: Files, name: TileName) -> bool:
    return files.hashes(name) is not None or files.leaves(name) is not None
