"""A measure that turned for the worse becomes somebody's task; one that came right is closed."""

from datetime import datetime

from dutybound.evidence.status import Status
from dutybound_server.assurance.models import Finding, MeasureOwner, MeasureTask
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.models import Service

BAD = (Status.NOT_MET, Status.AT_RISK, Status.STALE)


def tell_of_turn(*, service: Service, finding: Finding, was: str, now: datetime) -> None:
    """Open a task for a measure that turned bad, or close the one there is if it came right.

    In the transaction of the look. A measure that never stood well opens one, too.
    """
    open_now = MeasureTask.objects.filter(service=service, closed_at=None)
    task = open_now.filter(measure=finding.measure).first()
    if finding.status in BAD:
        if task is None:
            _open(service, finding, was=was, now=now)
        else:
            task.became, task.says, task.finding = finding.status, finding.says, finding
            task.save(update_fields=["became", "says", "finding"])
    elif task is not None and finding.status == Status.MET:
        task.closed_at = now
        task.save(update_fields=["closed_at"])
        _journal(task, "closed", now=now)


def _open(service: Service, finding: Finding, *, was: str, now: datetime) -> None:
    owned = MeasureOwner.objects.filter(service=service, measure=finding.measure).first()
    task = MeasureTask.objects.create(
        service=service,
        measure=finding.measure,
        finding=finding,
        was=was,
        became=finding.status,
        says=finding.says,
        owner=owned.user if owned else None,
        opened_at=now,
    )
    _journal(task, "opened", now=now)


def _journal(task: MeasureTask, ending: str, *, now: datetime) -> None:
    append(
        kind=f"measure_task.{ending}",
        service=task.service.slug,
        subject=f"measure_task:{task.pk}",
        actor=SYSTEM,
        now=now,
        facts={"measure": task.measure, "was": task.was, "became": task.became},
    )
