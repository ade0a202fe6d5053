"""The banks of a service, ready to match in this process and never older than the database.

A verdict asks `current` for them. It reads one number; when that has moved, it loads only the
rows that changed since. Whatever goes wrong on the way is raised, and what was half-applied is
loaded again from nothing: an answer from an incomplete bank would be a wrong "no match".
"""

import logging
import os
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any

from django.db.models import Count, Q, QuerySet

from dutybound import matching
from dutybound.matching import Effect, Matcher, SignalKind
from dutybound.matching.bases import COMPILED_KINDS
from dutybound.matching.compiled import BadFile
from dutybound_server.banks import files
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.banks.queries import newest_version

log = logging.getLogger(__name__)

FILES_ARE_LOOKED_FOR_EVERY = 5.0
"""Seconds. It is not urgent: a process with an older file has made every change since."""


@dataclass(frozen=True, slots=True)
class Live:
    """What to match with: pass `bank_keys` as `banks`, and note `version` with the verdict.

    Later versions are put into the same matcher, so a match made while one arrives may have seen
    part of it. Who must know asks the database's number again before the verdict is stored.
    """

    matcher: Matcher
    bank_keys: frozenset[int]
    version: int


@dataclass(slots=True)
class _Shelf:
    """Where one service's banks stand in this process; `live` is None while they are unknown.

    `stamps` has that of each bank's file when the bank was loaded; `look_again` is when the
    monotonic clock asks for them next.
    """

    service_id: int
    live: Live | None = None
    stamps: dict[int, files.Stamp | None] = field(default_factory=dict)
    look_again: float = 0.0
    lock: Lock = field(default_factory=Lock)


_shelves: dict[int, _Shelf] = {}


def current(service_id: int) -> Live:
    """The service's enabled banks as of the last committed change."""
    shelf = _shelves.get(service_id) or _shelves.setdefault(service_id, _Shelf(service_id))
    live = shelf.live
    is_settled = time.monotonic() < shelf.look_again
    if live is not None and is_settled and live.version == newest_version():
        return live
    with shelf.lock:
        return _catch_up(shelf)


def forget() -> None:
    """Start over: for a process that was forked, or whose database is another one now."""
    _shelves.clear()


def for_matching(bank: Bank) -> matching.Bank:
    """The bank's settings as the library compares with them."""
    return matching.Bank(
        name=bank.name,
        source=bank.source,
        harm=bank.harm,
        effect=Effect(bank.effect),
        threshold=bank.threshold,
        any_orientation=bank.any_orientation,
        leetspeak=bank.leetspeak,
        dry_run=bank.dry_run,
    )


# A child of a process that had loaded banks could inherit a lock that nobody will ever release.
os.register_at_fork(after_in_child=forget)


def _catch_up(shelf: _Shelf) -> Live:
    # The number is read before the rows: those a later change touches meanwhile are read again.
    number = newest_version()
    before, shelf.live = shelf.live, None
    if before is None or before.version > number:
        # A greater number than the database has means that a backup was restored under us.
        before = Live(Matcher(), frozenset(), -1)
    if before.version < number:
        before = _with_changes(before, shelf, number)
    if time.monotonic() >= shelf.look_again:
        _move_to_newer_files(before, shelf)
        shelf.look_again = time.monotonic() + FILES_ARE_LOOKED_FOR_EVERY
    shelf.live = before
    return before


def _with_changes(before: Live, shelf: _Shelf, number: int) -> Live:
    matcher = before.matcher
    keys = set(before.bank_keys)
    changed = Bank.objects.filter(service_id=shelf.service_id, version__gt=before.version)
    for bank in changed.order_by("id"):
        if bank.enabled and bank.id in keys:
            matcher.put_bank(bank.id, for_matching(bank))
        elif bank.enabled:
            _compile_if_due(bank)
            if not _load(matcher, shelf, bank):
                rows = Signal.objects.filter(bank=bank, removed_at__isnull=True)
                matcher.put_bank(bank.id, for_matching(bank))
                matcher.add(bank.id, _signals(rows))
            keys.add(bank.id)
        elif bank.id in keys:
            matcher.drop_bank(bank.id)
            keys.remove(bank.id)

    kept = keys & before.bank_keys
    rows = Signal.objects.filter(bank_id__in=kept, version__gt=before.version)
    loaded = {bank.pk for bank in _much_changed(rows) if _load(matcher, shelf, bank)}
    _apply(matcher, rows.exclude(bank_id__in=loaded))
    return Live(matcher, frozenset(keys), number)


