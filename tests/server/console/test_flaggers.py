"""Who has a channel of their own: seen by staff, changed by administrators."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dutybound_server.casework.models import Flagger, FlaggerKey, FlaggerPerson
from dutybound_server.console.staff import _rules_over
from dutybound_server.people.actions import grant_role
from dutybound_server.people.roles import Role
from tests import cast as people
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn

ALL = "/console/ridge/flaggers/"
ONE = f"{ALL}flagger/fraud-watch/"


def terms(**changes: object) -> dict[str, Any]:
    return {
        "name": "Fraud Watch",
        "kind": "fraud",
        "harms": ["fraud"],
        "hours": 24,
        "first_in_queue": "on",
        "policy": "They know fraud.",
        "review_by": f"{timezone.localdate() + timedelta(days=180):%Y-%m-%d}",
        **changes,
    }


@pytest.fixture
def ada(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.ada)


@pytest.fixture
def watch(cast: Cast) -> Flagger:
    return make.flagger(cast.ridge, by=cast.ada, now=timezone.now())


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"hours": "0"},
        {"policy": ""},
        {"review_by": "2020-01-01"},
        {"harms": "gossip"},
    ],
)
def test_what_makes_no_sense_is_shown_again_and_nothing_is_agreed(
    ada: Client, change: dict[str, object]
) -> None:
    answer = ada.post(f"{ALL}add/", terms(**change))

    assert answer.status_code == 422
    assert b'class="error"' in answer.content
    assert not Flagger.objects.exists()


def test_only_an_administrator_agrees_with_somebody(cast: Cast, sign_in: SignIn) -> None:
    for person in (cast.mo, cast.sena, cast.ode):
        assert sign_in(person).post(f"{ALL}add/", terms()).status_code == 403


def test_an_administrator_agrees_changes_and_ends(ada: Client) -> None:
    assert ada.post(f"{ALL}add/", terms()).headers["Location"] == ONE
    assert "Fraud Watch" in ada.get(ALL).content.decode()

    without_why = ada.post(f"{ONE}change/", terms(hours=4))
    changed = ada.post(f"{ONE}change/", terms(hours=4, why="They asked."))

    assert (without_why.status_code, changed.status_code) == (422, 302)
    assert Flagger.objects.get().respond_within == timedelta(hours=4)

    assert ada.post(f"{ONE}end/", {"why": ""}).status_code == 422
    ada.post(f"{ONE}end/", {"why": "They closed."})

    assert Flagger.objects.get().ended_at
    assert "ended" in ada.get(ONE).content.decode()
    assert ada.post(f"{ONE}keys/", {"key_name": "Late"}).status_code == 422


def test_a_person_is_invited_by_a_link_that_is_shown_once(ada: Client, watch: Flagger) -> None:
    answer = ada.post(f"{ONE}people/", {"name": "Fay", "email": "fay@watch.example"})

    assert "/accounts/password/reset/key/" in answer.content.decode()
    assert "/accounts/password/reset/key/" not in ada.get(ONE).content.decode()
    person = FlaggerPerson.objects.get()
    ada.post(f"{ONE}people/{person.pk}/end/")
    person.refresh_from_db()
    assert person.ended_at
    assert ada.post(f"{ONE}people/{person.pk}/link/").status_code == 404


def test_staff_cannot_be_invited_to_flag(cast: Cast, ada: Client, watch: Flagger) -> None:
    answer = ada.post(f"{ONE}people/", {"name": "Mo", "email": cast.mo.email})

    assert (answer.status_code, FlaggerPerson.objects.count()) == (422, 0)
    assert "independent" in answer.content.decode()


def test_a_key_is_shown_once_and_revoked(ada: Client, watch: Flagger) -> None:
    shown = ada.post(f"{ONE}keys/", {"key_name": "Robot"}).content.decode()

    token = re.search(r"dbf_[0-9a-f]{10}_[\w-]{43}", shown)
    assert token is not None
    assert token[0] not in ada.get(ONE).content.decode()
    ada.post(f"{ONE}keys/{FlaggerKey.objects.get().pk}/revoke/")
    assert FlaggerKey.objects.get().revoked_at


def test_no_administrator_of_another_service_gets_into_a_flaggers_account(
    cast: Cast, sign_in: SignIn, watch: Flagger
) -> None:
    fay = make.flagger_person(watch, by=cast.ada)
    heath = people.person("Heath", at=cast.harbour, role=Role.ADMINISTRATOR)
    grant_role(user=fay, service=cast.harbour, role=Role.MODERATOR, by="system", now=NOW)

    answer = sign_in(heath).post(f"/console/harbour/staff/{fay.pk}/link/")

    assert answer.status_code == 403
    assert not _rules_over(heath, fay)


def test_moderators_see_in_the_queue_what_goes_first(cast: Cast, sign_in: SignIn) -> None:
    first = make.flagger(cast.ridge, by=cast.ada, name="Police", kind="police", first_in_queue=True)
    pol = make.flagger_person(first, by=cast.ada, name="Pol")
    make.flagged(first, "post-1", by=pol, now=timezone.now())

    page = sign_in(cast.mo).get("/console/ridge/cases/").content.decode()
    assert "Flagger first" in page
    assert "; first of its severity, by a trusted flagger" in page
