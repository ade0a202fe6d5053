"""Cosignatures, against the words of c2sp.org/tlog-cosignature written down once more."""

import base64
import re
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in
from dutybound.ledger.cosignatures import cosignature_by, lines_by, signers_of
from dutybound.ledger.notes import BadNote, Signer, key_in, open_note, opened, split_note
from dutybound.ledger.signature_types import SignatureType
from tests.library.ledger.published import KEY, ORIGIN
from tests.library.ledger.witnesses import (
    AT,
    LOG,
    LOG_MLDSA,
    cosigned,
    ed25519,
    witness,
    witness_mldsa,
)

HEAD = Checkpoint(ORIGIN, 20_852_163, bytes(range(32)))
SIGNERS = [LOG, witness(1), witness_mldsa(1)]


def signature_in(line: str) -> bytes:
    return base64.b64decode(line.split(" ")[2])


def told_by_the_specification(signer: Signer) -> bytes:
    """What is signed, as the specifications tell it."""
    if signer.type == SignatureType.ED25519:
        return HEAD.text.encode()
    if signer.type == SignatureType.ED25519_COSIGNATURE:
        return f"cosignature/v1\ntime {AT}\n".encode() + HEAD.text.encode()
    return (
        b"subtree/v1\n\x00"
        + bytes([len(signer.name)])
        + signer.name.encode()
        + AT.to_bytes(8, "big")
        + bytes([len(ORIGIN)])
        + ORIGIN.encode()
        + (0).to_bytes(8, "big")
        + (20_852_163).to_bytes(8, "big")
        + bytes(range(32))
    )


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda one: one.type.name)
def test_a_line_is_key_id_time_and_signature_of_what_is_specified(signer: Signer) -> None:
    signature = signature_in(signer.line(HEAD.text, at=AT))

    public = signer.secret.public_key()
    name_and_key = signer.name.encode() + b"\n" + bytes([signer.type]) + public.public_bytes_raw()
    assert signature[:4] == sha256(name_and_key).digest()[:4]
    rest = signature[4:]
    if signer.type != SignatureType.ED25519:
        assert rest[:8] == AT.to_bytes(8, "big")
        rest = rest[8:]
    public.verify(rest, told_by_the_specification(signer))
    with pytest.raises(InvalidSignature):
        public.verify(rest, told_by_the_specification(signer) + b"x")


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda one: one.type.name)
def test_a_key_is_read_as_it_is_printed_and_opens_the_note(signer: Signer) -> None:
    note = HEAD.signed_by(signer, at=AT)

    key = key_in(str(signer.key))

    assert key == signer.key
    assert opened(note, key) == (HEAD.text, 0 if signer.type == SignatureType.ED25519 else AT)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda one: one.type.name)
@pytest.mark.parametrize("at", [4, 11, 12, -1])
def test_no_bit_of_a_signature_can_be_turned(signer: Signer, at: int) -> None:
    line = signer.line(HEAD.text, at=AT)
    signature = bytearray(signature_in(line))
    signature[at] ^= 1
    changed = f"— {signer.name} {base64.b64encode(signature).decode()}\n"

    with pytest.raises(BadNote, match="does not fit"):
        open_note(f"{HEAD.text}\n{changed}", signer.key)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda one: one.type.name)
@pytest.mark.parametrize("length", [5, 11, 12, 68, 76, 77, 2431, 2433])
def test_a_signature_of_another_length_is_refused(signer: Signer, length: int) -> None:
    signature = (signer.key.id + bytes(3000))[:length]
    line = f"— {signer.name} {base64.b64encode(signature).decode()}\n"

    with pytest.raises(BadNote, match="does not fit"):
        open_note(f"{HEAD.text}\n{line}", signer.key)


def test_a_time_after_the_last_that_is_allowed_is_refused() -> None:
    signer = witness(1)

    with pytest.raises(BadNote, match="does not fit"):
        open_note(HEAD.signed_by(signer, at=2**63), signer.key)


def test_who_knows_ed25519_alone_goes_on_verifying() -> None:
    note = cosigned(HEAD, LOG_MLDSA, witness(1), witness_mldsa(2))

    assert checkpoint_in(open_note(note, KEY)) == HEAD
    assert len(split_note(note)[1]) == 4


def test_an_ml_dsa_signature_is_only_over_a_checkpoint() -> None:
    with pytest.raises(BadNote, match="over a checkpoint"):
        LOG_MLDSA.line("some words\n", at=AT)
    long = Checkpoint("o" * 256, 1, bytes(32))
    with pytest.raises(BadNote, match="255 bytes"):
        LOG_MLDSA.line(long.text, at=AT)


def test_a_cosignature_tells_who_saw_the_head_and_when() -> None:
    note = cosigned(HEAD, witness(1))

    found = cosignature_by(note, witness(1).key)

    assert found
    assert (found.key.name, found.at) == ("w1.example", AT)
    assert cosignature_by(note, witness(2).key) is None


def test_a_signature_without_a_time_is_no_cosignature() -> None:
    with pytest.raises(BadNote, match="has no time"):
        cosignature_by(cosigned(HEAD, witness(1), at=0), witness(1).key)
    plain = Signer("w1.example", ed25519(1), SignatureType.ED25519)
    assert cosignature_by(cosigned(HEAD, plain), plain.key) is None


def test_a_cosignature_of_another_head_is_false() -> None:
    other = Checkpoint(ORIGIN, 20_852_164, bytes(32))
    line = witness(1).line(other.text, at=AT)

    with pytest.raises(BadNote, match="does not fit"):
        cosignature_by(HEAD.signed_by(LOG, at=0) + line, witness(1).key)


def test_the_lines_of_an_answer_are_sorted_by_key_and_unknown_ones_left_out() -> None:
    signers = (witness(1), witness_mldsa(1), witness(3))
    answer = "".join(one.line(HEAD.text, at=AT) for one in signers)
    known = [witness(1).key, witness_mldsa(1).key, witness(2).key]

    found = lines_by(answer, known, note=HEAD.signed_by(LOG, at=0))

    assert set(found) == {witness(1).key, witness_mldsa(1).key}
    assert "".join(found.values()) == "".join(answer.splitlines(keepends=True)[:2])


@pytest.mark.parametrize("answer", ["zonk\n", "— w1.example AAAA\n", "\n", "— w1.example AAAAAAA="])
def test_an_answer_that_is_no_lines_of_signature_is_refused(answer: str) -> None:
    with pytest.raises(BadNote):
        lines_by(answer, [witness(1).key], note=HEAD.signed_by(LOG, at=0))


def test_names_of_signers_are_told_without_those_that_are_known() -> None:
    note = cosigned(HEAD, LOG_MLDSA, witness(1), witness_mldsa(1))

    assert signers_of(note, but=[LOG.key, LOG_MLDSA.key]) == ["w1.example"]


def test_a_note_with_a_flood_of_signatures_is_refused() -> None:
    lines = "".join(witness(1).line(HEAD.text, at=at) for at in range(1, 66))

    with pytest.raises(BadNote, match="at most 64"):
        split_note(f"{HEAD.text}\n{lines}")


def test_a_key_of_a_type_that_is_not_known_is_refused() -> None:
    text = str(KEY)
    public = base64.b64encode(b"\x02" + bytes(32)).decode()

    with pytest.raises(ValueError, match=re.escape("ML-DSA-44 with a time (1312 bytes)")):
        key_in(f"{text.split('+', maxsplit=1)[0]}+00000000+{public}")
