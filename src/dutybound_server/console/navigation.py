"""The places of the console, and which of them a member of staff is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from dutybound_server.people.roles import ROLE_MAY, May, Role


@dataclass(frozen=True, slots=True)
class Place:
    area: str
    name: str
    needs: May
    view: str


PLACES = (
    Place("cases", "Cases", May.LOOK, "console:queue"),
    Place("concerns", "Reports", May.LOOK, "console:concerns"),
    Place("items", "Items", May.LOOK, "console:items"),
    Place("banks", "Banks", May.LOOK, "console:banks"),
    Place("accounts", "Accounts", May.LOOK, "console:accounts"),
    Place("quality", "Quality", May.LOOK, "console:quality"),
    Place("evidence", "Evidence", May.LOOK, "console:evidence"),
    Place("assessment", "Assessment", May.AUDIT, "console:assessment"),
    Place("deliveries", "Deliveries", May.AUDIT, "console:deliveries"),
    Place("journal", "Journal", May.AUDIT, "console:journal"),
    Place("flaggers", "Flaggers", May.AUDIT, "console:flaggers"),
    Place("statements", "Statements", May.AUDIT, "console:statements"),
    Place("staff", "Staff", May.ADMINISTER, "console:staff"),
    Place("settings", "Settings", May.ADMINISTER, "console:settings"),
)


def places_for(roles: Iterable[Role]) -> list[Place]:
    """The places somebody with these roles may open."""
    allowed = frozenset[May]().union(*(ROLE_MAY[role] for role in roles))
    return [place for place in PLACES if place.needs in allowed]
