"""Signed notes (c2sp.org/signed-note): text with a line for each who signed it."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dutybound.ledger.signature_types import LATEST, SCHEMES, TIME, Secret, SignatureType

KEY_ID_BYTES = 4
MOST_SIGNATURES = 64
"""A note may come from anybody; the specification asks for at least 16."""
_SIGNATURE_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+=*)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """The note is not written as a signed note, or no known key signed it."""


class BadKey(ValueError):
    """The text is not a verifier key."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who may have signed: a name, a public key, and how that one signs."""

    name: str
    public: bytes
    type: SignatureType = SignatureType.ED25519

    @property
    def id(self) -> bytes:
        told = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return sha256(told).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        public = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{public}"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a name, a private key, and how that one signs."""

    name: str
    secret: Secret
    type: SignatureType

    @property
    def key(self) -> VerifierKey:
        if not self.name or "+" in self.name or re.search(r"\s", self.name):
            raise BadKey(f"a key's name has no spaces and no plus sign: {self.name!r}")
        return VerifierKey(self.name, self.secret.public_key().public_bytes_raw(), self.type)

    def line(self, text: str, *, at: int = 0) -> str:
        """The signature line under a text; `at` is the time it is of, where the type has one."""
        scheme = SCHEMES[self.type]
        try:
            content = self.secret.sign(scheme.message(text, self.name, at))
        except ValueError as problem:
            raise BadNote(str(problem)) from None
        time = TIME.pack(at) if scheme.has_time else b""
        signature = base64.b64encode(self.key.id + time + content).decode()
        return f"— {self.name} {signature}\n"


def verifier_key(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    return Signer(name, key, SignatureType.ED25519).key


def key_in(text: str) -> VerifierKey:
    """Read a verifier key as it is printed: name+id+key."""
    parts = text.strip().split("+", 2)
    expected = f"expected name+8 hex digits+base64, got {text[:100]!r}"
    if len(parts) != 3 or not parts[0] or re.search(r"\s", parts[0]):
        raise BadKey(expected)
    name, key_id, encoded = parts
    try:
        public = from_base64(encoded)
    except ValueError:
        raise BadKey(expected) from None
    scheme = SCHEMES.get(public[0]) if public else None  # type: ignore[call-overload]
    if scheme is None or len(public) != 1 + scheme.public_bytes:
        known = ", ".join(f"{one.words} ({one.public_bytes} bytes)" for one in SCHEMES.values())
        raise BadKey(f"expected a key of {known} in {text[:100]!r}")
    key = VerifierKey(name, public[1:], SignatureType(public[0]))
    if key.id.hex() != key_id:
        raise BadKey(f"the key's id should be {key.id.hex()}, not {key_id[:20]!r}")
    return key


def sign(text: str, *, name: str, key: Ed25519PrivateKey) -> str:
    """The text as a note, signed."""
    return note_of(text, Signer(name, key, SignatureType.ED25519))


def note_of(text: str, *signers: Signer, at: int = 0) -> str:
    """The text as a note, with a line of each signer."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote("a note's text ends in a newline and has no other control characters")
    return f"{text}\n{''.join(signer.line(text, at=at) for signer in signers)}"


def open_note(note: str, key: VerifierKey) -> str:
    """The text of a note that the key signed; raises BadNote.

    Signatures of other keys are passed over, as the specification asks; one of this key that
    does not verify spoils the note.
    """
    return opened(note, key)[0]


def opened(note: str, key: VerifierKey) -> tuple[str, int]:
    """The text of a note that the key signed, and the newest time it signed for; raises BadNote.

    The time is in seconds since 1970, and 0 where the key's signatures carry none.
    """
    text, signatures = split_note(note)
    ours = [signature for name, signature in signatures if is_by(key, name, signature)]
    if not ours:
        signers = ", ".join(name for name, _ in signatures)
        raise BadNote(f"{key.name} did not sign it with the key {key.id.hex()} (signed: {signers})")
    return text, max(_verified(text, signature[KEY_ID_BYTES:], key) for signature in ours)


def is_by(key: VerifierKey, name: str, signature: bytes) -> bool:
    """Whether a line says that this key made it; whether that is true is not looked at."""
    return name == key.name and signature[:KEY_ID_BYTES] == key.id


def signer_of(note: str, keys: Iterable[VerifierKey]) -> VerifierKey | None:
    """The first of these keys that signed the note; raises BadNote if any is on a false line."""
    lines = split_note(note)[1]
    signed = [key for key in keys if any(is_by(key, *line) for line in lines)]
    for key in signed:
        open_note(note, key)
    return signed[0] if signed else None


def _verified(text: str, signature: bytes, key: VerifierKey) -> int:
    """The time that the signature is of; raises BadNote unless it is the key's, of this text."""
    scheme = SCHEMES[key.type]
    start = TIME.size if scheme.has_time else 0
    misfit = BadNote(f"the signature of {key.name} does not fit the text")
    if len(signature) != start + scheme.signature_bytes:
        raise misfit
    at = int(TIME.unpack_from(signature)[0]) if scheme.has_time else 0
    if at > LATEST:
        raise misfit
    try:
        scheme.verify(key.public, signature[start:], scheme.message(text, key.name, at))
    except (InvalidSignature, ValueError):
        raise misfit from None
    return at


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text, unverified, and each (name, key id and signature)."""
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or _CONTROL.search(note):
        raise BadNote("expected text, an empty line and signatures, each line ended")
    if lines.count("\n") > MOST_SIGNATURES:
        raise BadNote(f"expected at most {MOST_SIGNATURES} signatures")
    return text + "\n", [_signature(line) for line in lines[:-1].split("\n")]


def from_base64(text: str) -> bytes:
    """The bytes that have this text and no other; raises ValueError."""
    content = base64.b64decode(text, validate=True)
    # Python, like others, passes over the last character's spare bits, which nothing signs.
    if base64.b64encode(content).decode() != text:
        raise ValueError("not written as base64 is written")
    return content


def _signature(line: str) -> tuple[str, bytes]:
    parts = _SIGNATURE_LINE.fullmatch(line)
    if not parts:
        raise BadNote(f"expected '— name base64', got {line[:100]!r}")
    try:
        signature = from_base64(parts[2])
    except ValueError:
        raise BadNote(f"expected base64 in {line[:100]!r}") from None
    if len(signature) <= KEY_ID_BYTES:
        raise BadNote(f"a key id and a signature are missing in {line[:100]!r}")
    return parts[1], signature
