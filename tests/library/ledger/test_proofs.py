"""One entry's proof as a file that stands alone."""

import pytest

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.notes import BadNote
from dutybound.ledger.proofs import proof_file, verify_proof
from dutybound.ledger.tree import ProofRejected
from tests.library.ledger import oracle
from tests.library.ledger.published import KEY, ORIGIN, SIGNER

ENTRIES = oracle.entries_of(300)
HEAD = Checkpoint(ORIGIN, 300, oracle.mth(ENTRIES))


def proof_of(number: int) -> str:
    proof = oracle.path(number, ENTRIES)
    return proof_file(number, proof=proof, note=HEAD.signed(SIGNER))


def test_a_proof_has_the_lines_of_the_specification() -> None:
    lines = proof_of(17).split("\n")

    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 17"]
    assert lines.index("") == 11
    assert "\n".join(lines[12:]) == HEAD.signed(SIGNER)


@pytest.mark.parametrize("number", [0, 17, 299])
def test_a_proof_shows_its_entry_and_no_other(number: int) -> None:
    assert verify_proof(proof_of(number), ENTRIES[number], key=KEY) == HEAD

    with pytest.raises(ProofRejected):
        verify_proof(proof_of(number), b"forged", key=KEY)


def test_extra_words_are_passed_over() -> None:
    text = proof_of(17).replace("\nindex", "\nextra AAAA\nindex")

    assert verify_proof(text, ENTRIES[17], key=KEY) == HEAD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("index 17", "index 18"),
        ("index 17", "index 017"),
        ("index 17\n", ""),
        ("index 17\n", "index 17\n????\n"),
        ("index 17\n", f"index 17\n{'A' * 43}=\n"),
    ],
)
def test_a_proof_that_was_changed_is_refused(old: str, new: str) -> None:
    with pytest.raises(ProofRejected):
        verify_proof(proof_of(17).replace(old, new), ENTRIES[17], key=KEY)


def test_a_proof_under_a_head_that_nobody_signed_is_refused() -> None:
    with pytest.raises(BadNote):
        verify_proof(proof_of(17).replace("\n300\n", "\n301\n"), ENTRIES[17], key=KEY)
    with pytest.raises(ProofRejected):
        verify_proof("c2sp.org/tlog-proof@v1", ENTRIES[17], key=KEY)
