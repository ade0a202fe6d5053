"""A journal's files, wherever they lie: read by path, as c2sp.org/tlog-tiles names them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from dutybound.ledger.tiles import ENTRIES, WIDTH, TileName, hashes_in, split_bundle
from dutybound.ledger.tree import HASH_BYTES, leaf_hash

Read = Callable[[str], bytes | None]
"""path → bytes, or None if there is no such file."""


@dataclass(frozen=True, slots=True)
class Files:
    read: Read

    def hashes(self, name: TileName) -> tuple[bytes, ...] | None:
        """The hashes of a tile; None if it is not there or not as long as it should be."""
        tile = self.read(name.path)
        if tile is None and name.width < WIDTH:
            # Once a tile is full, a log may drop its partial forms.
            full = self.read(replace(name, width=WIDTH).path)
            tile = full and full[: name.width * HASH_BYTES]
        if tile is None or len(tile) != name.width * HASH_BYTES:
            return None
        return hashes_in(tile)

    def leaves(self, name: TileName) -> list[bytes] | None:
        """The leaf hashes of the entries that belong under a tile of level 0."""
        bundle = self.read(replace(name, level=ENTRIES).path)
        if bundle is None:
            full = self.leaves(replace(name, width=WIDTH)) if name.width < WIDTH else None
            return full and full[: name.width]
        entries, rest = split_bundle(bundle)
        # What is cut short is no entry; its hash stands for it, and fits nothing.
        return [leaf_hash(entry) for entry in (*entries, *([rest] if rest else []))]
