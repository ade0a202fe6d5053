"""How a service hears people follows what its approved assessment says about it."""

from datetime import datetime

from django.contrib.auth.models import User

from dutybound.register.book import register
from dutybound.register.conditions import Fact
from dutybound.risk.access import access_of
from dutybound.risk.document import Assessment
from dutybound.risk.known import known
from dutybound_server.assurance.models import Version
from dutybound_server.assurance.queries import document_of
from dutybound_server.casework.actions.desks import change_desk, desk_of, was_chosen
from dutybound_server.casework.models import Desk


def bring_desk_along(*, version: Version, by: User, now: datetime) -> Desk:
    """Offer children's and Category 1 kinds where the assessment says so, in its transaction.

    What a person switched on for children stays on. What the assessment does not know of
    Category 1 stays as it is.
    """
    # Locked, so that what a person chooses at the same moment is seen.
    rows = Desk.objects.select_for_update(of=("self",)).select_related("service")
    desk = rows.get(pk=desk_of(version.service).pk)
    changes = _settings(document_of(version))
    if changes["children"] is False and was_chosen(desk=desk, setting="children"):
        del changes["children"]
    because = f"assessment:{version.number}"
    return change_desk(desk=desk, changes=changes, by=by, now=now, because=because)


def _settings(document: Assessment) -> dict[str, bool]:
    assert document.law_as_of is not None, "an approved version says as of which day"
    day = document.law_as_of
    settings = {"children": access_of(document, as_of=day).treated_as_likely}
    category_1 = register().on(day).program.answer(Fact("category_1"), known(document, as_of=day))
    if category_1 is not None:
        settings["category_1"] = category_1
    return settings
