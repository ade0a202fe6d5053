"""What the service is told to do, and its word that it has done it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dutybound.cases.judgement import EnforcementKind
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.messages import ENFORCEMENT_CREATED, enforcement_message
from dutybound_server.casework.models import Decision, Enforcement
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
    case = decision.case
    keep_ids_in_order(case.service)
    enforcement = Enforcement.objects.create(
        service=case.service,
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
    enforcement = Enforcement.objects.select_related("decision__case").get(
        service=service, uuid=uuid
    )
    unacknowledged = Enforcement.objects.filter(id=enforcement.pk, acknowledged_at__isnull=True)
    if unacknowledged.update(acknowledged_at=now) == 1:
        append(
            kind="enforcement.acknowledged",
            service=service.slug,
            subject=f"case:{enforcement.decision.case.reference}",
            actor=service_actor(service),
            now=now,
            facts={"enforcement": str(uuid)},
        )
    enforcement.refresh_from_db(fields=["acknowledged_at"])
    return enforcement
