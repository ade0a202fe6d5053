"""What there is to scan, one by one, in an order that is the same in every run.

A place says how far a scan has come: the number of the PATH, and where in it. In a folder that is
the path of the last file seen, so that files which come or go meanwhile move no other; in a list
or a table it is the number of the last line or row.
"""

import csv
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dutybound.cli.files import BadInput
from dutybound.cli.scanning.tables import rows_of_parquet

FILES_TOGETHER = 8
HASHES_TOGETHER = 2048
NO_FILE = "It is no file with content, but a pipe, a socket or a device: it was passed over."
LEADS_OUT = "It is a link that leads out of the folder: it was not followed."
_LONGEST_ROW = 1 << 20
_PDQ = re.compile("[0-9a-f]{64}")
_HASH_NAMES, _ID_NAMES = ("hash", "pdq", "value"), ("id", "name", "file")


@dataclass(frozen=True, slots=True)
class File:
    """A file to hash and compare. One that was named is opened even where it is a link."""

    path: str
    was_named: bool


@dataclass(frozen=True, slots=True)
class Hash:
    """A PDQ hash that somebody made, to compare as it is; without a quality it is taken as good."""

    id: str
    pdq: bytes
    quality: int = 100


@dataclass(frozen=True, slots=True)
class Unread:
    """What is there, or should be, and cannot be compared."""

    id: str
    note: str


Subject = File | Hash | Unread
Within = list[str] | int
"""Where in one PATH: the names that lead to a file of a folder, or the number of a line or row."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a scan has come: everything before it is done, and so is what it names."""

    number: int
    within: Within


@dataclass(frozen=True, slots=True)
class Batch:
    """Subjects that one worker takes together, and the place once they are done."""

    subjects: tuple[Subject, ...]
    end: Place


def batches(paths: Iterable[Path], *, after: Place | None) -> Iterator[Batch]:
    """Everything behind the place, in batches."""
    for number, path in enumerate(paths):
        if after is not None and number < after.number:
            continue
        within = after.within if after is not None and number == after.number else None
        together, found = _source(path)(path, within)
        while taken := list(islice(found, together)):
            subjects = tuple(subject for subject, _ in taken)
            yield Batch(subjects, Place(number, taken[-1][1]))


def state_of(path: Path) -> list[object]:
    """What must be the same of a PATH when a scan of it goes on: the numbers of its lines count."""
    if path.is_dir():
        return [str(path.absolute())]
    told = path.stat()
    return [str(path.absolute()), told.st_size, told.st_mtime_ns]


Found = Iterator[tuple[Subject, Within]]
Source = Callable[[Path, Within | None], tuple[int, Found]]


def _source(path: Path) -> Source:
    if path.is_dir():
        return _in_folder
    by_name = {".parquet": _in_parquet, ".csv": _in_csv, ".txt": _in_text}
    return by_name.get(path.suffix.lower(), _itself)


def _itself(path: Path, after: Within | None) -> tuple[int, Found]:
    found: list[tuple[Subject, Within]] = [] if after else [(File(str(path), was_named=True), 1)]
    return 1, iter(found)


# Folders


def _in_folder(folder: Path, after: Within | None) -> tuple[int, Found]:
    assert not isinstance(after, int)
    return FILES_TOGETHER, _walk(str(folder), after or [])


def _walk(folder: str, after: list[str]) -> Found:
    """Files below a folder by name, folders where their names stand; links are not followed.

    Only names are held, and only those of the folders that lead to the present file.
    """
    top = os.path.realpath(folder)
    open_folders = [_names(folder, [], after)]
    while open_folders:
        try:
            within, listed = next(open_folders[-1])
        except StopIteration:
            open_folders.pop()
            continue
        path = str(Path(folder, *within))
        if isinstance(listed, Unread):
            yield listed, within
        elif listed == stat.S_IFDIR:
            open_folders.append(_names(path, within, after))
        elif listed == stat.S_IFREG:
            yield File(path, was_named=False), within
        elif listed != stat.S_IFLNK:
            yield Unread(path, NO_FILE), within
        elif not _is_below(os.path.realpath(path), top):
            yield Unread(path, LEADS_OUT), within


