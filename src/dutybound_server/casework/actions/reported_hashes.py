"""What reported intimate images look like goes into banks, and out of them again.

A duty brings the banks into line with what stands about each report, so nothing is lost where it
stopped. The banks' turn is taken before any case or concern is locked, as intake does.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dutybound.cases.judgement import IN_FAVOUR, EnforcementKind
from dutybound.cases.kinds import Kind, Outcome
from dutybound.cases.status import WAITING, Status
from dutybound.matching import Effect
from dutybound.matching.pdq import LEAST_QUALITY
from dutybound_server.banks.actions import (
    NewSignal,
    add_signals,
    create_bank,
    remove_signals,
    take_turn,
)
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.casework.actions.concern_events import concern_happened, locked_concern
from dutybound_server.casework.actions.events import locked_case
from dutybound_server.casework.actions.settling import correct
from dutybound_server.casework.intimate import INTIMATE, REPORTED, UPHELD, hashes_of_media
from dutybound_server.casework.intimate_letters import found_later
from dutybound_server.casework.models import Concern, Decision, Learned, Match, ReportedHash
from dutybound_server.casework.queries import last_decision
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.models import Service

WATCH = timedelta(days=365)
"""So long a reported picture that is nowhere yet is looked for in what comes in."""
SAME_PICTURE = 10
"""Bits within which PDQ tells of the same picture, by its authors; beyond, it may be another."""
AT_ONCE = 100
WHY_REPORTED = "Somebody reported it as an intimate image (s.20A); what is like it is held."
WHY_UPHELD = "A person found it to be an intimate image shared without consent."
WHY_UNDONE = "That it was taken down was undone: people look at it again."
WHY_GONE = "The report of it does not stand, or its time is over."
_SETTINGS = {
    REPORTED: (Effect.HOLD, "Reports of intimate images (s.20A), not decided yet."),
    UPHELD: (Effect.BLOCK, "Intimate images that a person took down (s.20A)."),
}


def settle_reported_hashes(*, now: datetime) -> int:
    """Bring the banks into line with the reports; the answer is how many hashes moved.

    Reported and undecided: held. Found on an item that was taken down for it: blocked, and what
    that item shows as well. Where that was undone: held again. Found on an item that a person
    left up, withdrawn, not the picture that was meant, or out of time: out. One that reached
    nothing is never more than held.
    """
    moved = sum(_hold(pk, now=now) for pk in _unheld())
    moved += sum(_look_again(one, now=now) for one in _undone()[:AT_ONCE])
    moved += _uphold_all(now=now)
    moved += sum(_drop(one, now=now) for one in _outdated(now)[:AT_ONCE])
    return moved


def let_go(*, concern: Concern, now: datetime, values: Collection[str] | None = None) -> int:
    """Take the report's hashes out of the bank of reported images, unless others report them.

    All, or those of `values`. Inside a transaction of the caller that took the banks' turn first.
    """
    own = concern.hashes.filter(signal__isnull=False, signal__removed_at__isnull=True)
    if values is not None:
        own = own.filter(value__in=values)
    gone = 0
    for signal in Signal.objects.filter(id__in=own.values("signal"), bank__name=REPORTED):
        if not _others_report(signal, concern).exists():
            gone += _remove([signal], now=now)
    return gone


def hold_again(*, concern: Concern, values: Collection[str], now: datetime) -> int:
    """Hold those of the report's hashes that no bank has; as `let_go` is called."""
    gone = Q(signal__isnull=True) | Q(signal__removed_at__isnull=False)
    found = concern.hashes.filter(gone, value__in=values, quality__gte=LEAST_QUALITY)
    hashes = list(found)
    if hashes and not concern.queued:
        _put_in(REPORTED, hashes, concern=concern, why=WHY_REPORTED, now=now)
    return len(hashes)


# Which


def _unheld() -> list[int]:
    """Reports with a picture that is not looked for yet.

    Those that wait because too many came from one place freeze nothing before a person let them.
    """
    wanting = Concern.objects.filter(
        Q(hashes__meant__isnull=True) | Q(hashes__meant=True),
        kind=Kind.INTIMATE_IMAGE,
        decided_at__isnull=True,
        withdrawn_at__isnull=True,
        queued=False,
        hashes__signal__isnull=True,
        hashes__quality__gte=LEAST_QUALITY,
    )
    return list(wanting.order_by("id").values_list("id", flat=True).distinct()[:AT_ONCE])


def _looked_for() -> QuerySet[ReportedHash]:
    found = ReportedHash.objects.filter(signal__bank__name=REPORTED)
    return found.select_related("concern__service", "signal__bank__service").order_by("id")


