"""Which governance documents are held, and for how long."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from dutybound.evidence.documents import DOCUMENTS as QUERY
from dutybound.evidence.documents import Documents, Held
from dutybound_server.assurance.models import DocumentVersion
from dutybound_server.people.models import Service


def documents(service: Service, as_of: datetime) -> Documents:
    """The newest version of each document that was not retired, the longest valid of a kind."""
    versions = (
        DocumentVersion.objects.filter(document__service=service, added_at__lte=as_of)
        .filter(Q(document__retired_at=None) | Q(document__retired_at__gt=as_of))
        .order_by("document_id", "number")
        .select_related("document")
    )
    # The last of each document stays.
    newest = {version.document_id: version for version in versions}
    today = timezone.localdate(as_of)
    held: dict[str, Held] = {}
    for version in newest.values():
        days_left = (version.expires_on - today).days
        kind = version.document.kind
        if kind not in held or held[kind].days_left < days_left:
            has_owner = version.document.owner_id is not None
            held[kind] = Held(kind, version.number, days_left, has_owner)
    return Documents(tuple(held[kind] for kind in sorted(held)))


DOCUMENTS: Mapping[str, Callable[[Service, datetime], object]] = {QUERY.name: documents}
