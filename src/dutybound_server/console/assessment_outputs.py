"""What comes out: the check and the approval, versions, the record, downloads, comparison."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dutybound.register.entries import Harm
from dutybound.risk.changes import compare, effect_of
from dutybound.risk.document import Assessment
from dutybound.risk.drafts import board_summary, statement_for_users, terms_clauses
from dutybound.risk.finish import hindrances
from dutybound.risk.oscal import NothingApplies, as_oscal
from dutybound.risk.pdf import as_pdf
from dutybound.risk.proposals import kinds_to_rate
from dutybound.risk.record import written_record
from dutybound_server.assurance.actions import drafts
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.queries import (
    document_of,
    law_day,
    open_draft,
    version_of,
    versions_of,
)
from dutybound_server.assurance.records import (
    HarmFigures,
    figures_of,
    harm_figures,
    mismatches,
    not_among_evidence,
)
from dutybound_server.assurance.refusals import CannotApprove, NoDraft, VersionNotFound
from dutybound_server.console.assessment_pages import Desk, desk_of, own_name, save, show
from dutybound_server.console.assessment_risk_forms import DaysForm, PeopleForm
from dutybound_server.console.assessment_words import place_of, question_of_fact
from dutybound_server.console.records import for_page
from dutybound_server.lib.downloads import download
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

DRAFT = "draft"
"""How addresses name what is not approved yet; a version is named by its number."""
RECORDS = {
    "record": written_record,
    "terms": terms_clauses,
    "statement": statement_for_users,
    "board": board_summary,
}


@never_cache
@require_GET
@staff_may(May.AUDIT)
def check(request: StaffRequest) -> HttpResponse:
    """What is still to do, and then the approval."""
    desk = desk_of(request)
    return _show_check(request, desk)


@never_cache
@staff_may(May.APPROVE)
def approve(request: StaffRequest) -> HttpResponse:
    desk = desk_of(request)
    if request.method != "POST":
        return redirect("console:assessment_check", request.service.slug)
    if request.POST.get("read") != "yes":
        said = "Nothing was approved. Tick that you have read the summary."
        return _show_check(request, desk, said=said)
    # Revisions begin anew with each draft, so that the number alone may be of an earlier one.
    if request.POST.get("draft") != str(desk.draft.pk):
        said = "Nothing was approved. This is another draft than the one you read."
        return _show_check(request, desk, said=said)
    try:
        version = approve_draft(
            draft=desk.draft,
            revision=_whole(request.POST.get("revision", "")),
            by=request.user,
            now=timezone.now(),
        )
    except CannotApprove as cannot:
        return _show_check(request, desk_of(request), said=f"Nothing was approved. {cannot}")
    except NoDraft:
        messages.info(request, "It was approved already.")
        return redirect("console:assessment", request.service.slug)
    messages.success(
        request,
        f"Approved as version {version.number}. It stays as it is, for at least three years.",
    )
    return redirect("console:assessment", request.service.slug)


@never_cache
@staff_may(May.ASSESS)
def people(request: StaffRequest) -> HttpResponse:
    """Who did it, and who answers for it."""
    desk = desk_of(request)
    told = desk.document.people
    filling = told.model_dump() | {"completed_by": told.completed_by or own_name(request)}
    form = PeopleForm(request.POST or None, initial=filling)
    if request.method == "POST" and form.is_valid():
        named = {name: text for name, text in form.cleaned_data.items() if text}
        answer = save(
            request, desk, form,
            lambda saving: drafts.name_people(draft=desk.draft, people=named, saving=saving),
            then=lambda: redirect("console:assessment_days", request.service.slug),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form, "title": "Who answers for it", "section": "Check and approve",
        "seen": desk.seen("people"),
    }  # fmt: skip
    return show(request, "console/assessment/step.html", context)


@never_cache
@staff_may(May.ASSESS)
def days(request: StaffRequest) -> HttpResponse:
    """When it was reported, and when it is looked at again."""
    desk = desk_of(request)
    before = desk.document.days
    form = DaysForm(request.POST or None, initial=before.model_dump())
    if request.method == "POST" and form.is_valid():
        kept = before.model_dump(mode="json", exclude_none=True, exclude=set(form.fields))
        told = {name: day.isoformat() for name, day in form.cleaned_data.items() if day}
        answer = save(
            request, desk, form,
            lambda saving: drafts.set_days(
                draft=desk.draft, days=(kept | told) or None, saving=saving
            ),
            then=lambda: redirect("console:assessment_check", request.service.slug),
        )  # fmt: skip
        if answer is not None:
            return answer
    context = {
        "form": form, "title": "When it is looked at again", "section": "Check and approve",
        "seen": desk.seen("days"),
    }  # fmt: skip
    return show(request, "console/assessment/step.html", context)


# Records


@never_cache
@require_GET
@staff_may(May.AUDIT)
def record(request: StaffRequest, which: str, name: str) -> HttpResponse:
    """A record as a page: the written record, or a text drafted from it."""
    document, as_of = _document(request, which)
    written = _record(name)(document, as_of=as_of)
    context = {
        "record": written,
        "sections": for_page(written),
        "which": which,
        "name": name,
        "version": _version_row(request, which),
        "has_draft": open_draft(request.service) is not None,
        "newest": versions_of(request.service).first(),
    }
    return show(request, "console/assessment/record.html", context)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def pdf(request: StaffRequest, which: str, name: str) -> HttpResponse:
    document, as_of = _document(request, which)
    return _file(as_pdf(_record(name)(document, as_of=as_of)), request, f"{which}-{name}.pdf")


@never_cache
@require_GET
@staff_may(May.AUDIT)
def as_json(request: StaffRequest, which: str) -> HttpResponse:
    document, _ = _document(request, which)
    return _file(_json(document.as_json()), request, f"{which}.json")


@never_cache
@require_GET
@staff_may(May.AUDIT)
def oscal(request: StaffRequest, which: str) -> HttpResponse:
    """The four OSCAL documents in one file, by the names they call each other by."""
    document, as_of = _document(request, which)
    try:
        documents = as_oscal(document, as_of=as_of)
    except NothingApplies:
        said = (
            "There is nothing to export yet: no measure is known to apply. Answer more questions."
        )
        messages.warning(request, said)
        return redirect("console:assessment_record", request.service.slug, which, "record")
    return _file(_json(dict(documents)), request, f"{which}-oscal.json")


@never_cache
@require_GET
@staff_may(May.AUDIT)
def comparison(request: StaffRequest) -> HttpResponse:
    """Any two versions, or one and the draft, beside each other."""
    choices = [(str(one.number), f"Version {one.number}") for one in versions_of(request.service)]
    if open_draft(request.service) is not None:
        choices.insert(0, (DRAFT, "The draft"))
    names = [name for name, _ in choices]
    later = request.GET.get("later") or (names[0] if names else "")
    earlier = request.GET.get("earlier") or (names[1] if len(names) > 1 else later)
    context: dict[str, Any] = {"choices": choices, "earlier": earlier, "later": later}
    if later in names and earlier in names:
        before, _ = _document(request, earlier)
        after, as_of = _document(request, later)
        today = timezone.localdate()
        # A control that went has its title in the earlier one alone.
        both = after.model_copy(update={"controls": (*after.controls, *before.controls)})
        context["changes"] = [
            (place_of(one.path, document=both, today=today), one) for one in compare(before, after)
        ]
        context["effect"] = effect_of(before, after, as_of=as_of)
    return show(request, "console/assessment/comparison.html", context)


def _show_check(request: StaffRequest, desk: Desk, *, said: str = "") -> HttpResponse:
    figures = figures_of(request.service, now=timezone.now())
    flagged = mismatches(desk.document, figures)
    context = {
        "desk": desk,
        "summary": for_page(written_record(desk.document, as_of=desk.today))[0],
        "hindrances": hindrances(desk.document, as_of=desk.today),
        "mismatches": [(question_of_fact(one.fact), one.says) for one in flagged],
        "left_out": _left_out(request, desk),
        "said": said,
        "newest": versions_of(request.service).first(),
    }
    status = 422 if said else 200
    return show(request, "console/assessment/check.html", context, status=status)


def _left_out(request: StaffRequest, desk: Desk) -> list[tuple[Harm, HarmFigures]]:
    """Kinds of harm that decisions show, beside which the record holds no such evidence."""
    figures = harm_figures(request.service, now=timezone.now())
    left = {one.harm: one for one in not_among_evidence(desk.document, figures)}
    kinds = kinds_to_rate(desk.document, as_of=desk.today)
    return [(kind, left[kind.id]) for kind in kinds if kind.id in left]


def _document(request: StaffRequest, which: str) -> tuple[Assessment, date]:
    """A version or the draft, and the day whose law it is read under."""
    today = timezone.localdate()
    if which == DRAFT:
        return desk_of(request).document, today
    document = document_of(_version(request, which))
    return document, law_day(document, today=today)


def _version(request: StaffRequest, which: str) -> Any:  # noqa: ANN401 - a Version
    try:
        return version_of(request.service, _whole(which))
    except VersionNotFound as absent:
        raise Http404(str(absent)) from None


def _version_row(request: StaffRequest, which: str) -> Any:  # noqa: ANN401 - a Version or None
    return None if which == DRAFT else _version(request, which)


def _record(name: str) -> Any:  # noqa: ANN401 - one of RECORDS
    if name not in RECORDS:
        raise Http404("There is no such record.")
    return RECORDS[name]


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _file(content: bytes, request: StaffRequest, name: str) -> HttpResponse:
    return download(content, name=f"{request.service.slug}-assessment-{name}")
