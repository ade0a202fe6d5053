"""The Merkle tree of RFC 9162, section 2.1: hashes, and proofs made and verified."""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""(height, index) → hash of the `index`th full subtree of 2**height entries."""


class ProofRejected(ValueError):
    """The proof does not show what it was given for."""


def leaf_hash(entry: bytes) -> bytes:
    # The 0x00 prefix keeps an entry from ever passing for an inner node (RFC 9162, 2.1.1).
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of equal subtrees, of which the last may be a smaller one."""
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        # A node without a neighbour moves up as it is; that is the same tree as splitting at
        # the largest power of two, which is how the RFC tells it.
        odd = row[-1:] if len(row) % 2 else []
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)] + odd
    return row[0]


def range_hash(start: int, end: int, subtree: Subtree) -> bytes:
    """MTH(D[start:end]) for a range that the RFC's splitting of a tree comes to."""
    count = end - start
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return subtree(height, start >> height)
    middle = start + _split(count)
    return node_hash(range_hash(start, middle, subtree), range_hash(middle, end, subtree))


def inclusion_proof(number: int, *, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(number, D[0:size]): the hashes beside the way from the entry up to the root."""
    if not 0 <= number < size:
        raise ValueError(f"entry {number} is not one of {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if number < middle:
            proof.append(range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(range_hash(start, middle, subtree))
            start = middle
    return proof[::-1]


def consistency_proof(old_size: int, *, size: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old_size, D[0:size]): shows that the old tree is a prefix of the new one."""
    if not 0 < old_size <= size:
        raise ValueError(f"no proof leads from {old_size} entries to {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(range_hash(start, middle, subtree))
            start = middle
    if start > 0:
        proof.append(range_hash(start, end, subtree))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, number: int, *, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise ProofRejected unless the proof leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        raise ProofRejected(f"entry {number} is not one of {size}")
    found = leaf
    for hash_, on_the_left in zip(proof, _sides(number, size - 1, len(proof)), strict=True):
        found = node_hash(hash_, found) if on_the_left else node_hash(found, hash_)
    if found != root:
        raise ProofRejected(f"the proof does not lead from entry {number} to the root")


def verify_consistency(
    old_size: int, *, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise ProofRejected unless the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= size:
        raise ProofRejected(f"no proof leads from {old_size} entries to {size}")
    if old_size == size:
        if proof or old_root != root:
            raise ProofRejected(f"two different trees of {size} entries")
        return
    if not proof:
        raise ProofRejected("the proof is empty")
    # A whole old tree is itself the first node of the proof, so the proof leaves it out.
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_found = found = path[0]
    for hash_, on_the_left in zip(path[1:], _sides(place, last, len(path) - 1), strict=True):
        if on_the_left:
            old_found, found = node_hash(hash_, old_found), node_hash(hash_, found)
        else:
            found = node_hash(found, hash_)
    if old_found != old_root or found != root:
        raise ProofRejected(f"the tree of {size} does not begin with the tree of {old_size}")


def _sides(place: int, last: int, count: int) -> list[bool]:
    """For each of `count` hashes on the way up from a node, whether it stands on the left.

    `last` is the place of the row's last node; the way ends where the row is one node long.
    """
    sides: list[bool] = []
    while len(sides) < count and last:
        on_the_left = bool(place & 1) or place == last
        sides.append(on_the_left)
        while on_the_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last or len(sides) < count:
        raise ProofRejected("the proof is not as long as the tree is high")
    return sides


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
