"""The page of one second look: the content and what people said of it, and no decision."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound.cases.judgement import LONGEST_WORDS, EnforcementKind
from dutybound_server.casework import queries
from dutybound_server.casework.actions.cases import reveal_media
from dutybound_server.casework.actions.quality import answer_look
from dutybound_server.casework.models import Case, SecondLook
from dutybound_server.casework.quality_queries import look_for, shown_item, told_before
from dutybound_server.casework.refusals import LookNotFound, QualityRefused
from dutybound_server.console.case_page import looked_at
from dutybound_server.console.figures import figure, figures, picture
from dutybound_server.console.judgement import harm_choices_unchosen
from dutybound_server.console.pictures import Look
from dutybound_server.items.models import Media
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

MOST_WORDS = 10
JUDGEMENTS = (
    (EnforcementKind.TAKE_DOWN, "Take it down"),
    (EnforcementKind.RESTRICT, "Show it to fewer people"),
    (EnforcementKind.LABEL, "Put a warning on it"),
    (EnforcementKind.NONE, "Leave it up: nothing is wrong"),
)
"""Showing it again is left out: it says the same of the content as leaving it up."""


class LookForm(forms.Form):
    """What the second person would have decided; nothing is chosen or written beforehand."""

    enforcement_kind = forms.ChoiceField(
        label="What would you decide?",
        choices=JUDGEMENTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you would have decided."},
    )
    harm = forms.ChoiceField(
        label="Kind of harm",
        choices=harm_choices_unchosen,
        help_text="Where nothing is wrong: the kind that you looked for.",
        error_messages={"required": "Choose a kind of harm."},
    )
    reasons = forms.CharField(
        label="Why?",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a sentence why."},
    )


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.DECIDE)
def look(request: StaffRequest, look_id: int) -> HttpResponse:
    found = _look(request, look_id)
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answered = answer_look(
                service=request.service,
                look_id=look_id,
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except QualityRefused as refusal:
            refusal.show_in(form)
        else:
            messages.success(request, _words_after(answered))
            return redirect("console:quality", request.service.slug)
    status = 422 if form.is_bound else 200
    context = _content(request, found) | {"active": "quality", "form": form}
    return render(request, "console/quality/look.html", context, status=status)


@require_POST
@staff_may(May.DECIDE)
def reveal(request: StaffRequest, look_id: int, media_id: int) -> HttpResponse:
    """Log that the person looks, then show the picture on the page."""
    found = _look(request, look_id)
    medium, colour = _medium(found, media_id), request.POST.get("look") == Look.COLOUR
    reveal_media(case_id=_case(found).pk, media_id=medium.pk, by=request.user, now=timezone.now())
    address = reverse("console:look", args=[request.service.slug, look_id])
    shown = Look.COLOUR if colour else Look.GREY
    return redirect(f"{address}?shown={medium.pk}&look={shown}#media-{medium.pk}")


@require_GET
@staff_may(May.DECIDE)
def media(request: StaffRequest, look_id: int, media_id: int, look: str) -> HttpResponse:
    """The picture itself, or its blurred preview where nobody has just asked to see it."""
    found = _look(request, look_id)
    medium = _medium(found, media_id)
    if look not in set(Look) or not figure(medium, look=Look(look)).can_show:
        raise Http404("There is no such picture.")
    if look != Look.HIDDEN and not queries.looked_lately(
        _case(found), medium.pk, by=request.user, now=timezone.now()
    ):
        raise Http404("Press Look on the page first.")
    return picture(medium, look=Look(look))


def _look(request: StaffRequest, look_id: int) -> SecondLook:
    try:
        return look_for(request.user, request.service, look_id)
    except LookNotFound:
        raise Http404("There is no second look of this number that is yours.") from None


def _case(look: SecondLook) -> Case:
    assert look.case is not None  # `look_for` gives none without.
    return look.case


def _medium(look: SecondLook, media_id: int) -> Media:
    return get_object_or_404(Media, pk=media_id, item=shown_item(look))


def _content(request: StaffRequest, found: SecondLook) -> dict[str, Any]:
    """The content, and what people said of it before it was first decided."""
    now, item, case = timezone.now(), shown_item(found), _case(found)
    asked = request.GET.get("shown", "")
    shown = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    if shown is not None and not queries.looked_lately(case, shown, by=request.user, now=now):
        shown = None
    how = Look.COLOUR if request.GET.get("look") == Look.COLOUR else Look.GREY
    told = told_before(request.user, found)
    return {
        "look": found,
        "item": item,
        "links": json.loads(item.links) if item else [],
        "thread": json.dumps(item.context, indent=2, ensure_ascii=False)
        if item and item.context
        else "",
        "shown_media": figures(item.media.order_by("id"), shown=shown, look=how) if item else [],
        "told": [one.words for one in told[:MOST_WORDS] if one.words],
        **looked_at(request.user, now=now),
    }


def _words_after(look: SecondLook) -> str:
    if look.agrees:
        return "Thank you. You and the first person agree."
    return (
        "Thank you. You and the first person do not agree, which happens: a colleague will talk "
        "it through with both of you. Nothing about the content has changed."
    )
