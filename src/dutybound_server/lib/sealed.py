"""Content at rest: AES-256-GCM under a ring of keys, the first of which writes."""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

KEY_BYTES = 32
KEY_ID_BYTES = 4
NONCE_BYTES = 12
TAG_BYTES = 16
SEALED_EXTRA = KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES
"""By how many bytes a sealed value is longer than what was sealed."""


class CannotOpen(Exception):
    """The bytes were sealed with a key we do not hold, or were changed since."""


@dataclass(frozen=True)
class Key:
    """One 256-bit key; its id is the start of its own digest, so a ring needs no names."""

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> bytes:
        return sha256(b"dutybound key id" + self.secret).digest()[:KEY_ID_BYTES]

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(self.secret)


def keys_from_text(text: str) -> tuple[Key, ...]:
    """Read a ring: one base64 key of 32 bytes a line, the newest first."""
    keys = tuple(_key(line.strip(), number) for number, line in enumerate(text.split(), 1))
    if not keys:
        raise ValueError("expected at least one base64 key of 32 bytes, got none")
    return keys


def _key(line: str, number: int) -> Key:
    try:
        secret = base64.b64decode(line, validate=True)
    except binascii.Error:
        raise ValueError(f"line {number}: expected base64") from None
    if len(secret) != KEY_BYTES:
        raise ValueError(f"line {number}: expected 32 bytes in base64, got {len(secret)}")
    return Key(secret)


def seal(plain: bytes, *, keys: Sequence[Key] | None = None) -> bytes:
    """Encrypt as key id (4 bytes), nonce (12), ciphertext and tag."""
    key = (keys or settings.CONTENT_KEYS)[0]
    nonce = os.urandom(NONCE_BYTES)
    return key.id + nonce + key.cipher.encrypt(nonce, plain, key.id)


def unseal(sealed: bytes, *, keys: Sequence[Key] | None = None) -> bytes:
    """Decrypt what `seal` made; raises CannotOpen."""
    key_id, nonce = sealed[:KEY_ID_BYTES], sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
    key = key_named(key_id, keys=keys)
    try:
        return key.cipher.decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], key_id)
    except InvalidTag:
        raise CannotOpen("sealed content was changed since it was written") from None


def is_newest(sealed: bytes) -> bool:
    """Whether the key that writes now has sealed it."""
    return sealed.startswith(settings.CONTENT_KEYS[0].id)


def key_named(key_id: bytes, *, keys: Sequence[Key] | None = None) -> Key:
    """The key of the ring with that id; raises CannotOpen."""
    for key in keys or settings.CONTENT_KEYS:
        if key.id == key_id:
            return key
    for key in () if keys else _ring_read_again():
        if key.id == key_id:
            return key
    raise CannotOpen(f"no content key has the id {key_id.hex()}; is the key file complete?")


def _ring_read_again() -> tuple[Key, ...]:
    """The ring as its file has it now: a rotation adds keys while we run."""
    file: Path | None = settings.CONTENT_KEYS_FILE
    if file is None:
        return ()
    settings.CONTENT_KEYS = ring = keys_from_text(file.read_text())
    return ring


if TYPE_CHECKING:
    _TextInBytes = models.BinaryField[str, str]
else:
    _TextInBytes = models.BinaryField


class SealedTextField(_TextInBytes):
    """Text a person wrote, encrypted in its column and plain in Python."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's own options
        options.setdefault("editable", True)
        super().__init__(**options)

    def _check_str_default_value(self) -> list[object]:
        # BinaryField refuses text as a default; ours is text until it reaches the column.
        return []

    def from_db_value(self, value: bytes | None, *_: object) -> str | None:
        return None if value is None else unseal(bytes(value)).decode()

    def get_prep_value(self, value: Any) -> bytes | None:  # noqa: ANN401 - Django's signature
        return None if value is None else seal(str(value).encode())