def _names(
    folder: str, within: list[str], after: list[str]
) -> Iterator[tuple[list[str], int | Unread]]:
    """What a folder lists behind the place, in order, each with what kind of thing it is."""
    try:
        with os.scandir(folder) as listed:
            names = sorted(entry.name for entry in listed)
    except OSError as error:
        if not within:
            raise BadInput(f"{folder}: it could not be listed: {error.strerror}.") from None
        yield within, Unread(folder, f"It could not be listed: {error.strerror}.")
        return
    for name in names:
        inner = [*within, name]
        # Folders that lead to the place are entered again: what follows in them is not yet done.
        leads_to_place = len(inner) < len(after) and inner == after[: len(inner)]
        if inner <= after and not leads_to_place:
            continue
        try:
            kind = stat.S_IFMT(Path(folder, name).lstat().st_mode)
        except OSError:
            continue  # It went since it was listed.
        yield inner, kind


def _is_below(path: str, top: str) -> bool:
    return os.path.commonpath([path, top]) == top


# Lists


def _in_text(path: Path, after: Within | None) -> tuple[int, Found]:
    """A list of paths, or of hashes if the first line is one."""
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        first = file.readline(_LONGEST_ROW).strip()
    if not _PDQ.fullmatch(first.lower()):
        return FILES_TOGETHER, _named_in(path, after)
    if Path(first).exists():
        raise BadInput(f"{path}: {first} is a hash and a file; write ./ before names of files.")
    return _in_csv(path, after)


def _named_in(path: Path, after: Within | None) -> Found:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            name = line.rstrip("\r\n")
            if name and number > _number(after):
                yield _file_or_fault(name), number


def _file_or_fault(name: str) -> Subject:
    # No system has such a name, and asking for it raises another error than for others.
    return Unread(name, "It is no name of a file.") if "\0" in name else File(name, was_named=True)


def _in_csv(path: Path, after: Within | None) -> tuple[int, Found]:
    return HASHES_TOGETHER, _rows_of_csv(path, _number(after))


def _rows_of_csv(path: Path, after: int) -> Found:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(file)
        header: list[str] | None = None
        try:
            for row in rows:
                if header is None:
                    header = _header_of(row)
                    if header:
                        continue
                if row and rows.line_num > after:
                    yield _hash_in_row(row, header, str(rows.line_num)), rows.line_num
        except csv.Error as error:
            raise BadInput(f"{path}: line {rows.line_num}: expected CSV: {error}") from None


def _header_of(row: list[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    return names if any(name in names for name in _HASH_NAMES) else []


def _hash_in_row(row: list[str], header: list[str], line: str) -> Subject:
    told = dict(zip(header or ["hash"], row, strict=False))
    value = next((told[name] for name in _HASH_NAMES if name in told), "")
    name = next((told[name] for name in _ID_NAMES if told.get(name)), line)
    return hash_or_fault(name, value, told.get("quality") or None)


def _in_parquet(path: Path, after: Within | None) -> tuple[int, Found]:
    rows = rows_of_parquet(path, after=_number(after))
    return HASHES_TOGETHER, ((hash_or_fault(*row), number) for number, row in rows)


def hash_or_fault(name: str, value: str | bytes | None, quality: str | int | None) -> Subject:
    """A row as a hash, or what is wrong with it."""
    pdq = value if isinstance(value, bytes) else _bytes_of(value or "")
    if len(pdq) != _PDQ_BYTES:
        return Unread(name, f"It is no PDQ hash: expected 64 hex digits, got {value!r:.80}.")
    if quality is None:
        return Hash(name, pdq)
    try:
        return Hash(name, pdq, int(quality))
    except ValueError:
        return Unread(name, f"Its quality is no number: {quality!r:.80}.")


_PDQ_BYTES = 32


def _bytes_of(value: str) -> bytes:
    cleaned = value.strip().lower()
    return bytes.fromhex(cleaned) if _PDQ.fullmatch(cleaned) else b""


def _number(after: Within | None) -> int:
    assert not isinstance(after, list)
    return after or 0
