"""What a case is about, and how the same words are found elsewhere."""

import secrets

from django.utils.crypto import salted_hmac

ITEM, ACCOUNT = "item", "account"
ADDRESS = "address"
"""A page of the service that we know no item of."""
CONCERN = "concern"
"""Somebody told us something that names no item yet."""
# Without letters and digits that look alike: people read references out to each other.
REFERENCE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
REFERENCE_LENGTH = 10


def new_reference() -> str:
    """49 bits of chance: a million cases meet none of their own."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))


def text_digest(text: str) -> str:
    """The same for the same words but for white space; without our key nobody can try words."""
    words = " ".join(text.split())
    if not words:
        return ""
    return salted_hmac("casework.text", words, algorithm="sha256").hexdigest()