def _much_changed(rows: QuerySet[Signal]) -> Iterator[Bank]:
    """Banks with so many changed rows that a file is sooner made than they are taken in."""
    counts = rows.order_by().values("bank").annotate(n=Count("pk"))
    for counted in counts.filter(n__gte=files.FEWEST_SIGNALS):
        bank = Bank.objects.get(id=counted["bank"])
        _compile_if_due(bank)
        yield bank


def _compile_if_due(bank: Bank) -> None:
    try:
        files.compile_if_due(bank)
    except (OSError, BadFile):
        # No room, say. The rows are what counts; the worker tries again and tells of it.
        log.warning("The file of bank %s could not be made; its rows are loaded.", bank)


def _move_to_newer_files(live: Live, shelf: _Shelf) -> None:
    """Load the banks anew whose file is another one since: then few of their rows are in memory."""
    for bank in Bank.objects.filter(id__in=live.bank_keys):
        if files.stamp(bank.pk) not in (None, shelf.stamps.get(bank.pk)):
            _load(live.matcher, shelf, bank)


def _load(matcher: Matcher, shelf: _Shelf, bank: Bank) -> bool:
    """Make a bank known by its file and the rows that changed since; False without such a file."""
    shelf.stamps[bank.pk] = files.stamp(bank.pk)
    # It may be of a later version than is being caught up with, which is then applied once more.
    compiled = files.opened(bank, newest=newest_version())
    if compiled is None:
        return False
    rows = Signal.objects.filter(bank=bank)
    since = Q(version__gt=compiled.header["as_of"])
    in_memory = rows.filter(since | ~Q(kind__in=COMPILED_KINDS), removed_at__isnull=True)
    matcher.put_bank_on_base(
        bank.pk,
        for_matching(bank),
        matching.Base(compiled.arrays, partial(_records, bank.pk)),
        signals=list(_signals(in_memory)),
        gone=rows.filter(since, removed_at__isnull=False).values_list("id", flat=True),
    )
    return True


def _records(bank_id: int, ids: Collection[int]) -> Iterator[matching.Signal]:
    """Those of the signals that are in force."""
    return _signals(Signal.objects.filter(bank_id=bank_id, id__in=ids, removed_at__isnull=True))


def _signals(rows: QuerySet[Signal]) -> Iterator[matching.Signal]:
    # A generator, since one that fails lets go of its cursor at once; a map would keep it open.
    for row in rows.values_list(*_COLUMNS).iterator():
        yield _signal(row)


def _apply(matcher: Matcher, changed: QuerySet[Signal]) -> None:
    gone, live_in = [], defaultdict(list)
    for *row, bank_key, removed_at in changed.values_list(*_COLUMNS, "bank_id", "removed_at"):
        if removed_at is None:
            live_in[bank_key].append(_signal(row))
        else:
            gone.append(row[0])
    matcher.remove(gone)
    for bank_key, signals in live_in.items():
        matcher.add(bank_key, signals)


_COLUMNS = ("id", "kind", "value", "source_record", "tags", "quarantined_at")


def _signal(row: Sequence[Any]) -> matching.Signal:
    id_, kind, value, source_record, tags, quarantined_at = row
    return matching.Signal(
        id=id_,
        kind=SignalKind(kind),
        value=value,
        source_record=source_record,
        tags=tuple(tags),
        flag_only=quarantined_at is not None,
    )
