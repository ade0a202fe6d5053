"""Files that people add: bounded, encrypted at once, and never opened as what they claim to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO

from dutybound_server.casework.hearing import LARGEST_FILE, AddedFile, ConcernRefused
from dutybound_server.casework.models import Attachment, Concern
from dutybound_server.items.blobs import store_blob

PIECE = 64 * 1024
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is stored and has no row yet."""

    name: str
    content_type: str
    size: int
    sha256: str
    blob: str


def store_files(files: Iterable[AddedFile]) -> tuple[StoredFile, ...]:
    """Encrypt the files; raises ConcernRefused for one too large, before any is stored."""
    measured = [(one, *_measured(one.file)) for one in files]
    if any(size > LARGEST_FILE for _, size, _ in measured):
        mebibytes = LARGEST_FILE // 1024 // 1024
        raise ConcernRefused("files", f"A file may have up to {mebibytes} MB; one has more.")
    return tuple(_store(one, size=size, digest=digest) for one, size, digest in measured)


def keep_attachments(*, concern: Concern, files: Iterable[StoredFile], now: datetime) -> None:
    """Give stored files their rows, inside a transaction of the caller."""
    Attachment.objects.bulk_create(
        Attachment(
            concern=concern,
            name=one.name,
            content_type=one.content_type,
            size=one.size,
            sha256=one.sha256,
            blob=one.blob,
            added_at=now,
        )
        for one in files
    )


def _store(added: AddedFile, *, size: int, digest: str) -> StoredFile:
    return StoredFile(
        name=_plain(added.name)[:LONGEST_NAME],
        content_type=_plain(added.content_type)[:100],
        size=size,
        sha256=digest,
        blob=store_blob(added.file),
    )


def _plain(text: str) -> str:
    # PostgreSQL stores no NUL; a browser's word for a file is no reason to lose it.
    return text.replace("\0", "")


def _measured(file: IO[bytes]) -> tuple[int, str]:
    file.seek(0)
    size, digest = 0, sha256()
    while piece := file.read(PIECE):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()
