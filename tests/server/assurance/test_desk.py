"""The report form follows the approved assessment, and what a person chose for children stays."""

import json
from typing import Any

import pytest

from dutybound_server.assurance.actions.desk import bring_desk_along
from dutybound_server.assurance.models import Version
from dutybound_server.assurance.queries import document_of
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.casework.models import Desk
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved

pytestmark = pytest.mark.django_db


def choose(cast: Cast, **changes: bool) -> Desk:
    """A person sets it on the form's page."""
    return change_desk(desk=desk_of(cast.ridge), changes=changes, by=cast.ada, now=NOW)


def says(version: Version, **facts: bool) -> Version:
    """The same version, had other things been answered."""
    document = document_of(version)
    changed: dict[str, Any] = {"facts": {**document.facts, **facts}}
    version.document = document.model_copy(update=changed).as_json()
    return version


def test_what_a_person_switched_on_for_children_stays_on(cast: Cast) -> None:
    version = approved(cast)
    choose(cast, children=True)

    desk = bring_desk_along(version=version, by=cast.grace, now=NOW)

    assert desk.children is True


def test_an_approved_no_to_children_takes_their_kinds_off_the_form_and_is_told(cast: Cast) -> None:
    assert desk_of(cast.ridge).children is True

    approved(cast)

    assert desk_of(cast.ridge).children is False
    facts = json.loads(bytes(Entry.objects.get(kind="desk.changed").body))["facts"]
    assert facts["because"] == "assessment:1"
    assert facts["after"] == {"children": False}


def test_children_likely_to_come_switch_their_kinds_on_again(cast: Cast) -> None:
    version = says(approved(cast), significant_child_users=True)

    desk = bring_desk_along(version=version, by=cast.grace, now=NOW)

    assert desk.children is True
    choose(cast, children=False)
    assert bring_desk_along(version=version, by=cast.grace, now=NOW).children is True


def test_a_service_too_small_for_category_1_does_not_offer_its_kinds(cast: Cast) -> None:
    choose(cast, category_1=True)

    approved(cast)

    assert desk_of(cast.ridge).category_1 is False
