"""An auditor's own pages: their audit step by step, the cases that chance drew, and the bundle.

Nothing but an audit lets them in, and only while it lasts. Whatever they open is journalled.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dutybound_server.assurance.actions.audits import (
    MOST_WANTED,
    commit_to_seed,
    draw_sample,
    note_look,
)
from dutybound_server.assurance.audit_bundle import NotReady, audit_bundle, heads
from dutybound_server.assurance.audit_queries import (
    AuditNotFound,
    audit_for,
    entry_in,
    open_audits,
    sampled_case,
)
from dutybound_server.assurance.audited_cases import case_for_auditor
from dutybound_server.assurance.models import Audit
from dutybound_server.assurance.refusals import AuditRefused
from dutybound_server.casework.models import Case
from dutybound_server.console.audited_words import steps_of, times_of
from dutybound_server.journal.entries import as_it_stands
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import journal_key, newest_checkpoint, proof_of
from dutybound_server.lib.downloads import download
from dutybound_server.people.access import StaffRequest, staff_only
from dutybound_server.people.actors import staff_actor

View = Callable[..., HttpResponseBase]


class CommitForm(forms.Form):
    """What the auditor tells before they know which cases there are."""

    commitment = forms.CharField(
        label="The commitment: SHA-256 of your seed",
        max_length=100,
        help_text="64 hex digits. Keep the seed itself to yourself for now.",
        error_messages={"required": "Type the commitment in, the SHA-256 of your seed."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    wanted = forms.IntegerField(
        label="How many cases do you want?", min_value=1, max_value=MOST_WANTED, initial=25
    )


class SeedForm(forms.Form):
    """What the auditor tells once the population is fixed."""

    seed = forms.CharField(
        label="Your seed",
        max_length=100,
        help_text="The 64 hex digits whose SHA-256 you committed to.",
        error_messages={"required": "Type the seed in that you committed to."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def for_auditor(view: View) -> View:
    """Admit the auditor whom the audit is of, while it lasts; the same 404 for everybody else."""

    @never_cache
    @staff_only
    @wraps(view)
    def guarded(
        request: StaffRequest, *args: object, service: str, reference: str, **kwargs: object
    ) -> HttpResponseBase:
        try:
            audit = audit_for(
                request.user, service=service, reference=reference, now=timezone.now()
            )
            request.service, request.actor = audit.service, staff_actor(request.user)
            return view(request, audit, *args, **kwargs)
        except AuditNotFound:
            raise Http404("There is no audit of yours here, or it is not its time.") from None

    return guarded


def looked(audit: Audit, thing: str) -> None:
    """Write down that the auditor opened something."""
    note_look(audit=audit, thing=thing, now=timezone.now())


@never_cache
@require_GET
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    """The audits that the person may work on, at any service."""
    audits = open_audits(request.user, now=timezone.now())
    if len(audits) == 1:
        return redirect("console:auditing", audits[0].service.slug, audits[0].reference)
    return render(request, "console/auditing/home.html", {"audits": audits})


@require_GET
@for_auditor
def auditing(request: StaffRequest, audit: Audit) -> HttpResponse:
    looked(audit, f"audit:{audit.reference}")
    return _page(request, audit)


@require_POST
@for_auditor
def commit(request: StaffRequest, audit: Audit) -> HttpResponse:
    form = CommitForm(request.POST)
    if not form.is_valid():
        return _page(request, audit, commit_form=form, status=422)
    try:
        commit_to_seed(audit_id=audit.pk, now=timezone.now(), **form.cleaned_data)
    except AuditRefused as refusal:
        refusal.show_in(form)
        return _page(request, audit, commit_form=form, status=422)
    messages.success(request, "Your commitment is kept, and the population is fixed.")
    return redirect("console:auditing", request.service.slug, audit.reference)


@require_POST
@for_auditor
def draw(request: StaffRequest, audit: Audit) -> HttpResponse:
    form = SeedForm(request.POST)
    if not form.is_valid():
        return _page(request, audit, seed_form=form, status=422)
    try:
        draw_sample(audit_id=audit.pk, seed=form.cleaned_data["seed"], now=timezone.now())
    except AuditRefused as refusal:
        refusal.show_in(form)
        return _page(request, audit, seed_form=form, status=422)
    messages.success(request, "The sample is drawn.")
    return redirect("console:auditing", request.service.slug, audit.reference)


@require_GET
@for_auditor
def case(request: StaffRequest, audit: Audit, case: str) -> HttpResponse:
    """A case that was drawn, from its first entry to its last."""
    found = sampled_case(audit, case)
    looked(audit, f"case:{found.reference}")
    told = case_for_auditor(found, audit)
    place = audit.sample.index(found.reference)
    context = {
        "audit": audit,
        "case": told,
        "content": told["content"],
        "received_at": found.item.received_at if found.item else None,
        "times": times_of(told),
        "steps": steps_of(told),
        "number": place + 1,
        "before": audit.sample[place - 1] if place else "",
        "after": audit.sample[place + 1] if place + 1 < len(audit.sample) else "",
    }
    return render(request, "console/auditing/case.html", context | {"active": "auditing"})


@require_GET
@for_auditor
def entry(request: StaffRequest, audit: Audit, number: int) -> HttpResponse:
    found = entry_in(audit, number)
    looked(audit, f"entry:{number}")
    head = newest_checkpoint()
    assert head is not None  # An entry has its number from the transaction that made a head.
    context = {
        "active": "auditing",
        "audit": audit,
        "entry": found,
        "facts": _facts(found),
        "proof": proof_of(found, head=head),
        "head": head,
        "key": journal_key(head),
    }
    return render(request, "console/auditing/entry.html", context)


@require_GET
@for_auditor
def entry_file(
    request: StaffRequest,  # noqa: ARG001 - the door has read it
    audit: Audit,
    number: int,
    part: str,
) -> HttpResponse:
    """The bytes of an entry, or its proof, to be verified elsewhere."""
    found = entry_in(audit, number)
    looked(audit, f"entry:{number}")
    if part == "body":
        return download(as_it_stands(found), name=f"entry-{number}.json")
    return download(_proof(found), name=f"entry-{number}.tlog-proof")


@require_GET
@for_auditor
def bundle(request: StaffRequest, audit: Audit) -> HttpResponse:
    """All of it as one file."""
    try:
        content = audit_bundle(audit, under=heads())
    except NotReady as problem:
        messages.warning(request, str(problem))
        return redirect("console:auditing", request.service.slug, audit.reference)
    looked(audit, f"audit:{audit.reference}:bundle")
    return download(content, name=f"audit-{audit.reference}.zip")


def _facts(found: Entry) -> str:
    """What the entry says beyond its columns; nothing of a body that is no entry any more."""
    try:
        return json.dumps(json.loads(bytes(found.body))["facts"], indent=2, ensure_ascii=False)
    except (ValueError, TypeError, KeyError):
        return ""


def _proof(found: Entry) -> str:
    head = newest_checkpoint()
    assert head is not None
    proof = proof_of(found, head=head)
    if proof.fault:
        raise Http404(f"There is no proof of entry {found.number}: {proof.fault}")
    return proof.file


def _page(
    request: StaffRequest,
    audit: Audit,
    *,
    commit_form: CommitForm | None = None,
    seed_form: SeedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    sampled = Case.objects.filter(service=audit.service, reference__in=audit.sample)
    by_reference = {one.reference: one for one in sampled}
    context: dict[str, Any] = {
        "active": "auditing",
        "audit": audit,
        "commit_form": commit_form or CommitForm(),
        "seed_form": seed_form or SeedForm(),
        "sample": [by_reference[name] for name in audit.sample],
    }
    return render(request, "console/auditing/audit.html", context, status=status)
