"""Cosignatures (c2sp.org/tlog-cosignature): that somebody else saw the same head, and when."""

from collections.abc import Iterable
from dataclasses import dataclass

from dutybound.ledger.notes import BadNote, VerifierKey, is_by, opened, split_note
from dutybound.ledger.signature_types import SCHEMES

COSIGNS = frozenset(kind for kind, scheme in SCHEMES.items() if scheme.has_time)
"""The types that a witness may sign with; without a time, it would not say when it saw what."""


@dataclass(frozen=True, slots=True)
class Cosignature:
    """That the key's holder saw this head, which followed from all it had seen before."""

    key: VerifierKey
    at: int
    """Seconds since 1970, by the holder's own clock."""


def cosignature_by(note: str, key: VerifierKey) -> Cosignature | None:
    """The key's cosignature of the note, or None if there is none; raises BadNote for a false one.

    Whether the journal itself signed the note is another question.
    """
    if key.type not in COSIGNS or not any(is_by(key, *one) for one in split_note(note)[1]):
        return None
    at = opened(note, key)[1]
    if at == 0:
        # A signature without a time says nothing of what its holder saw last.
        raise BadNote(f"the cosignature of {key.name} has no time")
    return Cosignature(key, at)


def lines_by(lines: str, keys: Iterable[VerifierKey], *, note: str) -> dict[VerifierKey, str]:
    """Of what a witness answered, the line of each key that cosigned the note; raises BadNote.

    Lines of unknown keys are passed over; a false line of a known one spoils the answer.
    """
    text = split_note(note)[0]
    found: dict[VerifierKey, str] = {}
    known = tuple(keys)
    for line in lines.splitlines(keepends=True):
        alone = f"{text}\n{line}"
        for key in known:
            if cosignature_by(alone, key):
                found[key] = line
    return found


def signers_of(note: str, *, but: Iterable[VerifierKey] = ()) -> list[str]:
    """The names on a note's signature lines, unverified, but for those of some keys."""
    known = tuple(but)
    names = [
        name
        for name, signature in split_note(note)[1]
        if not any(is_by(key, name, signature) for key in known)
    ]
    return list(dict.fromkeys(names))
