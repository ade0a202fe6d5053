"""What the owner of a measure is mailed when its status turns."""

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.urls import reverse

from dutybound.evidence.status import STATUS_WORDS, Status
from dutybound.register.book import register
from dutybound_server.assurance.models import MeasureTask


def subject_line(tasks: Sequence[MeasureTask]) -> str:
    first = tasks[0]
    if len(tasks) == 1:
        return f"{first.measure} is {_word(first)} at {first.service.name}"
    return f"{len(tasks)} measures need a look at {first.service.name}"


def task_mail(tasks: Sequence[MeasureTask]) -> str:
    """What turned, why, and where to say what was done about it."""
    service = tasks[0].service
    told = "\n\n".join(
        f"{task.measure}, {title_of(task.measure)}: {_word(task)}.\n{task.says}" for task in tasks
    )
    page = settings.ORIGIN + reverse("console:measure_tasks", args=[service.slug])
    why = (
        "You are told because you look after it, or because you answer for safety and nobody "
        "looks after it."
    )
    return f"{told}\n\nSay here what you do about it:\n{page}\n\n{why}\n\n{service.name}\n"


def title_of(measure: str) -> str:
    """What the register calls a measure; of one in several versions, the last."""
    return _titles()[measure]


def _word(task: MeasureTask) -> str:
    return STATUS_WORDS[Status(task.became)].lower()


@cache
def _titles() -> dict[str, str]:
    return {one.id: one.title for one in register().provisions}
