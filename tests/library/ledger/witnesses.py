"""Journals' keys and witnesses with names, the same in every run."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.notes import Signer
from dutybound.ledger.signature_types import SignatureType
from tests.library.ledger.oracle import mth
from tests.library.ledger.published import ORIGIN, SIGNER

AT = 1_790_000_000
LOG = Signer(ORIGIN, SIGNER, SignatureType.ED25519)
LOG_MLDSA = Signer(
    ORIGIN, MLDSA44PrivateKey.from_seed_bytes(bytes(range(32))), SignatureType.ML_DSA_44
)


def ed25519(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def witness(number: int) -> Signer:
    return Signer(f"w{number}.example", ed25519(number), SignatureType.ED25519_COSIGNATURE)


def witness_mldsa(number: int) -> Signer:
    secret = MLDSA44PrivateKey.from_seed_bytes(bytes([number]) * 32)
    return Signer(f"w{number}.example", secret, SignatureType.ML_DSA_44)


def head_of(entries: list[bytes], *, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin, len(entries), mth(entries))


def cosigned(head: Checkpoint, *signers: Signer, at: int = AT) -> str:
    """The head's note, signed by the journal and then by others."""
    return head.signed_by(LOG, *signers, at=at)
