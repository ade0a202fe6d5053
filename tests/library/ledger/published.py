"""Journals as files in memory, and ways to tamper with them."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.notes import verifier_key
from dutybound.ledger.tiles import ENTRIES, WIDTH, TileName, bundle_of, edge_root, grow, tiles_of
from dutybound.ledger.tree import leaf_hash

ORIGIN = "example.org/journal"
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = verifier_key(ORIGIN, SIGNER)

Paths = dict[str, bytes]


def journal(entries: list[bytes]) -> Paths:
    """A whole journal: checkpoint, key, tiles and entries."""
    edge, tiles = grow((), size=0, leaves=[leaf_hash(entry) for entry in entries])
    head = Checkpoint(ORIGIN, len(entries), edge_root(edge))
    paths = {name.path: b"".join(hashes) for name, hashes in tiles.items()}
    return {
        **paths,
        **bundles(entries, size=len(entries)),
        "checkpoint": head.signed(SIGNER).encode(),
        "key": f"{KEY}\n".encode(),
    }


def bundles(entries: list[bytes], *, size: int) -> Paths:
    """The entries under the bundle names of a tree of that size; what is over goes in the last."""
    names = [replace(name, level=ENTRIES) for name in tiles_of(0, size=size)]
    ends = [name.index * WIDTH for name in names[1:]] + [len(entries)]
    return {
        name.path: bundle_of(entries[name.index * WIDTH : end])
        for name, end in zip(names, ends, strict=False)
    }


def with_entries(paths: Paths, entries: list[bytes], *, size: int) -> Paths:
    """The journal with its tiles and head as they are, and other entries."""
    return {**paths, **bundles(entries, size=size)}


def flipped(paths: Paths, path: str, at: int = 0) -> Paths:
    """The journal with one bit of one file turned."""
    content = bytearray(paths[path])
    content[at] ^= 1
    return {**paths, path: bytes(content)}


def tile(level: int, index: int, *, width: int = WIDTH) -> str:
    return TileName(level, index, width).path
