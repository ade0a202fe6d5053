"""Statements of reasons: which can be published, what keeps others back, and the export."""

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dutybound.cases.personal import without_personal_data
from dutybound.cases.statements import LONGEST_EXPLANATION
from dutybound_server.casework.actions.published_words import publish_words
from dutybound_server.casework.models import Decision
from dutybound_server.casework.reasons import (
    reasons_of,
    restriction_for,
    visible_restrictions,
    words_for_publication,
)
from dutybound_server.casework.refusals import CaseNotFound, DecisionRefused
from dutybound_server.lib.downloads import download
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 50
MOST_SEARCHED = 1_000
"""Of the newest decisions, when only those kept back are asked for."""
MOST_EXPORTED = 5_000
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WordsForm(forms.Form):
    """What the public is told instead of what the author was told."""

    words = forms.CharField(
        label="What the public is told",
        help_text=(
            "Say what the rule is and why it applies. Leave out names, addresses, numbers and "
            "handles: we find those, but a name we cannot know."
        ),
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class PeriodForm(forms.Form):
    """From which day to which; both count."""

    start = forms.DateField(label="From", widget=DAY)
    end = forms.DateField(label="To", widget=DAY)


@require_GET
@staff_may(May.LOOK)
def statements(request: StaffRequest) -> HttpResponse:
    only_kept = request.GET.get("kept") == "1"
    decisions = visible_restrictions(request.user, request.service)
    listed = _kept_back(decisions) if only_kept else decisions
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "active": "statements",
        "page": page,
        "rows": [reasons_of(one) for one in page],
        "only_kept": only_kept,
        "most_searched": MOST_SEARCHED,
        "query": "kept=1" if only_kept else "",
        "period": PeriodForm(initial=_last_month()),
        "may_export": may(request.user, request.service, May.AUDIT),
    }
    return render(request, "console/statements/list.html", context)


@require_GET
@staff_may(May.LOOK)
def statement(request: StaffRequest, decision_id: int) -> HttpResponse:
    decision = _decision(request, decision_id)
    draft = without_personal_data(words_for_publication(decision))[:LONGEST_EXPLANATION]
    return _page(request, decision, WordsForm(initial={"words": draft}))


@require_POST
@staff_may(May.DECIDE)
def word(request: StaffRequest, decision_id: int) -> HttpResponse:
    decision = _decision(request, decision_id)
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            publish_words(
                decision_id=decision.pk,
                words=form.cleaned_data["words"],
                by=request.user,
                now=timezone.now(),
            )
        except DecisionRefused as refused:
            form.add_error("words", refused.sentence)
        else:
            messages.success(request, "Kept. This is what the public is told.")
            return redirect("console:statement", request.service.slug, decision.pk)
    return _page(request, decision, form, status=422)


@require_GET
@staff_may(May.AUDIT)
def export(request: StaffRequest) -> HttpResponse:
    """Those of a period that can be published and still stand, as the database takes them."""
    period = PeriodForm(request.GET)
    if not period.is_valid():
        messages.error(request, "Choose the first day and the last.")
        return redirect("console:statements", request.service.slug)
    start, end = period.cleaned_data["start"], period.cleaned_data["end"]
    decisions = visible_restrictions(request.user, request.service).filter(
        decided_at__date__gte=start, decided_at__date__lte=end
    )[: MOST_EXPORTED + 1]
    found = [reasons_of(decision) for decision in decisions]
    if len(found) > MOST_EXPORTED:
        messages.error(request, f"There are more than {MOST_EXPORTED:,}; choose fewer days.")
        return redirect("console:statements", request.service.slug)
    body = {
        "statements": [one.statement for one in found if one.is_ready and not one.taken_back_at]
    }
    name = f"statements-{request.service.slug}-{start:%Y-%m-%d}-{end:%Y-%m-%d}.json"
    return download(json.dumps(body, indent=2, ensure_ascii=False), name=name)


def _kept_back(decisions: QuerySet[Decision]) -> list[Decision]:
    return [one for one in decisions[:MOST_SEARCHED] if not reasons_of(one).is_ready]


def _decision(request: StaffRequest, decision_id: int) -> Decision:
    try:
        return restriction_for(request.user, request.service, decision_id)
    except CaseNotFound:
        raise Http404("This service has no such statement.") from None


def _last_month() -> dict[str, Any]:
    today = timezone.localdate()
    return {"start": today - timedelta(days=30), "end": today}


def _page(
    request: StaffRequest, decision: Decision, form: WordsForm, *, status: int = 200
) -> HttpResponse:
    reasons = reasons_of(decision)
    context = {
        "active": "statements",
        "reasons": reasons,
        "decision": decision,
        "as_json": json.dumps(reasons.statement, indent=2, ensure_ascii=False),
        "form": form,
        "may_word": may(request.user, request.service, May.DECIDE) and not decision.case.restricted,
    }
    return render(request, "console/statements/page.html", context, status=status)
