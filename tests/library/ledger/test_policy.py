"""Policies (c2sp.org/tlog-policy): read as specified, and met by exactly the right heads."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.notes import BadNote, Signer
from dutybound.ledger.policy import (
    BadPolicy,
    NotTrusted,
    Policy,
    policy_in,
    trusted,
    witnessed_by,
)
from dutybound.ledger.proofs import proof_file, verify_proof
from dutybound.ledger.signature_types import SignatureType
from tests.library.ledger import oracle
from tests.library.ledger.published import KEY, ORIGIN, SIGNER
from tests.library.ledger.witnesses import (
    AT,
    LOG,
    LOG_MLDSA,
    cosigned,
    head_of,
    witness,
    witness_mldsa,
)

HEAD = Checkpoint(ORIGIN, 3, bytes(32))
# The example of the specification, with keys.
EXAMPLE = f"""# two organisations
log {KEY}

witness X1 {witness(1).key}
witness X2 {witness(2).key}\thttps://x2.example/submit
  witness X3 {witness_mldsa(3).key}
group X-witnesses 2 X1 X2 X3

witness Y1 {witness(4).key}
witness Y2 {witness(5).key}
group Y-witnesses any Y1 Y2

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
OF_NAME: dict[str, Signer] = {
    "X1": witness(1),
    "X2": witness(2),
    "X3": witness_mldsa(3),
    "Y1": witness(4),
    "Y2": witness(5),
}


def is_enough(names: set[str]) -> bool:
    """The quorum of the example, in words of its own."""
    return len(names & {"X1", "X2", "X3"}) >= 2 and bool(names & {"Y1", "Y2"})


def is_trusted(note: str, policy: Policy) -> bool:
    try:
        trusted(note, policy)
    except NotTrusted:
        return False
    return True


def test_the_example_is_read() -> None:
    policy = policy_in(EXAMPLE)

    assert [log.key for log in policy.logs] == [KEY]
    assert policy.witnesses["X2"].url == "https://x2.example/submit"
    assert policy.groups["X-witnesses"].least == 2
    assert policy.quorum == "X-and-Y"
    assert policy_in(EXAMPLE.encode()) == policy


@pytest.mark.parametrize("count", range(6))
def test_exactly_the_quorum_is_enough(count: int) -> None:
    policy = policy_in(EXAMPLE)
    for names in combinations(OF_NAME, count):
        note = cosigned(HEAD, *[OF_NAME[name] for name in names])

        assert is_trusted(note, policy) is is_enough(set(names)), names


@given(names=st.sets(st.sampled_from(sorted(OF_NAME))), least=st.integers(1, 5))
def test_a_number_in_a_group_is_how_many_it_takes(names: set[str], least: int) -> None:
    lines = [f"witness {name} {signer.key}" for name, signer in OF_NAME.items()]
    lines += [f"group all-of-them {least} {' '.join(OF_NAME)}", "quorum all-of-them"]

    policy = policy_in("\n".join(lines))

    assert policy.is_met_by(dict.fromkeys(names)) is (len(names) >= least)


def test_what_is_missing_is_said() -> None:
    policy = policy_in(f"log {KEY}\nwitness w {witness(1).key}\nquorum w\n")

    with pytest.raises(
        NotTrusted, match=r"asks for the witness w; .* nobody that the policy knows"
    ):
        trusted(HEAD.signed(SIGNER), policy)
    with pytest.raises(NotTrusted, match=r"2 of X-witnesses, Y-witnesses in X-and-Y; .*by X1, Y1"):
        trusted(cosigned(HEAD, witness(1), witness(4)), policy_in(EXAMPLE))


def test_a_head_of_a_log_that_the_policy_does_not_know_is_not_trusted() -> None:
    policy = policy_in(f"log {KEY}\nquorum none")
    moved = Checkpoint("example.com/other", 3, bytes(32))

    with pytest.raises(NotTrusted, match="no log that the policy knows"):
        trusted(moved.signed(SIGNER), policy)
    with pytest.raises(NotTrusted, match="no log that the policy knows"):
        # Signed by the log, under the name of another origin.
        trusted(f"{moved.text}\n{LOG.line(moved.text)}", policy)
    with pytest.raises(NotTrusted, match="no log that the policy knows"):
        trusted(HEAD.signed(SIGNER), policy_in("quorum none"))


def test_any_one_of_the_logs_is_enough_and_a_false_line_of_one_is_too_much() -> None:
    policy = policy_in(f"log {KEY}\nlog {LOG_MLDSA.key}\nquorum none")
    other = Checkpoint(ORIGIN, 4, bytes(32))

    assert trusted(HEAD.signed_by(LOG_MLDSA, at=0), policy).key == LOG_MLDSA.key
    with pytest.raises(NotTrusted, match="does not fit"):
        trusted(HEAD.signed(SIGNER) + LOG_MLDSA.line(other.text), policy)


