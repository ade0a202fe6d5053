"""Open tasks about measures are mailed to their owners: all that are due to one in one mail."""

from datetime import datetime

from dutybound_server.assurance.measure_letters import subject_line, task_mail
from dutybound_server.assurance.measure_task_queries import due_with, told_to
from dutybound_server.assurance.models import MeasureOwner, MeasureTask
from dutybound_server.casework.actions.mailing import MAILED, Mail, Post, mail_all
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM


def mail_measure_tasks(*, now: datetime) -> int:
    """E-mail what turned to whoever looks after it; the answer is how many attempts were made.

    One row carries the mail, and the others that it tells of are marked with it. Killed in
    between, they are mailed again.
    """
    along: dict[int, list[MeasureTask]] = {}

    def mail(task: MeasureTask) -> Mail:
        along[task.pk] = list(due_with(task, now=now))
        tasks = (task, *along[task.pk])
        return Mail(
            to=tuple(person.email for person in told_to(task) if person.email),
            subject=subject_line(tasks),
            body=task_mail(tasks),
            id=f"measure-task-{task.pk}-{task.finding_id}",
        )

    def journal(task: MeasureTask, ending: str) -> None:
        for told in (task, *along.get(task.pk, ())):
            if told is not task:
                _end(told, ending, now=now)
            append(
                kind=f"measure_task.{ending}",
                service=task.service.slug,
                subject=f"measure_task:{told.pk}",
                actor=SYSTEM,
                now=now,
                facts={"measure": told.measure, "attempts": task.mail_attempts},
            )

    tasks = MeasureTask.objects.filter(closed_at=None).select_related("service", "finding", "owner")
    return mail_all(Post(tasks, mail, journal, since=_since), now=now)


def _since(task: MeasureTask) -> datetime:
    """When it turned, or when its owner became it."""
    owned = MeasureOwner.objects.filter(
        service=task.service, measure=task.measure, user=task.owner
    ).first()
    return task.finding.at if owned is None else max(task.finding.at, owned.since)


def _end(task: MeasureTask, ending: str, *, now: datetime) -> None:
    changes = {"mailed_at": now} if ending == MAILED else {"mail_failed_at": now}
    MeasureTask.objects.filter(id=task.pk).update(mail_due_at=None, **changes)
