"""Sanctions of accounts: given, ended by their date, taken back, and told to the service each time.

What is decided about an account as a whole is told as an enforcement too, so its end is.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.sanctions import SanctionKind
from dutybound_server.casework.actions.enforcements import keep_ids_in_order, show_again
from dutybound_server.casework.actions.events import locked_case
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.messages import (
    SANCTION_CREATED,
    SANCTION_LIFTED,
    sanction_message,
)
from dutybound_server.casework.models import Decision, Sanction, SanctionTold
from dutybound_server.casework.queries import case_state
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.models import Account

AT_ONCE = 100


def give_sanction(
    *,
    decision: Decision,
    account: Account,
    kind: SanctionKind,
    ends_at: datetime | None,
    now: datetime,
) -> Sanction:
    """Inside the transaction of the decision."""
    sanction = Sanction.objects.create(
        decision=decision,
        account=account,
        kind=kind,
        starts_at=now,
        ends_at=ends_at,
    )
    _tell(sanction, SANCTION_CREATED, why="decided", now=now)
    return sanction


def take_back_sanction(*, decision: Decision, now: datetime) -> int:
    """Lift what the decision brought, if it lasts; how many were lifted."""
    lasting = Sanction.objects.filter(decision=decision, lifted_at=None)
    return sum(_lift(one, why="taken_back", now=now) for one in _with_case(lasting))


def bring_back_sanction(*, decision: Decision, since: datetime, now: datetime) -> int:
    """Let what was taken back then count again, unless its time is over; how many do."""
    lifted = Sanction.objects.filter(decision=decision, lifted_at=since)
    lasting = list(_with_case(lifted.filter(Q(ends_at=None) | Q(ends_at__gt=now))))
    for sanction in lasting:
        sanction.lifted_at = None
        sanction.save(update_fields=["lifted_at"])
        _tell(sanction, SANCTION_CREATED, why="brought_back", now=now)
    return len(lasting)


def end_sanctions(*, now: datetime) -> int:
    """Lift the sanctions whose time is over; the answer is how many were."""
    over = Sanction.objects.filter(lifted_at=None, ends_at__lte=now).order_by("ends_at", "id")
    found = over.values_list("id", "decision__case_id")[:AT_ONCE]
    return sum(_end(sanction_id, case_id, now=now) for sanction_id, case_id in list(found))


@transaction.atomic
def _end(sanction_id: int, case_id: int, *, now: datetime) -> int:
    # An undo holds the case too: what it takes back does not end a second time.
    case = locked_case(case_id)
    sanction = _with_case(Sanction.objects.filter(id=sanction_id)).get()
    if not _lift(sanction, why="ended", now=now):
        return 0
    shown_as = EnforcementKind(sanction.decision.enforcement_kind)
    if case.subject_kind == ACCOUNT and case_state(case) == shown_as:
        show_again(case=case, now=now)
    append(
        kind="sanction.ended",
        service=case.service.slug,
        subject=f"case:{case.reference}",
        actor=SYSTEM,
        now=now,
        facts={"decision": sanction.decision_id, "sanction": sanction.kind},
        personal={"account": sanction.account.external_id},
    )
    return 1


def _lift(sanction: Sanction, *, why: str, now: datetime) -> int:
    if Sanction.objects.filter(id=sanction.pk, lifted_at=None).update(lifted_at=now) != 1:
        return 0
    sanction.lifted_at = now
    _tell(sanction, SANCTION_LIFTED, why=why, now=now)
    return 1


def _tell(sanction: Sanction, event: str, *, why: str, now: datetime) -> None:
    service = sanction.decision.case.service
    keep_ids_in_order(service)
    told = SanctionTold.objects.create(
        service=service, sanction=sanction, event=event, why=why, at=now
    )
    put_out(
        service=service,
        event=event,
        message_id=f"msg_sanction_{told.pk}",
        lane=f"{ACCOUNT}:{sanction.account.external_id}",
        message=sanction_message(told),
        now=now,
    )


def _with_case(sanctions: QuerySet[Sanction]) -> QuerySet[Sanction]:
    return sanctions.select_related("account", "decision__case__service").order_by("id")