def test_a_false_line_of_a_witness_spoils_the_head() -> None:
    policy = policy_in(EXAMPLE)
    other = Checkpoint(ORIGIN, 4, bytes(32))
    note = cosigned(HEAD, witness(1), witness(2), witness(4)) + witness(5).line(other.text, at=AT)

    with pytest.raises(NotTrusted, match=r"w5\.example does not fit"):
        trusted(note, policy)
    with pytest.raises(BadNote):
        witnessed_by(note, policy)


def test_where_the_policy_names_no_log_the_key_does() -> None:
    policy = policy_in(f"witness w {witness(1).key}\nquorum w")

    assert trusted(cosigned(HEAD, witness(1)), policy, key=KEY).seen_by["w"].at == AT
    with pytest.raises(NotTrusted):
        trusted(cosigned(HEAD, witness(1)), policy)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a line with the quorum"),
        ("quorum none\nquorum none", "line 2: expected one quorum"),
        ("quorum", "expected one quorum"),
        ("quorum w", "no earlier line defines 'w'"),
        ("quorum none\nzonk", "line 2: expected log, witness, group or quorum"),
        ("quorum none\r\n", "no control characters"),
        ("quorum none\x7f\n", "no control characters"),
        ("log zonk\nquorum none", "line 1: expected name"),
        ("log\nquorum none", "expected 'log'"),
        (f"log {witness(1).key}\nquorum none", "one of a witness"),
        (f"log {KEY}\nlog {KEY}\nquorum none", "stands on an earlier line"),
        (f"witness none {witness(1).key}\nquorum none", "is taken"),
        (f"witness w {KEY}\nquorum w", "signs without a time"),
        (f"witness w\u00a0{witness(1).key}\nquorum none", "expected 'witness'"),
        (f"witness w {witness(1).key}\nwitness w {witness(2).key}\nquorum w", "is taken"),
        (f"witness v {witness(1).key}\nwitness w {witness(1).key}\nquorum w", "an earlier line"),
        (f"witness w {witness(1).key}\ngroup g 2 w\nquorum g", "a number from 1 to 1"),
        (f"witness w {witness(1).key}\ngroup g 0 w\nquorum g", "a number from 1 to 1"),
        (f"witness w {witness(1).key}\ngroup g 01 w\nquorum g", "a number from 1 to 1"),
        (f"witness w {witness(1).key}\ngroup g any\nquorum g", "expected 'group'"),
        (f"witness w {witness(1).key}\ngroup g any none\nquorum g", "defines 'none'"),
        (f"witness w {witness(1).key}\ngroup g any w w\nquorum g", "in a group already"),
        (
            f"witness w {witness(1).key}\ngroup g any w\ngroup h any w\nquorum g",
            "in a group already",
        ),
        ("group g any g\nquorum g", "no earlier line defines 'g'"),
        ("\n" * 1000, "at most 1000 lines"),
    ],
)
def test_what_is_no_policy_is_refused_by_its_line(text: str, told: str) -> None:
    with pytest.raises(BadPolicy, match=told):
        policy_in(text)


def test_a_log_is_not_its_own_witness() -> None:
    own = Signer("w.example", SIGNER, SignatureType.ED25519_COSIGNATURE)

    with pytest.raises(BadPolicy, match="its own witness"):
        policy_in(f"log {KEY}\nwitness w {own.key}\nquorum w")


def test_names_are_octets_whatever_they_stand_for() -> None:
    key = str(witness(1).key).encode()

    policy = policy_in(b"witness caf\xe9 " + key + b"\nquorum caf\xe9\n# \xff\n")

    assert policy.quorum.encode("utf-8", "surrogateescape") == b"caf\xe9"


@given(st.text(alphabet="logwitnesgrupqm any123\n\t#") | st.binary())
def test_any_other_text_is_refused_in_words(text: str | bytes) -> None:
    try:
        policy = policy_in(text)
    except BadPolicy:
        return
    assert policy.quorum == "none"


def test_a_proof_is_held_against_a_policy() -> None:
    entries = oracle.entries_of(300)
    head, policy = head_of(entries), policy_in(EXAMPLE)
    proof = oracle.path(17, entries)
    seen = proof_file(17, proof=proof, note=cosigned(head, witness(1), witness(2), witness(5)))
    unseen = proof_file(17, proof=proof, note=cosigned(head, witness(1)))

    assert verify_proof(seen, entries[17], policy=policy) == head
    assert verify_proof(seen, entries[17], key=KEY, policy=policy) == head
    assert verify_proof(unseen, entries[17], key=KEY) == head
    with pytest.raises(NotTrusted):
        verify_proof(unseen, entries[17], policy=policy)
    with pytest.raises(TypeError):
        verify_proof(seen, entries[17])
