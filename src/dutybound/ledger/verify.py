"""Verify a whole journal: its signature, every tile, every entry, and that it only ever grew."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in, unverified
from dutybound.ledger.comparison import Comparison, Progress
from dutybound.ledger.cosignatures import Cosignature
from dutybound.ledger.files import Files, Read
from dutybound.ledger.findings import Finding, What
from dutybound.ledger.notes import BadKey, BadNote, VerifierKey, key_in, open_note, signer_of
from dutybound.ledger.policy import Policy
from dutybound.ledger.tiles import TileName, subtree_from
from dutybound.ledger.tree import ProofRejected, consistency_proof, verify_consistency
from dutybound.ledger.trust import FoundHead, Trust


@dataclass(frozen=True, slots=True)
class Verification:
    """What a journal says its head is, which key was trusted, and what does not verify."""

    head: Checkpoint | None
    key: VerifierKey | None
    key_was_given: bool
    """False: the key came with the journal, so all that is shown is that it fits itself."""
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()
    """What to know about the head that is no fault of the journal."""
    seen_by: Mapping[str, Cosignature] = field(default_factory=dict)
    """The witnesses of the policy that cosigned the head."""

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
    policy: Policy | None = None,
    progress: Progress = lambda *_: None,
) -> Verification:
    """Check everything that `read` gives; `since` is the note of a checkpoint kept from before.

    `policy` says whose signatures, and which witnesses', the head must carry.
    """
    findings: list[Finding] = []
    note, head = _head_of(read, findings)
    given = key or _key_in(policy, head)
    known = given or _key_of(read, findings)
    trust = Trust()
    if head:
        files = Files(read)
        found = FoundHead(note, head, read, lambda old: _growth_fault(old, head, files))
        trust = found.trusted_by(key=known, policy=policy)
        findings += trust.findings
        comparison = Comparison(files, size=head.size, root=head.root, progress=progress)
        findings += comparison.findings()
        if since is not None:
            findings += _history(since, head, known, trust, files)
    return Verification(
        head, known, given is not None, tuple(findings), tuple(trust.remarks), trust.seen_by
    )


def _key_in(policy: Policy | None, head: Checkpoint | None) -> VerifierKey | None:
    """The key that a policy has for the journal; of another journal, if it knows only those."""
    keys = [log.key for log in policy.logs] if policy else []
    of_this = [key for key in keys if head and key.name == head.origin]
    return next(iter(of_this or keys), None)


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


def _head_of(read: Read, findings: list[Finding]) -> tuple[str, Checkpoint | None]:
    """The head, verified or not: entries are compared even under a false signature."""
    note = read("checkpoint")
    if note is None:
        findings.append(Finding(What.CHECKPOINT, "there is no checkpoint"))
        return "", None
    try:
        return note.decode(), unverified(note.decode())
    except (BadNote, UnicodeDecodeError) as problem:
        findings.append(Finding(What.CHECKPOINT, f"the checkpoint cannot be read: {problem}"))
        return "", None


def _history(
    since: str, head: Checkpoint, key: VerifierKey | None, trust: Trust, files: Files
) -> list[Finding]:
    """What speaks against the journal having grown from the older checkpoint."""
    keys = [one for one in (key, *trust.earlier, trust.signer) if one]
    try:
        old = checkpoint_in(_opened_by_any(since, keys))
    except BadNote as problem:
        return [Finding(What.HISTORY, f"the older checkpoint does not verify: {problem}")]
    if problem_there := _growth_fault(old, head, files):
        told = f"the journal did not grow from the older one: {problem_there}"
        return [Finding(What.HISTORY, told)]
    return []


def _opened_by_any(note: str, keys: list[VerifierKey]) -> str:
    """The text, if one of the keys signed it; raises BadNote."""
    signer = signer_of(note, keys)
    if signer is None and not keys:
        raise BadNote("no key is known")
    return open_note(note, signer or keys[0])


def _growth_fault(old: Checkpoint, head: Checkpoint, files: Files) -> str:
    """Why the journal cannot have grown from the older head; nothing if it did."""
    try:
        _check_growth(old, head, files)
    except (ProofRejected, _NotThere) as problem:
        return str(problem)
    return ""


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
