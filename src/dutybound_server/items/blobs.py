"""Media at rest: encrypted by chunks, so a file of any size is written and read in pieces.

A stored file is a header (magic, id of the ring's key, 16 random bytes) and chunks of 64 KiB, each
AES-256-GCM. Every file has a key of its own, derived from the ring's key, the random bytes and the
file's name; the nonce is the chunk's number and whether it is the last. So a chunk that is changed,
moved, left out or taken from another file does not open, and neither does a file cut short.
(STREAM, Hoang et al. 2015, as Tink's AES-GCM-HKDF builds it.)
"""

import io
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.db import models, transaction
from django.utils.deconstruct import deconstructible

from dutybound_server.lib.sealed import (
    KEY_BYTES,
    KEY_ID_BYTES,
    NONCE_BYTES,
    CannotOpen,
    Key,
    key_named,
)

MAGIC = b"DBM1"
SALT_BYTES = 16
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES + SALT_BYTES
TAG_BYTES = 16
CHUNK = 64 * 1024
SEALED_CHUNK = CHUNK + TAG_BYTES
UNFINISHED = ".part"
LEAST_FREE = 1024**3

if TYPE_CHECKING:
    _NameInText = models.CharField[str, str]
else:
    _NameInText = models.CharField


class BlobField(_NameInText):
    """The name of an encrypted file; empty when there is none, or it is deleted.

    The sweep of files without a row asks every column of this kind.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's own options
        super().__init__(**{"max_length": 100, "blank": True, "db_index": True, **options})

    def deconstruct(self) -> Any:  # noqa: ANN401 - Django's signature
        # To the database it is text, so no migration tells it from other text.
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options


def names_in_use(names: Collection[str]) -> set[str]:
    """Those of the names that a row of any table holds."""
    columns = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()  # noqa: SLF001 - Django's documented way
        if isinstance(field, BlobField)
    ]
    return {
        name
        for model, column in columns
        for name in model._default_manager.filter(  # noqa: SLF001 - as above
            **{f"{column}__in": names}
        ).values_list(column, flat=True)
    }


def has_room() -> bool:
    """Whether the disk can take files that people add, and the records still go on."""
    folder = Path(storages["media"].path(""))
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free >= LEAST_FREE


def store_blob(content: IO[bytes]) -> str:
    """Write an encrypted copy that survives a power cut; the answer is its name.

    If it stops before a database row holds the name, `sweep_blobs` finds the file an hour later.
    """
    content.seek(0)
    return storages["media"].save(_new_name(), File(content))


def open_blob(name: str) -> "File[bytes]":
    """The plain content, decrypted as it is read; raises CannotOpen where it was changed."""
    return storages["media"].open(name)


def delete_blob(name: str) -> None:
    """Remove the file; one that is gone already is fine."""
    storages["media"].delete(name)


def delete_blobs_after_commit(names: Iterable[str]) -> None:
    """Remove the files once the rows that named them are gone for good.

    If it stops between commit and deletion, the files have no row and are swept.
    """
    for name in filter(None, names):
        transaction.on_commit(partial(delete_blob, name))


@deconstructible
class SealedStorage(FileSystemStorage):
    """Django's file storage, with every file encrypted and either whole or absent."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002
        # 128 random bits are free; asking the disk would prove nothing a moment later.
        return name

    def _save(self, name: str, content: IO[bytes]) -> str:
        path = Path(self.path(name))
        _make_folder(path.parent)
        draft = path.with_name(path.name + UNFINISHED)
        try:
            with draft.open("xb") as file:
                for piece in sealed_pieces(content, name=name):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError(f"stored media are only read; got mode {mode!r}")
        file = Path(self.path(name)).open("rb")  # noqa: SIM115 - the returned File closes it
        return File(io.BufferedReader(_Unsealed(file, name=name), CHUNK), name)

    def size(self, name: str) -> int:
        return _plain_size(super().size(name))

    def names_older_than(self, moment: datetime) -> Iterator[str]:
        """Every stored or half-written file that was not written since."""
        newest = moment.timestamp()
        root = Path(self.location)
        for folder, _, names in os.walk(root):
            for name in names:
                path = Path(folder, name)
                if path.stat().st_mtime <= newest:
                    yield path.relative_to(root).as_posix()


def sealed_pieces(plain: IO[bytes], *, name: str) -> Iterator[bytes]:
    """The stored form of a file, piece by piece."""
    key = settings.CONTENT_KEYS[0]
    header = MAGIC + key.id + secrets.token_bytes(SALT_BYTES)
    cipher = _file_cipher(key, header, name)
    yield header
    number, chunk = 0, _read_full(plain)
    while True:
        following = _read_full(plain)
        yield cipher.encrypt(_nonce(number, is_last=not following), chunk, header)
        if not following:
            return
        number, chunk = number + 1, following


class _Unsealed(io.RawIOBase):
    """The plain bytes of a stored file; it may be read from any position."""

    def __init__(self, sealed: BinaryIO, *, name: str) -> None:
        super().__init__()
        self._sealed = sealed
        self._header = sealed.read(HEADER_BYTES)
        if len(self._header) < HEADER_BYTES or not self._header.startswith(MAGIC):
            raise CannotOpen(f"{name} is not a stored medium")
        key_id = self._header[len(MAGIC) : len(MAGIC) + KEY_ID_BYTES]
        self._cipher = _file_cipher(key_named(key_id), self._header, name)
        self._name = name
        self._size = _plain_size(os.fstat(sealed.fileno()).st_size)
        self._last = max(self._size - 1, 0) // CHUNK
        self._position = 0
        self._number, self._chunk = -1, b""
        # Opening the last chunk at once tells a file cut short before any of it is used.
        self._turn_to(self._last)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(start + offset, 0)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._position >= self._size:
            return 0
        self._turn_to(self._position // CHUNK)
        piece = self._chunk[self._position % CHUNK :][: len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._sealed.close()
        super().close()

    def _turn_to(self, number: int) -> None:
        if number == self._number:
            return
        self._sealed.seek(HEADER_BYTES + number * SEALED_CHUNK)
        nonce = _nonce(number, is_last=number == self._last)
        try:
            sealed = self._sealed.read(SEALED_CHUNK)
            self._chunk = self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise CannotOpen(f"{self._name} was changed since it was written") from None
        self._number = number


def _file_cipher(key: Key, header: bytes, name: str) -> AESGCM:
    salt = header[-SALT_BYTES:]
    derive = HKDF(SHA256(), KEY_BYTES, salt=salt, info=b"dutybound media " + name.encode())
    return AESGCM(derive.derive(key.secret))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([is_last])


def _plain_size(stored: int) -> int:
    chunks = -(-(stored - HEADER_BYTES) // SEALED_CHUNK)
    return max(stored - HEADER_BYTES - chunks * TAG_BYTES, 0)


def _read_full(file: IO[bytes]) -> bytes:
    """64 KiB, or less only at the end, from a file that may give less at a time."""
    pieces, wanted = [], CHUNK
    while wanted and (piece := file.read(wanted)):
        pieces.append(piece)
        wanted -= len(piece)
    return b"".join(pieces)


def _new_name() -> str:
    name = secrets.token_hex(16)
    return f"{name[:3]}/{name}"


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
