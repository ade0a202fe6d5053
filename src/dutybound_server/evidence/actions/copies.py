"""Files of snapshots are copied, outside any transaction; the original waits until they are."""

from datetime import datetime
from hashlib import sha512
from typing import IO

from django.db import transaction

from dutybound_server.evidence.models import SnapshotFile
from dutybound_server.evidence.queries import files_to_copy
from dutybound_server.items.blobs import delete_blob, open_blob, store_blob
from dutybound_server.journal.actions import append
from dutybound_server.lib.sealed import CannotOpen
from dutybound_server.people.actors import SYSTEM

AT_ONCE = 20
PIECE = 64 * 1024


def copy_files(*, now: datetime) -> int:
    """Copy some of the files that wait for it; how many are settled.

    Killed after a copy is stored and before its row names it, the copy is swept and made again.
    """
    waiting = files_to_copy().select_related("source", "snapshot__service").order_by("id")
    return sum(_settle(file, now=now) for file in waiting[:AT_ONCE])


def _settle(file: SnapshotFile, *, now: datetime) -> bool:
    if not file.source.blob:
        return _give_up(file, "Its original was erased before it could be copied.", now=now)
    try:
        with open_blob(file.source.blob) as original:
            size, digest = _measured(original)
            name = store_blob(original)
    except (CannotOpen, FileNotFoundError) as problem:
        return _give_up(file, f"Its original cannot be opened: {problem}"[:200], now=now)
    mine = files_to_copy().filter(pk=file.pk)
    if mine.update(blob=name, size=size, sha512=digest) != 1:
        delete_blob(name)  # Another worker copied it meanwhile, or it was erased.
        return False
    return True


@transaction.atomic
def _give_up(file: SnapshotFile, problem: str, *, now: datetime) -> bool:
    """Say for good that there is no copy: evidence that is missing is never passed over."""
    if files_to_copy().filter(pk=file.pk).update(problem=problem) != 1:
        return False
    append(
        kind="evidence.file_lost",
        service=file.snapshot.service.slug,
        subject=f"snapshot:{file.snapshot.uuid}",
        actor=SYSTEM,
        now=now,
        facts={"problem": problem},
    )
    return True


def _measured(file: IO[bytes]) -> tuple[int, str]:
    file.seek(0)
    size, digest = 0, sha512()
    while piece := file.read(PIECE):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()
