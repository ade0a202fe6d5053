"""What came in: every item with the answer it got, and how that answer came about."""

import json
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
from dutybound_server.items.models import Item
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 50
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
    return render(request, "console/items/item.html", _item_page(request, found, RaiseForm()))


@require_POST
@staff_may(May.DECIDE)
def raise_item(request: StaffRequest, item_id: int) -> HttpResponse:
    """Open a case for an item by hand."""
    found = get_object_or_404(queries.visible_items(request.user, request.service), pk=item_id)
    form = RaiseForm(request.POST)
    if not form.is_valid():
        context = _item_page(request, found, form)
        return render(request, "console/items/item.html", context, status=422)
    case = open_case(item=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    if not queries.visible_cases(request.user, request.service).filter(pk=case.pk).exists():
        messages.success(request, "A case is open. Staff for restricted harms work on it.")
        return redirect("console:items", request.service.slug)
    return redirect("console:case", request.service.slug, case.reference)


def _item_page(request: StaffRequest, found: Item, form: RaiseForm) -> dict[str, Any]:
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
        "form": form,
        "may_decide": may(request.user, request.service, May.DECIDE),
    }


def _narrowed(found: QuerySet[Item], *, q: str, verdict: str) -> QuerySet[Item]:
    if q:
        found = found.filter(external_id__icontains=q) | found.filter(
            account__external_id__icontains=q
        )
    return found.filter(verdict=verdict) if verdict else found
