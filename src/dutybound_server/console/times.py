"""How fast people are heard, for the team: times, shares within target, and what is late."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.targets import target_of
from dutybound_server.casework.work_figures import WINDOW, KindFigures, figures_by_kind
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

MARKS = (
    (timedelta(minutes=10), "10 min"),
    (timedelta(hours=1), "1 h"),
    (timedelta(hours=6), "6 h"),
    (timedelta(days=1), "1 day"),
    (timedelta(days=2), "2"),
    (timedelta(days=7), "7"),
    (timedelta(days=28), "28 days"),
)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the picture: where its dots stand, in per cent of the width."""

    figures: KindFigures
    median: float
    slow: float | None
    target: float | None


@require_GET
@staff_may(May.LOOK)
def times(request: StaffRequest) -> HttpResponse:
    found = figures_by_kind(request.service, now=timezone.now())
    facts = {
        "active": "concerns",
        "figures": found,
        "lines": _lines(request, found),
        "marks": [(round(place(length), 1), words) for length, words in MARKS],
        "days": WINDOW.days,
    }
    return render(request, "console/times/page.html", facts)


def place(length: timedelta) -> float:
    """Where a length of time stands on the picture's scale, from 0 to 100; the scale is a log."""
    bounded = min(max(length, SHORTEST), LONGEST)
    return 100 * math.log(bounded / SHORTEST) / math.log(LONGEST / SHORTEST)


def _lines(request: StaffRequest, found: Sequence[KindFigures]) -> list[Line]:
    desk = desk_of(request.service)
    lines = []
    for one in found:
        if one.decision is None:
            continue
        slow = one.decision.p95 or one.decision.p90
        fixed = one.kind.target is not None
        target = target_of(desk, kind=one.kind.kind, severity=3, flagger=None) if fixed else None
        lines.append(
            Line(
                figures=one,
                median=round(place(one.decision.median), 1),
                slow=round(place(slow), 1) if slow else None,
                target=round(place(target.within), 1) if target else None,
            )
        )
    return lines
