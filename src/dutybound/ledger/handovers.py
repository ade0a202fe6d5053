"""How a journal's key is replaced: a head signed by the old key and the new one, kept for ever."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in
from dutybound.ledger.notes import BadKey, BadNote, VerifierKey, key_in, open_note

PATH = "key-changes"
MOST = 1000


@dataclass(frozen=True, slots=True)
class Handover:
    """One change of key; whoever trusts the old one may trust the new one from this head on."""

    old: VerifierKey
    new: VerifierKey
    note: str

    @property
    def head(self) -> Checkpoint:
        """The head that both keys signed; raises BadNote unless they did."""
        open_note(self.note, self.old)
        return checkpoint_in(open_note(self.note, self.new))


def as_text(handovers: Iterable[Handover]) -> str:
    """The changes as they are published beside the journal, the oldest first."""
    told = [{"old": str(one.old), "new": str(one.new), "note": one.note} for one in handovers]
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def handovers_in(text: str) -> tuple[Handover, ...]:
    """Read what `as_text` writes, unverified; raises BadNote."""
    try:
        told = json.loads(text)
        rows = [(key_in(one["old"]), key_in(one["new"]), one["note"]) for one in told[:MOST]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, BadKey):
        raise BadNote(f"{PATH} is not a list of changes of key") from None
    if not all(isinstance(note, str) for *_, note in rows):
        raise BadNote(f"{PATH} is not a list of changes of key")
    return tuple(Handover(*row) for row in rows)


def from_key(handovers: Sequence[Handover], key: VerifierKey) -> list[Handover]:
    """The changes that lead on from a key, in their order; raises BadNote if one is not signed."""
    found: list[Handover] = []
    size = 0
    for one in handovers:
        if one.old == (found[-1].new if found else key):
            if one.head.size < size:
                raise BadNote(f"the change to the key {one.new.id.hex()} goes back in the journal")
            size = one.head.size
            found.append(one)
    return found
