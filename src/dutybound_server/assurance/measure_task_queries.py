"""Tasks about measures: whose they are, who may see which, and who is told."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from dutybound_server.assurance.models import MeasureTask
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may, staff_with, works_at
from dutybound_server.people.roles import May, Role

SHOWN_CLOSED = timedelta(days=90)


class TaskNotFound(Exception):
    """There is no such task, or none for whoever asks; which of the two is not told."""


def visible_tasks(user: User | AnonymousUser, service: Service) -> QuerySet[MeasureTask]:
    """The tasks that the person may see: their own, or all of the service for who reads all."""
    tasks = MeasureTask.objects.filter(service=service)
    if not may(user, service, May.AUDIT):
        tasks = tasks.filter(owner=user.pk)
    return tasks.select_related("owner", "finding", "service", "closed_by")


def task_for(user: User | AnonymousUser, service: Service, task_id: int) -> MeasureTask:
    """The task, or TaskNotFound: the same for absent and not yours."""
    try:
        return visible_tasks(user, service).get(id=task_id)
    except MeasureTask.DoesNotExist:
        raise TaskNotFound from None


def may_close(user: User | AnonymousUser, task: MeasureTask) -> bool:
    """Whether the person owns the task or answers for the service."""
    return task.owner_id == user.pk or may(user, task.service, May.ASSESS)


def told_to(task: MeasureTask) -> tuple[User, ...]:
    """Its owner; where none works here, the accountable persons."""
    if task.owner is not None and works_at(task.owner, task.service):
        return (task.owner,)
    return tuple(staff_with(Role.ACCOUNTABLE, at=task.service))


def due_with(task: MeasureTask, *, now: datetime) -> QuerySet[MeasureTask]:
    """Other open tasks that are to be mailed to the same people now."""
    others = MeasureTask.objects.filter(
        service=task.service, owner=task.owner, closed_at=None, mail_due_at__lte=now
    )
    return others.exclude(id=task.pk).select_related("service", "finding").order_by("id")
