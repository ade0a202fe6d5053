"""Look back: when a bank learns something, items already received are compared with it.

Nothing is decoded again; hashes, text and links were stored. The comparing happens outside any
transaction; what it finds is stored in one transaction with the mark of how far it came.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from dutybound.matching import Base, Effect, Matcher, SignalKind, TooManyLinks
from dutybound.matching import Signal as MatchingSignal
from dutybound.matching.bases import COMPILED_KINDS, arrays_of
from dutybound_server.banks.actions import quarantine_signal
from dutybound_server.banks.live import current, for_matching
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.banks.queries import newest_version
from dutybound_server.casework.actions.cases import open_case, record_matches
from dutybound_server.intake.answers import stored_content
from dutybound_server.intake.flood import RECENT_ITEMS, Flood
from dutybound_server.intake.models import Rematch
from dutybound_server.intake.policy import DOUBTED_HARM, Judged, verdict_for
from dutybound_server.intake.submissions import PRIVATE
from dutybound_server.items.models import Item, Media
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM

STEP_ITEMS = 500
STEPS_AT_ONCE = 20
"""A call ends after so many, so that a worker that is told to stop does not keep it waiting."""
EXACT = frozenset({"sha256", "md5"})


@dataclass(frozen=True, slots=True)
class _NewSignals:
    """What a bank learned between two versions, ready to compare with."""

    rematch: Rematch
    matcher: Matcher
    kinds: frozenset[str]


def rematch(*, now: datetime) -> int:
    """Compare received items with what banks learned since; says how many were looked at.

    A bank that cannot be loaded keeps no other waiting; its error is raised at the end.
    """
    _plan(now)
    unfinished = Rematch.objects.filter(finished_at__isnull=True).order_by("id")
    looked_at, trouble = 0, None
    for one in unfinished.select_related("bank__service").iterator():
        try:
            looked_at += _run(one, now)
        except ValueError as problem:
            trouble = problem
    if trouble is not None:
        raise trouble
    return looked_at


# What there is to do


def _plan(now: datetime) -> None:
    """One row for each bank with something new since the last plan.

    A bank whose settings changed is compared as a whole: what it did not match under the old
    ones it may match now, and items came in while it was switched off.
    """
    planned = Rematch.objects.aggregate(newest=Max("to_version"))["newest"] or 0
    number = newest_version()
    if number == planned:
        return
    learned = Signal.objects.filter(
        version__gt=planned,
        version__lte=number,
        removed_at__isnull=True,
        quarantined_at__isnull=True,
    )
    banks = Bank.objects.filter(enabled=True).exclude(effect=Effect.NEVER)
    changed = list(
        banks.filter(Q(version__gt=planned, version__lte=number) | Q(id__in=learned.values("bank")))
    )
    if not changed:
        # A signal was removed, say. This comes each second, so no item is asked for.
        return
    # Who was judged without these signals had committed before they did: see take_item.
    newest = dict(Item.objects.order_by().values_list("service").annotate(Max("id")))
    plans = (
        Rematch(
            bank=bank,
            after_version=0 if bank.version > planned else planned,
            to_version=number,
            last_item=newest.get(bank.service_id, 0),
            started_at=now,
        )
        for bank in changed
    )
    # Another worker may plan the same.
    Rematch.objects.bulk_create(plans, ignore_conflicts=True)


def _new_signals(rematch: Rematch) -> _NewSignals:
    learned = _learned(rematch)

    def records(ids: Collection[int]) -> Iterator[MatchingSignal]:
        return _signals(learned.filter(id__in=ids))

    # On a base, since a whole list may have come, and a record of each would fill the memory.
    base = Base(arrays_of(_signals(learned.filter(kind__in=COMPILED_KINDS))), records)
    words = list(_signals(learned.exclude(kind__in=COMPILED_KINDS)))
    matcher = Matcher()
    bank = rematch.bank
    matcher.put_bank_on_base(bank.pk, for_matching(bank), base, signals=words, gone=())
    kinds = learned.order_by().values_list("kind", flat=True).distinct()
    return _NewSignals(rematch, matcher, frozenset(kinds))


def _signals(rows: QuerySet[Signal]) -> Iterator[MatchingSignal]:
    for id_, kind, value in rows.values_list("id", "kind", "value").iterator():
        yield MatchingSignal(id_, SignalKind(kind), value)


def _learned(rematch: Rematch) -> QuerySet[Signal]:
    return Signal.objects.filter(
        bank=rematch.bank,
        version__gt=rematch.after_version,
        version__lte=rematch.to_version,
        removed_at__isnull=True,
        quarantined_at__isnull=True,
    )


# Step by step


def _run(rematch: Rematch, now: datetime) -> int:
    new = _new_signals(rematch)
    if rematch.next_item == 0 and _quarantine_floods(new, now):
        new = _new_signals(rematch)
    looked_at = 0
    for _ in range(STEPS_AT_ONCE):
        ids = list(_candidates(new).values_list("id", flat=True)[:STEP_ITEMS])
        found = _found(new, ids)
        if not _keep_step(rematch, ids, found, now):
            break
        looked_at += len(ids)
    return looked_at


def _candidates(new: _NewSignals) -> QuerySet[Item]:
    """Items that could meet one of the new signals, by what the signals are compared with.

    Exact hashes are looked up by their index, however many items there are.
    """
    rematch, service = new.rematch, new.rematch.bank.service
    items = Item.objects.filter(
        service=service, id__gte=rematch.next_item, id__lte=rematch.last_item
    ).order_by("id")
    if not service.screens_private:
        items = items.exclude(visibility=PRIVATE)
    if new.kinds - EXACT - {SignalKind.PDQ}:
        return items
    if SignalKind.PDQ in new.kinds:
        return items.filter(Exists(Media.objects.filter(item=OuterRef("pk"))))
    could = Q(pk__in=[])
    for kind in new.kinds:
        # The name of the kind is the name of its column.
        values = _learned(rematch).filter(kind=kind).values("value")
        could |= Q(pk__in=Media.objects.filter(**{f"{kind}__in": values}).values("item"))
    return items.filter(could)


def _found(new: _NewSignals, ids: Iterable[int]) -> list[tuple[Item, Judged]]:
    """The items that meet a new signal, as all banks of the service judge them today."""
    found = []
    live = current(new.rematch.bank.service_id)
    for item in _with_hashes(ids):
        content = stored_content(item)
        try:
            if new.matcher.match(content):
                matches = live.matcher.match(content, banks=live.bank_keys)
                found.append((item, verdict_for(matches)))
        except TooManyLinks as too_many:
            # One of before such items were refused: a person looks, and the others go on.
            found.append((item, verdict_for((), doubts=[f"It was not compared again: {too_many}"])))
    return found


def _with_hashes(ids: Iterable[int]) -> QuerySet[Item]:
    items = Item.objects.filter(id__in=list(ids)).order_by("id")
    return items.select_related("service", "account").prefetch_related("media__frames")


@transaction.atomic
def _keep_step(
    rematch: Rematch, ids: list[int], found: list[tuple[Item, Judged]], now: datetime
) -> bool:
    """Store what a step found and how far it came; False when there is no next step here.

    The mark moves only from where this worker saw it: of two workers one gets the step.
    """
    is_last = len(ids) < STEP_ITEMS
    reached = rematch.last_item + 1 if is_last else ids[-1] + 1
    here = Rematch.objects.filter(
        id=rematch.pk, next_item=rematch.next_item, finished_at__isnull=True
    )
    kept = here.update(
        next_item=reached,
        found=F("found") + len(found),
        finished_at=now if is_last else None,
    )
    if kept != 1:
        return False
    rematch.next_item = reached
    for item, judged in found:
        _record(rematch, item, judged, now)
    if is_last:
        _journal_end(rematch, now)
    return not is_last


def _record(rematch: Rematch, item: Item, judged: Judged, now: datetime) -> None:
    record_matches(
        item=item,
        kept=[match for match in judged.kept if match.bank_key == rematch.bank_id],
        set_aside=[match for match in judged.set_aside if match.bank_key == rematch.bank_id],
        media={media.external_id: media for media in item.media.all()},
        retroactive=True,
        now=now,
    )
    if judged.doubts:
        open_case(item=item, harm=DOUBTED_HARM, why=" ".join(judged.doubts), now=now)


def _journal_end(rematch: Rematch, now: datetime) -> None:
    rematch.refresh_from_db(fields=["found"])
    append(
        kind="rematch.finished",
        service=rematch.bank.service.slug,
        subject=f"bank:{rematch.bank.name}",
        actor=SYSTEM,
        now=now,
        facts={
            "after_version": rematch.after_version,
            "to_version": rematch.to_version,
            "last_item": rematch.last_item,
            "found": rematch.found,
        },
    )


# The flood guard


def _quarantine_floods(new: _NewSignals, now: datetime) -> int:
    """Set new signals that meet too many recent items to flag only, before any case is opened.

    Looking back goes from the oldest item on; a bad signal would have filled the queue before
    it came to the recent ones.
    """
    bank = new.rematch.bank
    recent = list(
        Item.objects.filter(service=bank.service_id, id__lte=new.rematch.last_item)
        .order_by("-id")
        .values_list("id", flat=True)[:RECENT_ITEMS]
    )
    if not recent:
        return 0
    met: defaultdict[int, list[Item]] = defaultdict(list)
    for item in _with_hashes(_candidates(new).filter(id__in=recent).values_list("id", flat=True)):
        with suppress(TooManyLinks):
            for signal in {match.signal for match in new.matcher.match(stored_content(item))}:
                met[signal].append(item)
    counted = [
        Flood(
            signal=signal,
            matched=len(items),
            accounts=len({item.account_id or f"nameless {item.pk}" for item in items}),
            recent=len(recent),
            share=bank.flood_share,
        )
        for signal, items in met.items()
    ]
    floods = [flood for flood in counted if flood.is_one]
    for flood in floods:
        quarantine_signal(signal_id=flood.signal, why=flood.why, by=SYSTEM, now=now)
    return len(floods)
