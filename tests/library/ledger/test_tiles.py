"""Tiles: the paths and sizes the specification gives, and growing one tree in many ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.ledger.tiles import (
    ENTRIES,
    BadBundle,
    Edge,
    TileName,
    bundle_of,
    edge_root,
    entries_in,
    grow,
    hashes_in,
    levels_of,
    name_in,
    subtree_from,
    tile_at,
    tiles_of,
)
from dutybound.ledger.tree import inclusion_proof, leaf_hash, root_of
from tests.library.ledger import oracle


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(3, 1234067), "tile/3/x001/x234/067"),
        (TileName(0, 1000, 112), "tile/0/x001/000.p/112"),
        (TileName(ENTRIES, 999, 1), "tile/entries/999.p/1"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(name: TileName, path: str) -> None:
    assert name.path == path
    assert name_in(path) == name


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/\u0660\u0660\u0660",
        "tile/data/000",
        "checkpoint",
    ],
)
def test_a_path_written_any_other_way_names_no_tile(path: str) -> None:
    assert name_in(path) is None


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    widths = {
        level: [name.width for name in tiles_of(level, size=70_000)] for level in levels_of(70_000)
    }

    assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}
    assert [name.path for name in tiles_of(1, size=256)] == ["tile/1/000.p/1"]
    assert list(tiles_of(0, size=0)) == []


@given(st.lists(st.integers(0, 700), max_size=6))
@settings(max_examples=25)
def test_a_tree_grows_the_same_however_its_entries_arrive(counts: list[int]) -> None:
    leaves = [leaf_hash(entry) for entry in oracle.entries_of(sum(counts))]
    edge: Edge = ()
    tiles: dict[tuple[int, int], tuple[bytes, ...]] = {}
    size = 0

    for count in counts:
        edge, changed = grow(edge, size=size, leaves=leaves[size : size + count])
        tiles |= {(name.level, name.index): hashes for name, hashes in changed.items()}
        size += count

    assert edge_root(edge) == root_of(leaves)
    assert set(tiles) == {
        (name.level, name.index) for level in levels_of(size) for name in tiles_of(level, size=size)
    }
    for (level, index), hashes in tiles.items():
        whole = 256**level
        first = index * 256 * whole
        assert hashes == tuple(
            root_of(leaves[at : at + whole])
            for at in range(first, min(first + 256 * whole, size - whole + 1), whole)
        )


def test_proofs_can_be_made_from_tiles_alone() -> None:
    entries = oracle.entries_of(700)
    _, tiles = grow((), size=0, leaves=[leaf_hash(entry) for entry in entries])
    subtree = subtree_from(tiles.__getitem__, size=700)

    for number in (0, 255, 256, 600, 699):
        proof = inclusion_proof(number, size=700, subtree=subtree)
        assert proof == oracle.path(number, entries)
    with pytest.raises(ValueError, match="no subtree"):
        subtree(0, 768)


def test_the_edge_of_a_full_tile_is_one_hash_higher_up() -> None:
    leaves = [leaf_hash(entry) for entry in oracle.entries_of(256)]

    edge, tiles = grow((), size=0, leaves=leaves)

    assert edge == ((), (root_of(leaves),))
    assert len(b"".join(tiles[TileName(0, 0)])) == 8192
    assert hashes_in(b"".join(leaves)) == tuple(leaves)
    assert tile_at(1, 0, size=256) == TileName(1, 0, 1)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert entries_in(bundle_of(entries)) == entries


def test_an_entry_stands_after_its_length_in_two_bytes() -> None:
    assert bundle_of([b"ab", b"", b"c" * 258]) == b"\0\2ab\0\0\1\2" + b"c" * 258


@pytest.mark.parametrize("cut", [b"\0", b"\0\2", b"\0\2a", b"\0\1a\0\2b"])
def test_a_bundle_that_is_cut_short_is_refused(cut: bytes) -> None:
    with pytest.raises(BadBundle, match="are not an entry"):
        entries_in(cut)
