"""How every measure stands, computed from the records: the one page, and each measure's own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dutybound.evidence.status import WORST_FIRST, Status
from dutybound.risk.controls import control_id
from dutybound_server.assurance.models import Finding, Look, MeasureTask
from dutybound_server.assurance.standing_queries import (
    Now,
    history,
    how_measures_stand,
    open_measure_tasks,
    stale_since,
)
from dutybound_server.console.measure_charts import chart_of
from dutybound_server.console.measure_steps import steps_for
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

TURNS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Group:
    """The measures of one status; `before` is how many stand in the groups before it."""

    status: Status
    measures: tuple[Now, ...]
    before: int


@never_cache
@require_GET
@staff_may(May.AUDIT)
def measures(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    standing = how_measures_stand(request.service, now=now)
    taken = [one for one in standing if one.watched.is_taken and not one.watched.is_unsure]
    context = {
        "active": "measures",
        "tab": "measures",
        "groups": _groups(taken),
        "unsure": [one for one in standing if one.watched.is_taken and one.watched.is_unsure],
        "not_taken": [one for one in standing if not one.watched.is_taken],
        "total": len(taken),
        "look": Look.objects.filter(service=request.service).first(),
        "stale": stale_since(request.service, now=now),
        "tasks": open_measure_tasks(request.service),
    }
    return render(request, "console/measures/list.html", context)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def measure(request: StaffRequest, measure: str) -> HttpResponse:
    now = timezone.now()
    found = _measure(request, measure)
    findings = list(history(request.service, found.measure))
    context = {
        "active": "measures",
        "one": found,
        "newest": findings[-1] if findings else None,
        "inputs": json.dumps(findings[-1].inputs, indent=2) if findings else "",
        "turns": _turns(findings)[-TURNS_SHOWN:][::-1],
        "chart": chart_of(findings, now=now),
        "task": _task(request, found.measure),
        "steps": steps_for(request, found),
        "may_assess": may(request.user, request.service, May.ASSESS),
    }
    return render(request, "console/measures/measure.html", context)


def _groups(standing: Sequence[Now]) -> list[Group]:
    groups: list[Group] = []
    for status in WORST_FIRST:
        theirs = tuple(one for one in standing if one.status is status)
        groups.append(Group(status, theirs, sum(len(group.measures) for group in groups)))
    return groups


def _measure(request: StaffRequest, slug: str) -> Now:
    for one in how_measures_stand(request.service, now=timezone.now()):
        if control_id(one.measure) == slug:
            return one
    raise Http404("No measure of this number applies to the service.")


def _turns(findings: Sequence[Finding]) -> list[Finding]:
    """The findings at which the status was another than before."""
    before = ["", *(finding.status for finding in findings)]
    return [one for one, was in zip(findings, before, strict=False) if one.status != was]


def _task(request: StaffRequest, measure: str) -> MeasureTask | None:
    return open_measure_tasks(request.service).filter(measure=measure).first()
