"""Everything the page of one concern shows, gathered for its template."""

import json
from datetime import datetime
from typing import Any

from django import forms

from dutybound.cases.kinds import KINDS, Group, Kind
from dutybound_server.casework.actions.settling import is_taken_back
from dutybound_server.casework.actions.unfounded import NEVER
from dutybound_server.casework.concern_queries import teller_record
from dutybound_server.casework.models import Concern
from dutybound_server.casework.queries import visible_cases
from dutybound_server.console.clocks import concern_clock
from dutybound_server.console.concern_forms import AnswerForm, PauseForm, PointForm
from dutybound_server.console.intimate_part import intimate_part
from dutybound_server.console.pictures import Look
from dutybound_server.people.access import StaffRequest
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May


def concern_page(
    request: StaffRequest, one: Concern, *, form: forms.Form | None, now: datetime
) -> dict[str, Any]:
    """The context of the concern's page; a form that was refused stands where it was filled in."""
    kind = KINDS[Kind(one.kind)]
    subjects = one.subjects.select_related("case", "item").order_by("id")
    seen = set(
        visible_cases(request.user, request.service)
        .filter(concerned__concern=one)
        .values_list("pk", flat=True)
    )
    is_again = is_taken_back(one)
    answers = may(request.user, request.service, May.ANSWER)
    decides = may(request.user, request.service, May.DECIDE)
    may_act = decides and one.is_open
    decided_before = one.about is not None and one.about.decided_by_id == request.user.pk
    may_answer = answers and (one.is_open or is_again) and not decided_before
    return {
        "active": "concerns",
        "concern": one,
        "kind": kind,
        "answers": json.loads(one.answers),
        "subjects": [(subject, subject.case_id in seen) for subject in subjects],
        "attachments": one.attachments.order_by("id"),
        **_shown(request),
        "letters": one.letters.order_by("id"),
        "events": one.events.select_related("by"),
        "is_again": is_again,
        "followers": one.followers.order_by("id"),
        "record": teller_record(one),
        "clock": concern_clock(one, now=now),
        "may_act": may_act,
        "may_resume": answers and one.is_open,
        "answer_form": _form(form, AnswerForm)
        if may_answer and kind.group is Group.COMPLAINT
        else None,
        "decided_before": decided_before and one.is_open,
        "may_set_aside": may_act and kind.group is not Group.APPEAL and kind.kind not in NEVER,
        "pause_form": _form(form, PauseForm)
        if answers
        and one.is_open
        and not kind.is_statutory
        and one.paused_at is None
        and now < one.due_at
        else None,
        "point_form": _form(form, PointForm) if may_act and kind.group is Group.REPORT else None,
        "intimate": intimate_part(one, may_act=may_act, decides=decides, form=form),
        "form": form,
    }


def _shown(request: StaffRequest) -> dict[str, str]:
    """Which added file is looked at, and how; none where nobody asked."""
    look = request.GET.get("look", "")
    is_look = look in {Look.GREY, Look.COLOUR}
    return {"shown_file": request.GET.get("file", "") if is_look else "", "shown_look": look}


def _form(form: forms.Form | None, shape: type[forms.Form]) -> forms.Form:
    return form if isinstance(form, shape) else shape()
