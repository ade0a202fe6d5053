"""What Ofcom's Codes recommend for the service, what stands behind each, and what is left."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dutybound.register.applies import Answer, Applies, measures_for
from dutybound.register.book import register
from dutybound.register.entries import Standing
from dutybound.risk.controls import control_id
from dutybound.risk.document import Control
from dutybound.risk.factors import all_factors, factors_present
from dutybound.risk.gaps import gaps, offers
from dutybound.risk.known import known
from dutybound.risk.proposals import kinds_to_rate
from dutybound.risk.record_basis import CODES
from dutybound_server.assurance.actions import drafts
from dutybound_server.console.assessment_pages import Desk, desk_of, own_name, save, show
from dutybound_server.console.assessment_risk_forms import AcceptForm, ControlForm
from dutybound_server.console.assessment_sections import is_rated
from dutybound_server.console.assessment_words import label_of
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May


@never_cache
@require_GET
@staff_may(May.AUDIT)
def measures(request: StaffRequest) -> HttpResponse:
    desk = desk_of(request)
    answers = _answers(desk)
    codes: dict[str, dict[str, list[Any]]] = {}
    coming = []
    for answer in answers:
        if answer.standing is not Standing.IN_FORCE:
            coming.append(answer)
            continue
        code = codes.setdefault(CODES[answer.provision.code], {})
        code.setdefault(answer.applies.value, []).append((answer, controls_for(answer, desk)))
    listed = [
        (
            code,
            found.get(Applies.YES, []),
            found.get(Applies.UNKNOWN, []),
            found.get(Applies.NO, []),
        )
        for code, found in codes.items()
    ]
    return show(request, "console/assessment/measures.html", {"codes": listed, "coming": coming})


@never_cache
@require_GET
@staff_may(May.AUDIT)
def measure(request: StaffRequest, measure: str) -> HttpResponse:
    """One measure: what it asks, whether it applies and why, and what stands behind it."""
    desk = desk_of(request)
    answer = next((one for one in _answers(desk) if one.provision.id == measure), None)
    if answer is None:
        raise Http404("There is no such measure.")
    context = {
        "answer": answer,
        "code": CODES[answer.provision.code],
        "controls": controls_for(answer, desk),
        "missing": [_where_answered(name, desk) for name in answer.missing],
        "sources": [(key, register().sources[key]) for key in answer.provision.confidence.sources],
        "new_id": control_id(measure),
    }
    return show(request, "console/assessment/measure.html", context)


@never_cache
@staff_may(May.ASSESS)
def control(request: StaffRequest, control: str) -> HttpResponse:
    """What stands behind a measure or against a risk; one that does not exist yet is made."""
    desk = desk_of(request)
    before = next((one for one in desk.document.controls if one.id == control), None)
    made_for = _made_for(request, before)
    form = ControlForm(
        request.POST or None,
        initial=ControlForm.filling(before) if before else _first_filling(request, desk),
        harms=_harm_choices(desk),
        factors=_factor_choices(desk),
    )
    if request.method == "POST" and form.is_valid():
        value = form.value(before, id_=control, measures=made_for)
        answer = save(
            request, desk, form,
            lambda saving: drafts.set_control(
                draft=desk.draft, control=control, value=value, saving=saving
            ),
            then=lambda: redirect(_back(request, made_for)),
        )  # fmt: skip
        if answer is not None:
            return answer
    named = {one.provision.id: one.provision for one in _answers(desk)}
    context = {
        "form": form,
        "control": before,
        "measures": [named[id_] for id_ in made_for if id_ in named],
        "made_for": made_for,
        "is_optional": any(named[id_].permissive for id_ in made_for if id_ in named),
        "seen": desk.seen(f"control/{control}"),
        "alternative": [form[name] for name in ControlForm.ALTERNATIVE],
        "refusal": [form[name] for name in ControlForm.REFUSAL],
    }
    return show(request, "console/assessment/control.html", context)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def left(request: StaffRequest) -> HttpResponse:
    """Gaps: what nothing stands against, with ideas that go beyond the Codes."""
    desk = desk_of(request)
    rows = [(gap, control_id(f"for {gap.id}")) for gap in gaps(desk.document, as_of=desk.today)]
    kinds = kinds_to_rate(desk.document, as_of=desk.today)
    context = {
        "gaps": rows,
        "unrated": sum(not is_rated(desk.document, kind.id) for kind in kinds),
        "accepted": desk.document.accepted,
        "offers": offers(desk.document, as_of=desk.today),
    }
    return show(request, "console/assessment/gaps.html", context)


@never_cache
@staff_may(May.ASSESS)
def accept(request: StaffRequest, gap: str) -> HttpResponse:
    """Accept a risk that is left, until a day."""
    desk = desk_of(request)
    if gap not in register().on(desk.today).harms and gap not in all_factors():
        raise Http404("There is no such kind of harm, and no such risk factor.")
    before = next((one for one in desk.document.accepted if one.harm_or_factor == gap), None)
    filling = before.model_dump() if before else {"accepted_by": own_name(request)}
    form = AcceptForm(request.POST or None, initial=filling)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        value = {**given, "review_on": given["review_on"].isoformat(), "harm_or_factor": gap}
        answer = save(
            request, desk, form,
            lambda saving: drafts.accept_risk(
                draft=desk.draft, harm_or_factor=gap, value=value, saving=saving
            ),
            then=lambda: redirect("console:assessment_gaps", request.service.slug),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form, "title": f"Accept what is left: {_named(gap, desk)}", "section": "Gaps",
        "seen": desk.seen(f"accepted/{gap}"),
    }  # fmt: skip
    return show(request, "console/assessment/step.html", context)


def controls_for(answer: Answer, desk: Desk) -> list[Control]:
    return [one for one in desk.document.controls if answer.provision.id in one.measures]


def _answers(desk: Desk) -> tuple[Answer, ...]:
    return measures_for(known(desk.document, as_of=desk.today), desk.today)


def _where_answered(name: str, desk: Desk) -> tuple[str, str]:
    """What is missing, in words, and the page where it is answered."""
    law, slug = register(), desk.service.slug
    if name == "uk_users":
        address = reverse("console:assessment_question", args=[slug, "uk_users"])
        return "How many people in the UK use it in a month", address
    if name in law.facts:
        fact = law.facts[name]
        address = reverse("console:assessment_question", args=[slug, fact.question])
        return f"Whether {fact.yes}", address
    address = reverse("console:assessment_risk", args=[slug, name])
    return f"The level of risk: {_named(name, desk)}", address


def _named(name: str, desk: Desk) -> str:
    law = register()
    harm = law.on(desk.today).harms.get(name)
    if harm:
        return harm.short
    return law.facts[name].yes if name in law.facts else name


def _made_for(request: StaffRequest, before: Control | None) -> tuple[str, ...]:
    if before:
        return before.measures
    known_ids = {provision.id for provision in register().provisions}
    asked = (*request.POST.getlist("measure"), *request.GET.getlist("measure"))
    return tuple(dict.fromkeys(id_ for id_ in asked if id_ in known_ids))


def _first_filling(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    titles = {one.provision.id: one.provision.title for one in _answers(desk)}
    gap = request.GET.get("for", "")
    return {
        "title": titles.get(request.GET.get("measure", ""), ""),
        "harms": [gap],
        "factors": [gap],
        "owner": desk.document.people.responsible,
    }


def _harm_choices(desk: Desk) -> list[tuple[str, str]]:
    harms = register().on(desk.today).harms
    rated = [
        id_
        for id_, risk in desk.document.risks.items()
        if risk.level in ("medium", "high") and id_ in harms
    ]
    return [(id_, harms[id_].name) for id_ in rated]


def _factor_choices(desk: Desk) -> list[tuple[str, str]]:
    facts = register().facts
    present = factors_present(desk.document, as_of=desk.today)
    return [(one.id, label_of(facts[one.id])) for one in present if one.id in facts]


def _back(request: StaffRequest, made_for: tuple[str, ...]) -> str:
    slug = request.service.slug
    if not made_for:
        return reverse("console:assessment_gaps", args=[slug])
    return reverse("console:assessment_measure", args=[slug, made_for[0]])
