"""Reports to authorities: begun on a snapshot, answered item by item, sent by a person."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound.cases.authority import (
    AUTHORITY_NAMES,
    SCHEDULE_1,
    URGENCY_WORDS,
    Authority,
    Urgency,
    unanswered,
)
from dutybound_server.casework.actions.evidence import begin_authority_report
from dutybound_server.casework.evidence_queries import (
    EvidenceNotFound,
    authority_report_for,
    visible_authority_reports,
)
from dutybound_server.casework.report_hints import hints_for
from dutybound_server.console.evidence import kept_by, snapshot_of, snapshot_page
from dutybound_server.console.evidence_forms import (
    AnswersForm,
    BeginForm,
    EndForm,
    SentForm,
    answers_as_initial,
)
from dutybound_server.evidence.actions.authority_reports import (
    PORTAL,
    ReportRefused,
    answer_report,
    answers_of,
    record_sent,
    withdraw_report,
)
from dutybound_server.evidence.actions.sending import hand_to_sender
from dutybound_server.evidence.models import AuthorityReport
from dutybound_server.evidence.senders import senders
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

A_PAGE = 50


@never_cache
@require_GET
@staff_may(May.KEEP)
def reports(request: StaffRequest) -> HttpResponse:
    found = visible_authority_reports(request.user, request.service)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [{"report": one, "authority": _name(one)} for one in page]
    context = {"active": "evidence", "page": page, "rows": rows, **kept_by(request)}
    return render(request, "console/evidence/reports.html", context)


@never_cache
@require_POST
@staff_may(May.KEEP)
def begin(request: StaffRequest, snapshot_id: int) -> HttpResponse:
    found = snapshot_of(request, snapshot_id)
    form = BeginForm(request.POST, auto_id="id_begin_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            report = begin_authority_report(
                snapshot=found,
                authority=Authority(said["authority"]),
                urgency=said["urgency"],
                earlier=said["earlier"],
                by=request.user,
                now=timezone.now(),
            )
        except ReportRefused as refused:
            refused.show_in(form)
        else:
            return redirect("console:evidence_report", request.service.slug, report.pk)
    context = snapshot_page(request, found, begin_form=form)
    return render(request, "console/evidence/snapshot.html", context, status=422)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.KEEP)
def report(request: StaffRequest, report_id: int) -> HttpResponse:
    """The checklist, and the page a person fills the authority's form from."""
    found = _report(request, report_id)
    if request.method == "GET":
        return render(request, "console/evidence/report.html", _page(request, found))
    form = AnswersForm(request.POST)
    if form.is_valid():
        try:
            answer_report(
                report_id=found.pk, answers=form.answers(), by=request.user, now=timezone.now()
            )
        except ReportRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "The answers are kept.")
            return _back(request, found)
    return render(request, "console/evidence/report.html", _page(request, found, form), status=422)


@never_cache
@require_POST
@staff_may(May.KEEP)
def sent(request: StaffRequest, report_id: int) -> HttpResponse:
    """A person sent it and got a reference."""
    found = _report(request, report_id)
    form = SentForm(request.POST, auto_id="id_sent_%s")
    if form.is_valid():
        try:
            record_sent(
                report_id=found.pk,
                reference=form.cleaned_data["reference"],
                through=PORTAL,
                by=request.user,
                now=timezone.now(),
            )
        except ReportRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "The reference is kept, and all it is about is held.")
            return _back(request, found)
    context = _page(request, found, sent_form=form)
    return render(request, "console/evidence/report.html", context, status=422)


@never_cache
@require_POST
@staff_may(May.KEEP)
def hand_on(request: StaffRequest, report_id: int) -> HttpResponse:
    """Let a sender of this installation send it."""
    found = _report(request, report_id)
    try:
        sender = request.POST.get("sender", "")
        hand_to_sender(report_id=found.pk, sender=sender, by=request.user, now=timezone.now())
    except ReportRefused as refused:
        messages.error(request, f"It is not sent. {refused.sentence}")
    else:
        messages.success(request, "It is on its way. The reference appears here.")
    return _back(request, found)


@never_cache
@require_POST
@staff_may(May.KEEP)
def withdraw(request: StaffRequest, report_id: int) -> HttpResponse:
    found = _report(request, report_id)
    try:
        why = request.POST.get("why", "")
        withdraw_report(report_id=found.pk, why=why, by=request.user, now=timezone.now())
    except ReportRefused as refused:
        messages.error(request, f"The report stays. {refused.sentence}")
    else:
        messages.success(request, "It is withdrawn, and its holds ended.")
    return _back(request, found)


def _page(
    request: StaffRequest,
    found: AuthorityReport,
    form: AnswersForm | None = None,
    *,
    sent_form: SentForm | None = None,
) -> dict[str, Any]:
    answers = answers_of(found)
    # What we hold ourselves stands in the fields already; a person looks it over and keeps it.
    hints = hints_for(found) if answers_can_change(found) else {}
    form = form or AnswersForm(initial={**hints, **answers_as_initial(answers)})
    return {
        "active": "evidence",
        "report": found,
        "authority": _name(found),
        "urgency": URGENCY_WORDS[Urgency(found.urgency)],
        "form": form,
        "items": [
            {
                "item": item,
                "field": form[item.id],
                "tick": form[f"{item.id}_not_held"],
                "answer": answers.get(item.id),
            }
            for item in SCHEDULE_1
        ],
        "missing": unanswered(answers),
        "is_open": answers_can_change(found),
        "files": found.snapshot.files.order_by("id"),
        "holds": found.holds.order_by("id"),
        "senders": sorted(senders()),
        "sent_form": sent_form or SentForm(auto_id="id_sent_%s"),
        "withdraw_form": EndForm(auto_id="id_withdraw_%s"),
        **kept_by(request),
    }


def answers_can_change(report: AuthorityReport) -> bool:
    """Whether it was neither sent nor withdrawn."""
    return report.sent_at is None and report.withdrawn_at is None


def _name(report: AuthorityReport) -> str:
    return AUTHORITY_NAMES[Authority(report.authority)]


def _report(request: StaffRequest, report_id: int) -> AuthorityReport:
    try:
        return authority_report_for(request.user, request.service, report_id)
    except EvidenceNotFound:
        raise Http404("There is no such report.") from None


def _back(request: StaffRequest, found: AuthorityReport) -> HttpResponse:
    return redirect(reverse("console:evidence_report", args=[request.service.slug, found.pk]))
