"""What a scan has told so far, kept so that a kill at any moment loses and repeats nothing.

Two files: the answers, and beside them `….progress`, which says how far the scan has come and how
long the answers were then. Lines are written first and noted after. Whoever goes on cuts the
answers back to the noted length and begins behind the noted place: what was written and not noted
is written again, in the same order, as if nothing had happened.
"""

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import click

from dutybound.cli.files import BadInput
from dutybound.cli.scanning.subjects import Place
from dutybound.cli.scanning.work import Told

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Noted:
    """How far a scan has come, in numbers of subjects, and in bytes of answers."""

    place: Place | None = None
    answer_bytes: int = 0
    seen: int = 0
    matched: int = 0
    uncompared: int = 0
    is_finished: bool = False


class Record(Protocol):
    """Where answers go."""

    noted: Noted

    def keep(self, told: Told, place: Place) -> None:
        """Write the lines, and note the place they lead to."""

    def finish(self) -> None:
        """Note that there is nothing left to do."""


class Printed:
    """Answers on standard output: nobody knows how much of it was read, so none goes on from it."""

    def __init__(self) -> None:
        self.noted = Noted()
        self._out = sys.stdout

    def keep(self, told: Told, place: Place) -> None:
        """Write the lines."""
        for line in told.lines:
            click.echo(line, file=self._out)
        self.noted = _after(self.noted, told, place)

    def finish(self) -> None:
        """There is nothing to note."""


class Kept:
    """Answers in a file, with how far they have come beside it."""

    def __init__(self, file: BinaryIO, beside: Path, *, job: list[object], noted: Noted) -> None:
        self.noted = noted
        self._file = file
        self._beside = beside
        self._job = job

    def keep(self, told: Told, place: Place) -> None:
        """Write the lines, and note the place they lead to."""
        for line in told.lines:
            self._file.write(line.encode() + b"\n")
        if told.lines:
            _store(self._file)
        self.noted = replace(_after(self.noted, told, place), answer_bytes=self._file.tell())
        _note(self._beside, self._job, self.noted)

    def finish(self) -> None:
        """Note that there is nothing left to do."""
        self.noted = replace(self.noted, is_finished=True)
        _note(self._beside, self._job, self.noted)


@contextmanager
def kept_in(out: Path, *, job: list[object]) -> Iterator[Kept]:
    """The answers in a file, cut back to what is noted of the same job."""
    beside = out.with_name(f"{out.name}.progress")
    with out.open("ab") as file:
        _hold(file, out)
        noted = _noted_in(beside, job) if beside.exists() else Noted()
        if not beside.exists():
            if file.tell():
                raise BadInput(f"{out} is there already, and not from a scan that could go on.")
            _note(beside, job, noted)
        _cut_back(file, noted.answer_bytes, out)
        yield Kept(file, beside, job=job, noted=noted)


def _hold(file: BinaryIO, out: Path) -> None:
    """Refuse to write where another scan does. The kernel lets go once this process ends."""
    try:
        # Unlike flock, what this holds is not handed on to the processes that do the work.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BadInput(f"Another scan is writing to {out}.") from None


def _noted_in(beside: Path, job: list[object]) -> Noted:
    try:
        written = json.loads(beside.read_bytes())
        version, told_job, told = written["dutybound_scan"], written["job"], written["noted"]
        place = told["place"] and Place(**told["place"])
        noted = Noted(**{**told, "place": place})
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(f"{beside} is not how far a scan has come: {error!r}") from None
    if version != _VERSION or told_job != json.loads(json.dumps(job)):
        raise BadInput(
            f"{beside} is of another scan: other paths, other banks, or a list that has changed. "
            "Name another --out, or remove both files to begin again."
        )
    return noted


def _cut_back(file: BinaryIO, size: int, out: Path) -> None:
    if file.tell() < size:
        raise BadInput(f"{out} is shorter than was noted: it has {file.tell()} of {size} bytes.")
    file.truncate(size)
    file.seek(size)


def _after(noted: Noted, told: Told, place: Place) -> Noted:
    return replace(
        noted,
        place=place,
        seen=noted.seen + told.seen,
        matched=noted.matched + told.matched,
        uncompared=noted.uncompared + told.uncompared,
    )


def _note(beside: Path, job: list[object], noted: Noted) -> None:
    """Replace the note as a whole: a kill leaves the earlier one or this one."""
    written: dict[str, Any] = {"dutybound_scan": _VERSION, "job": job, "noted": asdict(noted)}
    fresh = beside.with_name(f"{beside.name}.new")
    with fresh.open("wb") as file:
        file.write(json.dumps(written).encode())
        _store(file)
    fresh.replace(beside)
    _store_folder(beside.parent)


def _store(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _store_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
