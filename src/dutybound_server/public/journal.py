"""The journal for foreign software: a tiled log as c2sp.org/tlog-tiles describes it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dutybound.ledger.tiles import ENTRIES, WIDTH, name_in
from dutybound_server.journal.models import KeyChange
from dutybound_server.journal.queries import (
    TEXTS,
    file_at,
    journal_key,
    journal_origin,
    newest_checkpoint,
    second_key,
    witnessed,
)
from dutybound_server.journal.witnesses.words import standing_of, troubles_of
from dutybound_server.people.models import Service
from dutybound_server.people.queries import has_second_factor, may
from dutybound_server.people.roles import May

TEXT = "text/plain; charset=utf-8"
NEVER_CHANGES = "public, max-age=31536000, immutable"
FOR_ONE_READER = "private, no-store"
CHANGES_SOON = "no-cache"


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the journal is, and how far others have seen it; for everyone."""
    head, found = newest_checkpoint(), witnessed()
    context = {
        "head": head,
        "origin": journal_origin(head),
        "key": journal_key(head),
        "address": settings.ORIGIN + reverse("public:journal_page"),
        "second_key": second_key(head),
        "witnessed": found,
        "standing": standing_of(found, now=timezone.now()),
        "troubles": troubles_of(found),
        "changes": KeyChange.objects.exists(),
    }
    return render(request, "public/journal.html", context)


@require_safe
def file(request: HttpRequest, path: str) -> HttpResponse:
    """One file of the journal; for what is not there, or not for this reader, the same 404."""
    head = newest_checkpoint()
    if head is None or (_is_entries(path) and not _may_read_entries(request)):
        return _not_here()
    content = file_at(path, head=head)
    if content is None:
        return _not_here()
    is_text = path in TEXTS
    return HttpResponse(
        content,
        content_type=TEXT if is_text else "application/octet-stream",
        headers={"Cache-Control": _caching(path)},
    )


def _is_entries(path: str) -> bool:
    name = name_in(path)
    return name is not None and name.level == ENTRIES


def _caching(path: str) -> str:
    if _is_entries(path) and not settings.JOURNAL_ENTRIES_PUBLIC:
        return FOR_ONE_READER
    name = name_in(path)
    return NEVER_CHANGES if name and name.width == WIDTH else CHANGES_SOON


def _may_read_entries(request: HttpRequest) -> bool:
    """Everyone, if the provider says so; else those who may audit each of its services."""
    if settings.JOURNAL_ENTRIES_PUBLIC:
        return True
    user = request.user
    if not user.is_authenticated or not (settings.DEMO or has_second_factor(user)):
        return False
    services = list(Service.objects.all())
    return bool(services) and all(may(user, service, May.AUDIT) for service in services)


def _not_here() -> HttpResponse:
    return HttpResponse("The journal has no such file.\n", status=404, content_type=TEXT)
