"""One entry shown to one reader: its bytes, its proof, and the salts that remain.

An entry holds salted digests where it would hold values about people. Whoever is given the salt of
a digest, and the value, can see that this was the value; once a salt is erased nobody can.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.notes import VerifierKey
from dutybound.ledger.proofs import verify_proof

FORMAT = "dutybound-disclosure@v1"


class BadDisclosure(ValueError):
    """The text is not a disclosure, or its entry is not one."""


class Match(StrEnum):
    """What can be said of a value that the entry holds a digest of."""

    MATCHES = "matches"
    DIFFERS = "differs"
    ERASED = "erased"
    NOT_GIVEN = "not_given"
    NOT_HELD = "not_held"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a disclosure file says, verified or not."""

    entry: bytes
    salts: Mapping[str, bytes]
    proof: str
    digests: Mapping[str, str]
    """name → digest, as the entry tells them."""

    def match(self, name: str, value: str | None) -> Match:
        """Whether the value is the one that the entry was written with."""
        if name not in self.digests:
            return Match.NOT_HELD
        if name not in self.salts:
            return Match.ERASED
        if value is None:
            return Match.NOT_GIVEN
        same = digest(value, salt=self.salts[name]) == self.digests[name]
        return Match.MATCHES if same else Match.DIFFERS


def digest(value: str, *, salt: bytes) -> str:
    """What an entry holds instead of a value about a person."""
    return sha256(salt + value.encode()).hexdigest()


def disclosure_file(entry: bytes, *, salts: Mapping[str, str], proof: str) -> str:
    """The file that `disclosure_in` reads; salts are given in hex."""
    told = {"format": FORMAT, "entry": entry.decode(), "salts": dict(salts), "proof": proof}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def disclosure_in(text: str) -> Disclosure:
    """Read a disclosure file; raises BadDisclosure. Nothing is verified yet."""
    told = _object(text, what="the file")
    if told.get("format") != FORMAT:
        raise BadDisclosure(f"expected the format {FORMAT}, got {str(told.get('format'))[:60]!r}")
    entry, proof = told.get("entry"), told.get("proof")
    if not isinstance(entry, str) or not isinstance(proof, str):
        raise BadDisclosure("expected the entry and its proof as text")
    digests = _texts(_object(entry, what="the entry").get("personal"), what="digests")
    try:
        salts = {
            name: bytes.fromhex(salt)
            for name, salt in _texts(told.get("salts"), what="salts").items()
        }
        content = entry.encode()
    except ValueError as problem:
        raise BadDisclosure(f"a salt is no hex, or the entry no text: {problem}") from None
    return Disclosure(content, salts, proof, digests)


def verify_disclosure(disclosure: Disclosure, *, key: VerifierKey) -> Checkpoint:
    """The checkpoint that the entry is under; raises ProofRejected, or BadNote if not signed."""
    return verify_proof(disclosure.proof, disclosure.entry, key=key)


def _object(text: str, *, what: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadDisclosure(f"{what} is not JSON: {problem}") from None
    if not isinstance(found, dict):
        raise BadDisclosure(f"{what} is not a JSON object")
    return found


def _texts(found: object, *, what: str) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise BadDisclosure(f"expected {what} as an object of texts")
    return found
