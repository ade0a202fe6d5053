"""Files of large banks: every process maps the same pages, and holds no record of each signal.

The database is the record. A file says as of which version it was made, and whoever opens it makes
every later change again from the database; without a file, or with one that is not what it should
be, all rows are loaded. So a file may be missing, old or damaged at any time, and nothing is lost.
"""

import fcntl
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet

from dutybound import matching
from dutybound.matching import SignalKind
from dutybound.matching.bases import COMPILED_KINDS, LAYOUT, compile_bank
from dutybound.matching.compiled import BadFile, Compiled, open_arrays
from dutybound_server.banks.models import Bank, BankChange, Signal
from dutybound_server.banks.queries import newest_version

log = logging.getLogger(__name__)

FEWEST_SIGNALS = 20_000
"""Banks with fewer are loaded quickly enough, and take 10 MB of each process at most."""

MOST_CHANGES = 100_000
"""A file is made anew when so many of its signals changed since, or an eighth of them."""

_CHANGED_SHARE = 8

Stamp = tuple[int, int]


def path_of(bank_id: int) -> Path:
    """Where the file of a bank is, if it has one."""
    return Path(settings.COMPILED_BANKS) / f"{bank_id}.bank"


def stamp(bank_id: int) -> Stamp | None:
    """What differs when a bank's file is another one; None without a file."""
    try:
        found = path_of(bank_id).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def opened(bank: Bank, *, newest: int) -> Compiled | None:
    """The bank's file if it is whole and of this database's past; None when it will not do."""
    path = path_of(bank.pk)
    try:
        compiled = open_arrays(path)
        compiled.check()
    except FileNotFoundError:
        return None
    except (BadFile, OSError) as problem:
        log.warning("The file of a bank is not used, and its rows are loaded: %s", problem)
        with suppress(OSError):
            path.unlink()
        return None
    return compiled if _is_of_our_past(compiled.header, bank, newest) else None


def compile_due(*, now: datetime) -> int:  # noqa: ARG001 - every duty is told the time
    """Make the files of large banks that have none, or a stale one; says how many it made."""
    return sum(map(compile_if_due, Bank.objects.filter(enabled=True)))


def compile_if_due(bank: Bank) -> bool:
    """Make a bank's file, if it should have one and has none or a stale one.

    Several that ask at once wait for the one that makes it.
    """
    if not _is_due(bank):
        return False
    with _turn_at(bank):
        if is_due := _is_due(bank):
            compile_file(bank)
    return is_due


def compile_file(bank: Bank) -> None:
    """Make the file of a bank, or replace it at once.

    Killed at any moment, it leaves the old file or the new one, never half of one.
    """
    # The number is read before the rows: what changes meanwhile is made again by whoever opens it.
    newest = newest_version()
    last = BankChange.objects.filter(bank=bank).order_by("-id").first()
    known = _compiled_rows(bank).filter(version__lte=newest)
    # The version of the bank's own last change, not of the others': were a backup restored, those
    # might come to this number again while this bank goes another way.
    as_of = known.aggregate(last=Max("version"))["last"] or 0
    rows = known.filter(removed_at__isnull=True)
    header = {
        "layout": LAYOUT,
        "bank": bank.pk,
        "as_of": as_of,
        "last_change": [last.pk, last.at.isoformat()] if last else None,
        "signals": rows.count(),
    }
    path = path_of(bank.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    compile_bank(path, signals=_signals(rows), header=header)
    log.info("Compiled bank %s as of version %d.", bank, as_of)


@contextmanager
def _turn_at(bank: Bank) -> Iterator[None]:
    path = path_of(bank.pk).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        # Let go of when the file is closed, or its process ends.
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_due(bank: Bank) -> bool:
    header = _header(bank)
    if header is None or not _is_of_our_past(header, bank, newest_version()):
        live = _compiled_rows(bank).filter(removed_at__isnull=True)
        return _are_at_least(FEWEST_SIGNALS, live)
    many = min(max(FEWEST_SIGNALS, header["signals"] // _CHANGED_SHARE), MOST_CHANGES)
    return _are_at_least(many, _compiled_rows(bank).filter(version__gt=header["as_of"]))


def _header(bank: Bank) -> Mapping[str, Any] | None:
    # Without a check of the rest: who maps the file makes it, and removes what does not pass.
    try:
        return open_arrays(path_of(bank.pk)).header
    except (OSError, BadFile):
        return None


def _is_of_our_past(header: Mapping[str, Any], bank: Bank, newest: int) -> bool:
    """Whether we can read the file, and this database once was as it says.

       It may have been restored since.
    Each change of a bank has a row with its time, to the microsecond,
       so two pasts that part differ in it.
    """
    if header.get("layout") != LAYOUT or header["bank"] != bank.pk or header["as_of"] > newest:
        return False
    if header["last_change"] is None:
        return True
    id_, at = header["last_change"]
    return BankChange.objects.filter(bank=bank, id=id_, at=datetime.fromisoformat(at)).exists()


def _compiled_rows(bank: Bank) -> QuerySet[Signal]:
    return Signal.objects.filter(bank=bank, kind__in=COMPILED_KINDS)


def _are_at_least(count: int, rows: QuerySet[Signal]) -> bool:
    return rows.order_by()[:count].count() == count


def _signals(rows: QuerySet[Signal]) -> Iterator[matching.Signal]:
    for id_, kind, value in rows.values_list("id", "kind", "value").iterator(chunk_size=10_000):
        yield matching.Signal(id_, SignalKind(kind), value)
