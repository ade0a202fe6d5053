"""Verify a whole journal: its signature, every tile, every entry, and that it only ever grew."""

from dataclasses import dataclass

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in, unverified
from dutybound.ledger.comparison import Comparison, Progress
from dutybound.ledger.files import Files, Read
from dutybound.ledger.findings import Finding, What
from dutybound.ledger.notes import BadKey, BadNote, VerifierKey, key_in, open_note
from dutybound.ledger.tiles import TileName, subtree_from
from dutybound.ledger.tree import ProofRejected, consistency_proof, verify_consistency


@dataclass(frozen=True, slots=True)
class Verification:
    """What a journal says its head is, which key was trusted, and what does not verify."""

    head: Checkpoint | None
    key: VerifierKey | None
    key_was_given: bool
    """False: the key came with the journal, so all that is shown is that it fits itself."""
    findings: tuple[Finding, ...]

    @property
    def verifies(self) -> bool:
        return not self.findings


class _NotThere(Exception):
    """A tile that a proof needs is not there."""


def verify_journal(
    read: Read,
    *,
    key: VerifierKey | None = None,
    since: str | None = None,
    progress: Progress = lambda *_: None,
) -> Verification:
    """Check everything that `read` gives; `since` is the note of a checkpoint kept from before."""
    findings: list[Finding] = []
    trusted = key or _key_of(read, findings)
    head = _head_of(read, trusted, findings)
    if head:
        files = Files(read)
        comparison = Comparison(files, size=head.size, root=head.root, progress=progress)
        findings += comparison.findings()
        if since is not None:
            findings += _history(since, head, trusted, files)
    return Verification(head, trusted, key is not None, tuple(findings))


def _key_of(read: Read, findings: list[Finding]) -> VerifierKey | None:
    text = read("key")
    if text is None:
        findings.append(Finding(What.KEY, "no key was given, and none is beside the journal"))
        return None
    try:
        return key_in(text.decode())
    except (BadKey, UnicodeDecodeError) as problem:
        findings.append(Finding(What.KEY, f"the key beside the journal is not one: {problem}"))
        return None


def _head_of(read: Read, key: VerifierKey | None, findings: list[Finding]) -> Checkpoint | None:
    """The head, verified or not: entries are compared even under a false signature."""
    note = read("checkpoint")
    if note is None:
        findings.append(Finding(What.CHECKPOINT, "there is no checkpoint"))
        return None
    try:
        head = unverified(note.decode())
    except (BadNote, UnicodeDecodeError) as problem:
        findings.append(Finding(What.CHECKPOINT, f"the checkpoint cannot be read: {problem}"))
        return None
    findings += _signature_faults(note.decode(), key, head.origin)
    return head


def _signature_faults(note: str, key: VerifierKey | None, origin: str) -> list[Finding]:
    if key is None:
        return []
    try:
        open_note(note, key)
    except BadNote as problem:
        return [Finding(What.CHECKPOINT, f"the checkpoint is not signed: {problem}")]
    if key.name != origin:
        told = f"the checkpoint is of {origin!r}, the key of {key.name!r}"
        return [Finding(What.CHECKPOINT, told)]
    return []


def _history(since: str, head: Checkpoint, key: VerifierKey | None, files: Files) -> list[Finding]:
    """What speaks against the journal having grown from the older checkpoint."""
    try:
        old = checkpoint_in(open_note(since, key) if key else "")
        _check_growth(old, head, files)
    except BadNote as problem:
        return [Finding(What.HISTORY, f"the older checkpoint does not verify: {problem}")]
    except (ProofRejected, _NotThere) as problem:
        return [Finding(What.HISTORY, f"the journal did not grow from the older one: {problem}")]
    return []


def _check_growth(old: Checkpoint, head: Checkpoint, files: Files) -> None:
    def hashes(name: TileName) -> tuple[bytes, ...]:
        found = files.hashes(name)
        if found is None:
            raise _NotThere(f"{name.path} is missing or has the wrong length")
        return found

    if old.origin != head.origin:
        raise ProofRejected(f"that was of {old.origin!r}, this is of {head.origin!r}")
    if old.size > head.size:
        raise ProofRejected(f"it had {old.size} entries then and has {head.size} now")
    if old.size:
        subtree = subtree_from(hashes, size=head.size)
        verify_consistency(
            old.size,
            old_root=old.root,
            size=head.size,
            root=head.root,
            proof=consistency_proof(old.size, size=head.size, subtree=subtree),
        )
