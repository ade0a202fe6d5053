"""What came in: every item with the answer it got, and how that answer came about."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.casework import queries
from dutybound_server.casework.actions.cases import open_case
from dutybound_server.casework.models import Match
from dutybound_server.console.judgement import harm_choices_unchosen
from dutybound_server.items.actions import HoldRefused, end_hold, hold_item
from dutybound_server.items.models import Item
from dutybound_server.items.queries import hold_on
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actors import name_of
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 50
OF_THE_HOLD = "id_hold_%s"
"""Ids of that form's fields, since the page has another form that asks why."""
VERDICTS = (("", "Any answer"), ("block", "Block"), ("hold", "Hold"), ("allow", "Allow"))


class FindForm(forms.Form):
    """What to look for among the items."""

    q = forms.CharField(label="Item or account", required=False, max_length=200)
    verdict = forms.ChoiceField(label="Answer", choices=VERDICTS, required=False)


class RaiseForm(forms.Form):
    """Why people should look at an item that no signal met."""

    harm = forms.ChoiceField(label="Kind of harm it may be", choices=harm_choices_unchosen)
    why = forms.CharField(
        label="Why should somebody look at it?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HoldForm(forms.Form):
    """How long an item's content is kept past its time, and why."""

    until = forms.DateField(
        label="Until the end of", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    why = forms.CharField(
        label="Why is it needed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Colleagues and auditors see it; the account does not.",
    )


@never_cache
@require_GET
@staff_may(May.LOOK)
def items(request: StaffRequest) -> HttpResponse:
    form = FindForm(request.GET)
    found = queries.visible_items(request.user, request.service)
    if form.is_valid():
        found = _narrowed(found, **form.cleaned_data)
    found = found.annotate(met=Count("matches")).order_by("-id")
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "active": "items",
        "form": form,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "query": asked.urlencode(),
    }
    return render(request, "console/items/list.html", context)


@never_cache
@require_GET
@staff_may(May.LOOK)
def item(request: StaffRequest, item_id: int) -> HttpResponse:
    found = get_object_or_404(queries.visible_items(request.user, request.service), pk=item_id)
    return render(request, "console/items/item.html", _item_page(request, found))


@require_POST
@staff_may(May.DECIDE)
def raise_item(request: StaffRequest, item_id: int) -> HttpResponse:
    """Open a case for an item by hand."""
    found = get_object_or_404(queries.visible_items(request.user, request.service), pk=item_id)
    form = RaiseForm(request.POST)
    if not form.is_valid():
        context = _item_page(request, found, form=form)
        return render(request, "console/items/item.html", context, status=422)
    case = open_case(item=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    if not queries.visible_cases(request.user, request.service).filter(pk=case.pk).exists():
        messages.success(request, "A case is open. Staff for restricted harms work on it.")
        return redirect("console:items", request.service.slug)
    return redirect("console:case", request.service.slug, case.reference)


@require_POST
@staff_may(May.DECIDE)
def hold(request: StaffRequest, item_id: int) -> HttpResponse:
    """Keep an item's content past its time."""
    found = get_object_or_404(queries.visible_items(request.user, request.service), pk=item_id)
    form = HoldForm(request.POST, auto_id=OF_THE_HOLD)
    if form.is_valid():
        last_moment = datetime.combine(form.cleaned_data["until"], time.max, tzinfo=UTC)
        why = form.cleaned_data["why"]
        try:
            hold_item(item=found, until=last_moment, why=why, by=request.user, now=timezone.now())
        except HoldRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, f"Its content is kept until {last_moment:%-d %B %Y}.")
            return redirect("console:item", request.service.slug, item_id)
    context = _item_page(request, found, hold_form=form)
    return render(request, "console/items/item.html", context, status=422)


@require_POST
@staff_may(May.DECIDE)
def let_go(request: StaffRequest, item_id: int) -> HttpResponse:
    """Let an item's content go on schedule again."""
    found = get_object_or_404(queries.visible_items(request.user, request.service), pk=item_id)
    why = request.POST.get("why", "")
    try:
        is_ended = end_hold(item=found, why=why, by=request.user, now=timezone.now())
    except HoldRefused as refused:
        messages.error(request, f"The hold stays. {refused.sentence}")
    else:
        was = "The hold ended." if is_ended else "Nobody holds it any longer."
        messages.success(request, f"{was} Its content goes on schedule.")
    return redirect("console:item", request.service.slug, item_id)


def _item_page(
    request: StaffRequest,
    found: Item,
    *,
    form: RaiseForm | None = None,
    hold_form: HoldForm | None = None,
) -> dict[str, Any]:
    held = hold_on(found, now=timezone.now())
    visible = queries.visible_items(request.user, request.service)
    matches = Match.objects.filter(item=found).select_related("signal__bank", "media", "item")
    cases = queries.visible_cases(request.user, request.service)
    return {
        "active": "items",
        "item": found,
        "links": json.loads(found.links),
        "media": found.media.prefetch_related("frames").order_by("id"),
        "matches": matches.order_by("set_aside", "dry_run", "distance", "id"),
        "revisions": visible.filter(external_id=found.external_id).order_by("-revision"),
        "case": cases.filter(subject_kind="item", subject=found.external_id).first(),
        "answer": json.dumps(found.answer, indent=2, ensure_ascii=False),
        "form": form or RaiseForm(),
        "hold": held,
        "holder": name_of(held.by) if held else "",
        "hold_form": hold_form or HoldForm(auto_id=OF_THE_HOLD),
        "due": found.received_at + timedelta(days=request.service.retention_days),
        "may_decide": may(request.user, request.service, May.DECIDE),
    }


def _narrowed(found: QuerySet[Item], *, q: str, verdict: str) -> QuerySet[Item]:
    if q:
        found = found.filter(external_id__icontains=q) | found.filter(
            account__external_id__icontains=q
        )
    return found.filter(verdict=verdict) if verdict else found
