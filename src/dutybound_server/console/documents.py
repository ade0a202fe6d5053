"""Governance documents: what measures want in writing, what is held, and who looks after it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutybound.evidence.document_kinds import DOCUMENT_KINDS
from dutybound_server.assurance.actions import documents as actions
from dutybound_server.assurance.document_queries import (
    MAYBE,
    MISSING,
    PAST,
    SOON,
    UNOWNED,
    DocumentNotFound,
    document_for,
    shelves_of,
    version_for,
    wanted_kinds,
)
from dutybound_server.assurance.models import Document
from dutybound_server.assurance.paper_files import PaperRefused
from dutybound_server.console.document_forms import DocumentForm, OwnerForm, VersionForm, WhyForm
from dutybound_server.items.blobs import open_blob
from dutybound_server.lib.sealed import CannotOpen
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May


@never_cache
@require_GET
@staff_may(May.AUDIT)
def documents(request: StaffRequest) -> HttpResponse:
    shelves = shelves_of(request.service, today=timezone.localdate())
    shown = {shelf.kind.id for shelf in shelves}
    context = {
        "active": "documents",
        "tab": "documents",
        "shelves": shelves,
        "missing": sum(shelf.state == MISSING for shelf in shelves),
        "due": sum(shelf.state in {PAST, SOON, UNOWNED} for shelf in shelves),
        "maybe": sum(shelf.state == MAYBE for shelf in shelves),
        "others": [kind for name, kind in DOCUMENT_KINDS.items() if name not in shown],
        "may_assess": may(request.user, request.service, May.ASSESS),
    }
    return render(request, "console/documents/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.ASSESS)
def add(request: StaffRequest, kind: str) -> HttpResponse:
    """Hold a document of that kind."""
    if kind not in DOCUMENT_KINDS:
        raise Http404("There is no such kind of document.")
    form = DocumentForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        service=request.service,
        initial={"title": DOCUMENT_KINDS[kind].name, "dated": timezone.localdate()},
    )
    if form.is_valid():
        try:
            made = actions.add_document(
                service=request.service,
                kinds=form.kinds(),
                title=form.cleaned_data["title"],
                paper=form.paper(),
                owner=form.cleaned_data["owner"],
                by=request.user,
                now=timezone.now(),
            )
        except PaperRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "It is held. What it says is not judged here.")
            return redirect("console:document", request.service.slug, made[0].pk)
    wanted = wanted_kinds(request.service, today=timezone.localdate())
    context = {
        "active": "documents",
        "form": form,
        "kind": DOCUMENT_KINDS[kind],
        "measures": [one.measure for one in wanted.get(kind, ())],
    }
    return render(
        request, "console/documents/add.html", context, status=422 if form.errors else 200
    )


@never_cache
@require_GET
@staff_may(May.AUDIT)
def document(request: StaffRequest, document_id: int) -> HttpResponse:
    return _page(request, _document(request, document_id))


@require_POST
@staff_may(May.ASSESS)
def renew(request: StaffRequest, document_id: int) -> HttpResponse:
    """Add a new version."""
    held = _document(request, document_id)
    form = VersionForm(request.POST, request.FILES, kind=held.kind)
    if form.is_valid():
        try:
            actions.add_version(
                document=held, paper=form.paper(), by=request.user, now=timezone.now()
            )
        except PaperRefused as refused:
            refused.show_in(form)
        else:
            messages.success(request, "The new version is in force. The old ones stay.")
            return redirect("console:document", request.service.slug, held.pk)
    return _page(request, held, version_form=form, status=422)


@require_POST
@staff_may(May.ASSESS)
def own(request: StaffRequest, document_id: int) -> HttpResponse:
    held = _document(request, document_id)
    form = OwnerForm(request.POST, service=request.service)
    if not form.is_valid():
        messages.error(request, "Choose somebody who works here.")
    else:
        actions.own_document(
            document=held, owner=form.cleaned_data["owner"], by=request.user, now=timezone.now()
        )
        messages.success(request, "Kept.")
    return redirect("console:document", request.service.slug, held.pk)


@require_POST
@staff_may(May.ASSESS)
def retire(request: StaffRequest, document_id: int) -> HttpResponse:
    held = _document(request, document_id)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, held, why_form=form, status=422)
    actions.retire_document(
        document=held, why=form.cleaned_data["why"], by=request.user, now=timezone.now()
    )
    messages.success(request, "It counts no more. Its versions stay.")
    return redirect("console:documents", request.service.slug)


@never_cache
@require_POST
@staff_may(May.AUDIT)
def download(request: StaffRequest, document_id: int, number: int) -> HttpResponseBase:
    """Hand out a version; who took it is in the journal."""
    try:
        version = version_for(_document(request, document_id), number)
        content = open_blob(version.blob)
    except (DocumentNotFound, CannotOpen, FileNotFoundError):
        raise Http404("The file cannot be read.") from None
    actions.open_version(version=version, by=request.user, now=timezone.now())
    return FileResponse(
        content, as_attachment=True, filename=version.name, content_type=version.content_type
    )


def _document(request: StaffRequest, document_id: int) -> Document:
    try:
        return document_for(request.service, document_id)
    except DocumentNotFound:
        raise Http404("This service has no such document.") from None


def _page(
    request: StaffRequest,
    held: Document,
    *,
    version_form: VersionForm | None = None,
    why_form: WhyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "active": "documents",
        "document": held,
        "kind": DOCUMENT_KINDS[held.kind],
        "versions": held.versions.select_related("added_by").order_by("-number"),
        "today": timezone.localdate(),
        "version_form": version_form
        or VersionForm(kind=held.kind, initial={"dated": timezone.localdate()}),
        "owner_form": OwnerForm(service=request.service, initial={"owner": held.owner}),
        "why_form": why_form or WhyForm(),
        "may_assess": may(request.user, request.service, May.ASSESS),
    }
    return render(request, "console/documents/page.html", context, status=status)
