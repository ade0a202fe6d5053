"""Which governance documents are held, and for how long."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils import timezone

from dutybound.evidence.documents import DOCUMENTS as QUERY
from dutybound.evidence.documents import Documents, Held
from dutybound_server.assurance.measuring.staff import document_owners_at, staff_at
from dutybound_server.assurance.models import DocumentVersion
from dutybound_server.people.models import Service


def documents(service: Service, as_of: datetime) -> Documents:
    """The newest version of each document that was not retired, the longest valid of a kind."""
    versions = (
        DocumentVersion.objects.filter(document__service=service, added_at__lte=as_of)
        .exclude(document__retired_at__lte=as_of)
        .order_by("document_id", "number")
        .select_related("document")
    )
    # The last of each document stays.
    newest = {version.document_id: version for version in versions}
    if not newest:
        return Documents(())
    owners, staff = document_owners_at(service, as_of), staff_at(service, as_of)
    today = timezone.localdate(as_of)
    held: dict[str, Held] = {}
    for version in newest.values():
        owner = owners.get(f"document:{version.document_id}", "")
        one = _held(version, owner=owner if owner in staff else "", today=today)
        if one.kind not in held or held[one.kind].days_left < one.days_left:
            held[one.kind] = one
    return Documents(tuple(held[kind] for kind in sorted(held)))


def _held(version: DocumentVersion, *, owner: str, today: date) -> Held:
    """`owner`: as the journal names them; empty where nobody who works here owns it."""
    return Held(
        kind=version.document.kind,
        version=version.number,
        days_left=(version.expires_on - today).days,
        has_owner=bool(owner),
        days_old=(today - version.dated).days,
        by_another=owner not in {"", f"staff:{version.added_by_id}"},
    )


DOCUMENTS: Mapping[str, Callable[[Service, datetime], object]] = {QUERY.name: documents}
