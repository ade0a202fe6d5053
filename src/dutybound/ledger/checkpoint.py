"""Checkpoints (c2sp.org/tlog-checkpoint): the journal's head, as text that is signed."""

import base64
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dutybound.ledger.notes import BadNote, Signer, from_base64, note_of, sign, split_note
from dutybound.ledger.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: Ed25519PrivateKey) -> str:
        """The note the world sees, signed under the origin's name."""
        return sign(self.text, name=self.origin, key=key)

    def signed_by(self, *signers: Signer, at: int) -> str:
        """The note with a line of each signer, those that carry a time for `at`."""
        return note_of(self.text, *signers, at=at)


def checkpoint_in(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises BadNote. Extension lines are passed over."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise BadNote("a checkpoint has three lines or more: origin, size, root")
    origin, size, encoded = lines[:3]
    if not _SIZE.fullmatch(size):
        raise BadNote(f"expected the number of entries on line 2, got {size[:40]!r}")
    try:
        root = from_base64(encoded)
    except ValueError:
        raise BadNote(f"expected base64 on line 3, got {encoded[:60]!r}") from None
    if len(root) != HASH_BYTES:
        raise BadNote(f"expected a root of {HASH_BYTES} bytes on line 3, got {len(root)}")
    return Checkpoint(origin, int(size), root)


def unverified(note: str) -> Checkpoint:
    """What a note says its head is, whoever signed it."""
    return checkpoint_in(split_note(note)[0])
