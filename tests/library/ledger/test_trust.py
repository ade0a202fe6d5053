"""What a verified journal says of its signers: witnesses, second signatures, changes of key."""

import json
from collections.abc import Callable

import pytest

from dutybound.ledger.findings import What
from dutybound.ledger.handovers import Handover, as_text
from dutybound.ledger.notes import Signer
from dutybound.ledger.policy import Policy, policy_in
from dutybound.ledger.signature_types import SignatureType
from dutybound.ledger.verify import Verification, verify_journal
from tests.library.ledger.oracle import entries_of
from tests.library.ledger.published import KEY, ORIGIN, SIGNER, Paths, flipped, journal
from tests.library.ledger.witnesses import AT, LOG, LOG_MLDSA, cosigned, ed25519, head_of, witness

SIZE = 300
ENTRIES = entries_of(SIZE)
GOOD = journal(ENTRIES)
HEAD = head_of(ENTRIES)
POLICY = policy_in(f"log {KEY}\nwitness ngo {witness(1).key}\nquorum ngo\n")
NEW = Signer(ORIGIN, ed25519(77), SignatureType.ED25519)


def verified(paths: Paths, policy: Policy | None = POLICY) -> Verification:
    return verify_journal(paths.get, key=KEY, policy=policy)


def under(note: str) -> Paths:
    return {**GOOD, "checkpoint": note.encode()}


def told(answer: Verification) -> list[str]:
    return [str(finding) for finding in answer.findings]


def test_a_journal_without_a_witness_says_so_and_verifies() -> None:
    answer = verified(GOOD, None)

    assert answer.verifies
    assert answer.remarks[0].startswith("No witness: nobody outside has signed this head.")


def test_signers_that_nobody_asked_about_are_named_as_unchecked() -> None:
    answer = verified(under(cosigned(HEAD, witness(1))), None)

    assert answer.verifies
    assert "was not checked: w1.example" in answer.remarks[0]


def test_a_witnessed_head_satisfies_the_policy_and_tells_when() -> None:
    answer = verified(under(cosigned(HEAD, witness(1))))

    assert answer.verifies
    assert answer.seen_by["ngo"].at == AT
    assert answer.remarks[0] == (
        "Witnessed by ngo on 2026-09-21 at 14:13:20 UTC, by its own clock."
    )
    assert verify_journal(under(cosigned(HEAD, witness(1))).get, policy=POLICY).key_was_given


def test_a_head_that_nobody_saw_does_not_satisfy_the_policy() -> None:
    answer = verified(GOOD)

    assert [finding.what for finding in answer.findings] == [What.WITNESS]
    assert "does not satisfy the policy: the quorum asks for the witness ngo" in told(answer)[0]


def test_entries_after_the_head_that_was_seen_are_named() -> None:
    older = cosigned(head_of(ENTRIES[:200]), witness(1))

    answer = verified({**GOOD, "witnessed": older.encode()})

    assert told(answer) == [
        "entries 200 to 299 are not witnessed yet; up to entry 199 the journal satisfies the policy"
    ]
    assert (answer.findings[0].first, answer.findings[0].last) == (200, 299)
    assert "Witnessed by ngo" in answer.remarks[0]


def test_a_witnessed_head_that_the_journal_did_not_grow_from_shows_the_fork() -> None:
    other = head_of([b"another", *ENTRIES[1:200]])

    answer = verified({**GOOD, "witnessed": cosigned(other, witness(1)).encode()})

    assert [finding.what for finding in answer.findings] == [What.HISTORY]
    assert "did not grow from the head that witnesses saw" in told(answer)[0]


@pytest.mark.parametrize(
    "older",
    [
        b"",
        b"\xff",
        b"zonk",
        GOOD["checkpoint"],
        cosigned(head_of(ENTRIES[:9], origin="example.com/other"), witness(1)).encode(),
    ],
)
def test_what_is_no_witnessed_head_changes_nothing(older: bytes) -> None:
    assert told(verified({**GOOD, "witnessed": older})) == told(verified(GOOD))


