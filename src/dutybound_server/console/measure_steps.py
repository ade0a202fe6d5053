"""What a person can do about a measure: the pages that keep what it is computed from."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from dutybound_server.assurance.document_queries import (
    MISSING,
    PAST,
    SOON,
    UNOWNED,
    Shelf,
    shelves_of,
)
from dutybound_server.assurance.standing_queries import Now
from dutybound_server.people.access import StaffRequest
from dutybound_server.people.queries import roles_of
from dutybound_server.people.roles import ROLE_MAY, May


@dataclass(frozen=True, slots=True)
class Step:
    """A page to go to, and what is there or to be done there."""

    address: str
    says: str
    is_due: bool = False
    """Something is to be done there for this measure, as far as is known."""


PAGES = {
    "training": ("training", "Who is trained in what", May.AUDIT),
    "cases": ("queue", "Cases, those that wait first", May.LOOK),
    "reports": ("concerns", "Reports and complaints", May.LOOK),
    "reports and complaints": ("concerns", "Reports and complaints", May.LOOK),
    "settings of the desk, in the journal": ("desk", "The report form and its targets", May.LOOK),
    "settings of the form": ("desk", "The report form and its targets", May.LOOK),
    "the form's pages": ("desk", "The report form and its targets", May.LOOK),
    "forms that ended, by day": ("desk", "The report form and its targets", May.LOOK),
    "deliveries": ("deliveries", "What your site was told, and what it answered", May.AUDIT),
    "enforcements": ("deliveries", "What your site was told, and what it answered", May.AUDIT),
    "second looks": ("quality", "Second looks and golden items", May.LOOK),
    "golden items": ("quality", "Second looks and golden items", May.LOOK),
    "matches": ("banks", "Banks", May.LOOK),
    "trusted flaggers": ("flaggers", "Flaggers", May.LOOK),
    "disregarded complaints": ("unfounded", "Complaints that were set aside", May.LOOK),
    "publications": ("publications", "Board reports", May.AUDIT),
    "audits": ("audits", "Audits", May.AUDIT),
    "the approved assessment": ("assessment", "The assessment", May.AUDIT),
    "assessment": ("assessment", "The assessment", May.AUDIT),
    "staff and their roles": ("staff", "Staff and their roles", May.ADMINISTER),
}
"""Kind of records → the console's page about it, what that is, and who may open it."""

DUE = {PAST: "Look at it again", SOON: "Look at it again", UNOWNED: "Give it an owner"}


def steps_for(request: StaffRequest, one: Now) -> tuple[Step, ...]:
    """Documents that the measure wants, then the pages of its records, each once."""
    roles = roles_of(request.user, request.service)
    allowed = frozenset[May]().union(*(ROLE_MAY[role] for role in roles))
    steps = [*_papers(request, one, may_add=May.ASSESS in allowed), *_pages(request, one, allowed)]
    return tuple(dict.fromkeys(steps))


def _papers(request: StaffRequest, one: Now, *, may_add: bool) -> Iterator[Step]:
    if not one.probe.documents:
        return
    slug = request.service.slug
    for shelf in shelves_of(request.service, today=timezone.localdate()):
        if shelf.kind.id not in one.probe.documents:
            continue
        if not shelf.held:
            yield _absent(shelf, slug=slug, may_add=may_add)
        for held in shelf.held:
            address = reverse("console:document", args=[slug, held.document.pk])
            says = f"{DUE.get(held.state, 'Held')}: {held.document.title}"
            yield Step(address, says, is_due=held.state in DUE)


def _absent(shelf: Shelf, *, slug: str, may_add: bool) -> Step:
    if may_add:
        address = reverse("console:add_document", args=[slug, shelf.kind.id])
        return Step(address, f"Add: {shelf.kind.name}", is_due=shelf.state == MISSING)
    return Step(reverse("console:documents", args=[slug]), f"Not held: {shelf.kind.name}")


def _pages(request: StaffRequest, one: Now, allowed: frozenset[May]) -> Iterator[Step]:
    for query in one.probe.reads:
        for record in query.records:
            view, says, needs = PAGES.get(record, ("", "", May.LOOK))
            if view and needs in allowed:
                yield Step(reverse(f"console:{view}", args=[request.service.slug]), says)
