"""The places of the console, and which of them a member of staff is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def places_for(roles: Iterable[Role]) -> list[Place]:
    """The places somebody with these roles may open."""
    allowed = frozenset[May]().union(*(ROLE_MAY[role] for role in roles))
    return [place for place in PLACES if place.needs in allowed]