def test_a_second_signature_is_looked_at() -> None:
    second = {"key-mldsa": f"{LOG_MLDSA.key}\n".encode()}
    twice = under(HEAD.signed_by(LOG, LOG_MLDSA, at=AT))
    false = under(HEAD.signed(SIGNER) + LOG_MLDSA.line(head_of(ENTRIES[:9]).text, at=AT))

    assert "also signed with ML-DSA-44" in verified({**twice, **second}, None).remarks[0]
    assert "second signature does not verify" in told(verified({**GOOD, **second}, None))[0]
    assert "second signature does not verify" in told(verified({**false, **second}, None))[0]
    assert not verified({**twice, "key-mldsa": b"zonk"}, None).verifies


# A change of key

AT_200 = head_of(ENTRIES[:200])


def changes(*handovers: Handover) -> Paths:
    return {"key-changes": as_text(handovers).encode()}


def handed_over(*, old: Signer = LOG, new: Signer = NEW, size: int = 200) -> Handover:
    return Handover(old.key, new.key, head_of(ENTRIES[:size]).signed_by(old, new, at=0))


NOW = under(HEAD.signed_by(NEW, at=0))


def test_the_old_key_still_explains_a_journal_that_a_new_one_signs() -> None:
    answer = verified({**NOW, **changes(handed_over())}, None)

    assert answer.verifies
    assert answer.remarks[0] == (
        f"The key {KEY.id.hex()} handed over to {NEW.key.id.hex()} at 200 entries; "
        "both signed that head."
    )


def test_a_key_leads_on_through_several_changes() -> None:
    third = Signer(ORIGIN, ed25519(78), SignatureType.ED25519)
    steps = (handed_over(), handed_over(old=NEW, new=third, size=250))

    assert verified({**under(HEAD.signed_by(third, at=0)), **changes(*steps)}, None).verifies
    # The head may be from before the last change.
    assert verified({**NOW, **changes(*steps)}, None).verifies
    back = (handed_over(), handed_over(old=NEW, new=third, size=100))
    assert "goes back" in told(verified({**NOW, **changes(*back)}, None))[0]


def test_a_checkpoint_of_the_old_key_is_still_held_against_the_journal() -> None:
    paths = {**NOW, **changes(handed_over())}
    kept = head_of(ENTRIES[:100]).signed(SIGNER)
    forged = head_of(ENTRIES[1:101]).signed(SIGNER)

    assert verify_journal(paths.get, key=KEY, since=kept).verifies
    assert not verify_journal(paths.get, key=KEY, since=forged).verifies


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (NOW, "did not sign it"),
        ({**NOW, "key-changes": b"zonk"}, "not a list of changes"),
        ({**NOW, "key-changes": b'[{"old": 1}]'}, "not a list of changes"),
        ({**NOW, "key-changes": b'{"old": 1}'}, "not a list of changes"),
        ({**NOW, "key-changes": b"\xff"}, "did not sign it"),
        ({**NOW, **changes(handed_over(new=witness(3)))}, "did not sign it"),
    ],
)
def test_a_new_key_that_nothing_leads_to_is_not_trusted(paths: Paths, found: str) -> None:
    assert found in told(verified(paths, None))[0]


@pytest.mark.parametrize(
    "harm",
    [
        lambda told: told | {"note": AT_200.signed(SIGNER)},
        lambda told: told | {"note": AT_200.signed_by(NEW, at=0)},
        lambda told: told | {"note": head_of(ENTRIES[1:201]).signed_by(LOG, NEW, at=0)},
        lambda told: told | {"note": 7},
        lambda told: told | {"new": "zonk"},
    ],
    ids=["old alone", "new alone", "another history", "a number", "no key"],
)
def test_a_change_of_key_that_both_did_not_sign_is_not_trusted(
    harm: Callable[[dict[str, object]], dict[str, object]],
) -> None:
    (one,) = json.loads(as_text([handed_over()]))

    answer = verified({**NOW, "key-changes": json.dumps([harm(one)]).encode()}, None)

    assert not answer.verifies


def test_no_bit_of_a_head_that_was_signed_twice_can_be_turned_unnoticed() -> None:
    few = ENTRIES[:3]
    note = head_of(few).signed_by(LOG, LOG_MLDSA, at=AT).encode()
    paths = {**journal(few), "checkpoint": note, "key-mldsa": f"{LOG_MLDSA.key}\n".encode()}
    assert verified(paths, None).verifies

    for at in range(0, len(note), 7):
        assert not verified(flipped(paths, "checkpoint", at), None).verifies, at
