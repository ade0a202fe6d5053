"""A service keeps its own banks in step over the API."""

from typing import Any

import pytest
from django.test import Client

from dutybound_server.banks.models import BankChange, Signal
from dutybound_server.people.actions import issue_key
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Scope
from tests.cast import NOW, Cast

BANK = {
    "name": "ridge-words",
    "source": "Ridge Forum moderators",
    "harm": "hate",
    "effect": "hold",
    "why": "Our own list.",
}


class Caller:
    """A service with its key."""

    def __init__(self, service: Service, scope: Scope = Scope.BANKS) -> None:
        _, token = issue_key(
            service=service, name="test", scopes=[scope], expires_at=None, by="system", now=NOW
        )
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str) -> Any:  # noqa: ANN401 - the test client's response
        return self.client.get(f"/api/v1{path}")

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401 - the test client's response
        return self.client.post(f"/api/v1{path}", body, content_type="application/json")

    def patch(self, path: str, body: object) -> Any:  # noqa: ANN401 - the test client's response
        return self.client.patch(f"/api/v1{path}", body, content_type="application/json")


@pytest.fixture
def ridge(cast: Cast) -> Caller:
    caller = Caller(cast.ridge)
    assert caller.post("/banks", BANK).status_code == 201
    return caller


def offer(*values: str, kind: str = "phrase") -> dict[str, Any]:
    return {"signals": [{"kind": kind, "value": value} for value in values], "why": "Seen."}


def test_a_bank_is_made_and_read(ridge: Caller) -> None:
    one = ridge.get("/banks/ridge-words").json()
    every = ridge.get("/banks").json()

    assert every == {"banks": [one]}
    assert (one["threshold"], one["signals"], one["enabled"]) == (31, 0, True)


def test_a_wrong_setting_is_named(ridge: Caller) -> None:
    answer = ridge.post("/banks", {**BANK, "name": "other", "harm": "rudeness"})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "harm"


def test_a_misspelt_field_is_refused(ridge: Caller) -> None:
    answer = ridge.patch("/banks/ridge-words", {"treshold": 3, "why": "A typing mistake."})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "treshold"


def test_only_what_is_sent_changes(ridge: Caller) -> None:
    answer = ridge.patch("/banks/ridge-words", {"effect": "block", "why": "It is against the law."})

    assert (answer.json()["effect"], answer.json()["threshold"]) == ("block", 31)
    change = BankChange.objects.latest("id")
    assert change.what == "Effect from hold to block."
    assert change.by == "service:ridge"


def test_signals_are_added_once(ridge: Caller) -> None:
    first = ridge.post("/banks/ridge-words/signals", offer("zonk", "blip")).json()
    again = ridge.post("/banks/ridge-words/signals", offer("zonk")).json()

    assert (first["added"], first["already"]) == (2, 0)
    assert (again["added"], again["already"]) == (0, 1)


def test_one_wrong_signal_refuses_the_call_and_is_named(ridge: Caller) -> None:
    answer = ridge.post("/banks/ridge-words/signals", offer("0" * 64, "abc", kind="pdq"))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "signals[1].value"
    assert "64 hex digits" in answer.json()["errors"][0]["expected"]
    assert not Signal.objects.exists()


def test_signals_are_paged_and_removed(ridge: Caller) -> None:
    ridge.post("/banks/ridge-words/signals", offer("one", "two", "three"))

    first = ridge.get("/banks/ridge-words/signals?limit=2").json()
    rest = ridge.get(f"/banks/ridge-words/signals?limit=2&after={first['next']}").json()
    gone = ridge.post(
        "/banks/ridge-words/signals:remove", {"ids": [first["signals"][0]["id"]], "why": "Wrong."}
    )

    assert [signal["value"] for signal in first["signals"]] == ["one", "two"]
    assert ([signal["value"] for signal in rest["signals"]], rest["next"]) == (["three"], None)
    assert gone.json() == {"removed": 1}
    left = ridge.get("/banks/ridge-words/signals").json()["signals"]
    assert [signal["value"] for signal in left] == ["two", "three"]


def test_an_id_no_database_has_is_refused(ridge: Caller) -> None:
    answer = ridge.post("/banks/ridge-words/signals:remove", {"ids": [2**70], "why": "Wrong."})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "ids[0]"


@pytest.mark.parametrize("why", ["zo\0nk", " ", "z" * 2001])
def test_a_reason_that_cannot_be_kept_is_refused(ridge: Caller, why: str) -> None:
    for path in ("/banks/ridge-words/signals", "/banks/ridge-words/signals:remove"):
        body = {"signals": [], "why": why} if path.endswith("signals") else {"ids": [], "why": why}
        assert ridge.post(path, body).json()["errors"][0]["field"] == "why"
    assert ridge.patch("/banks/ridge-words", {"why": why}).status_code == 422


def test_a_bank_of_another_service_is_as_absent_as_one_that_never_was(
    cast: Cast, ridge: Caller
) -> None:
    harbour = Caller(cast.harbour)

    theirs, nobodys = harbour.get("/banks/ridge-words"), harbour.get("/banks/never-was")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.json()["detail"].replace("ridge-words", "never-was") == nobodys.json()["detail"]
    assert harbour.get("/banks").json() == {"banks": []}


def test_a_key_without_the_scope_is_refused(cast: Cast) -> None:
    assert Caller(cast.ridge, Scope.ITEMS).get("/banks").status_code == 403
