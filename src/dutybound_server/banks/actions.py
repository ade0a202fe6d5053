"""What changes in banks and signals. Each change takes a version and stands in the journal.

The version's row is taken before any other: its lock makes changes take turns, so what is read
after it is true until commit, and no two changes wait for each other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Any, BinaryIO, TypeVar, Unpack

from django.db import transaction
from django.db.models import F

from dutybound.matching import SignalKind
from dutybound_server.banks.checks import (
    BadBank,
    BankSettings,
    change_in_words,
    check_new,
    check_settings,
    check_why,
)
from dutybound_server.banks.imports import BadImport, read_file
from dutybound_server.banks.models import Bank, BankChange, BankVersion, Signal
from dutybound_server.banks.offers import BadNewSignal, NewSignal, cleaned
from dutybound_server.banks.queries import THE_VERSION
from dutybound_server.journal.actions import append
from dutybound_server.people.models import Service

__all__ = [
    "Added",
    "BadNewSignal",
    "Imported",
    "NewSignal",
    "WrongRows",
    "add_signals",
    "change_bank",
    "create_bank",
    "import_signals",
    "quarantine_signal",
    "release_signal",
    "remove_signals",
    "take_turn",
]

CHUNK = 2000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Added:
    """How many signals are new, how many the bank had already, and at which version."""

    added: int
    already: int
    version: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file; `left_out` has a sentence for each row that was wrong."""

    added: int
    already: int
    left_out: tuple[str, ...]


CHANGES_NO_MATCH = frozenset({"description", "flood_share"})
"""Settings of a bank that make no item match otherwise than before."""


class WrongRows(StrEnum):
    """What a wrong row does to the import of its file."""

    REFUSE_ALL = "refuse_all"
    LEAVE_OUT = "leave_out"


# Banks


@transaction.atomic
def create_bank(
    *,
    service: Service,
    name: str,
    source: str,
    harm: str,
    why: str,
    by: str,
    now: datetime,
    **settings: Unpack[BankSettings],
) -> Bank:
    """Make an empty bank; raises BadBank. `effect` is the one setting that must be given."""
    check_new(name=name, source=source, harm=harm)
    check_settings({"effect": "", **settings})
    check_why(why)
    version = _take_version()
    if Bank.objects.filter(service=service, name=name).exists():
        raise BadBank("name", f"expected a name that is free, {name!r} is a bank already")

    bank = Bank.objects.create(
        service=service,
        name=name,
        source=source.strip(),
        harm=harm,
        created_at=now,
        version=version,
        **settings,
    )
    facts = {"source": bank.source, "harm": harm, "threshold": bank.threshold, **settings}
    _record(bank, "bank.created", f"Created with effect {bank.effect}.", why, by, now, facts)
    return bank


@transaction.atomic
def change_bank(
    *, bank: Bank, changes: Mapping[str, Any], why: str, by: str, now: datetime
) -> Bank:
    """Set what differs and write down what it was; raises BadBank."""
    check_settings(changes)
    check_why(why)
    version = _take_version()
    bank = Bank.objects.get(id=bank.id)
    after = {name: value for name, value in changes.items() if value != getattr(bank, name)}
    if not after:
        return bank

    before = {name: getattr(bank, name) for name in after}
    for name, value in after.items():
        setattr(bank, name, value)
    if not after.keys() <= CHANGES_NO_MATCH:
        # Workers load the bank anew, and items already received are compared with it again.
        bank.version = version
    bank.save(update_fields=[*after, "version"])
    what = change_in_words(before=before, after=after)
    _record(bank, "bank.changed", what, why, by, now, {"before": before, "after": after})
    return bank


# Signals


def add_signals(
    *, bank: Bank, signals: Iterable[NewSignal], why: str, by: str, now: datetime
) -> Added:
    """Add what the bank does not have yet; raises BadNewSignal, and then nothing was added.

    All are checked before the transaction begins, so writers wait only while rows are written.
    """
    check_why(why)
    clean = list(cleaned(signals, leetspeak=bank.leetspeak))
    return _insert(bank=bank, signals=clean, why=why, by=by, now=now)


def import_signals(
    *,
    bank: Bank,
    file: BinaryIO,
    kind: SignalKind | None,
    wrong_rows: WrongRows,
    why: str,
    by: str,
    now: datetime,
) -> Imported:
    """Add a file's signals in one transaction; raises BadImport, and then nothing was added."""
    check_why(why)
    reading = read_file(file, kind=kind, leetspeak=bank.leetspeak)
    if reading.wrong and wrong_rows is WrongRows.REFUSE_ALL:
        raise BadImport("Nothing was added, because of a wrong row.", reading.wrong)
    if not reading.signals:
        raise BadImport("There is no signal in this file.", reading.wrong)
    left_out = len(reading.wrong)
    answer = _insert(bank=bank, signals=reading.signals, why=why, by=by, now=now, left_out=left_out)
    return Imported(added=answer.added, already=answer.already, left_out=reading.wrong)


