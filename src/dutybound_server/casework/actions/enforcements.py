"""What the service is told to do, and its word that it has done it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dutybound.cases.judgement import EnforcementKind
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.messages import ENFORCEMENT_CREATED, enforcement_message
from dutybound_server.casework.models import Case, Decision, Enforcement
from dutybound_server.casework.queries import case_state
from dutybound_server.casework.subjects import CONCERN
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import service_actor
from dutybound_server.people.models import Service


def enforce(
    *,
    decision: Decision,
    kind: EnforcementKind,
    now: datetime,
    undoes: Enforcement | None = None,
) -> Enforcement:
    """Tell the service what to do, inside the transaction of the decision."""
    return _tell(decision.case, kind, decision=decision, undoes=undoes, now=now)


def freeze(*, case: Case, now: datetime) -> Enforcement | None:
    """Keep what the locked case is about from view until it is decided.

    None where the service was told to already, or to do more, or nothing can be told it.
    """
    if case.subject_kind == CONCERN or case_state(case) in {
        EnforcementKind.HOLD,
        EnforcementKind.TAKE_DOWN,
    }:
        return None
    return _tell(case, EnforcementKind.HOLD, decision=None, undoes=None, now=now)


def unfreeze(*, case: Case, now: datetime) -> Enforcement | None:
    """Show what the locked case is about as before it was frozen; None where nobody froze it.

    Also an item that was held as it came, for no reason that is left.
    """
    if case_state(case) != EnforcementKind.HOLD:
        return None
    told = Enforcement.objects.filter(case=case, undoes__isnull=True).order_by("-id")
    last = told.first()
    if last is not None and last.decision_id is not None:
        return None
    before = told.filter(decision__isnull=False, decision__undone_at__isnull=True).first()
    is_kept = before is not None and before.revision == last.revision if last else False
    kind = EnforcementKind(before.kind) if before and is_kept else EnforcementKind.RESTORE
    return _tell(case, kind, decision=None, undoes=None, now=now)


def show_again(*, case: Case, now: datetime) -> Enforcement:
    """Undo by time what was done to the locked case's subject: the decision stands."""
    return _tell(case, EnforcementKind.RESTORE, decision=None, undoes=None, now=now)


def _tell(
    case: Case,
    kind: EnforcementKind,
    *,
    decision: Decision | None,
    undoes: Enforcement | None,
    now: datetime,
) -> Enforcement:
    keep_ids_in_order(case.service)
    enforcement = Enforcement.objects.create(
        service=case.service,
        case=case,
        decision=decision,
        kind=kind,
        subject_kind=case.subject_kind,
        subject=case.subject,
        revision=case.item.revision if case.item else None,
        created_at=now,
        undoes=undoes,
    )
    put_out(
        service=case.service,
        event=ENFORCEMENT_CREATED,
        message_id=f"msg_enforcement_{enforcement.uuid.hex}",
        lane=f"{case.subject_kind}:{case.subject}",
        message=enforcement_message(enforcement),
        now=now,
    )
    return enforcement


def keep_ids_in_order(service: Service) -> None:
    """Let no other transaction add what the service pulls until this one has ended.

    Otherwise one that began earlier could commit a smaller id later, and a service that asked
    `after` a greater one would never meet it. SQLite has one writer at a time as it is.
    """
    Service.objects.select_for_update(no_key=True).get(id=service.pk)


@transaction.atomic
def acknowledge_enforcement(*, service: Service, uuid: UUID, now: datetime) -> Enforcement:
    """Note that the service has done it; saying so again changes nothing.

    Raises Enforcement.DoesNotExist, also for one of another service.
    """
    enforcement = Enforcement.objects.select_related("case", "decision").get(
        service=service, uuid=uuid
    )
    unacknowledged = Enforcement.objects.filter(id=enforcement.pk, acknowledged_at__isnull=True)
    if unacknowledged.update(acknowledged_at=now) == 1:
        append(
            kind="enforcement.acknowledged",
            service=service.slug,
            subject=f"case:{enforcement.case.reference}",
            actor=service_actor(service),
            now=now,
            facts={"enforcement": str(uuid)},
        )
    enforcement.refresh_from_db(fields=["acknowledged_at"])
    return enforcement
