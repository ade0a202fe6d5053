"""What a decision brings beside its enforcement, and how all of it is taken back.

A strike is a record here; a sanction is told to the service, which carries it out.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from dutybound.cases.judgement import AGAINST, EnforcementKind
from dutybound.cases.sanctions import STRIKE_LASTS, ForAccount, sanction_by
from dutybound_server.banks.actions import NewSignal, add_signals, remove_signals, take_turn
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.banks.offers import cleaned
from dutybound_server.casework.account import TakenBack, alike, replaced_by, revision_of
from dutybound_server.casework.actions.sanctions import (
    bring_back_sanction,
    give_sanction,
    take_back_sanction,
)
from dutybound_server.casework.models import Decision, Learned, Strike
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Account


def wait_for_banks(*, case_ids: Iterable[int]) -> None:
    """Take the banks' turn if decisions about these cases have taught them anything.

    Before any of the cases is locked: an item being received takes the two in this order.
    """
    if Learned.objects.filter(decision__case__in=list(case_ids)).exists():
        take_turn()


def bring_consequences(
    *, decision: Decision, answers_appeal: bool, chosen: ForAccount | None, now: datetime
) -> TakenBack:
    """Let a decision count in place of those it replaces; what of theirs was taken back.

    Inside the transaction of the decision. `chosen` is None where nobody chose for the account.
    """
    replaced = replaced_by(
        case=decision.case,
        kind=EnforcementKind(decision.enforcement_kind),
        chosen=chosen,
        answers_appeal=answers_appeal,
        now=now,
        before=decision,
    )
    if replaced.stays:
        return TakenBack()
    by, taken_back = decision.by, TakenBack()
    for one in replaced.decisions:
        # What the same decision has learned is known as before.
        taken_back += _take_back(one, with_signals=not replaced.says_the_same, by=by, now=now)
    _bring(decision, chosen or ForAccount(), now=now)
    return taken_back


def undo_consequences(*, decision: Decision, by: User, now: datetime) -> TakenBack:
    """Take back what an undone decision brought, and bring back what it had taken back."""
    taken_back = _take_back(decision, with_signals=True, by=by, now=now)
    for standing in alike(decision.case, before=decision):
        _bring_back(standing, taken_back_by=decision, by=by, now=now)
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


def _bring(decision: Decision, chosen: ForAccount, *, now: datetime) -> None:
    case, kind = decision.case, EnforcementKind(decision.enforcement_kind)
    if kind not in AGAINST:
        return
    facts: dict[str, object] = {"sanction": "", "signals": 0, "strike": False}
    if case.account is not None:
        facts |= _sanction(decision, case.account, chosen, now=now)
    facts["signals"] = _learn_as_before(decision, now=now)
    if case.account is not None or facts["signals"]:
        _journal(decision, "consequence.brought", facts, by=decision.by, now=now)


def _sanction(
    decision: Decision, account: Account, chosen: ForAccount, *, now: datetime
) -> dict[str, object]:
    kind = sanction_by(
        chosen,
        enforcement_kind=EnforcementKind(decision.enforcement_kind),
        of_account=decision.case.subject_kind == ACCOUNT,
    )
    if chosen.strike:
        Strike.objects.create(
            decision=decision, account=account, at=now, expires_at=now + STRIKE_LASTS
        )
    if kind is not None:
        ends_at = chosen.ends_at(now)
        give_sanction(decision=decision, account=account, kind=kind, ends_at=ends_at, now=now)
    return {"sanction": kind or "", "strike": chosen.strike}


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
    alike = [one for one in undone if revision_of(one) == (item.revision if item else None)]
    return sum(_learn_again(one, into=decision, now=now) for one in alike)


def _take_back(decision: Decision, *, with_signals: bool, by: User, now: datetime) -> TakenBack:
    """Strike, sanction and learned signals are as before.

    A signal that another decision has learned too, and that still counts, stays.
    """
    strikes = Strike.objects.filter(decision=decision, removed_at=None).update(removed_at=now)
    sanctions = take_back_sanction(decision=decision, now=now)
    signals = _forget(decision, by=by, now=now) if with_signals else 0
    if strikes or sanctions or signals:
        facts = {"sanction": bool(sanctions), "signals": signals, "strike": bool(strikes)}
        _journal(decision, "consequence.taken_back", facts, by=by, now=now)
    return TakenBack(strikes, sanctions)


def _bring_back(decision: Decision, *, taken_back_by: Decision, by: User, now: datetime) -> None:
    """Only what the undone decision had taken back: an earlier one may have replaced the rest."""
    since = taken_back_by.decided_at
    struck = Strike.objects.filter(decision=decision, removed_at=since)
    strikes = struck.update(removed_at=None)
    sanctions = bring_back_sanction(decision=decision, since=since, now=now)
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