@transaction.atomic
def _insert(
    *,
    bank: Bank,
    signals: Sequence[NewSignal],
    why: str,
    by: str,
    now: datetime,
    left_out: int = 0,
) -> Added:
    version = _take_version()
    live = Signal.objects.filter(bank=bank, removed_at__isnull=True)
    before = live.count()
    for chunk in _chunks(signals):
        # A signal that is live already conflicts with itself and stays as it is.
        Signal.objects.bulk_create(
            (_row(bank, signal, version, now) for signal in chunk), ignore_conflicts=True
        )
    added = live.count() - before
    if added:
        what = f"Added {counted(added)}."
        facts = {"added": added, "version": version, "digest": _digest_of(signals)}
        if left_out:
            what += f" Left out {left_out:,} wrong row{'s' if left_out > 1 else ''} of the file."
            facts["left_out"] = left_out
        _record(bank, "signal.added", what, why, by, now, facts)
    return Added(added=added, already=len(signals) - added, version=version)


@transaction.atomic
def remove_signals(*, bank: Bank, ids: Iterable[int], why: str, by: str, now: datetime) -> int:
    """Stop matching these; the rows stay, so that old matches can be read. Says how many."""
    check_why(why)
    version = _take_version()
    removed = sum(
        Signal.objects.filter(bank=bank, id__in=chunk, removed_at__isnull=True).update(
            removed_at=now, version=version
        )
        for chunk in _chunks(ids)
    )
    if removed:
        facts = {"removed": removed, "version": version}
        _record(bank, "signal.removed", f"Removed {counted(removed)}.", why, by, now, facts)
    return removed


@transaction.atomic
def quarantine_signal(*, signal_id: int, why: str, by: str, now: datetime) -> bool:
    """Let a signal flag only; False when it does already or is removed."""
    return _set_quarantine(signal_id=signal_id, since=now, why=why, by=by, now=now)


@transaction.atomic
def release_signal(*, signal_id: int, why: str, by: str, now: datetime) -> bool:
    """Give a signal its bank's effect back; False when it has it or is removed."""
    return _set_quarantine(signal_id=signal_id, since=None, why=why, by=by, now=now)


def _set_quarantine(
    *, signal_id: int, since: datetime | None, why: str, by: str, now: datetime
) -> bool:
    check_why(why)
    version = _take_version()
    live = Signal.objects.filter(
        id=signal_id, removed_at__isnull=True, quarantined_at__isnull=since is not None
    )
    if live.update(quarantined_at=since, version=version) != 1:
        return False
    bank = Bank.objects.select_related("service").get(signals=signal_id)
    kind, verb = ("quarantined", "to") if since else ("released", "from")
    what = f"Set signal {signal_id} {verb} flag only."
    _record(bank, f"signal.{kind}", what, why, by, now, {"signal": signal_id, "version": version})
    return True


def counted(number: int) -> str:
    return "1 signal" if number == 1 else f"{number:,} signals"


def take_turn() -> None:
    """Keep banks as they are until the caller's transaction ends, before it locks anything else.

    What locks cases first and changes banks later would wait for an item being received, which
    waits for those cases.
    """
    _take_version()


# Pieces


def _take_version() -> int:
    """Take the next number and hold its row until commit, so that numbers commit in order."""
    BankVersion.objects.get_or_create(id=THE_VERSION)
    BankVersion.objects.filter(id=THE_VERSION).update(number=F("number") + 1)
    return BankVersion.objects.values_list("number", flat=True).get(id=THE_VERSION)


def _row(bank: Bank, signal: NewSignal, version: int, now: datetime) -> Signal:
    return Signal(
        bank=bank,
        kind=signal.kind,
        value=signal.value,
        source_record=signal.source_record,
        tags=list(signal.tags),
        added_at=now,
        version=version,
    )


def _digest_of(signals: Iterable[NewSignal]) -> str:
    """What was offered, in one hash: an auditor who has the list can check that it was this."""
    lines = sorted(f"{signal.kind}:{signal.value}" for signal in signals)
    return sha256("\n".join(lines).encode()).hexdigest()


def _chunks(things: Iterable[T]) -> Iterator[list[T]]:
    left = iter(things)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _record(
    bank: Bank, kind: str, what: str, why: str, by: str, now: datetime, facts: Mapping[str, Any]
) -> None:
    why = why.strip()
    BankChange.objects.create(bank=bank, at=now, by=by, what=what, why=why)
    append(
        kind=kind,
        service=bank.service.slug,
        subject=f"bank:{bank.name}",
        actor=by,
        now=now,
        facts={**facts, "why": why},
    )
