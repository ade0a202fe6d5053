"""The witness protocol (c2sp.org/tlog-witness) without its network: what is asked and answered.

A witness remembers one head of each log. It signs a head only if that follows from the one it
remembers, so a log cannot show it one history today and another tomorrow.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in
from dutybound.ledger.notes import (
    BadNote,
    Signer,
    VerifierKey,
    from_base64,
    is_by,
    signer_of,
    split_note,
)
from dutybound.ledger.tree import EMPTY_ROOT, HASH_BYTES, ProofRejected, verify_consistency

ADD_CHECKPOINT = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MOST_HASHES = 63
LARGEST_REQUEST = 64 * 1024
"""Bytes; a note with sixteen signatures of ML-DSA-44 and the longest proof fit."""
LARGEST_SIZE = 2**63 - 1
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class Status(IntEnum):
    """What HTTP calls the answers of a witness."""

    COSIGNED = 200
    BAD_REQUEST = 400
    NOT_TRUSTED = 403
    NOT_WATCHED = 404
    OTHER_SIZE = 409
    DOES_NOT_FOLLOW = 422


class BadRequest(ValueError):
    """What was sent is not written as the protocol has it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A log's wish to have a head cosigned, and why it follows from the one before."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str
    head: Checkpoint


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a witness knows of one log: who may sign for it, and the last head it cosigned."""

    keys: tuple[VerifierKey, ...]
    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a head is not cosigned, as HTTP tells it."""

    status: Status
    body: str
    content_type: str = "text/plain; charset=utf-8"
    is_evidence: bool = False
    """Whether the log itself signed what was refused, so that it may show a second history."""


def request_of(note: str, *, old_size: int, proof: Sequence[bytes]) -> str:
    """The body with which a log asks for a cosignature."""
    hashes = [base64.b64encode(hash_).decode() for hash_ in proof]
    return "\n".join([f"old {old_size}", *hashes, "", note])


def request_in(body: bytes) -> Request:
    """Read what a log sent; raises BadRequest."""
    try:
        head, _, note = body.decode().partition("\n\n")
        checkpoint = checkpoint_in(split_note(note)[0])
    except UnicodeDecodeError:
        raise BadRequest("expected text in UTF-8") from None
    except BadNote as problem:
        raise BadRequest(f"after an empty line, expected a checkpoint: {problem}") from None
    old, *lines = head.split("\n")
    size = _OLD.fullmatch(old)
    if not size or max(int(size[1]), checkpoint.size) > LARGEST_SIZE:
        raise BadRequest("expected 'old' and the size of a tree on the first line")
    return Request(int(size[1]), _proof_in(lines), note, checkpoint)


def _proof_in(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > MOST_HASHES:
        raise BadRequest(f"expected at most {MOST_HASHES} lines of proof, got {len(lines)}")
    try:
        proof = tuple(from_base64(line) for line in lines)
    except ValueError:
        raise BadRequest("expected a hash in base64 on each line of the proof") from None
    if any(len(hash_) != HASH_BYTES for hash_ in proof):
        raise BadRequest(f"expected hashes of {HASH_BYTES} bytes in the proof")
    return proof


def refusal_of(request: Request, remembered: Remembered | None) -> Refusal | None:
    """Why the head is not to be cosigned; None if it follows from what is remembered."""
    if remembered is None:
        told = f"This witness does not watch {request.head.origin!r}.\n"
        return Refusal(Status.NOT_WATCHED, told)
    try:
        signer = signer_of(request.note, remembered.keys)
    except BadNote as problem:
        return Refusal(Status.NOT_TRUSTED, f"{problem}\n")
    if signer is None:
        return Refusal(Status.NOT_TRUSTED, "No key that this witness trusts signed it.\n")
    return _misfit(request, remembered)


def _misfit(request: Request, remembered: Remembered) -> Refusal | None:
    """What speaks against a head that the log did sign."""
    old, head = request.old_size, request.head
    if old > head.size:
        told = f"The old size, {old}, is larger than the new one, {head.size}.\n"
        return Refusal(Status.BAD_REQUEST, told)
    if old != remembered.size:
        # A head smaller than one it signed before may come of an older database.
        told, behind = f"{remembered.size}\n", head.size < remembered.size
        return Refusal(Status.OTHER_SIZE, told, SIZE_TYPE, is_evidence=behind)
    try:
        check_growth(request, root=remembered.root)
    except ProofRejected as problem:
        return Refusal(Status.DOES_NOT_FOLLOW, f"{problem}\n", is_evidence=True)
    return None


def check_growth(request: Request, *, root: bytes) -> None:
    """Raise ProofRejected unless the head grew from the root that is remembered."""
    head = request.head
    if head.size == 0 and head.root != EMPTY_ROOT:
        raise ProofRejected("the root of an empty tree is another")
    if request.old_size == 0:
        if request.proof:
            raise ProofRejected("no proof is needed from the empty tree")
        return
    verify_consistency(
        request.old_size,
        old_root=root,
        size=head.size,
        root=head.root,
        proof=request.proof,
    )


def cosigned(request: Request, *, signers: Sequence[Signer], at: int) -> str:
    """The lines to answer with; only for what there is no refusal of, and what is stored."""
    text = split_note(request.note)[0]
    return "".join(signer.line(text, at=at) for signer in signers)


def note_to_show(request: Request, *, keys: Sequence[VerifierKey], lines: str) -> str:
    """The note for monitors: the log's lines that were verified, and the witness's own."""
    text, signatures = split_note(request.note)
    kept = [
        f"— {name} {base64.b64encode(signature).decode()}\n"
        for name, signature in signatures
        if any(is_by(key, name, signature) for key in keys)
    ]
    return f"{text}\n{''.join(kept)}{lines}"


def address_of(origin: str) -> str:
    """Where below its own address a witness shows the last head it cosigned of a log."""
    return f"{sha256(origin.encode()).hexdigest()}/checkpoint"
