"""An account deletes itself: its content goes at once, and a legal hold beats that."""

import pytest
from django.test import Client

from dutybound_server.evidence.actions.holds import HoldKind, place_legal_hold
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Account
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(cast: Cast) -> Client:
    token = make.key(cast.ridge)
    return Client(headers={"Authorization": f"Bearer {token}"})


def hold(cast: Cast, kind: str, subject: str) -> None:
    place_legal_hold(
        service=cast.ridge, subject_kind=kind, subject=subject, kind=HoldKind.STAFF,
        why="A letter.", reference="", by=cast.sena, until=None, now=NOW,
    )  # fmt: skip


def test_an_account_that_is_not_there_or_elsewhere_is_not_found(
    cast: Cast, service: Client
) -> None:
    Account.objects.filter(pk=cast.cleo.pk).update(service=cast.harbour)

    assert service.delete("/api/v1/accounts/nobody").status_code == 404
    assert service.delete("/api/v1/accounts/cleo").status_code == 404


def test_all_that_nothing_needs_goes_at_once(cast: Cast, service: Client) -> None:
    make.item(cast.ridge, author=cast.bram, text="a view")
    make.item(cast.ridge, author=cast.cleo, text="another")

    answer = service.delete("/api/v1/accounts/bram")

    assert answer.json() == {"erased_items": 1, "kept_items": 0, "held": False}
    assert Item.objects.get(erased_at__isnull=True).account == cast.cleo
    cast.bram.refresh_from_db()
    assert cast.bram.email == ""
    assert Entry.objects.filter(kind="account.erased").count() == 1


def test_a_hold_on_the_account_keeps_all_of_it(cast: Cast, service: Client) -> None:
    make.item(cast.ridge, author=cast.bram, text="a view")
    hold(cast, "account", "bram")

    answer = service.delete("/api/v1/accounts/bram")

    assert answer.json() == {"erased_items": 0, "kept_items": 1, "held": True}
    assert Item.objects.get().text == "a view"
    cast.bram.refresh_from_db()
    assert cast.bram.email == "bram@example.com"


def test_what_a_case_waits_for_or_a_hold_keeps_stays_and_the_rest_goes(
    cast: Cast, service: Client
) -> None:
    make.case(cast.ridge, author=cast.bram)
    make.item(cast.ridge, external_id="held", author=cast.bram, text="a view")
    make.item(cast.ridge, author=cast.bram, text="a view")
    hold(cast, "item", "held")

    answer = service.delete("/api/v1/accounts/bram")

    assert answer.json() == {"erased_items": 1, "kept_items": 2, "held": False}


def test_a_service_asks_what_it_must_not_delete_either(cast: Cast, service: Client) -> None:
    hold(cast, "item", "p1")
    hold(cast, "account", "u1")

    first = service.get("/api/v1/holds", {"limit": 1}).json()
    then = service.get("/api/v1/holds", {"after": first["next"]}).json()

    assert [(one["kind"], one["id"]) for one in first["holds"] + then["holds"]] == [
        ("item", "p1"),
        ("account", "u1"),
    ]
    assert set(first["holds"][0]) == {"number", "kind", "id", "until"}
