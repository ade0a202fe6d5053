"""All that is stored is sealed again under the newest content key, in steps that may be killed.

What is done is known by the key id that stands before every sealed value, so nothing is written
down about the progress, and running it again goes on where it stopped.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone

from dutybound_server.items.blobs import HEADER_BYTES, MAGIC, UNFINISHED, SealedStorage, open_blob
from dutybound_server.journal.actions import append
from dutybound_server.lib.sealed import KEY_ID_BYTES, Key, SealedTextField, seal, unseal
from dutybound_server.people.actions import reseal_second_factors
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.queries import second_factor_secrets
from dutybound_server.project.keys import new_content_key, ring_text

STEP = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed text. Names come from our models, never from outside."""

    table: str
    key: str
    name: str


def sealed_columns() -> Iterator[Column]:
    quote = connection.ops.quote_name
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django documents _meta
            if isinstance(field, SealedTextField):
                table = model._meta.db_table  # noqa: SLF001 - as above
                yield Column(quote(table), quote("id"), quote(field.column or field.name))


@transaction.atomic
def add_key(file: Path, *, now: datetime) -> None:
    """Put a new key at the head of the ring: from now on it writes."""
    key = new_content_key()
    _tell("content_key.added", (key,), now=now)
    write_ring(file, (key, *settings.CONTENT_KEYS))


@transaction.atomic
def drop_unneeded_keys(file: Path, *, now: datetime) -> int:
    """Forget the keys that nothing stored needs; the newest stays. How many it were."""
    needed = ids_in_use() | {settings.CONTENT_KEYS[0].id}
    dropped = tuple(key for key in settings.CONTENT_KEYS if key.id not in needed)
    if dropped:
        _tell("content_key.dropped", dropped, now=now)
        write_ring(file, tuple(key for key in settings.CONTENT_KEYS if key.id in needed))
    return len(dropped)


def _tell(kind: str, keys: tuple[Key, ...], *, now: datetime) -> None:
    # An id is the start of a digest; it names a key and tells nothing of it.
    ids = [key.id.hex() for key in keys]
    append(kind=kind, service="", subject="content_key", actor=SYSTEM, now=now, facts={"ids": ids})


def write_ring(file: Path, ring: tuple[Key, ...]) -> None:
    """Replace the file in one step; a ring half-written would lose everything stored."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with draft.open("x") as text:
        draft.chmod(0o600)
        text.write(ring_text(ring))
        text.flush()
        os.fsync(text.fileno())
    draft.rename(file)
    settings.CONTENT_KEYS = ring


def reseal_all() -> Iterator[int]:
    """Seal everything again that an older key sealed; yields how much each step did."""
    for column in sealed_columns():
        yield from _reseal_column(column)
    yield reseal_second_factors()
    for name in list(_blobs_of_old_keys()):
        yield _reseal_blob(name)


def ids_in_use() -> frozenset[bytes]:
    """The ids of all keys that anything stored needs."""
    found = {_key_of(name) for name in _blob_names()}
    found |= {sealed[:KEY_ID_BYTES] for sealed in second_factor_secrets()}
    with connection.cursor() as cursor:
        for column in sealed_columns():
            cursor.execute(
                f"SELECT DISTINCT substr({column.name}, 1, {KEY_ID_BYTES}) FROM {column.table}"  # noqa: S608
                f" WHERE {column.name} IS NOT NULL"
            )
            found |= {bytes(row[0]) for row in cursor.fetchall()}
    return frozenset(found)


def _reseal_column(column: Column) -> Iterator[int]:
    newest, after = settings.CONTENT_KEYS[0].id, 0
    read = (
        f"SELECT {column.key}, {column.name} FROM {column.table}"  # noqa: S608 - names of ours
        f" WHERE substr({column.name}, 1, {KEY_ID_BYTES}) <> %s AND {column.key} > %s"
        f" ORDER BY {column.key} LIMIT {STEP}"
    )
    # Compare and set: what somebody else wrote meanwhile is newer and stays.
    write = (
        f"UPDATE {column.table} SET {column.name} = %s"  # noqa: S608 - as above
        f" WHERE {column.key} = %s AND {column.name} = %s"
    )
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(read, [newest, after])
            rows = [(key, bytes(sealed)) for key, sealed in cursor.fetchall()]
            for key, sealed in rows:
                cursor.execute(write, [seal(unseal(sealed)), key, sealed])
        if not rows:
            return
        after = rows[-1][0]
        yield len(rows)


def _storage() -> SealedStorage:
    storage = storages["media"]
    assert isinstance(storage, SealedStorage)
    return storage


def _blob_names() -> Iterator[str]:
    # Tomorrow, so that a clock that was set back hides no file.
    for name in _storage().names_older_than(timezone.now() + timedelta(days=1)):
        if not name.endswith(UNFINISHED):
            yield name


def _blobs_of_old_keys() -> Iterator[str]:
    newest = settings.CONTENT_KEYS[0].id
    return (name for name in _blob_names() if _key_of(name) != newest)


def _key_of(name: str) -> bytes:
    with Path(_storage().path(name)).open("rb") as file:
        return file.read(HEADER_BYTES)[len(MAGIC) : len(MAGIC) + KEY_ID_BYTES]


def _reseal_blob(name: str) -> int:
    path = Path(_storage().path(name))
    # What a kill left half-written is ours: nobody else writes a name that exists.
    path.with_name(path.name + UNFINISHED).unlink(missing_ok=True)
    try:
        with open_blob(name) as plain:
            _storage().save(name, plain)
    except FileNotFoundError:
        # Erased on schedule meanwhile.
        return 0
    return 1
