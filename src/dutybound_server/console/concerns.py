"""What people told us: the list, one of them with its clock, and the answer it gets."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound.cases.kinds import KINDS, Kind
from dutybound_server.casework.actions.answers import (
    answer_concern,
    pause_clock,
    point_to,
    resume_clock,
)
from dutybound_server.casework.actions.settling import note_look
from dutybound_server.casework.concern_queries import (
    concern_for,
    visible_concerns,
    waiting_for_an_answer,
)
from dutybound_server.casework.hearing import ConcernNotFound, ConcernRefused
from dutybound_server.casework.models import Concern
from dutybound_server.casework.refusals import AlreadyClaimed
from dutybound_server.console.concern_forms import (
    AnswerForm,
    PauseForm,
    PointForm,
)
from dutybound_server.console.concern_page import concern_page
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 50
SHOWN = {
    "waiting": ("Waiting", Q()),
    "at-risk": ("At risk", Q(decided_at__isnull=True, withdrawn_at__isnull=True, stage__gte=75)),
    "late": ("Late", Q(breached_at__isnull=False)),
    "answered": ("Answered", Q(decided_at__isnull=False)),
    "withdrawn": ("Taken back", Q(withdrawn_at__isnull=False)),
}
COUNTED = frozenset({"waiting", "at-risk", "late"})


@never_cache
@require_GET
@staff_may(May.LOOK)
def concerns(request: StaffRequest) -> HttpResponse:
    choice = request.GET.get("show", "waiting")
    kind = request.GET.get("kind", "")
    asked = request.GET.get("q", "").strip().replace("\0", "")
    choice = choice if choice in SHOWN else "waiting"
    found = _found(request, choice, kind=kind, asked=asked)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    parts = {"show": choice, "kind": kind, "q": asked}
    facts = {
        "active": "concerns",
        "page": page,
        "tabs": _tabs(request, choice),
        "kinds": [(one.kind, one.name) for one in KINDS.values()],
        "kind": kind,
        "asked": asked,
        "show": choice,
        "now": timezone.now(),
        "query": urlencode({name: value for name, value in parts.items() if value}),
    }
    return render(request, "console/concerns/list.html", facts)


@never_cache
@require_GET
@staff_may(May.LOOK)
def concern(request: StaffRequest, reference: str) -> HttpResponse:
    one = concern_or_404(request, reference)
    if may(request.user, request.service, May.ANSWER):
        # Whoever only reads, such as an auditor, is not the first to look into it.
        note_look(concern=one, by=request.user, now=timezone.now())
        one.refresh_from_db()
    return _page(request, one)


@require_POST
@staff_may(May.ANSWER)
def answer(request: StaffRequest, reference: str) -> HttpResponse:
    return act_on(request, reference, AnswerForm, answer_concern, "Answered. They can read it now.")


@require_POST
@staff_may(May.ANSWER)
def pause(request: StaffRequest, reference: str) -> HttpResponse:
    return act_on(request, reference, PauseForm, pause_clock, "The clock stands still.")


@require_POST
@staff_may(May.ANSWER)
def resume(request: StaffRequest, reference: str) -> HttpResponse:
    return act_on(request, reference, forms.Form, resume_clock, "The clock runs again.")


@require_POST
@staff_may(May.DECIDE)
def point(request: StaffRequest, reference: str) -> HttpResponse:
    return act_on(request, reference, PointForm, point_to, "It is now about that too.")


def concern_or_404(request: StaffRequest, reference: str) -> Concern:
    """The concern, or the same 404 for absent, of another service, and not for this person."""
    try:
        return concern_for(request.user, request.service, reference)
    except ConcernNotFound:
        raise Http404("There is no report of this reference that you may see.") from None


def act_on(
    request: StaffRequest,
    reference: str,
    shape: Callable[..., forms.Form],
    act: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Check a form, do what it asks, and say so; a refusal stands beside its field."""
    one = concern_or_404(request, reference)
    form = shape(request.POST)
    if form.is_valid():
        try:
            act(concern_id=one.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ConcernRefused as refused:
            refused.show_in(form)
        except AlreadyClaimed as held:
            form.add_error(None, f"{held}.")
    if form.errors:
        return _page(request, one, form=form)
    messages.success(request, done)
    return redirect("console:concern", request.service.slug, reference)


def _page(request: StaffRequest, one: Concern, *, form: forms.Form | None = None) -> HttpResponse:
    facts = concern_page(request, one, form=form, now=timezone.now())
    return render(request, "console/concerns/page.html", facts, status=422 if form else 200)


def _found(request: StaffRequest, choice: str, *, kind: str, asked: str) -> QuerySet[Concern]:
    found = _shown(visible_concerns(request.user, request.service), choice)
    if kind in set(Kind):
        found = found.filter(kind=kind)
    if asked:
        found = found.filter(Q(reference__iexact=asked) | Q(subjects__subject__icontains=asked))
    if choice in {"waiting", "at-risk"}:
        return found.order_by("queued", "due_at", "id").distinct()
    return found.order_by(F("decided_at").desc(nulls_first=True), "-id").distinct()


def _tabs(request: StaffRequest, choice: str) -> list[dict[str, Any]]:
    mine = visible_concerns(request.user, request.service)
    return [
        {
            "name": name,
            "query": f"show={key}",
            "count": _shown(mine, key).count() if key in COUNTED else None,
            "is_here": key == choice,
        }
        for key, (name, _) in SHOWN.items()
    ]


def _shown(concerns: QuerySet[Concern], choice: str) -> QuerySet[Concern]:
    if choice == "waiting":
        return waiting_for_an_answer(concerns)
    return concerns.filter(SHOWN[choice][1])
