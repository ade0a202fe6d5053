"""One case: read it, claim it, look, decide, undo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound.cases.status import NotAllowed
from dutybound_server.casework import queries
from dutybound_server.casework.actions.cases import (
    claim_case,
    hand_over_case,
    note_case,
    release_case,
    reveal_media,
)
from dutybound_server.casework.actions.decisions import decide_case, undo_batch, undo_decision
from dutybound_server.casework.actions.settling import note_look
from dutybound_server.casework.models import Case, Decision
from dutybound_server.casework.refusals import AlreadyClaimed, DecisionRefused
from dutybound_server.console.case_page import (
    case_or_404,
    case_page,
    claim_piece,
    guide_piece,
    looked_at,
    statement_piece,
)
from dutybound_server.console.figures import figure, picture
from dutybound_server.console.guided import GuideForm, show_refusal
from dutybound_server.console.judgement import DecisionForm, draft_for
from dutybound_server.console.lists import list_choice
from dutybound_server.console.pictures import Look
from dutybound_server.console.queue import next_case, the_list
from dutybound_server.items.models import Media
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

LONGEST_NOTE = 2000


@never_cache
@require_GET
@staff_may(May.LOOK)
def case(request: StaffRequest, reference: str) -> HttpResponse:
    found, now = case_or_404(request, reference), timezone.now()
    # An auditor who reads is nobody who looks into what a person told us.
    if may(request.user, request.service, May.DECIDE):
        note_look(case=found, by=request.user, now=now)
    return _page(request, found, now=now)


# Working on it


@require_POST
@staff_may(May.DECIDE)
def claim(request: StaffRequest, reference: str) -> HttpResponse:
    try:
        claim_case(case_id=case_or_404(request, reference).pk, by=request.user, now=timezone.now())
    except (AlreadyClaimed, NotAllowed) as refusal:
        messages.error(request, f"Not claimed: {refusal}.")
    except DecisionRefused as refusal:
        messages.error(request, f"Not claimed. {refusal.sentence}")
    if not request.headers.get("HX-Request"):
        return _back(request, reference)
    # The rest of the page stays, with whatever was answered and written there before.
    found = case_or_404(request, reference)
    context = {"case": found, "list": list_choice(request.GET)}
    context |= claim_piece(request.user, found, now=timezone.now())
    return render(request, "console/cases/_claimed.html", context)


@require_POST
@staff_may(May.DECIDE)
def release(request: StaffRequest, reference: str) -> HttpResponse:
    release_case(case_id=case_or_404(request, reference).pk, by=request.user, now=timezone.now())
    return _back(request, reference)


@require_POST
@staff_may(May.DECIDE)
def hand_over(request: StaffRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    if not (note := _note(request)):
        messages.error(
            request, "Not handed over: write a word on what the next person should know."
        )
        return _back(request, reference)
    try:
        hand_over_case(case_id=found.pk, by=request.user, note=note, now=timezone.now())
    except (AlreadyClaimed, NotAllowed) as refusal:
        messages.error(request, f"Not handed over: {refusal}.")
    else:
        messages.success(request, "Handed over. Your note stands in the history.")
    return _back(request, reference)


@require_POST
@staff_may(May.DECIDE)
def note(request: StaffRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    if written := _note(request):
        note_case(case_id=found.pk, by=request.user, note=written, now=timezone.now())
    else:
        messages.error(request, "The note was empty, so nothing was added.")
    return _back(request, reference)


# Looking


@require_POST
@staff_may(May.LOOK)
def reveal(request: StaffRequest, reference: str, media_id: int) -> HttpResponse:
    """Log that a person looks, then show the picture; in colour if they ask a second time."""
    found, now = case_or_404(request, reference), timezone.now()
    medium = get_object_or_404(Media, pk=media_id, item=found.item_id)
    reveal_media(case_id=found.pk, media_id=medium.pk, by=request.user, now=now)
    look = Look.COLOUR if request.POST.get("look") == Look.COLOUR else Look.GREY
    if request.headers.get("HX-Request"):
        return _figure(request, found, medium, look=look, now=now)
    query = list_choice(request.GET).query
    address = reverse("console:case", args=[request.service.slug, reference])
    rest = f"shown={media_id}&look={look}#media-{media_id}"
    return redirect(f"{address}?{query}&{rest}" if query else f"{address}?{rest}")


@never_cache
@require_GET
@staff_may(May.LOOK)
def hidden(request: StaffRequest, reference: str, media_id: int) -> HttpResponse:
    """The figure with its picture hidden again."""
    found = case_or_404(request, reference)
    medium = get_object_or_404(Media, pk=media_id, item=found.item_id)
    return _figure(request, found, medium, look=Look.HIDDEN, now=timezone.now())


@require_GET
@staff_may(May.LOOK)
def media(request: StaffRequest, reference: str, media_id: int, look: str) -> HttpResponse:
    """The picture itself, or its blurred preview where nobody has just asked to see it."""
    found = case_or_404(request, reference)
    medium = get_object_or_404(Media, pk=media_id, item=found.item_id)
    if look not in set(Look) or not figure(medium, look=Look(look)).can_show:
        raise Http404("There is no such picture.")
    now = timezone.now()
    if look != Look.HIDDEN and not queries.looked_lately(
        found, medium.pk, by=request.user, now=now
    ):
        raise Http404("Press Look on the case's page first.")
    return picture(medium, look=Look(look))


# Deciding


@require_POST
@staff_may(May.DECIDE)
def draft(request: StaffRequest, reference: str) -> HttpResponse:
    """Write the statement anew from the choices, unless a person has changed it."""
    found = case_or_404(request, reference)
    form = DecisionForm(initial=draft_for(found, request.POST.dict()))
    if request.headers.get("HX-Request"):
        context = {"case": found, "list": list_choice(request.GET)}
        context |= statement_piece(found, form=form)
        return render(request, "console/cases/_statement.html", context)
    guided = GuideForm(request.POST, harm=found.harm)
    return _page(request, found, form=form, guided=guided, now=timezone.now())


@require_POST
@staff_may(May.DECIDE)
def guide(request: StaffRequest, reference: str) -> HttpResponse:
    """What the answers give so far, or the questions of another guide; nothing is stored."""
    found = case_or_404(request, reference)
    guided = GuideForm(request.POST, harm=found.harm)
    if request.headers.get("HX-Request"):
        context = {"case": found, "list": list_choice(request.GET), "oob": True}
        context |= guide_piece(found, guided=guided)
        is_whole = request.headers.get("HX-Target") == "guide"
        piece = "_guide.html" if is_whole else "_guide_result.html"
        return render(request, f"console/cases/{piece}", context)
    form = DecisionForm(initial=draft_for(found, request.POST.dict()))
    return _page(request, found, form=form, guided=guided, now=timezone.now())


@require_POST
@staff_may(May.DECIDE)
def decide(request: StaffRequest, reference: str) -> HttpResponse:
    found, now = case_or_404(request, reference), timezone.now()
    form, guided = DecisionForm(request.POST), GuideForm(request.POST, harm=found.harm)
    if form.is_valid() and guided.is_valid():
        judging = guided.judged(ground=form.cleaned_data["ground"])
        try:
            decide_case(
                case_id=found.pk, by=request.user, now=now, judging=judging, **form.judgement()
            )
        except DecisionRefused as refusal:
            show_refusal(refusal, form=form, guided=guided)
        except AlreadyClaimed as refusal:
            form.add_error(None, f"{refusal}. Your words are kept here.")
    if form.errors or guided.errors:
        return _page(request, found, form=form, guided=guided, now=now, status=422)
    return _on_to_the_next(request, now=now)


@require_POST
@staff_may(May.DECIDE)
def undo(request: StaffRequest, reference: str, decision_id: int) -> HttpResponse:
    found = case_or_404(request, reference)
    decision = get_object_or_404(Decision, pk=decision_id, case=found)
    try:
        if decision.batch and "all" in request.POST:
            undone = undo_batch(batch=decision.batch, by=request.user, now=timezone.now())
        else:
            undone = [undo_decision(decision_id=decision.pk, by=request.user, now=timezone.now())]
    except DecisionRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _open_again(undone))
    return _back(request, reference)


# How


def _page(
    request: StaffRequest,
    found: Case,
    *,
    now: datetime,
    form: DecisionForm | None = None,
    guided: GuideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = case_page(request, found, now=now, form=form, guided=guided)
    if request.headers.get("HX-Request"):
        context["list"] = list_choice(request.GET)
        return render(request, "console/cases/pane.html", context)
    context |= the_list(request, now=now)
    return render(request, "console/cases/page.html", context, status=status)


def _figure(
    request: StaffRequest, found: Case, medium: Media, *, look: Look, now: datetime
) -> HttpResponse:
    context: dict[str, Any] = {
        "case": found,
        "medium": figure(medium, look=look),
        "list": list_choice(request.GET),
        "oob": True,
    }
    return render(request, "console/cases/figure.html", context | looked_at(request.user, now=now))


def _open_again(undone: Sequence[Decision]) -> str:
    if len(undone) == 1:
        return f"Undone. Case {undone[0].case.reference} is open again."
    return f"Undone. {len(undone)} cases are open again."


def _note(request: StaffRequest) -> str:
    return request.POST.get("note", "").replace("\0", "").strip()[:LONGEST_NOTE]


def _back(request: StaffRequest, reference: str) -> HttpResponse:
    address = reverse("console:case", args=[request.service.slug, reference])
    return redirect(address + list_choice(request.GET).suffix)


def _on_to_the_next(request: StaffRequest, *, now: datetime) -> HttpResponse:
    choice = list_choice(request.GET)
    following = next_case(request.user, request.service, choice, now=now)
    if following is None:
        return redirect(reverse("console:queue", args=[request.service.slug]) + choice.suffix)
    return _back(request, following.reference)
