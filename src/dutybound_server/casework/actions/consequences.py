"""What a decision brings beside its enforcement, and how all of it is taken back.

A strike and a sanction are records here: the service carries out what its enforcement says.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import takewhile
from types import MappingProxyType

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from dutybound.cases.judgement import AGAINST, EnforcementKind
from dutybound_server.banks.actions import NewSignal, add_signals, remove_signals, take_turn
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.banks.offers import cleaned
from dutybound_server.casework.models import Case, Decision, Learned, Sanction, Strike
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor

STRIKE_LASTS = timedelta(days=365)
SANCTION_OF = MappingProxyType(
    {
        EnforcementKind.TAKE_DOWN: "close",
        EnforcementKind.RESTRICT: "limit",
        EnforcementKind.LABEL: "warn",
    }
)
"""What a decision about an account as a whole means for it."""


def wait_for_banks(*, case_ids: Iterable[int]) -> None:
    """Take the banks' turn if decisions about these cases have taught them anything.

    Before any of the cases is locked: an item being received takes the two in this order.
    """
    if Learned.objects.filter(decision__case__in=list(case_ids)).exists():
        take_turn()


def bring_consequences(*, decision: Decision, answers_appeal: bool, now: datetime) -> bool:
    """Let a decision count in place of those it replaces; whether some of theirs was taken back.

    Inside the transaction of the decision. One that says the same as before changes nothing: what
    counts already is not counted twice.
    """
    earlier = _alike(decision.case, before=decision)
    if not answers_appeal:
        item = decision.case.item
        earlier = [one for one in earlier if _revision(one) == (item.revision if item else None)]
    if earlier and earlier[0].enforcement_kind == decision.enforcement_kind:
        return False
    taken_back = [take_back_consequences(decision=one, by=decision.by, now=now) for one in earlier]
    _bring(decision, now=now)
    return any(taken_back)


def take_back_consequences(*, decision: Decision, by: User, now: datetime) -> bool:
    """Strike, sanction and learned signals are as before; whether any of the account's was.

    A signal that another decision has learned too, and that still counts, stays.
    """
    strikes = Strike.objects.filter(decision=decision, removed_at=None).update(removed_at=now)
    sanctions = Sanction.objects.filter(decision=decision, lifted_at=None).update(lifted_at=now)
    signals = _forget(decision, by=by, now=now)
    if strikes or sanctions or signals:
        facts = {"sanction": bool(sanctions), "signals": signals, "strike": bool(strikes)}
        _journal(decision, "consequence.taken_back", facts, by=by, now=now)
    return bool(strikes or sanctions)


def undo_consequences(*, decision: Decision, by: User, now: datetime) -> bool:
    """Take back what an undone decision brought, and bring back what it had taken back."""
    taken_back = take_back_consequences(decision=decision, by=by, now=now)
    for standing in _alike(decision.case, before=decision):
        _bring_back(standing, by=by, now=now)
    return taken_back


@transaction.atomic
def learn_signals(
    *, decision: Decision, bank: Bank, signals: Iterable[NewSignal], why: str, now: datetime
) -> list[Signal]:
    """Put signals into a bank because of a decision, so that its undoing takes them out again.

    What was in the bank for another reason than a decision is not this one's to take out, and is
    left out of the answer. Raises BadNewSignal.
    """
    new = {(one.kind, one.value): one for one in cleaned(signals, leetspeak=bank.leetspeak)}
    added = add_signals(
        bank=bank, signals=new.values(), why=why, by=staff_actor(decision.by), now=now
    )
    live = Signal.objects.filter(
        bank=bank, removed_at=None, value__in=[value for _, value in new]
    ).filter(Q(version=added.version) | Q(learned_from__isnull=False))
    learned = [one for one in live.distinct() if (one.kind, one.value) in new]
    Learned.objects.bulk_create(
        (Learned(decision=decision, signal=signal) for signal in learned), ignore_conflicts=True
    )
    return learned


# How


def _alike(case: Case, *, before: Decision) -> list[Decision]:
    """The decisions that stood before, from the last back to where another was decided."""
    standing = case.decisions.filter(undone_at=None, id__lt=before.pk).order_by("-id")
    found = list(standing.select_related("case__service", "case__account"))
    return list(takewhile(lambda one: one.enforcement_kind == found[0].enforcement_kind, found))


def _revision(decision: Decision) -> int | None:
    """The revision that was decided about; None where the service was told nothing."""
    told = decision.enforcements.order_by("id").values_list("revision", flat=True)
    return told.first()


def _bring(decision: Decision, *, now: datetime) -> None:
    case, kind = decision.case, EnforcementKind(decision.enforcement_kind)
    if kind not in AGAINST:
        return
    sanction = ""
    if case.account is not None:
        Strike.objects.create(
            decision=decision, account=case.account, at=now, expires_at=now + STRIKE_LASTS
        )
        sanction = SANCTION_OF[kind] if case.subject_kind == ACCOUNT else ""
    if case.account is not None and sanction:
        Sanction.objects.create(
            decision=decision, account=case.account, kind=sanction, starts_at=now
        )
    signals = _learn_as_before(decision, now=now)
    if case.account is not None or signals:
        facts = {"sanction": sanction, "signals": signals, "strike": case.account is not None}
        _journal(decision, "consequence.brought", facts, by=decision.by, now=now)


def _learn_as_before(decision: Decision, *, now: datetime) -> int:
    """What an undone decision had learned from the same revision, if this one says the same.

    Otherwise an undo and the same decision again would let through what was known already.
    """
    item = decision.case.item
    undone = decision.case.decisions.filter(
        undone_at__isnull=False,
        enforcement_kind=decision.enforcement_kind,
        harm=decision.harm,
        id__lt=decision.pk,
    )
    alike = [one for one in undone if _revision(one) == (item.revision if item else None)]
    return sum(_learn_again(one, into=decision, now=now) for one in alike)


def _bring_back(decision: Decision, *, by: User, now: datetime) -> None:
    struck = Strike.objects.filter(decision=decision).exclude(removed_at=None)
    punished = Sanction.objects.filter(decision=decision).exclude(lifted_at=None)
    strikes, sanctions = struck.update(removed_at=None), punished.update(lifted_at=None)
    signals = _learn_again(decision, into=decision, now=now)
    if strikes or sanctions or signals:
        facts = {"sanction": bool(sanctions), "signals": signals, "strike": bool(strikes)}
        _journal(decision, "consequence.brought_back", facts, by=by, now=now)


def _learn_again(decision: Decision, *, into: Decision, now: datetime) -> int:
    """Put what the decision had learned into its banks again; how many were gone."""
    gone = Signal.objects.filter(learned_from__decision=decision).exclude(removed_at=None)
    why = f"A decision in case {decision.case.reference} says so again."
    found = {
        (one.bank_id, one.kind, one.value): one for one in gone.select_related("bank__service")
    }
    for signal in found.values():
        new = NewSignal(signal.kind, signal.value, signal.source_record, tuple(signal.tags))
        learn_signals(decision=into, bank=signal.bank, signals=[new], why=why, now=now)
    return len(found)


def _forget(decision: Decision, *, by: User, now: datetime) -> int:
    """Take out of banks what only this decision has put there; how many."""
    learned = Signal.objects.filter(learned_from__decision=decision, removed_at=None)
    kept = _still_learned(decision)
    alone = list(learned.exclude(id__in=kept).select_related("bank__service"))
    why = f"The decision in case {decision.case.reference} was taken back."
    for bank in {signal.bank_id: signal.bank for signal in alone}.values():
        ids = [signal.pk for signal in alone if signal.bank_id == bank.pk]
        remove_signals(bank=bank, ids=ids, why=why, by=staff_actor(by), now=now)
    return len(alone)


def _still_learned(decision: Decision) -> list[int]:
    """Signals of the decision that a decision about another case put there too, and that stands."""
    others = Learned.objects.filter(signal__learned_from__decision=decision)
    others = others.exclude(decision__case=decision.case).filter(
        decision__in=Decision.objects.filter(undone_at=None, enforcement_kind__in=AGAINST)
    )
    rows = others.select_related("decision__case")
    return [one.signal_id for one in rows if _stands(one.decision)]


def _stands(decision: Decision) -> bool:
    """Whether no later decision about the same case says otherwise."""
    later = decision.case.decisions.filter(undone_at=None, id__gt=decision.pk)
    return not later.exclude(enforcement_kind=decision.enforcement_kind).exists()


def _journal(
    decision: Decision, kind: str, facts: Mapping[str, object], *, by: User, now: datetime
) -> None:
    case = decision.case
    append(
        kind=kind,
        service=case.service.slug,
        subject=f"case:{case.reference}",
        actor=staff_actor(by),
        now=now,
        facts={"decision": decision.pk, **facts},
        personal={"account": case.account.external_id} if case.account else {},
    )
