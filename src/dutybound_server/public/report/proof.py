"""Proof of work: a moment of a browser's time, so that a flood costs its sender something.

A form without it is taken all the same; it waits behind the others (Told.queued).
"""

from hashlib import sha256

from django.utils.crypto import salted_hmac

from dutybound_server.casework.models import Desk, Draft

LONGEST_ANSWER = 40


def challenge_for(draft: Draft) -> str:
    """What the browser has to work on. It is bound to one form, which is sent once."""
    return salted_hmac("public.report.proof", draft.token_digest, algorithm="sha256").hexdigest()


def is_proof(answer: str, *, draft: Draft, desk: Desk) -> bool:
    """Whether SHA-256 of challenge and answer begins with as many zero bits as the desk asks."""
    if desk.proof_bits == 0:
        return True
    if not answer or len(answer) > LONGEST_ANSWER:
        return False
    digest = sha256(f"{challenge_for(draft)}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - desk.proof_bits) == 0