def _undone() -> QuerySet[ReportedHash]:
    """Hashes whose signal an undo took out: people look again, or have blocked it anew since."""
    gone = ReportedHash.objects.filter(
        signal__bank__name=UPHELD,
        signal__removed_at__isnull=False,
        concern__withdrawn_at__isnull=True,
    ).exclude(Q(concern__outcome=Outcome.REFUSED) | Q(meant=False))
    looked_at_again = Learned.objects.filter(
        signal=OuterRef("signal"),
        decision__undone_at__isnull=False,
        decision__case__status__in=WAITING,
    )
    anew = Signal.objects.filter(
        bank=OuterRef("signal__bank"), value=OuterRef("value"), removed_at__isnull=True
    )
    found = gone.filter(Q(Exists(looked_at_again)) | Q(Exists(anew)))
    return found.select_related("signal").order_by("id")


def _held() -> QuerySet[ReportedHash]:
    return _looked_for().filter(signal__removed_at__isnull=True)


def _standing(now: datetime) -> QuerySet[ReportedHash]:
    """What is held, and what an edit that was left up let go of while its report still stands.

    The image itself may be judged after the edit.
    """
    stands = Q(concern__withdrawn_at__isnull=True, concern__received_at__gte=now - WATCH)
    still_held = Q(signal__removed_at__isnull=True)
    return _looked_for().filter(still_held | stands & ~Q(concern__outcome=Outcome.REFUSED))


def _met(**more: object) -> QuerySet[Match]:
    """Items that the hash was found on, whose case rests as it stands."""
    return Match.objects.filter(
        signal=OuterRef("signal"),
        dry_run=False,
        set_aside=False,
        item__cases__status=Status.DECIDED,
        **more,
    )


def _taken_down() -> Exists:
    return Exists(
        _met(
            item__cases__decisions__enforcement_kind=EnforcementKind.TAKE_DOWN,
            item__cases__decisions__harm=INTIMATE,
            item__cases__decisions__undone_at__isnull=True,
        )
    )


def _left_up() -> Exists:
    return Exists(
        _met(
            distance__lte=SAME_PICTURE,
            item__cases__decisions__enforcement_kind__in=IN_FAVOUR,
            item__cases__decisions__undone_at__isnull=True,
        )
    )


def _outdated(now: datetime) -> QuerySet[ReportedHash]:
    is_over = Q(concern__withdrawn_at__isnull=False) | Q(
        concern__decided_at__isnull=False, concern__received_at__lt=now - WATCH
    )
    return _held().filter(is_over | Q(meant=False) | (Q(_left_up()) & ~Q(_taken_down())))


def _others_report(signal: Signal, concern: Concern) -> QuerySet[ReportedHash]:
    others = ReportedHash.objects.filter(signal=signal, concern__withdrawn_at__isnull=True)
    others = others.exclude(concern=concern).exclude(meant=False)
    return others.exclude(concern__outcome=Outcome.REFUSED)


# How


@transaction.atomic
def _hold(concern_id: int, *, now: datetime) -> int:
    take_turn()
    concern = locked_concern(concern_id)
    if not concern.is_open:
        return 0
    found = concern.hashes.filter(signal__isnull=True, quality__gte=LEAST_QUALITY)
    hashes = list(found.exclude(meant=False))
    _put_in(REPORTED, hashes, concern=concern, why=WHY_REPORTED, now=now)
    concern_happened(concern, "looked_for", by=None, now=now, facts={"hashes": len(hashes)})
    return len(hashes)


def _uphold_all(*, now: datetime) -> int:
    """Uphold what can be; what waits until somebody says which picture was meant is passed by."""
    moved = 0
    for pk in list(_standing(now).filter(_taken_down()).values_list("pk", flat=True)):
        reported = _looked_for().filter(pk=pk).first()
        judged = _judged(reported.signal) if reported and reported.signal else None
        if reported and judged and _is_meant(reported, judged[0]):
            moved += _uphold(reported, now=now)
        if moved >= AT_ONCE:
            break
    return moved


def _is_meant(reported: ReportedHash, match: Match) -> bool:
    """Whether it is the picture that was meant; of several of one item, a person says which."""
    if reported.meant is not None:
        return reported.meant
    return reported.came_from != "item" or match.item.media.count() <= 1


@transaction.atomic
def _look_again(reported: ReportedHash, *, now: datetime) -> int:
    take_turn()
    concern = locked_concern(reported.concern_id)
    if not _undone().filter(pk=reported.pk).exists():
        return 0
    was = reported.signal
    assert was is not None  # `_undone` gives none without.
    anew = Signal.objects.filter(bank=was.bank_id, value=reported.value, removed_at__isnull=True)
    if (signal := anew.first()) is not None:
        reported.signal = signal
        reported.save(update_fields=["signal"])
        return 1
    _put_in(REPORTED, [reported], concern=concern, why=WHY_UNDONE, now=now)
    concern_happened(concern, "looked_for", by=None, now=now, facts={"hashes": 1})
    return 1


