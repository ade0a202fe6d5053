"""The banks of a service, ready to match in this process and never older than the database.

A verdict asks `current` for them. It reads one number; when that has moved, it loads only the
rows that changed since. Whatever goes wrong on the way is raised, and what was half-applied is
loaded again from nothing: an answer from an incomplete bank would be a wrong "no match".
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db.models import QuerySet

from dutybound import matching
from dutybound.matching import Effect, Matcher, SignalKind
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.banks.queries import newest_version


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
    """Where one service's banks stand in this process; `live` is None while they are unknown."""

    service_id: int
    live: Live | None = None
    lock: Lock = field(default_factory=Lock)


_shelves: dict[int, _Shelf] = {}


def current(service_id: int) -> Live:
    """The service's enabled banks as of the last committed change."""
    shelf = _shelves.get(service_id) or _shelves.setdefault(service_id, _Shelf(service_id))
    live = shelf.live
    if live is not None and live.version == newest_version():
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
        before = _with_changes(before, shelf.service_id, number)
    shelf.live = before
    return before


def _with_changes(before: Live, service_id: int, number: int) -> Live:
    matcher = before.matcher
    keys = set(before.bank_keys)
    changed = Bank.objects.filter(service_id=service_id, version__gt=before.version)
    for bank in changed.order_by("id"):
        if bank.enabled:
            matcher.put_bank(bank.id, for_matching(bank))
            keys.add(bank.id)
        elif bank.id in keys:
            matcher.drop_bank(bank.id)
            keys.remove(bank.id)

    kept = keys & before.bank_keys
    _apply(matcher, Signal.objects.filter(bank_id__in=kept, version__gt=before.version))
    for bank_key in keys - kept:
        live = Signal.objects.filter(bank_id=bank_key, removed_at__isnull=True)
        matcher.add(bank_key, [_signal(row) for row in live.values_list(*_COLUMNS).iterator()])
    return Live(matcher, frozenset(keys), number)


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
