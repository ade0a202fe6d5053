"""npm's @sigstore/verify, which checks software's signatures, verifies our heads and proofs."""

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.proofs import proof_file
from dutybound.ledger.tree import inclusion_proof
from tests.foreign.conftest import Journal, Pairs
from tests.library.ledger import oracle
from tests.library.ledger import test_tree as vectors
from tests.library.ledger.published import KEY, ORIGIN, SIGNER

pytestmark = [pytest.mark.foreign, pytest.mark.django_db]

Npm = Callable[..., list[str]]
Prove = Callable[[Iterable[int]], Pairs]


def test_npm_verifies_head_and_inclusion_of_every_entry(
    journal: Journal, prove: Prove, npm: Npm
) -> None:
    proofs = prove(range(journal.heads[-1].size))
    assert len(proofs) == journal.heads[-1].size > 600

    assert npm(proofs, key=journal.key) == ["verified"] * len(proofs)


def test_npm_refuses_a_turned_bit_in_the_entry(
    journal: Journal, prove: Prove, npm: Npm, tmp_path: Path
) -> None:
    chosen = random.Random(6)
    pairs = []
    for proof, entry in prove(chosen.sample(range(journal.heads[-1].size), 50)):
        changed = bytearray(entry.read_bytes())
        changed[chosen.randrange(len(changed))] ^= 1
        pairs.append((proof, tmp_path / entry.name))
        pairs[-1][1].write_bytes(changed)

    answers = npm(pairs, key=journal.key)

    assert set(answers) == {"refused: calculated root hash does not match inclusion proof"}
    assert len(answers) == len(pairs)


def test_npm_refuses_a_turned_bit_in_the_proof(
    journal: Journal, prove: Prove, npm: Npm, tmp_path: Path
) -> None:
    ((proof, entry),) = prove([300])
    whole = proof.read_text()
    ends = [at for at, character in enumerate(whole) if character == "\n"]
    # Node passes over what follows the last whole byte of a line of base64; we do not.
    loose = {end - back for end in ends for back in range(3)}
    # It takes a signer's name for a pattern, in which a dot stands for the slash.
    loose.add(whole.index("/journal ", whole.index("\n— ")))
    # Nor does it look at lines of signers it was not told of, which come after that of our key.
    turned = set(range(whole.index("\n", whole.index("\n— ") + 1))) - loose
    pairs = []
    for at in sorted(turned):
        changed = whole[:at] + chr(ord(whole[at]) ^ 1) + whole[at + 1 :]
        pairs.append((tmp_path / f"{at}", entry))
        pairs[-1][0].write_text(changed)

    answers = npm(pairs, key=journal.key)

    assert [
        at for at, told in zip(sorted(turned), answers, strict=True) if told == "verified"
    ] == []


def test_npm_refuses_another_entrys_proof_and_another_key(
    journal: Journal, prove: Prove, npm: Npm
) -> None:
    (proof, entry), (other, _) = prove([3, 4])

    mine, others = npm([(proof, entry), (other, entry)], key=journal.key)

    assert mine == "verified"
    assert others.startswith("refused: calculated root hash does not match")
    assert npm([(proof, entry)], key=str(KEY)) == ["refused: invalid checkpoint signature"]


def test_npm_verifies_the_published_vectors(npm: Npm, tmp_path: Path) -> None:
    pairs = []
    for (number, size), hashes in vectors.INCLUSION.items():
        head = Checkpoint(ORIGIN, size, bytes.fromhex(vectors.ROOTS[size]))
        proof = [bytes.fromhex(hash_) for hash_ in hashes]
        pairs.append((tmp_path / f"{number}-{size}", tmp_path / f"{number}-{size}.entry"))
        pairs[-1][0].write_text(proof_file(number, proof=proof, note=head.signed(SIGNER)))
        pairs[-1][1].write_bytes(vectors.ENTRIES[number])

    assert npm(pairs, key=str(KEY)) == ["verified"] * len(vectors.INCLUSION)


def test_npm_and_we_agree_on_every_entry_of_every_small_tree(npm: Npm, tmp_path: Path) -> None:
    pairs = []
    for size in range(1, 18):
        entries = oracle.entries_of(size)

        def subtree(height: int, index: int, entries: list[bytes] = entries) -> bytes:
            return oracle.mth(entries[index << height : (index + 1) << height])

        note = Checkpoint(ORIGIN, size, oracle.mth(entries)).signed(SIGNER)
        for number, entry in enumerate(entries):
            proof = inclusion_proof(number, size=size, subtree=subtree)
            pairs.append((tmp_path / f"{number}-{size}", tmp_path / f"{number}-{size}.entry"))
            pairs[-1][0].write_text(proof_file(number, proof=proof, note=note))
            pairs[-1][1].write_bytes(entry)

    assert npm(pairs, key=str(KEY)) == ["verified"] * len(pairs)
