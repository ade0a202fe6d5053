"""Sealed snapshots: found by anybody who may, opened only with a reason, exported encrypted."""

import json
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.casework.evidence_bag import NotReady, snapshot_bag
from dutybound_server.casework.evidence_queries import (
    EvidenceNotFound,
    case_about,
    file_for,
    is_restricted_now,
    snapshot_for,
    told_about,
    visible_authority_reports,
    visible_holds,
    visible_snapshots,
)
from dutybound_server.casework.queries import visible_cases
from dutybound_server.console.evidence_forms import BeginForm, ExportForm, OpenForm
from dutybound_server.evidence.actions.accesses import AccessRefused, Look, open_evidence
from dutybound_server.evidence.encryption import BadRecipient, recipient_in
from dutybound_server.evidence.models import Snapshot
from dutybound_server.items.blobs import open_blob
from dutybound_server.lib.sealed import CannotOpen
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

A_PAGE = 50


@never_cache
@require_GET
@staff_may(May.LOOK)
def evidence(request: StaffRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip().replace("\0", "")[:200]
    found = visible_snapshots(request.user, request.service)
    if asked:
        found = found.filter(subject__icontains=asked) | found.filter(concern=asked)
    context = {
        "active": "evidence",
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "query": f"q={asked}" if asked else "",
        **kept_by(request),
    }
    return render(request, "console/evidence/list.html", context)


@never_cache
@require_GET
@staff_may(May.LOOK)
def snapshot(request: StaffRequest, snapshot_id: int) -> HttpResponse:
    found = snapshot_of(request, snapshot_id)
    return render(request, "console/evidence/snapshot.html", snapshot_page(request, found))


@never_cache
@require_POST
@staff_may(May.LOOK)
def open_snapshot(request: StaffRequest, snapshot_id: int) -> HttpResponse:
    """Show the content, once the reason is written down. Loading it again asks for it again."""
    found = snapshot_of(request, snapshot_id)
    form = OpenForm(request.POST)
    if not _is_logged(request, found, form, Look.READ):
        context = snapshot_page(request, found, open_form=form)
        return render(request, "console/evidence/snapshot.html", context, status=422)
    content = json.loads(found.content)
    context = {
        "active": "evidence",
        "snapshot": found,
        "item": content.get("item"),
        "account": content.get("account"),
        "word_for_word": json.dumps(content, indent=1, ensure_ascii=False),
        "files": found.files.order_by("id"),
        "told": told_about(found)[:A_PAGE],
        "why": form.cleaned_data["why"],
    }
    return render(request, "console/evidence/content.html", context)


@never_cache
@require_POST
@staff_may(May.LOOK)
def file(request: StaffRequest, snapshot_id: int, file_id: int) -> HttpResponseBase:
    """Hand out one file, never as what it claims to be."""
    try:
        found = file_for(request.user, request.service, snapshot_id, file_id)
    except EvidenceNotFound:
        raise Http404("There is no such file.") from None
    form = OpenForm(request.POST)
    if not _is_logged(request, found.snapshot, form, Look.FILE):
        context = snapshot_page(request, found.snapshot, open_form=form)
        return render(request, "console/evidence/snapshot.html", context, status=422)
    return FileResponse(
        open_blob(found.blob),
        as_attachment=True,
        filename=f"evidence-{found.pk}.bin",
        content_type="application/octet-stream",
    )


@never_cache
@require_POST
@staff_may(May.KEEP)
def export(request: StaffRequest, snapshot_id: int) -> HttpResponseBase:
    """Hand out a bag; what is restricted leaves only encrypted to somebody."""
    found = snapshot_of(request, snapshot_id)
    form = ExportForm(request.POST)
    recipient = None
    if form.is_valid() and (form.cleaned_data["recipient"] or is_restricted_now(found)):
        try:
            recipient = recipient_in(form.cleaned_data["recipient"])
        except BadRecipient as problem:
            form.add_error("recipient", str(problem))
    bag = None
    if form.is_valid() and _is_logged(request, found, form, Look.EXPORT):
        try:
            bag = snapshot_bag(found, recipient=recipient, made_at=timezone.now())
        except (NotReady, CannotOpen, FileNotFoundError) as problem:
            form.add_error(None, f"Nothing was exported. {problem}")
    if bag is None:
        context = snapshot_page(request, found, export_form=form)
        return render(request, "console/evidence/snapshot.html", context, status=422)
    name = f"evidence-{found.uuid}.zip" + (".age" if recipient else "")
    return FileResponse(
        bag, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


def snapshot_of(request: StaffRequest, snapshot_id: int) -> Snapshot:
    """The snapshot, if the person may see it; 404 otherwise."""
    try:
        return snapshot_for(request.user, request.service, snapshot_id)
    except EvidenceNotFound:
        raise Http404("There is no such snapshot.") from None


def snapshot_page(
    request: StaffRequest,
    found: Snapshot,
    *,
    open_form: OpenForm | None = None,
    export_form: ExportForm | None = None,
    begin_form: BeginForm | None = None,
) -> dict[str, Any]:
    """What the page of a snapshot shows: everything but the content."""
    case = case_about(found)
    seen = visible_cases(request.user, request.service)
    holds = visible_holds(request.user, request.service).filter(ended_at__isnull=True)
    account = found.item.account.external_id if found.item and found.item.account else ""
    about = holds.filter(subject_kind=found.subject_kind, subject=found.subject)
    return {
        "active": "evidence",
        "snapshot": found,
        "is_restricted": is_restricted_now(found),
        "files": found.files.order_by("id"),
        "case": seen.filter(pk=case.pk).first() if case else None,
        "told": told_about(found).count(),
        "holds": about | holds.filter(subject_kind="account", subject=account),
        "accesses": found.accesses.select_related("by").order_by("-id")[:A_PAGE],
        "reports": visible_authority_reports(request.user, request.service).filter(snapshot=found),
        "open_form": open_form or OpenForm(auto_id="id_open_%s"),
        "export_form": export_form or ExportForm(auto_id="id_export_%s"),
        "begin_form": begin_form or BeginForm(auto_id="id_begin_%s"),
        **kept_by(request),
    }


def kept_by(request: StaffRequest) -> dict[str, bool]:
    """Which of the pages about evidence the person gets."""
    return {"may_keep": may(request.user, request.service, May.KEEP)}


def _is_logged(request: StaffRequest, found: Snapshot, form: forms.Form, what: Look) -> bool:
    if not form.is_valid():
        return False
    try:
        open_evidence(
            snapshot=found,
            by=request.user,
            why=form.cleaned_data["why"],
            what=what,
            now=timezone.now(),
        )
    except AccessRefused as refused:
        refused.show_in(form)
        return False
    return True
