"""Governance documents of a service: what its measures want, what is held, and what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User

from dutybound.evidence.document_kinds import DOCUMENT_KINDS, DocumentKind
from dutybound.evidence.documents import SOON_DAYS
from dutybound.evidence.probes import PROBES
from dutybound_server.assurance.models import Document, DocumentVersion
from dutybound_server.assurance.watched import Watched, watched
from dutybound_server.people.models import Service
from dutybound_server.people.queries import staff_of

MISSING, PAST, SOON, UNOWNED, IN_DATE = "missing", "past", "soon", "unowned", "in_date"
MAYBE = "maybe"
"""Not held, and it is not known whether a measure that wants it applies."""
_WORST_FIRST = (MISSING, PAST, SOON, UNOWNED, IN_DATE, MAYBE)


class DocumentNotFound(Exception):
    """The service has no such document, or no such version of it."""


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A document that is held: its newest version, and who looks after it of those who work here.

    `state`: past, soon, unowned or in_date.
    """

    document: Document
    version: DocumentVersion
    owner: User | None
    state: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of document, the measures that want it, and what is held of it."""

    kind: DocumentKind
    wanted_by: tuple[Watched, ...]
    held: tuple[OnShelf, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(one.measure for one in self.wanted_by)

    @property
    def state(self) -> str:
        """How the best of them stands, or that there is none."""
        if not self.held:
            return MISSING if any(not one.is_unsure for one in self.wanted_by) else MAYBE
        return max((one.state for one in self.held), key=_WORST_FIRST.index)


def shelves_of(service: Service, *, today: date) -> tuple[Shelf, ...]:
    """What measures want and what else is held, what needs somebody first."""
    wanted = wanted_kinds(service, today=today)
    held: dict[str, list[OnShelf]] = {}
    for one in _on_shelves(service, today=today):
        held.setdefault(one.document.kind, []).append(one)
    shelves = [
        Shelf(kind, wanted.get(name, ()), tuple(held.get(name, ())))
        for name, kind in DOCUMENT_KINDS.items()
        if name in wanted or name in held
    ]
    return tuple(sorted(shelves, key=lambda shelf: _WORST_FIRST.index(shelf.state)))


def wanted_kinds(service: Service, *, today: date) -> Mapping[str, tuple[Watched, ...]]:
    """Kind → the measures that want it, of those that apply to the service or may."""
    found: dict[str, tuple[Watched, ...]] = {}
    for one in watched(service, today=today):
        probe = PROBES.get(one.measure)
        for kind in probe.documents if probe is not None and one.is_taken else ():
            found[kind] = (*found.get(kind, ()), one)
    return found


def document_for(service: Service, document_id: int) -> Document:
    """The document, or DocumentNotFound: the same for absent and of another service."""
    try:
        return Document.objects.select_related("service", "owner").get(
            service=service, id=document_id
        )
    except Document.DoesNotExist:
        raise DocumentNotFound from None


def version_for(document: Document, number: int) -> DocumentVersion:
    """One version of it; raises DocumentNotFound."""
    try:
        return document.versions.select_related("document__service").get(number=number)
    except DocumentVersion.DoesNotExist:
        raise DocumentNotFound from None


def _on_shelves(service: Service, *, today: date) -> Iterable[OnShelf]:
    documents = Document.objects.filter(service=service, retired_at=None).order_by("title", "id")
    staff = set(staff_of(service).values_list("pk", flat=True))
    for document in documents.select_related("owner").prefetch_related("versions"):
        version = max(document.versions.all(), key=lambda one: one.number)
        owner = document.owner if document.owner_id in staff else None
        yield OnShelf(document, version, owner, _state(version, owner=owner, today=today))


def _state(version: DocumentVersion, *, owner: User | None, today: date) -> str:
    if version.expires_on < today:
        return PAST
    if version.expires_on <= today + timedelta(days=SOON_DAYS):
        return SOON
    return UNOWNED if owner is None else IN_DATE
