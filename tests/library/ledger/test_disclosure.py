"""A disclosure shows what it says and nothing else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.ledger.disclosure import (
    BadDisclosure,
    Match,
    digest,
    disclosure_file,
    disclosure_in,
    verify_disclosure,
)
from dutybound.ledger.notes import BadNote
from dutybound.ledger.proofs import proof_file
from dutybound.ledger.tree import ProofRejected, inclusion_proof
from tests.library.ledger import oracle
from tests.library.ledger.published import KEY, journal

SALT = bytes(range(16))
BODY = json.dumps(
    {
        "kind": "case.decided",
        "personal": {
            "note": digest("It was satire.", salt=SALT),
            "account": digest("bram", salt=SALT),
        },
    }
).encode()
ENTRIES = [*oracle.entries_of(4), BODY]


def subtree(height: int, index: int) -> bytes:
    return oracle.mth(ENTRIES[index << height : (index + 1) << height])


PROOF = proof_file(
    4,
    proof=inclusion_proof(4, size=5, subtree=subtree),
    note=journal(ENTRIES)["checkpoint"].decode(),
)
GOOD = disclosure_file(BODY, salts={"note": SALT.hex()}, proof=PROOF)


def changed(**parts: object) -> str:
    return json.dumps(json.loads(GOOD) | parts)


def test_a_value_is_matched_by_its_salt_and_by_nothing_else() -> None:
    disclosure = disclosure_in(GOOD)

    assert verify_disclosure(disclosure, key=KEY).size == 5
    assert disclosure.match("note", "It was satire.") is Match.MATCHES
    assert disclosure.match("note", "It was satire") is Match.DIFFERS
    assert disclosure.match("note", None) is Match.NOT_GIVEN
    assert disclosure.match("account", "bram") is Match.ERASED
    assert disclosure.match("email", "bram@example.com") is Match.NOT_HELD


def test_an_entry_that_was_changed_is_rejected() -> None:
    forged = disclosure_in(changed(entry=BODY.decode().replace("decided", "dropped")))

    with pytest.raises(ProofRejected):
        verify_disclosure(forged, key=KEY)


def test_a_salt_that_was_changed_matches_nothing() -> None:
    other = disclosure_in(changed(salts={"note": "00" * 16}))

    assert other.match("note", "It was satire.") is Match.DIFFERS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        changed(format="dutybound-disclosure@v2"),
        changed(entry=None),
        changed(entry="zonk"),
        changed(entry="{}"),
        changed(entry='{"personal": {"note": 7}}'),
        changed(salts=[]),
        changed(salts={"note": 7}),
        changed(salts={"note": "zonk"}),
        changed(proof=7),
        changed(entry='{"personal": {}, "x": "\ud800"}'),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_disclosure_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadDisclosure):
        disclosure_in(text)


@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
@settings(max_examples=100, deadline=None)
def test_no_character_of_it_can_be_changed_to_say_something_else(at: int, other: str) -> None:
    text = GOOD[:at] + other + GOOD[at + 1 :]

    try:
        disclosure = disclosure_in(text)
        verify_disclosure(disclosure, key=KEY)
    except (BadDisclosure, ProofRejected, BadNote):
        return
    # What is left is the salts, which can only stop a true value from matching.
    assert disclosure.entry == BODY
    assert disclosure.match("note", "It was meant.") is not Match.MATCHES
