"""The secrets of an installation, made once and never replaced by themselves."""

import base64
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.core.exceptions import ImproperlyConfigured

from dutybound_server.lib.sealed import KEY_BYTES, Key, keys_from_text

CONTENT, DJANGO = "content.key", "django.key"
JOURNAL, JOURNAL_MLDSA = "journal.key", "journal-mldsa.key"


@dataclass(frozen=True, slots=True)
class Keys:
    content: tuple[Key, ...]
    django: str = field(repr=False)
    journal: Ed25519PrivateKey
    journal_mldsa: MLDSA44PrivateKey


def keys_in(data: Path, *, content: tuple[Key, ...] = ()) -> Keys:
    """Read the keys of the data folder; make them if the folder is new.

    A folder that has a database and no keys is refused: new keys could read nothing in it.
    """
    folder = data / "keys"
    if not folder.exists():
        if (data / "dutybound.sqlite3").exists():
            raise ImproperlyConfigured(
                f"{folder} is missing but there is a database beside it. Put the keys back "
                "from your backup: without them stored content cannot be read."
            )
        _make(folder)
    if not (folder / JOURNAL_MLDSA).exists():
        # Installations of before it was introduced get one when they start.
        add_key(folder / JOURNAL_MLDSA, pem_of(MLDSA44PrivateKey.generate()))
    return read_keys(folder, content=content)


def read_keys(folder: Path, *, content: tuple[Key, ...] = ()) -> Keys:
    """The keys as their files have them, and `content` in place of the ring if that was given."""
    try:
        return Keys(
            content=content or keys_from_text((folder / CONTENT).read_text()),
            django=(folder / DJANGO).read_text().strip(),
            journal=journal_key_in((folder / JOURNAL).read_bytes()),
            journal_mldsa=journal_mldsa_key_in((folder / JOURNAL_MLDSA).read_bytes()),
        )
    except (OSError, ValueError) as problem:
        raise ImproperlyConfigured(f"A key in {folder} cannot be read: {problem}") from problem


def new_content_key() -> Key:
    return Key(secrets.token_bytes(KEY_BYTES))


def ring_text(ring: Iterable[Key]) -> str:
    """The ring as `keys_from_text` reads it."""
    return "".join(f"{base64.b64encode(key.secret).decode()}\n" for key in ring)


def _make(folder: Path) -> None:
    # All under another name first: a kill half-way leaves no folder that looks complete.
    draft = folder.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)
    made = {
        CONTENT: ring_text([new_content_key()]).encode(),
        DJANGO: secrets.token_urlsafe(50).encode() + b"\n",
        JOURNAL: pem_of(Ed25519PrivateKey.generate()),
        JOURNAL_MLDSA: pem_of(MLDSA44PrivateKey.generate()),
    }
    for name, content in made.items():
        write_secret(draft / name, content)
    try:
        draft.rename(folder)
    except OSError:
        # Another process of the same first start was quicker; its keys are the keys.
        for name in made:
            (draft / name).unlink()
        draft.rmdir()


def add_key(file: Path, content: bytes) -> None:
    """A key beside the others, unless it is there; whoever makes it first has made it."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        write_secret(draft, content)
        with suppress(FileExistsError):
            file.hardlink_to(draft)
    except OSError as problem:
        raise ImproperlyConfigured(f"{file} is new and cannot be made: {problem}") from problem
    finally:
        draft.unlink(missing_ok=True)


def write_secret(file: Path, content: bytes) -> None:
    """Write a file that only we may read, from its first byte on, and that a power cut leaves."""
    file.touch(mode=0o600)
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def pem_of(key: Ed25519PrivateKey | MLDSA44PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def journal_key_in(pem: bytes) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{JOURNAL}: expected an Ed25519 private key")  # noqa: TRY004
    return key


def journal_mldsa_key_in(pem: bytes) -> MLDSA44PrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, MLDSA44PrivateKey):
        raise ValueError(f"{JOURNAL_MLDSA}: expected an ML-DSA-44 private key")  # noqa: TRY004
    return key
