"""The journal as staff read it: what happened, and the proof that it was not changed since."""

import json
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dutybound_server.casework.quality_queries import subjects_judged_anew
from dutybound_server.journal.entries import as_it_stands
from dutybound_server.journal.models import LONGEST, Entry
from dutybound_server.journal.queries import (
    EntryNotFound,
    entries_of,
    entry_for,
    journal_key,
    newest_checkpoint,
    pending_count,
    proof_of,
    witnessed,
)
from dutybound_server.journal.witnesses.words import standing_of, troubles_of
from dutybound_server.lib.downloads import download
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May

A_PAGE = 50


class FindForm(forms.Form):
    """What to look for among the entries."""

    kind = forms.CharField(
        label="What happened",
        required=False,
        max_length=LONGEST["kind"],
        help_text="How it begins, such as case.decided or bank.",
    )
    subject = forms.CharField(
        label="To what",
        required=False,
        max_length=LONGEST["subject"],
        help_text="How it begins, such as case:4f2c or bank:",
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def entries(request: StaffRequest) -> HttpResponse:
    form = FindForm(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    before = asked.pop("before", None)
    found = entries_of(request.service.slug, without=_judged_anew(request), **asked)
    shown = list((found.filter(id__lt=before) if before else found)[: A_PAGE + 1])
    head, seen = newest_checkpoint(), witnessed()
    context = {
        "active": "journal",
        "witnessed": seen,
        "standing": standing_of(seen, now=timezone.now()),
        "troubles": troubles_of(seen),
        "form": form,
        "entries": shown[:A_PAGE],
        "searched": any(asked.values()),
        "older": shown[A_PAGE - 1].pk if len(shown) > A_PAGE else None,
        "before": before,
        "head": head,
        "pending": pending_count(),
        "key": journal_key(head) if head else None,
    }
    return render(request, "console/journal/list.html", context)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def entry(request: StaffRequest, number: int) -> HttpResponse:
    found, head = _entry(request, number), newest_checkpoint()
    assert head is not None  # An entry has its number from the transaction that made a head.
    context = {
        "active": "journal",
        "entry": found,
        "told": _told(found),
        "proof": proof_of(found, head=head),
        "head": head,
        "key": journal_key(head),
    }
    return render(request, "console/journal/entry.html", context)


@never_cache
@require_GET
@staff_may(May.AUDIT)
def body(request: StaffRequest, number: int) -> HttpResponse:
    """The bytes that were hashed, to be verified elsewhere."""
    content = as_it_stands(_entry(request, number))
    return download(content, name=f"entry-{number}.json")


@never_cache
@require_GET
@staff_may(May.AUDIT)
def proof(request: StaffRequest, number: int) -> HttpResponse:
    found, head = _entry(request, number), newest_checkpoint()
    assert head is not None
    answer = proof_of(found, head=head)
    if answer.fault:
        raise Http404(f"There is no proof of entry {number}: {answer.fault}")
    return download(answer.file, name=f"entry-{number}.tlog-proof")


def _entry(request: StaffRequest, number: int) -> Entry:
    try:
        return entry_for(request.service.slug, number, without=_judged_anew(request))
    except EntryNotFound as problem:
        raise Http404(str(problem)) from problem


def _judged_anew(request: StaffRequest) -> frozenset[str]:
    """Whoever judges a case anew does not read here what was decided."""
    return subjects_judged_anew(request.user, request.service)


def _told(entry: Entry) -> dict[str, Any]:
    """What the entry's body says beyond its columns; nothing of a body that is no entry."""
    try:
        body = json.loads(bytes(entry.body))
        facts, personal = body["facts"], body["personal"]
    except (ValueError, TypeError, KeyError):
        return {"unreadable": True}
    return {
        "facts": json.dumps(facts, indent=2, ensure_ascii=False) if facts else "",
        "personal": [
            {"name": name, "digest": digest, "erased": name not in entry.salts}
            for name, digest in personal.items()
        ],
    }
