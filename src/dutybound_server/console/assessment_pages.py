"""What every page of the assessment shares: the draft, saving one part, and saying what it did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from dutybound.risk.changes import effect_of
from dutybound.risk.document import Assessment
from dutybound_server.assurance.actions.drafts import Saved, Saving
from dutybound_server.assurance.models import Draft
from dutybound_server.assurance.parts import BadPart, seen, value_of
from dutybound_server.assurance.queries import document_of, open_draft
from dutybound_server.assurance.refusals import ChangedMeanwhile, NoDraft
from dutybound_server.console.assessment_words import rows_of, title_of
from dutybound_server.people.access import StaffRequest
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

UNPROCESSABLE, CONFLICT = 422, 409
SEEN = "seen"
"""The hidden field that carries the mark of what the page showed."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The open draft as it is now, and the day whose law it is read under."""

    service: Service
    draft: Draft
    document: Assessment
    today: date

    def seen(self, part: str) -> str:
        return seen(value_of(self.document, part))


def desk_of(request: StaffRequest) -> Desk:
    """The desk of the service; a 404 that says what to do where nothing is open."""
    draft = open_draft(request.service)
    if draft is None:
        raise Http404("There is no assessment to work on. Start one on the assessment page.")
    return Desk(request.service, draft, document_of(draft), timezone.localdate())


def show(
    request: StaffRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the assessment, with what the person may do."""
    form = context.get("form")
    if status == HttpResponse.status_code and isinstance(form, Form) and form.errors:
        status = UNPROCESSABLE
    shared = {
        "active": "assessment",
        "may_assess": may(request.user, request.service, May.ASSESS),
        "may_approve": may(request.user, request.service, May.APPROVE),
    }
    return render(request, template, {**shared, **context}, status=status)


def save(
    request: StaffRequest,
    desk: Desk,
    form: Form,
    write: Callable[[Saving], Saved],
    *,
    then: Callable[[], HttpResponse],
) -> HttpResponse | None:
    """Save a part, say what it changed, and go on; or show that somebody was quicker.

    None: it cannot be saved, and the form now says why.
    """
    saving = Saving(request.POST.get(SEEN, ""), request.actor, timezone.now())
    try:
        saved = write(saving)
    except BadPart as bad:
        for sentence in bad.sentences:
            form.add_error(None, sentence)
        return None
    except NoDraft as gone:
        messages.error(request, f"{gone} Your answer was not saved.")
        return redirect("console:assessment", request.service.slug)
    except ChangedMeanwhile as other:
        return conflict(request, desk, other)
    tell(request, saved, today=desk.today)
    return then()


def tell(request: StaffRequest, saved: Saved, *, today: date) -> None:
    """Say what a saved answer changed."""
    effect = effect_of(saved.before, saved.after, as_of=today)
    messages.success(request, f"Saved. {effect.says}".strip())


def conflict(request: StaffRequest, desk: Desk, other: ChangedMeanwhile) -> HttpResponse:
    """Both answers beside each other, and a choice between them."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {SEEN, "csrfmiddlewaretoken"}
        for value in values
    ]
    context = {
        "title": title_of(other.part, document=desk.document, today=desk.today),
        "mine": rows_of(other.part, other.mine),
        "theirs": rows_of(other.part, other.theirs),
        "change": other.change,
        "sent": sent,
        "seen": seen(other.theirs),
        "here": request.path,
    }
    return show(request, "console/assessment/conflict.html", context, status=CONFLICT)


def own_name(request: StaffRequest) -> str:
    return name_of(request.user)
