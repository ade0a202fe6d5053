"""A measure that turned for the worse becomes somebody's task; one that came right is closed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import WORST_FIRST, Status
from dutybound_server.assurance.actions.reviews import NoteMissing
from dutybound_server.assurance.models import Finding, MeasureOwner, MeasureTask, Standing
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import SYSTEM, staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import works_at

BAD = (Status.NOT_MET, Status.AT_RISK, Status.STALE)
ONE_MAIL_IN = timedelta(hours=1)
"""A measure that comes and goes is told of once in so long."""


class OwnerRefused(FieldRefused):
    """Somebody, or something, that makes no sense of owning a measure."""


def tell_of_turns(
    *, service: Service, before: Mapping[str, Standing], asked: frozenset[str], now: datetime
) -> None:
    """Tell of each measure that is asked of the service and stands otherwise than was last told.

    In the transaction of the look; `before`: how they stood before it. A measure that begins to be
    asked is told of too; a task about one that is asked no more is closed.
    """
    tasks = MeasureTask.objects.filter(service=service)
    last = dict(tasks.order_by().values_list("measure").annotate(Max("finding__at")))
    standings = Standing.objects.filter(service=service, measure__in=asked)
    for one in standings.select_related("finding"):
        told_at = last.get(one.measure)
        if told_at is None or told_at < one.since:
            old = before.get(one.measure)
            was = old.status if old is not None and old.status != one.status else ""
            tell_of_turn(service=service, finding=one.finding, was=was, now=now)
    for task in tasks.filter(closed_at=None).exclude(measure__in=asked):
        _close(task, now=now)


def tell_of_turn(*, service: Service, finding: Finding, was: str, now: datetime) -> None:
    """Open a task for a measure that turned bad, or close the one there is if it came right.

    A measure that never stood well opens one, too; one that gets worse is mailed again. A task
    that a person closed stays closed until the status turns.
    """
    open_now = MeasureTask.objects.select_for_update(of=("self",)).filter(
        service=service, closed_at=None
    )
    task = open_now.filter(measure=finding.measure).first()
    if finding.status in BAD:
        if task is None:
            _open(service, finding, was=was, now=now)
        else:
            _turn(task, finding, now=now)
    elif task is not None and finding.status == Status.MET:
        _close(task, now=now)


@transaction.atomic
def close_measure_task(*, task: MeasureTask, note: str, by: User, now: datetime) -> bool:
    """Close a task with what was done; False if it is closed already. Raises NoteMissing."""
    note = note.replace("\0", "").strip()
    if not note:
        raise NoteMissing("Say what you did about it.")
    open_now = MeasureTask.objects.filter(id=task.pk, closed_at__isnull=True)
    if open_now.update(closed_at=now, closed_by=by, note=note) != 1:
        return False
    _journal(task, "closed", by=staff_actor(by), now=now, personal={"note": note})
    return True


@transaction.atomic
def own_measure(
    *, service: Service, measure: str, owner: User | None, by: User, now: datetime
) -> None:
    """Say who looks after a measure; None for nobody. Raises OwnerRefused.

    An open task about it becomes theirs, and they are told.
    """
    if measure not in PROBES:
        raise OwnerRefused("measure", "Nothing looks at a measure of that name.")
    if owner is not None and not works_at(owner, service):
        raise OwnerRefused("owner", "Choose somebody who works here.")
    row = MeasureOwner.objects.filter(service=service, measure=measure).first()
    if (row.user if row else None) == owner:
        return
    if owner is None:
        MeasureOwner.objects.filter(service=service, measure=measure).delete()
    else:
        MeasureOwner.objects.update_or_create(
            service=service, measure=measure, defaults={"user": owner, "since": now}
        )
    MeasureTask.objects.filter(service=service, measure=measure, closed_at=None).update(
        owner=owner, mail_due_at=now, mail_attempts=0
    )
    append(
        kind="measure.owned",
        service=service.slug,
        subject=f"measure:{service.slug}:{measure}",
        actor=staff_actor(by),
        now=now,
        facts={"measure": measure, "owner": staff_actor(owner) if owner else ""},
    )


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
        mail_due_at=_next_mail(service, finding.measure, now=now),
    )
    _journal(task, "opened", by=SYSTEM, now=now)


def _close(task: MeasureTask, *, now: datetime) -> None:
    open_now = MeasureTask.objects.filter(id=task.pk, closed_at__isnull=True)
    if open_now.update(closed_at=now) == 1:
        _journal(task, "closed", by=SYSTEM, now=now)


def _turn(task: MeasureTask, finding: Finding, *, now: datetime) -> None:
    is_worse = _place(finding.status) < _place(task.became)
    task.became, task.says, task.finding = finding.status, finding.says, finding
    if is_worse:
        task.mail_due_at, task.mail_attempts = _next_mail(task.service, task.measure, now=now), 0
    task.save(update_fields=["became", "says", "finding", "mail_due_at", "mail_attempts"])


def _place(status: str) -> int:
    return WORST_FIRST.index(Status(status))


def _next_mail(service: Service, measure: str, *, now: datetime) -> datetime:
    last = (
        MeasureTask.objects.filter(service=service, measure=measure, mailed_at__isnull=False)
        .order_by("mailed_at")
        .last()
    )
    if last is None or last.mailed_at is None:
        return now
    return max(now, last.mailed_at + ONE_MAIL_IN)


def _journal(
    task: MeasureTask,
    ending: str,
    *,
    by: str,
    now: datetime,
    personal: dict[str, str] | None = None,
) -> None:
    append(
        kind=f"measure_task.{ending}",
        service=task.service.slug,
        subject=f"measure_task:{task.pk}",
        actor=by,
        now=now,
        facts={"measure": task.measure, "was": task.was, "became": task.became},
        personal=personal or {},
    )
