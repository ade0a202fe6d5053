"""One entry's proof as a file (c2sp.org/tlog-proof): no server and no journal to verify it."""

import base64
import re
from collections.abc import Sequence

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in
from dutybound.ledger.notes import VerifierKey, from_base64, open_note, split_note
from dutybound.ledger.policy import Policy, trusted
from dutybound.ledger.tree import ProofRejected, leaf_hash, verify_inclusion

FORMAT = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


def proof_file(number: int, *, proof: Sequence[bytes], note: str) -> str:
    """The proof that entry `number` is under the checkpoint that the note signs."""
    hashes = [base64.b64encode(hash_).decode() for hash_ in proof]
    return "\n".join([FORMAT, f"index {number}", *hashes, "", note])


def verify_proof(
    text: str, entry: bytes, *, key: VerifierKey | None = None, policy: Policy | None = None
) -> Checkpoint:
    """The checkpoint that the entry is under, signed by the key and trusted by the policy.

    It raises ProofRejected, BadNote if the key did not sign, NotTrusted if the policy is not met.
    """
    if key is None and policy is None:
        raise TypeError("expected the key of the journal, a policy, or both")
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines.pop(0) != FORMAT:
        raise ProofRejected(f"expected {FORMAT} on the first line")
    if lines and lines[0].startswith("extra "):
        # Opaque to us, and signed by nobody.
        lines.pop(0)
    index = _INDEX.fullmatch(lines.pop(0) if lines else "")
    if not index:
        raise ProofRejected("expected 'index' and the number of the entry")
    try:
        proof = [from_base64(line) for line in lines]
    except ValueError:
        raise ProofRejected("expected a hash in base64 on each line after the index") from None
    checkpoint = checkpoint_in(open_note(note, key) if key else split_note(note)[0])
    if policy is not None:
        trusted(note, policy, key=key)
    verify_inclusion(
        leaf_hash(entry), int(index[1]), size=checkpoint.size, root=checkpoint.root, proof=proof
    )
    return checkpoint
