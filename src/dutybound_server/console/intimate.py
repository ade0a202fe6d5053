"""What staff do about a report of an intimate image: refuse it lawfully, or go on looking."""

from functools import partial

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from dutybound_server.casework.actions.intimate import (
    keep_watching,
    let_through,
    refuse_intimate,
    say_which_picture,
)
from dutybound_server.console.concerns import act_on, concern_or_404
from dutybound_server.console.intimate_part import MeantForm, RefusalForm
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May


@require_POST
@staff_may(May.DECIDE)
def refuse(request: StaffRequest, reference: str) -> HttpResponse:
    done = "Refused. They can read why, and what was kept from view for it is back."
    return act_on(request, reference, RefusalForm, refuse_intimate, done)


@require_POST
@staff_may(May.DECIDE)
def watch(request: StaffRequest, reference: str) -> HttpResponse:
    done = "Answered. The picture is looked for in all that comes in."
    return act_on(request, reference, forms.Form, keep_watching, done)


@require_POST
@staff_may(May.DECIDE)
def let(request: StaffRequest, reference: str) -> HttpResponse:
    done = "It waits no more. The picture is looked for now."
    return act_on(request, reference, forms.Form, let_through, done)


@require_POST
@staff_may(May.DECIDE)
def which(request: StaffRequest, reference: str) -> HttpResponse:
    """Which picture of an item with several is meant."""
    shape = partial(MeantForm, concern=concern_or_404(request, reference))
    done = "Kept. The other pictures are held for this report no more."
    return act_on(request, reference, shape, say_which_picture, done)
