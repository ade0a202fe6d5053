"""One entry of the journal for somebody outside: its proof, and the salts that remain."""

import json

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dutybound_server.casework.quality_queries import subjects_judged_anew
from dutybound_server.journal.actions import CannotDisclose, disclose_entry
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import (
    EntryNotFound,
    entry_for,
    journal_key,
    newest_checkpoint,
)
from dutybound_server.lib.downloads import download
from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.roles import May


class DiscloseForm(forms.Form):
    """Before an entry is handed out."""

    to = forms.CharField(
        label="To whom?",
        max_length=200,
        help_text="A person or a body, and why. It is kept with your name and the time.",
    )


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may(May.AUDIT)
def disclosure(request: StaffRequest, number: int) -> HttpResponse:
    entry = _entry(request, number)
    form = DiscloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _file(request, entry, form.cleaned_data["to"])
        except CannotDisclose as problem:
            form.add_error(None, str(problem))
    context = {
        "active": "journal",
        "entry": entry,
        "form": form,
        "values": _values(entry),
        "key": journal_key(newest_checkpoint()),
    }
    status = 422 if form.errors else 200
    return render(request, "console/journal/disclosure.html", context, status=status)


def _entry(request: StaffRequest, number: int) -> Entry:
    # Whoever judges a case anew does not read here what was decided.
    hidden = subjects_judged_anew(request.user, request.service)
    try:
        return entry_for(request.service.slug, number, without=hidden)
    except EntryNotFound as problem:
        raise Http404(str(problem)) from problem


def _file(request: StaffRequest, entry: Entry, to: str) -> HttpResponse:
    content = disclose_entry(
        entry=entry,
        service=request.service.slug,
        to=to,
        by=staff_actor(request.user),
        now=timezone.now(),
    )
    return download(content, name=f"entry-{entry.number}.disclosure.json")


def _values(entry: Entry) -> list[tuple[str, bool]]:
    """Name of each value about a person, and whether it can still be matched."""
    try:
        names = json.loads(bytes(entry.body))["personal"]
    except (ValueError, TypeError, KeyError):
        return []
    return [(str(name), name in entry.salts) for name in names]
