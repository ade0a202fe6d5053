"""Tasks about measures whose status turned, and who looks after which measure."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.assurance.actions.measure_tasks import (
    OwnerRefused,
    close_measure_task,
    own_measure,
)
from dutybound_server.assurance.measure_letters import title_of
from dutybound_server.assurance.measure_task_queries import (
    SHOWN_CLOSED,
    TaskNotFound,
    may_close,
    task_for,
    visible_tasks,
)
from dutybound_server.assurance.models import MeasureTask
from dutybound_server.assurance.standing_queries import how_measures_stand
from dutybound_server.console.assessment_forms import NoteForm
from dutybound_server.console.document_forms import OwnerForm
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actors import name_of
from dutybound_server.people.queries import may, roles_of, staff_of
from dutybound_server.people.roles import May, Role


@never_cache
@require_GET
@staff_may(May.LOOK)
def tasks(request: StaffRequest) -> HttpResponse:
    """One's own open tasks first; all others for whoever reads everything."""
    seen = visible_tasks(request.user, request.service)
    still_open = seen.filter(closed_at=None).order_by("opened_at", "id")
    closed = seen.filter(closed_at__gte=timezone.now() - SHOWN_CLOSED).order_by("-closed_at")
    left = _left_to(request)
    mine = [task for task in still_open if task.owner_id == request.user.pk or left(task)]
    others = [task for task in still_open if task not in mine]
    context = {
        "active": "tasks",
        "tab": "tasks",
        "mine": [_row(request, task) for task in mine],
        "others": [_row(request, task) for task in others],
        "closed": closed[:100],
        "reads_all": may(request.user, request.service, May.AUDIT),
        "may_assess": may(request.user, request.service, May.ASSESS),
    }
    return render(request, "console/tasks/list.html", context)


@require_POST
@staff_may(May.LOOK)
def close(request: StaffRequest, task_id: int) -> HttpResponse:
    try:
        task = task_for(request.user, request.service, task_id)
    except TaskNotFound:
        raise Http404("There is no such task for you.") from None
    if not may_close(request.user, task):
        raise PermissionDenied("Its owner closes it, or whoever answers for the service.")
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The task is still open: say in a sentence what you did about it.")
    elif close_measure_task(
        task=task, note=form.cleaned_data["note"], by=request.user, now=timezone.now()
    ):
        messages.success(request, "Closed. It opens again if the measure turns for the worse.")
    else:
        messages.info(request, "It is closed already.")
    return redirect("console:measure_tasks", request.service.slug)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def owners(request: StaffRequest) -> HttpResponse:
    """Each measure that is looked at, and who looks after it."""
    now = timezone.now()
    ids = dict(request.service.measure_owners.values_list("measure", "user_id"))
    rows = [
        {"now": one, "owner": ids.get(one.measure)}
        for one in how_measures_stand(request.service, now=now)
    ]
    context = {
        "active": "measures",
        "tab": "owners",
        "rows": rows,
        "unowned": sum(row["owner"] is None for row in rows),
        "staff": staff_of(request.service),
        "may_assess": may(request.user, request.service, May.ASSESS),
    }
    return render(request, "console/documents/owners.html", context)


@require_POST
@staff_may(May.ASSESS)
def own(request: StaffRequest, measure: str) -> HttpResponse:
    form = OwnerForm(request.POST, service=request.service)
    if not form.is_valid():
        messages.error(request, "Choose somebody who works here.")
        return redirect("console:measure_owners", request.service.slug)
    owner = form.cleaned_data["owner"]
    try:
        own_measure(
            service=request.service,
            measure=measure,
            owner=owner,
            by=request.user,
            now=timezone.now(),
        )
    except OwnerRefused as refused:
        raise Http404(refused.sentence) from None
    who = name_of(owner) if owner else "Nobody"
    messages.success(request, f"{who} looks after {measure} now.")
    return redirect("console:measure_owners", request.service.slug)


def _left_to(request: StaffRequest) -> Callable[[MeasureTask], bool]:
    """Whether a task falls to the person since nobody who works here owns it."""
    if Role.ACCOUNTABLE not in roles_of(request.user, request.service):
        return lambda _: False
    staff = set(staff_of(request.service).values_list("pk", flat=True))
    return lambda task: task.owner_id not in staff


def _row(request: StaffRequest, task: MeasureTask) -> dict[str, object]:
    return {
        "task": task,
        "title": title_of(task.measure),
        "may_close": may_close(request.user, task),
    }
