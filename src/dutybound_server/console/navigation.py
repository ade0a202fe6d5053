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
    is_rare: bool = False
    """Kept under "More": not what somebody opens every day."""


PLACES = (
    Place("cases", "Cases", May.LOOK, "console:queue"),
    Place("concerns", "Reports", May.LOOK, "console:concerns"),
    Place("items", "Items", May.LOOK, "console:items"),
    Place("banks", "Banks", May.LOOK, "console:banks"),
    Place("accounts", "Accounts", May.LOOK, "console:accounts", is_rare=True),
    Place("quality", "Quality", May.LOOK, "console:quality"),
    Place("evidence", "Evidence", May.LOOK, "console:evidence"),
    Place("assessment", "Assessment", May.AUDIT, "console:assessment"),
    Place("measures", "Measures", May.AUDIT, "console:measures"),
    Place("tasks", "Tasks", May.AUDIT, "console:measure_tasks", is_rare=True),
    Place("documents", "Documents", May.AUDIT, "console:documents", is_rare=True),
    Place("publications", "Publications", May.AUDIT, "console:publications", is_rare=True),
    Place("deliveries", "Deliveries", May.AUDIT, "console:deliveries", is_rare=True),
    Place("journal", "Journal", May.AUDIT, "console:journal", is_rare=True),
    Place("audits", "Audits", May.AUDIT, "console:audits", is_rare=True),
    Place("flaggers", "Flaggers", May.AUDIT, "console:flaggers", is_rare=True),
    Place("statements", "Statements", May.AUDIT, "console:statements", is_rare=True),
    Place("staff", "Staff", May.ADMINISTER, "console:staff", is_rare=True),
    Place("settings", "Settings", May.ADMINISTER, "console:settings", is_rare=True),
)


def places_for(roles: Iterable[Role]) -> list[Place]:
    """The places somebody with these roles may open."""
    allowed = frozenset[May]().union(*(ROLE_MAY[role] for role in roles))
    return [place for place in PLACES if place.needs in allowed]
