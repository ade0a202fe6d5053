"""A backup is one tar file: the database, the encrypted media, and a manifest with digests.

The manifest stands last, so the file is written in one pass while the server goes on serving. A
backup cut short has none, and is refused.
"""

import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

FORMAT = 1
DATABASE, MEDIA, KEYS, MANIFEST = "dutybound.sqlite3", "media", "keys", "manifest.json"
OURS = re.compile(
    r"dutybound\.sqlite3|keys/(content|django|journal(-mldsa)?(-next)?)\.key|media/([A-Za-z0-9_-]+/)*[A-Za-z0-9_.-]+"
)
UNFINISHED = ".part"
CHUNK = 1024 * 1024
PAGES_A_STEP = 2000
MANIFEST_LARGEST = 256 * 1024 * 1024

Progress = Callable[[int], None]


class BadBackup(Exception):
    """What was given is no whole backup; nothing of it was put in place."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What one backup holds."""

    made_at: str
    files: dict[str, str]
    """name → SHA-256"""

    @property
    def has_keys(self) -> bool:
        return any(name.startswith(KEYS) for name in self.files)

    @property
    def has_database(self) -> bool:
        return DATABASE in self.files


# Making one


def size_of(data: Path) -> int:
    """Bytes that a backup has to read, for a progress bar."""
    files = [data / DATABASE, *_files_below(data / MEDIA)]
    return sum(path.stat().st_size for path in files if path.exists())


def make(
    target: Path,
    *,
    data: Path,
    database: Path | None,
    with_keys: bool,
    now: datetime,
    progress: Progress,
) -> Contents:
    """Write the backup under another name first; only a whole one gets the name asked for."""
    draft = target.with_name(target.name + UNFINISHED)
    copy = target.with_name(f"{target.name}.{secrets.token_hex(4)}.sqlite3")
    try:
        with draft.open("xb") as file, tarfile.open(fileobj=file, mode="w|") as archive:
            draft.chmod(0o600)
            digests: dict[str, str] = {}
            if database is not None:
                copy_database(database, copy, progress=progress)
                digests[DATABASE] = _add(archive, copy, name=DATABASE)
            # After the database: a row never stands in it whose medium came too late to be here.
            digests |= _add_folder(archive, data / MEDIA, data=data, progress=progress)
            if with_keys:
                digests |= _add_folder(archive, data / KEYS, data=data, progress=progress)
            contents = Contents(made_at=now.isoformat(), files=digests)
            _add_manifest(archive, contents)
        _sync(draft)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    return contents


def copy_database(source: Path, target: Path, *, progress: Progress) -> None:
    """One moment of a database that others are writing to."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        # An open read transaction holds the moment; without it each write starts the copy again.
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        page_bytes = live.execute("PRAGMA page_size").fetchone()[0]
        live.backup(
            copy,
            pages=PAGES_A_STEP,
            progress=lambda *_: progress(PAGES_A_STEP * page_bytes),
            sleep=0,
        )
        copy.execute("PRAGMA journal_mode=DELETE")
        _check_database(copy)


def _add_folder(
    archive: tarfile.TarFile, folder: Path, *, data: Path, progress: Progress
) -> dict[str, str]:
    digests = {}
    for path in _files_below(folder):
        name = path.relative_to(data).as_posix()
        try:
            digests[name] = _add(archive, path, name=name)
        except FileNotFoundError:
            # Erased on schedule since the folder was listed: it must not be in the backup.
            continue
        progress(path.stat().st_size if path.exists() else 0)
    return digests


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(UNFINISHED):
            yield path


def _add(archive: tarfile.TarFile, path: Path, *, name: str) -> str:
    with path.open("rb") as file:
        member = tarfile.TarInfo(name)
        member.size = os.fstat(file.fileno()).st_size
        member.mode = 0o600
        digesting = _Digesting(file)
        archive.addfile(member, digesting)
        return digesting.digest.hexdigest()


def _add_manifest(archive: tarfile.TarFile, contents: Contents) -> None:
    body = json.dumps(
        {"format": FORMAT, "made_at": contents.made_at, "files": contents.files}, indent=1
    ).encode()
    member = tarfile.TarInfo(MANIFEST)
    member.size = len(body)
    archive.addfile(member, io.BytesIO(body))


class _Digesting:
    """A file that is digested while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


# Putting one back


def restore(source: Path, *, data: Path, progress: Progress) -> Contents:
    """Put a whole backup in place of an empty or absent data folder; raises BadBackup.

    All is unpacked beside it and checked first, then one rename makes it the data folder.
    """
    if data.exists() and any(data.iterdir()):
        raise BadBackup(f"{data} is not empty. Restore into a new folder, or move this one away.")
    draft = data.with_name(f"{data.name}.restoring.{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)
    try:
        contents = _unpack(source, draft, progress=progress)
        if contents.has_database:
            with closing(sqlite3.connect(draft / DATABASE)) as database:
                _check_database(database)
        if data.exists():
            data.rmdir()
        draft.rename(data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return contents


def _unpack(source: Path, folder: Path, *, progress: Progress) -> Contents:
    try:
        with tarfile.open(source, mode="r|") as archive:
            manifest, found = _unpack_members(archive, folder, progress=progress)
    except (tarfile.TarError, EOFError) as problem:
        raise BadBackup(f"{source} cannot be read as a backup: {problem}") from problem
    if manifest is None:
        raise BadBackup(f"{source} has no manifest: it is cut short, or no backup of ours")
    return _agreed(manifest, found)


def _unpack_members(
    archive: tarfile.TarFile, folder: Path, *, progress: Progress
) -> tuple[bytes | None, dict[str, str]]:
    """The manifest, which must come last, and the digest of every file before it."""
    found: dict[str, str] = {}
    manifest: bytes | None = None
    for member in archive:
        content = archive.extractfile(member) if member.isreg() else None
        if content is None or manifest is not None:
            raise BadBackup(f"{member.name!r} does not belong in a backup")
        if member.name == MANIFEST and member.size <= MANIFEST_LARGEST:
            manifest = content.read()
        elif OURS.fullmatch(member.name) and member.name not in found:
            found[member.name] = _write(content, folder / member.name)
            progress(member.size)
        else:
            raise BadBackup(f"{member.name!r} does not belong in a backup")
    return manifest, found


def _write(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with path.open("xb") as file:
        path.chmod(0o600)
        while piece := content.read(CHUNK):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _agreed(manifest: bytes, found: dict[str, str]) -> Contents:
    """What the manifest lists, if that is exactly what was found."""
    try:
        told = json.loads(manifest)
        number, contents = told["format"], Contents(told["made_at"], dict(told["files"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise BadBackup(f"the manifest cannot be read: {problem}") from problem
    if number != FORMAT:
        raise BadBackup(f"the backup has format {number}; this version reads format {FORMAT}")
    for name in sorted(contents.files.keys() | found.keys()):
        if contents.files.get(name) != found.get(name):
            raise BadBackup(f"{name} is not what the manifest says: missing, added or changed")
    return contents


def _check_database(database: sqlite3.Connection) -> None:
    try:
        answer = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as problem:
        answer = str(problem)
    if answer != "ok":
        raise BadBackup(f"the database in it is damaged: {answer}")
