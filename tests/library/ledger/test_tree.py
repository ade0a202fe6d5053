"""The tree and its proofs: the published vectors, and the RFC's own recursion as the oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.ledger.tree import (
    ProofRejected,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    range_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.library.ledger import oracle

# The vectors of RFC 6962's reference implementation (certificate-transparency, merkletree tests).
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): INCLUSION[1, 5][1:],
}

SIZES = st.integers(min_value=1, max_value=70)


class Tree:
    """Entries and everything that is asked of their tree."""

    def __init__(self, entries: list[bytes]) -> None:
        self.leaves = [leaf_hash(entry) for entry in entries]

    def subtree(self, height: int, index: int) -> bytes:
        return root_of(self.leaves[index << height : index + 1 << height])

    def root(self, size: int) -> bytes:
        return root_of(self.leaves[:size])


PUBLISHED = Tree(ENTRIES)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert PUBLISHED.root(size).hex() == ROOTS[size]


@pytest.mark.parametrize(("number", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(number: int, size: int) -> None:
    proof = inclusion_proof(number, size=size, subtree=PUBLISHED.subtree)

    assert [hash_.hex() for hash_ in proof] == INCLUSION[number, size]
    root = bytes.fromhex(ROOTS[size])
    verify_inclusion(PUBLISHED.leaves[number], number, size=size, root=root, proof=proof)


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int) -> None:
    proof = consistency_proof(old, size=size, subtree=PUBLISHED.subtree)

    assert [hash_.hex() for hash_ in proof] == CONSISTENCY[old, size]
    old_root, root = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[size])
    verify_consistency(old, old_root=old_root, size=size, root=root, proof=proof)


@given(SIZES, st.data())
def test_the_tree_and_its_proofs_are_those_of_the_rfc(size: int, data: st.DataObject) -> None:
    entries = oracle.entries_of(size)
    tree = Tree(entries)
    number = data.draw(st.integers(0, size - 1), label="number")
    old = data.draw(st.integers(1, size), label="old size")

    assert tree.root(size) == range_hash(0, size, tree.subtree) == oracle.mth(entries)
    included = inclusion_proof(number, size=size, subtree=tree.subtree)
    consistent = consistency_proof(old, size=size, subtree=tree.subtree)
    assert included == oracle.path(number, entries)
    assert consistent == oracle.subproof(old, entries)
    root = tree.root(size)
    verify_inclusion(tree.leaves[number], number, size=size, root=root, proof=included)
    verify_consistency(old, old_root=tree.root(old), size=size, root=root, proof=consistent)


@given(SIZES, st.data())
def test_an_inclusion_proof_shows_nothing_else(size: int, data: st.DataObject) -> None:
    tree = Tree(oracle.entries_of(size))
    number = data.draw(st.integers(0, size - 1), label="number")
    other = data.draw(st.integers(-1, size), label="other number")
    proof = inclusion_proof(number, size=size, subtree=tree.subtree)
    leaf, root = tree.leaves[number], tree.root(size)

    for place, of, wrong_leaf, wrong in [
        (other, size, leaf, proof) if other != number else (size, size, leaf, proof),
        (number, size, leaf_hash(b"forged"), proof),
        (number, size, leaf, [*proof, root]),
        (number, 2 * size, leaf, proof),
    ]:
        with pytest.raises(ProofRejected):
            verify_inclusion(wrong_leaf, place, size=of, root=root, proof=wrong)


@given(st.integers(2, 70), st.data())
def test_a_consistency_proof_shows_nothing_else(size: int, data: st.DataObject) -> None:
    tree = Tree(oracle.entries_of(size))
    old = data.draw(st.integers(1, size - 1), label="old size")
    proof = consistency_proof(old, size=size, subtree=tree.subtree)
    old_root, root = tree.root(old), tree.root(size)
    forged = leaf_hash(b"forged")

    for wrong_old_root, wrong_root, wrong in [
        (forged, root, proof),
        (old_root, forged, proof),
        (old_root, root, proof[:-1]),
        (old_root, root, [*proof, root]),
        (old_root, root, [*proof[:-1], forged]),
    ]:
        with pytest.raises(ProofRejected):
            verify_consistency(
                old, old_root=wrong_old_root, size=size, root=wrong_root, proof=wrong
            )


def test_no_proof_is_made_or_taken_for_what_is_not_in_the_tree() -> None:
    root = PUBLISHED.root(8)

    with pytest.raises(ValueError, match="entry 8 is not one of 8"):
        inclusion_proof(8, size=8, subtree=PUBLISHED.subtree)
    for old in (0, 9):
        with pytest.raises(ValueError, match="no proof leads"):
            consistency_proof(old, size=8, subtree=PUBLISHED.subtree)
        with pytest.raises(ProofRejected, match="no proof leads"):
            verify_consistency(old, old_root=root, size=8, root=root, proof=[])
    with pytest.raises(ProofRejected, match="two different trees"):
        verify_consistency(8, old_root=PUBLISHED.root(7), size=8, root=root, proof=[])
