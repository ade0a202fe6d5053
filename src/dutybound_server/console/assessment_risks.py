"""Risk, kind by kind: what we propose and why, what the records show, what a person decides."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound.register.book import register
from dutybound.register.entries import Harm
from dutybound.risk.changes import effect_of
from dutybound.risk.levels import Objection, Rule, objections
from dutybound.risk.proposals import Proposal, kinds_to_rate, propose
from dutybound.risk.questions import progress
from dutybound.risk.record_parts import counted
from dutybound_server.assurance.actions import drafts
from dutybound_server.assurance.actions.drafts import Saving
from dutybound_server.assurance.parts import seen, value_of
from dutybound_server.assurance.queries import document_of, draft_of
from dutybound_server.assurance.records import (
    HarmFigures,
    as_evidence,
    harm_figures,
    not_among_evidence,
)
from dutybound_server.assurance.refusals import ChangedMeanwhile
from dutybound_server.console.assessment_pages import Desk, conflict, desk_of, save, show
from dutybound_server.console.assessment_risk_forms import (
    CharacteristicsForm,
    EvidenceForm,
    RiskForm,
)
from dutybound_server.console.assessment_sections import is_rated
from dutybound_server.console.assessment_words import sentence
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

KINDS = {"illegal": "Illegal content", "children": "Harmful to children"}


@never_cache
@require_GET
@staff_may(May.AUDIT)
def risks(request: StaffRequest) -> HttpResponse:
    desk = desk_of(request)
    figures = harm_figures(request.service, now=timezone.now())
    left_out = {one.harm for one in not_among_evidence(desk.document, figures)}
    objected = _objections(desk)
    groups: dict[str, list[dict[str, Any]]] = {}
    for harm in kinds_to_rate(desk.document, as_of=desk.today):
        row = {
            "harm": harm,
            "proposal": propose(harm.id, desk.document, as_of=desk.today),
            "risk": desk.document.risks.get(harm.id),
            "is_rated": is_rated(desk.document, harm.id),
            "figures": figures.get(harm.id),
            "is_left_out": harm.id in left_out,
            "objections": objected.get(harm.id, []),
        }
        groups.setdefault(KINDS[harm.kind], []).append(row)
    in_order = [(heading, groups[heading]) for heading in KINDS.values() if heading in groups]
    listed = [
        (heading, [row for row in rows if not row["is_rated"]], [r for r in rows if r["is_rated"]])
        for heading, rows in in_order
    ]
    asked = progress(desk.document, as_of=desk.today)
    context = {
        "groups": listed,
        "is_waiting": any(waiting for _, waiting, _ in listed),
        "characteristics": desk.document.characteristics,
        "open_questions": asked.asked - asked.answered,
    }
    return show(request, "console/assessment/risks.html", context)


@require_POST
@staff_may(May.ASSESS)
def take_proposals(request: StaffRequest) -> HttpResponse:
    """Set the proposed level for each kind that the person ticked, with our reasons as theirs."""
    desk = desk_of(request)
    kinds = {harm.id for harm in kinds_to_rate(desk.document, as_of=desk.today)}
    chosen = [harm for harm in request.POST.getlist("harm") if harm in kinds]
    taken = 0
    for harm in chosen:
        proposal = propose(harm, desk.document, as_of=desk.today)
        # Only the level that stood beside the tick is taken.
        if request.POST.get(f"level-{harm}") != proposal.level:
            continue
        saving = Saving(seen(None), request.actor, timezone.now())
        try:
            drafts.set_risk(draft=desk.draft, harm=harm, risk=_risk(proposal), saving=saving)
        except ChangedMeanwhile:
            continue
        taken += 1
    if taken:
        effect = effect_of(desk.document, desk_of(request).document, as_of=desk.today)
        words = f"Saved: you took the proposed level for {_kinds(taken)}. {effect.says}"
        messages.success(request, words.strip())
    if left := len(chosen) - taken:
        words = f"{_kinds(left)} changed meanwhile. Look at the proposals again."
        messages.warning(request, words[:1].upper() + words[1:])
    if not chosen:
        messages.warning(request, "Nothing was saved: tick the kinds whose level you agree with.")
    return redirect("console:assessment_risks", request.service.slug)


@never_cache
@staff_may(May.ASSESS)
def characteristics(request: StaffRequest) -> HttpResponse:
    """What is particular about the service, and in no Risk Profile of Ofcom's."""
    desk = desk_of(request)
    filling = {"lines": "\n".join(desk.document.characteristics)}
    form = CharacteristicsForm(request.POST or None, initial=filling)
    if request.method == "POST" and form.is_valid():
        answer = save(
            request, desk, form,
            lambda saving: drafts.add_characteristics(
                draft=desk.draft, texts=form.value(), saving=saving
            ),
            then=lambda: redirect("console:assessment_risks", request.service.slug),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form, "title": "What is particular about the service",
        "seen": desk.seen("characteristics"), "section": "Risk of each kind of harm",
    }  # fmt: skip
    return show(request, "console/assessment/step.html", context)


