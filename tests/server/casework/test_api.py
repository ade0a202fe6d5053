"""What a service pulls: what to do, what its accounts are told, and appeals it passes on."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.models import Appeal, Decision, Notice
from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import issue_key
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Scope
from tests import make
from tests.cast import NOW, Cast

Call = Callable[..., Any]


def client_of(service: Service, *scopes: Scope) -> Client:
    _, token = issue_key(
        service=service,
        name="forum",
        scopes=scopes or [Scope.ENFORCEMENTS],
        expires_at=None,
        by="system",
        now=NOW,
    )
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def ridge(cast: Cast) -> Client:
    return client_of(cast.ridge)


@pytest.fixture
def harbour(cast: Cast) -> Client:
    return client_of(cast.harbour)


@pytest.fixture
def decisions(cast: Cast) -> list[Decision]:
    cases = [make.case(cast.ridge, author=cast.bram) for _ in range(3)]
    return [make.decide(case, by=cast.mo) for case in cases]


def test_a_service_pulls_enforcements_in_order_and_each_once(
    decisions: list[Decision], ridge: Client
) -> None:
    pulled, after = [], 0
    while page := ridge.get(f"/api/v1/enforcements?after={after}&limit=2").json():
        if not page["enforcements"]:
            break
        pulled += page["enforcements"]
        after = page["next"]

    expected = [str(decision.enforcements.get().uuid) for decision in decisions]
    assert [one["id"] for one in pulled] == expected
    first = pulled[0]
    assert first["kind"] == "take_down"
    assert first["subject"]["id"] == decisions[0].case.subject
    assert (first["rule"], first["acknowledged_at"]) == ("Be kind", None)


def test_an_undone_decision_is_pulled_as_what_takes_the_first_back(
    cast: Cast, decisions: list[Decision], ridge: Client
) -> None:
    last = decisions[-1].enforcements.get()
    undo_decision(decision_id=decisions[-1].id, by=cast.mo, now=NOW)

    (undo,) = ridge.get(f"/api/v1/enforcements?after={last.id}").json()["enforcements"]

    assert (undo["kind"], undo["undoes"]) == ("hold", str(last.uuid))


def test_an_acknowledgement_counts_once(decisions: list[Decision], ridge: Client) -> None:
    address = f"/api/v1/enforcements/{decisions[0].enforcements.get().uuid}/acknowledge"

    first, second = ridge.post(address), ridge.post(address)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert first.json()["acknowledged_at"] is not None
    assert Entry.objects.filter(kind="enforcement.acknowledged").count() == 1


def test_another_service_sees_and_acknowledges_nothing(
    decisions: list[Decision], harbour: Client
) -> None:
    uuid = decisions[0].enforcements.get().uuid
    notice = Notice.objects.filter(decision=decisions[0]).get()

    assert harbour.get("/api/v1/enforcements").json() == {"enforcements": [], "next": 0}
    assert harbour.get("/api/v1/notices").json() == {"notices": [], "next": 0}
    answers = [
        harbour.post(f"/api/v1/enforcements/{uuid}/acknowledge"),
        harbour.post(f"/api/v1/enforcements/{uuid4()}/acknowledge"),
        harbour.get(f"/api/v1/notices/{notice.pk}"),
        harbour.post(
            "/api/v1/appeals",
            {"notice": notice.pk, "grounds": "Please."},
            content_type="application/json",
        ),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].json() == answers[1].json()
    assert not Appeal.objects.exists()


def test_a_service_reads_what_its_accounts_are_told(
    decisions: list[Decision], ridge: Client
) -> None:
    page = ridge.get("/api/v1/notices?limit=2").json()
    rest = ridge.get(f"/api/v1/notices?after={page['next']}").json()

    assert (len(page["notices"]), len(rest["notices"])) == (2, 1)
    one = page["notices"][0]
    assert (one["account"], one["kind"], one["appeal"]) == ("bram", "decided", "possible")
    assert one["words"].startswith(decisions[0].statement)
    token = Notice.objects.get(id=one["id"]).token
    assert one["url"] == f"http://testserver/notice/{token}/"
    assert ridge.get(f"/api/v1/notices/{one['id']}").json() == one


def test_a_service_passes_an_appeal_on_once(decisions: list[Decision], ridge: Client) -> None:
    notice = Notice.objects.filter(decision=decisions[0]).get()
    body = {"notice": notice.pk, "grounds": "It was satire."}

    first = ridge.post("/api/v1/appeals", body, content_type="application/json")
    again = ridge.post("/api/v1/appeals", body, content_type="application/json")

    assert first.status_code == 201
    assert again.status_code == 409
    assert again["Content-Type"] == "application/problem+json"
    assert "appealed already" in again.json()["detail"]
    assert Entry.objects.get(kind="appeal.lodged").actor == "service:ridge"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"notice": 0, "grounds": "x"}, "notice"),
        ({"notice": 1, "grounds": "  "}, "grounds"),
        ({"notice": 1, "grounds": "x" * 5001}, "grounds"),
        ({"notice": 1}, "grounds"),
        ({"notice": 1, "grounds": "x", "why": "y"}, "why"),
    ],
)
def test_a_malformed_appeal_names_its_field(
    ridge: Client, body: dict[str, Any], field: str
) -> None:
    answer = ridge.post("/api/v1/appeals", body, content_type="application/json")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/enforcements?after=-1",
        "/api/v1/enforcements?limit=0",
        "/api/v1/notices?after=x",
        f"/api/v1/notices/{2**63}",
    ],
)
def test_numbers_out_of_range_are_refused(ridge: Client, address: str) -> None:
    assert ridge.get(address).status_code == 422


def test_a_key_for_something_else_may_not_pull(cast: Cast) -> None:
    client = client_of(cast.ridge, Scope.ITEMS)

    assert client.get("/api/v1/enforcements").status_code == 403
    assert Client().get("/api/v1/notices").status_code == 401
