"""Evidence is encrypted to one recipient (age) before it leaves us."""

from typing import IO

import pyrage
from pyrage import x25519


class BadRecipient(ValueError):
    """What was given is no public key of age; the sentence says what one looks like."""


def recipient_in(text: str) -> x25519.Recipient:
    """The recipient a public key names; raises BadRecipient, also for a secret key."""
    key = text.strip()
    if key.upper().startswith("AGE-SECRET-KEY-"):
        # Never repeated in the message: whoever pasted it must make a new one.
        raise BadRecipient("That is a secret key. Ask the recipient for the public one: age1…")
    try:
        return x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise BadRecipient("Write a public key of age: age1 and 58 letters and digits.") from None


def encrypt_to(recipient: x25519.Recipient, *, source: IO[bytes], target: IO[bytes]) -> None:
    """Write the source, encrypted, in pieces."""
    source.seek(0)
    pyrage.encrypt_io(source, target, [recipient])
