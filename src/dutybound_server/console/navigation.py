"""The places of the console, and which of them a member of staff is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from dutybound_server.people.models import Membership, Service
from dutybound_server.people.roles import ROLE_MAY, May, Role


@dataclass(frozen=True, slots=True)
class Place:
    area: str
    name: str
    needs: May


PLACES = (
    Place("cases", "Cases", May.LOOK),
    Place("items", "Items", May.LOOK),
    Place("banks", "Banks", May.LOOK),
    Place("accounts", "Accounts", May.LOOK),
    Place("deliveries", "Deliveries", May.AUDIT),
    Place("journal", "Journal", May.AUDIT),
    Place("staff", "Staff", May.ADMINISTER),
    Place("settings", "Settings", May.ADMINISTER),
)


def roles_of(user: User | AnonymousUser, service: Service) -> list[Role]:
    """The person's roles at the service, in the order the roles are written."""
    if isinstance(user, AnonymousUser):
        return []
    held = set(Membership.objects.filter(user=user, service=service).values_list("role", flat=True))
    return [role for role in Role if role in held]


def places_for(roles: Iterable[Role]) -> list[Place]:
    """The places somebody with these roles may open."""
    allowed = frozenset[May]().union(*(ROLE_MAY[role] for role in roles))
    return [place for place in PLACES if place.needs in allowed]


def services_of(user: User | AnonymousUser) -> QuerySet[Service]:
    """The services the person works for, by name."""
    if isinstance(user, AnonymousUser):
        return Service.objects.none()
    return Service.objects.filter(memberships__user=user).distinct().order_by("name")