@never_cache
@staff_may(May.ASSESS)
def risk(request: StaffRequest, harm: str) -> HttpResponse:
    desk = desk_of(request)
    kind = _kind(desk, harm)
    before = desk.document.risks.get(harm)
    proposal = propose(harm, desk.document, as_of=desk.today)
    ages = register().age_groups if kind.kind == "children" else ()
    form = RiskForm(
        request.POST or None,
        document=desk.document,
        age_groups=ages,
        initial=RiskForm.filling(before, proposed=in_sentences(proposal), age_groups=ages),
    )
    if request.method == "POST" and form.is_valid():
        answer = save(
            request, desk, form,
            lambda saving: drafts.set_risk(
                draft=desk.draft, harm=harm, risk=form.value(), saving=saving
            ),
            then=lambda: _after_risk(request, harm),
        )  # fmt: skip
        if answer is not None:
            return answer
    figures = harm_figures(request.service, now=timezone.now()).get(harm)
    context = {
        "form": form,
        "harm": kind,
        "proposal": proposal,
        "objections": _objections(desk).get(harm, []),
        "figures": figures,
        "figures_are_new": figures is not None and _is_new(figures, desk),
        "sees_cases": not kind.restricted or may(request.user, request.service, May.SEE_RESTRICTED),
        "evidence": [one for one in desk.document.evidence if harm in one.harms],
        "seen": desk.seen(f"risk/{harm}"),
    }
    return show(request, "console/assessment/risk.html", context)


def _after_risk(request: StaffRequest, harm: str) -> HttpResponse:
    """On to the next kind, unless a rule of Ofcom's speaks against what was just saved."""
    desk = desk_of(request)
    if _objections(desk).get(harm):
        return redirect("console:assessment_risk", request.service.slug, harm)
    kinds = [kind.id for kind in kinds_to_rate(desk.document, as_of=desk.today)]
    place = kinds.index(harm) + 1 if harm in kinds else 0
    waiting = [k for k in (*kinds[place:], *kinds) if not is_rated(desk.document, k)]
    if not waiting:
        return redirect("console:assessment_risks", request.service.slug)
    return redirect("console:assessment_risk", request.service.slug, waiting[0])


@require_POST
@staff_may(May.ASSESS)
def take_figures(request: StaffRequest, harm: str) -> HttpResponse:
    """Put what our records show of a kind of harm among the evidence."""
    desk = desk_of(request)
    _kind(desk, harm)
    figures = harm_figures(request.service, now=timezone.now()).get(harm)
    if figures is None:
        raise Http404("The records show nothing of this kind of harm.")
    value = as_evidence(figures, today=desk.today)
    saving = Saving(desk.seen(f"evidence/{value['id']}"), request.actor, timezone.now())
    try:
        drafts.add_evidence(draft=desk.draft, evidence=value["id"], value=value, saving=saving)
    except ChangedMeanwhile as other:
        return conflict(request, desk, other)
    messages.success(request, "Saved: the figures are among the evidence now.")
    return redirect("console:assessment_risk", request.service.slug, harm)


@never_cache
@staff_may(May.ASSESS)
def evidence(request: StaffRequest, harm: str) -> HttpResponse:
    """Add a piece of evidence about a kind of harm."""
    desk = desk_of(request)
    kind = _kind(desk, harm)
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        id_ = _free_id(desk)
        value = form.value(harm, id_=id_)
        answer = save(
            request, desk, form,
            lambda saving: drafts.add_evidence(
                draft=desk.draft, evidence=id_, value=value, saving=saving
            ),
            then=lambda: redirect("console:assessment_risk", request.service.slug, harm),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form, "title": f"Evidence about {kind.short}", "seen": seen(None),
        "section": "Risk of each kind of harm",
    }  # fmt: skip
    return show(request, "console/assessment/step.html", context)


def in_sentences(proposal: Proposal) -> str:
    """The reasons of a proposal as a person would write them."""
    return " ".join(sentence(one.says) for one in proposal.because)


def _risk(proposal: Proposal) -> dict[str, str]:
    risk = {
        "level": proposal.level,
        "likelihood": proposal.likelihood,
        "impact": proposal.impact,
        "reasons": in_sentences(proposal),
    }
    return {name: value for name, value in risk.items() if value}


def _kinds(number: int) -> str:
    return counted(number, "kind of harm", "kinds of harm")


def _kind(desk: Desk, harm: str) -> Harm:
    kind = register().on(desk.today).harms.get(harm)
    if kind is None:
        raise Http404("There is no such kind of harm today.")
    return kind


def _objections(desk: Desk) -> dict[str, list[Objection]]:
    """What speaks against the levels that were set, by kind of harm."""
    by_harm: dict[str, list[Objection]] = {}
    for objection in objections(desk.document, as_of=desk.today):
        if objection.rule is not Rule.UNRATED:
            by_harm.setdefault(objection.harm, []).append(objection)
    return by_harm


def _is_new(figures: HarmFigures, desk: Desk) -> bool:
    taken = value_of(desk.document, f"evidence/records-{figures.harm}")
    return taken is None or taken["text"] != figures.says


def _free_id(desk: Desk) -> str:
    taken = {one.id for one in document_of(draft_of(desk.service)).evidence}
    return next(id_ for n in range(1, len(taken) + 2) if (id_ := f"e{n}") not in taken)
