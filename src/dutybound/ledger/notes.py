"""Signed notes (c2sp.org/signed-note), with Ed25519 keys."""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
PUBLIC_BYTES = 32
KEY_ID_BYTES = 4
_SIGNATURE_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+=*)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """The note is not written as a signed note, or no known key signed it."""


class BadKey(ValueError):
    """The text is not a verifier key."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who may have signed: a name and an Ed25519 public key."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        public = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{public}"


def verifier_key(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    if not name or "+" in name or re.search(r"\s", name):
        raise BadKey(f"a key's name has no spaces and no plus sign: {name!r}")
    return VerifierKey(name, key.public_key().public_bytes_raw())


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
    if public[:1] != ED25519 or len(public) != 1 + PUBLIC_BYTES:
        raise BadKey(f"expected an Ed25519 key of {PUBLIC_BYTES} bytes in {text[:100]!r}")
    key = VerifierKey(name, public[1:])
    if key.id.hex() != key_id:
        raise BadKey(f"the key's id should be {key.id.hex()}, not {key_id[:20]!r}")
    return key


def sign(text: str, *, name: str, key: Ed25519PrivateKey) -> str:
    """The text as a note, signed."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote("a note's text ends in a newline and has no other control characters")
    signature = verifier_key(name, key).id + key.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signature).decode()}\n"


def open_note(note: str, key: VerifierKey) -> str:
    """The text of a note that the key signed; raises BadNote.

    Signatures of other keys are passed over, as the specification asks; one of this key that
    does not verify spoils the note.
    """
    text, signatures = split_note(note)
    ours = [
        signature
        for name, signature in signatures
        if name == key.name and signature[:KEY_ID_BYTES] == key.id
    ]
    if not ours:
        signers = ", ".join(name for name, _ in signatures)
        raise BadNote(f"{key.name} did not sign it with the key {key.id.hex()} (signed: {signers})")
    public = Ed25519PublicKey.from_public_bytes(key.public)
    for signature in ours:
        try:
            public.verify(signature[KEY_ID_BYTES:], text.encode())
        except InvalidSignature:
            raise BadNote(f"the signature of {key.name} does not fit the text") from None
    return text


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text, unverified, and each (name, key id and signature)."""
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or _CONTROL.search(note):
        raise BadNote("expected text, an empty line and signatures, each line ended")
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
