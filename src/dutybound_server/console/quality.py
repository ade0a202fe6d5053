"""How good decisions are: second looks, disagreements, agreement, and what was overturned."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound.cases.judgement import LONGEST_WORDS
from dutybound.cases.kinds import KINDS, Kind
from dutybound.cases.sampling import MATCH, NO_ACTION, RATES
from dutybound_server.casework.actions.quality import (
    agree_golden,
    close_calibration,
    free_look,
    retire_golden,
    set_sample_rates,
    take_look,
)
from dutybound_server.casework.models import Case, Desk, GoldenItem, SecondLook
from dutybound_server.casework.quality_queries import (
    agreement_of,
    calibrations,
    look_of,
    overturns,
    waiting_looks,
)
from dutybound_server.casework.queries import visible_cases
from dutybound_server.casework.refusals import QualityRefused
from dutybound_server.console.case_page import case_or_404
from dutybound_server.console.judgement import first_answers, harm_choices
from dutybound_server.console.looks import JUDGEMENTS
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

SINCE_DAYS = (30, 90, 365)
NEWEST = 20


class RatesForm(forms.Form):
    """Which share of decisions is looked at twice, in per cent, by what a case came from."""

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        desk = Desk.objects.filter(service=service).first()
        now = {**RATES, **(desk.sample_rates if desk else {})}
        for name in RATES:
            self.fields[name] = forms.FloatField(
                label=rate_words(name),
                min_value=0,
                max_value=100,
                initial=round(now[name] * 100, 2),
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )

    def rates(self) -> dict[str, float]:
        return {name: value / 100 for name, value in self.cleaned_data.items()}


class GoldenForm(forms.Form):
    """What was agreed to be the right answer about an item."""

    enforcement_kind = forms.ChoiceField(
        label="The right answer", choices=JUDGEMENTS, widget=forms.RadioSelect
    )
    harm = forms.ChoiceField(label="Kind of harm", choices=harm_choices)
    why = forms.CharField(
        label="Why, and who agreed on it",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@never_cache
@require_GET
@staff_may(May.LOOK)
def quality(request: StaffRequest) -> HttpResponse:
    return _page(request, RatesForm(service=request.service))


@require_POST
@staff_may(May.DECIDE)
def take(request: StaffRequest) -> HttpResponse:
    look = take_look(service=request.service, by=request.user, now=timezone.now())
    if look is None:
        messages.success(request, "Nothing waits for a second look by you.")
        return redirect("console:quality", request.service.slug)
    return redirect("console:look", request.service.slug, look.pk)


@require_POST
@staff_may(May.OVERTURN)
def rates(request: StaffRequest) -> HttpResponse:
    form = RatesForm(request.POST, service=request.service)
    if not form.is_valid():
        return _page(request, form, status=422)
    set_sample_rates(
        service=request.service, rates=form.rates(), by=request.user, now=timezone.now()
    )
    messages.success(request, "Kept. Decisions of the last seven days are drawn by it too.")
    return redirect("console:quality", request.service.slug)


@require_POST
@staff_may(May.OVERTURN)
def free(request: StaffRequest, look_id: int) -> HttpResponse:
    try:
        free_look(service=request.service, look_id=look_id, by=request.user, now=timezone.now())
    except QualityRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("console:quality", request.service.slug)


@require_POST
@staff_may(May.OVERTURN)
def close(request: StaffRequest, calibration_id: int) -> HttpResponse:
    if not calibrations(request.user, request.service).filter(id=calibration_id).exists():
        raise Http404("There is no such disagreement that you may see.")
    right = {"first": True, "second": False}.get(request.POST.get("right", ""))
    try:
        close_calibration(
            service=request.service,
            calibration_id=calibration_id,
            by=request.user,
            learned=request.POST.get("learned", ""),
            first_was_right=right,
            now=timezone.now(),
        )
    except QualityRefused as refusal:
        messages.error(request, f"Not closed. {refusal.sentence}")
    else:
        messages.success(request, "Closed. What you wrote stands with both judgements.")
    return redirect("console:quality", request.service.slug)


@require_http_methods(["GET", "POST"])
@staff_may(May.OVERTURN)
def golden(request: StaffRequest, reference: str) -> HttpResponse:
    """Keep the item of a case as one whose right answer is agreed."""
    case = case_or_404(request, reference)
    form = GoldenForm(request.POST or None, initial=first_answers(case, []))
    if request.method == "POST" and form.is_valid():
        try:
            agree_golden(case=case, by=request.user, now=timezone.now(), **form.cleaned_data)
        except QualityRefused as refusal:
            refusal.show_in(form)
        else:
            messages.success(request, "It is golden now: each moderator gets it once, unmarked.")
            return redirect("console:quality", request.service.slug)
    context = {"active": "quality", "case": case, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "console/quality/golden.html", context, status=status)


@require_POST
@staff_may(May.OVERTURN)
def retire(request: StaffRequest, golden_id: int) -> HttpResponse:
    retire_golden(service=request.service, golden_id=golden_id, by=request.user, now=timezone.now())
    return redirect("console:quality", request.service.slug)


def rate_words(name: str) -> str:
    """What a share is of."""
    if name == MATCH:
        return "Found by matching alone"
    if name == NO_ACTION:
        return "Left up, whatever it came from"
    return KINDS[Kind(name)].name


# How


def _page(request: StaffRequest, form: RatesForm, *, status: int = 200) -> HttpResponse:
    user, service, now = request.user, request.service, timezone.now()
    is_senior = may(user, service, May.OVERTURN)
    days = _days(request)
    context = {
        "active": "quality",
        "may_decide": may(user, service, May.DECIDE),
        "is_senior": is_senior,
        "own": look_of(user, service),
        "waiting": waiting_looks(user, service).count(),
        "calibrations": list(calibrations(user, service)[:NEWEST]),
        "form": form,
        "days": days,
        "choices": SINCE_DAYS,
        **_figures(request, since=now - timedelta(days=days)),
        **(_for_seniors(request) if is_senior else {}),
    }
    return render(request, "console/quality/page.html", context, status=status)


def _days(request: StaffRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in SINCE_DAYS} else SINCE_DAYS[1]


def _figures(request: StaffRequest, *, since: datetime) -> dict[str, Any]:
    """Agreement and overturns; by name only for those who answer for the work, and for oneself."""
    user, service = request.user, request.service
    restricted = may(user, service, May.SEE_RESTRICTED)
    agreements = agreement_of(service, since, with_restricted=restricted)
    sees_all = may(user, service, May.OVERTURN) or may(user, service, May.AUDIT)
    people = [one for one in agreements.people if sees_all or one.name == name_of(user)]
    return {
        "whole": agreements.whole,
        "queues": agreements.queues,
        "people": people,
        "overturns": overturns(service, since, with_restricted=restricted),
    }


def _for_seniors(request: StaffRequest) -> dict[str, Any]:
    seen: Any = visible_cases(request.user, request.service)
    taken = SecondLook.objects.filter(service=request.service, answered_at=None, case__in=seen)
    golden = GoldenItem.objects.filter(
        service=request.service,
        retired_at=None,
        item__external_id__in=Case.objects.filter(pk__in=seen).values("subject"),
    )
    return {
        "taken": taken.exclude(by=None).select_related("by"),
        "golden": golden.select_related("item", "agreed_by").order_by("-id"),
    }