@transaction.atomic
def _uphold(reported: ReportedHash, *, now: datetime) -> int:
    """Let what a person took down be blocked; several pictures of one item stay held."""
    take_turn()
    reported.refresh_from_db(fields=["signal", "meant"])
    old = reported.signal
    judged = _judged(old) if old is not None and old.bank.name == REPORTED else None
    if old is None or judged is None or reported.meant is False:
        return 0
    match, decision = judged
    # Undone at this moment, it would leave a signal behind that nothing takes out again.
    locked_case(decision.case_id)
    if _judged(old) != judged:
        return 0
    if not _is_meant(reported, match):
        return 0
    concern = reported.concern
    told_not_here = Concern.objects.filter(hashes__signal=old, outcome=Outcome.NOT_OURS)
    waiting = list(told_not_here.values_list("pk", flat=True))
    [new] = _put_in(UPHELD, [reported], concern=concern, why=WHY_UPHELD, now=now)
    seen = _seen_on(match, concern=concern, now=now)
    for signal in {new, *seen}:
        Learned.objects.get_or_create(decision=decision, signal=signal)
    ReportedHash.objects.filter(signal=old).update(signal=new)
    _copy_matches(old, new)
    if old.removed_at is None:
        _remove([old], now=now)
    for one in waiting:
        _tell_found(one, now=now)
    return 1


@transaction.atomic
def _drop(reported: ReportedHash, *, now: datetime) -> int:
    take_turn()
    signal = reported.signal
    is_not_it = reported.concern.withdrawn_at is not None or reported.meant is False
    if signal is None or (is_not_it and _others_report(signal, reported.concern).exists()):
        # The others look for it; this one does no more.
        ReportedHash.objects.filter(pk=reported.pk).update(signal=None)
        return 0
    return _remove([signal], now=now)


def _put_in(
    name: str, hashes: list[ReportedHash], *, concern: Concern, why: str, now: datetime
) -> list[Signal]:
    """Add the values to the service's bank, and note on each row which signal it became."""
    bank = _bank(concern.service, name, now=now)
    record = f"concern:{concern.reference}"
    new = [NewSignal(one.kind, one.value, source_record=record) for one in hashes]
    add_signals(bank=bank, signals=new, why=why, by=SYSTEM, now=now)
    live = Signal.objects.filter(bank=bank, removed_at__isnull=True)
    found = live.filter(value__in=[one.value for one in hashes])
    signals = {(one.kind, one.value): one for one in found}
    for one in hashes:
        one.signal = signals[one.kind, one.value]
        one.save(update_fields=["signal"])
    return list(signals.values())


def _bank(service: Service, name: str, *, now: datetime) -> Bank:
    bank = Bank.objects.filter(service=service, name=name).first()
    if bank is not None:
        return bank
    effect, source = _SETTINGS[name]
    return create_bank(
        service=service,
        name=name,
        source=source,
        harm=INTIMATE,
        why="Reports of intimate images need it.",
        by=SYSTEM,
        now=now,
        effect=effect,
    )


def _judged(signal: Signal) -> tuple[Match, Decision] | None:
    """The nearest item with the picture that was taken down for it, as that stands."""
    met = Match.objects.filter(
        signal=signal, dry_run=False, set_aside=False, item__cases__status=Status.DECIDED
    )
    for match in met.select_related("item", "media").order_by("distance", "id").distinct():
        case = match.item.cases.filter(status=Status.DECIDED).first()
        decision = last_decision(case) if case is not None else None
        if decision is not None and (decision.enforcement_kind, decision.harm) == (
            EnforcementKind.TAKE_DOWN,
            INTIMATE,
        ):
            return match, decision
    return None


def _seen_on(match: Match, *, concern: Concern, now: datetime) -> list[Signal]:
    """What the judged item shows joins too: an edit of it is nearer to that than to the report."""
    if match.media is None:
        return []
    seen = {(one.kind, one.value) for one in hashes_of_media(match.media)}
    values = {value for _, value in seen}
    bank = _bank(concern.service, UPHELD, now=now)
    record = f"concern:{concern.reference}"
    new = [NewSignal(kind, value, source_record=record) for kind, value in seen]
    add_signals(bank=bank, signals=new, why=WHY_UPHELD, by=SYSTEM, now=now)
    live = Signal.objects.filter(bank=bank, removed_at__isnull=True, value__in=values)
    return list(live)


def _copy_matches(old: Signal, new: Signal) -> None:
    """What met the picture has met it already: looking back reopens no case for it."""
    rows = list(Match.objects.filter(signal=old))
    for row in rows:
        row.pk, row.signal = None, new
    Match.objects.bulk_create(rows, ignore_conflicts=True)


def _remove(signals: Iterable[Signal], *, now: datetime) -> int:
    return sum(
        remove_signals(bank=signal.bank, ids=[signal.pk], why=WHY_GONE, by=SYSTEM, now=now)
        for signal in signals
    )


def _tell_found(concern_id: int, *, now: datetime) -> None:
    """Who was told that it is not here learns that it was found since, and taken down."""
    concern = locked_concern(concern_id)
    if concern.outcome != Outcome.NOT_OURS:
        return
    correct(
        concern=concern,
        outcome=Outcome.ACTED,
        by=None,
        reasons="It was found since, and taken down.",
        words=found_later(concern),
        now=now,
    )
