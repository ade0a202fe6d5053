"""The same content in several cases: see them together, and decide them together."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dutybound.cases.judgement import CHOICES, EnforcementKind, to_enforce
from dutybound_server.casework import queries
from dutybound_server.casework.actions.decisions import decide_identical
from dutybound_server.casework.models import Case
from dutybound_server.casework.refusals import AlreadyClaimed, DecisionRefused
from dutybound_server.console.case_page import case_or_404, guide_piece, matches_of
from dutybound_server.console.consequences import for_the_account, will_happen
from dutybound_server.console.guided import GuideForm, show_refusal
from dutybound_server.console.judgement import DecisionForm, draft_for, first_answers
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.OVERTURN)
def same(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the cases and what a decision would do to the ticked ones; decide when told to."""
    found = case_or_404(request, reference)
    cases = [found, *queries.identical_open_cases(found, request.user)]
    if request.method != "POST":
        form = DecisionForm(initial=first_answers(found, matches_of(found)))
        return _page(request, cases, cases, form=form, guided=GuideForm(harm=found.harm))

    ticked = [one for one in cases if one.reference in request.POST.getlist("case")]
    guided = GuideForm(request.POST, harm=found.harm)
    if "decide" not in request.POST:
        form = DecisionForm(initial=draft_for(found, request.POST.dict()))
        return _page(request, cases, ticked, form=form, guided=guided)
    form = DecisionForm(request.POST)
    if not (form.is_valid() and guided.is_valid()) or not _decided(
        request, ticked, form=form, guided=guided
    ):
        return _page(request, cases, ticked, form=form, guided=guided, status=422)
    return redirect("console:queue", request.service.slug)


def _decided(
    request: StaffRequest, ticked: Sequence[Case], *, form: DecisionForm, guided: GuideForm
) -> bool:
    try:
        decide_identical(
            case_ids=[case.pk for case in ticked],
            by=request.user,
            now=timezone.now(),
            judging=guided.judged(ground=form.cleaned_data["ground"]),
            **form.judgement(),
        )
    except DecisionRefused as refusal:
        show_refusal(refusal, form=form, guided=guided)
    except AlreadyClaimed as refusal:
        form.add_error(None, f"{refusal}. Untick that case, or wait; your words are kept here.")
    return not (form.errors or guided.errors)


def _page(
    request: StaffRequest,
    cases: Sequence[Case],
    ticked: Sequence[Case],
    *,
    form: DecisionForm,
    guided: GuideForm,
    status: int = 200,
) -> HttpResponse:
    chosen = form["enforcement_kind"].value()
    enforce = None
    if chosen in CHOICES:
        enforce = to_enforce(EnforcementKind(chosen), state=queries.case_state(cases[0]))
    # The same is chosen for all of them; they are alike, so one tells what it means.
    one = next((case for case in ticked if case.account is not None), cases[0])
    account = for_the_account(one, enforce=enforce, chosen=form.for_account(), now=timezone.now())
    sentence = will_happen(
        queries.preview_decision(ticked), enforce=enforce, subject_kind=cases[0].subject_kind
    )
    context: dict[str, Any] = {
        "active": "cases",
        "case": cases[0],
        "cases": cases,
        "ticked": {case.pk for case in ticked},
        "form": form,
        **guide_piece(cases[0], guided=guided),
        "account": one.account,
        "will_happen": f"{sentence} {account}".strip(),
    }
    is_piece = request.headers.get("HX-Request")
    template = "console/cases/_same_preview.html" if is_piece else "console/cases/same.html"
    return render(request, template, context, status=status)
