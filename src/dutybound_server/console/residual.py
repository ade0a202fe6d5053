"""What is left of each risk: the level, the controls, how they stand, and why."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dutybound.evidence.residual import Residual
from dutybound.register.profile import LEVELS
from dutybound_server.assurance.queries import newest_version
from dutybound_server.assurance.residual_queries import residual_of
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

KINDS = {"illegal": "Illegal content", "children": "Harmful to children"}


@never_cache
@require_GET
@staff_may(May.AUDIT)
def residual(request: StaffRequest) -> HttpResponse:
    found = residual_of(request.service, timezone.now())
    groups = [
        (heading, sorted((one for one in found if one.harm.kind == kind), key=_highest_first))
        for kind, heading in KINDS.items()
    ]
    context = {
        "active": "measures",
        "tab": "residual",
        "groups": [
            (heading, [one for one in rows if not _is_quiet(one)], list(filter(_is_quiet, rows)))
            for heading, rows in groups
            if rows
        ],
        "version": newest_version(request.service),
        "contradicted": sum(one.is_contradicted for one in found),
        "unmitigated": sum(one.is_unmitigated and one.left in {"medium", "high"} for one in found),
    }
    return render(request, "console/assessment/residual.html", context)


def _highest_first(one: Residual) -> int:
    # Without a level it may be anything, so it stands above all.
    return -len(LEVELS) if one.left is None else -LEVELS.index(one.left)


def _is_quiet(one: Residual) -> bool:
    """Low at most, with nothing found and no control, so that there is nothing to tell."""
    return one.left in {"negligible", "low"} and not one.upheld and not one.against
