"""The journal's keys are replaced: in the journal first, then in the keys folder.

Killed between the two, the old keys are still there and still good; run again, it takes the new
ones that were made, writes the change down once more, and puts them in place.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.conf import settings
from django.utils import timezone

from dutybound.ledger.notes import Signer, VerifierKey
from dutybound.ledger.signature_types import SignatureType
from dutybound_server.journal import actions
from dutybound_server.journal.queries import journal_origin, newest_checkpoint
from dutybound_server.people.actors import SYSTEM
from dutybound_server.project.keys import (
    JOURNAL,
    JOURNAL_MLDSA,
    add_key,
    journal_key_in,
    journal_mldsa_key_in,
    pem_of,
)

NEXT, NEXT_MLDSA = "journal-next.key", "journal-mldsa-next.key"


def replace(folder: Path) -> None:
    """Make new keys, let the old ones hand over to them, and put them in the place of the old."""
    add_key(folder / NEXT, pem_of(Ed25519PrivateKey.generate()))
    add_key(folder / NEXT_MLDSA, pem_of(MLDSA44PrivateKey.generate()))
    ed25519 = journal_key_in((folder / NEXT).read_bytes())
    ml_dsa = journal_mldsa_key_in((folder / NEXT_MLDSA).read_bytes())
    actions.seal(now=timezone.now())
    origin = journal_origin(newest_checkpoint())
    to = (
        Signer(origin, ed25519, SignatureType.ED25519),
        Signer(origin, ml_dsa, SignatureType.ML_DSA_44),
    )
    actions.hand_over(to=to, actor=SYSTEM, now=timezone.now())
    (folder / NEXT).replace(folder / JOURNAL)
    (folder / NEXT_MLDSA).replace(folder / JOURNAL_MLDSA)
    settings.JOURNAL_KEY, settings.JOURNAL_MLDSA_KEY = ed25519, ml_dsa


def begin_again(*, lost: VerifierKey) -> None:
    """Go on with the keys that are there, after the private key of `lost` is gone."""
    if lost.public == settings.JOURNAL_KEY.public_key().public_bytes_raw():
        raise ValueError("that key is not lost: its private key is the one in the keys folder")
    actions.begin_again(lost=lost, actor=SYSTEM, now=timezone.now())
