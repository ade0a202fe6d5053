"""A service passes on what people tell it, and asks where that stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.item_tokens import read_item_token
from dutybound_server.casework.models import Case, Concern
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Scope
from tests import make
from tests.cast import NOW, Cast

Post = Callable[..., Any]


def client_of(service: Service, scope: Scope = Scope.CONCERNS) -> Client:
    return Client(headers={"authorization": f"Bearer {make.key(service, scopes=[scope])}"})


@pytest.fixture
def ridge(cast: Cast) -> Client:
    return client_of(cast.ridge)


def post(client: Client, what: str, body: dict[str, Any], **more: Any) -> Any:  # noqa: ANN401
    return client.post(f"/api/v1/{what}", body, content_type="application/json", **more)


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("reports", {}, "words"),
        ("reports", {"words": "x", "kind": "duties"}, "kind"),
        ("reports", {"words": "x", "harm": "zonk"}, "harm"),
        ("reports", {"words": "x", "email": "nobody"}, "email"),
        ("reports", {"words": "x", "subjects": [{"id": " "}]}, "subjects[0].id"),
        ("reports", {"words": "x", "hashes": [{"value": "f" * 63, "quality": 1}]},
         "hashes[0].value"),
        ("reports", {"words": "x" * 20_001}, "words"),
        ("reports", {"words": "a\0b"}, "words"),
        ("reports", {"words": "x", "account": "a\0b"}, "account"),
        ("reports", {"words": "x", "request_id": "a\0b"}, "request_id"),
        ("complaints", {"words": "x", "kind": "duties", "about": "a\0b"}, "about"),
        ("reports", {"words": "x", "colour": "red"}, "colour"),
        ("complaints", {"words": "x", "kind": "expedited"}, "about"),
        ("complaints", {"words": "x", "kind": "duties", "about": "nothing"}, "about"),
        ("complaints", {"words": "x", "kind": "category_1_news"}, "kind"),
        ("report-links", {"subject": {"kind": "address", "id": "x"}}, "subject.kind"),
        ("report-links", {"subject": {"id": "x"}, "days": 31}, "days"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_names_its_field_and_leaves_nothing(
    ridge: Client, what: str, body: dict[str, Any], field: str
) -> None:
    answer = post(ridge, what, body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Concern.objects.exists()


def test_a_report_is_received_once_and_its_receipt_leads_to_its_page(
    cast: Cast, ridge: Client
) -> None:
    item = make.item(cast.ridge, text="zonk")
    body = {
        "words": "This is cruel.",
        "subjects": [{"id": item.external_id}],
        "account": "bram",
        "request_id": "r1",
    }

    first, again = post(ridge, "reports", body), post(ridge, "reports", body)
    other = post(ridge, "reports", {**body, "words": "Something else."})

    elsewhere = post(ridge, "reports", {**body, "subjects": [{"id": "post-2"}]})

    concern = Concern.objects.get()
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert elsewhere.status_code == 409
    assert first.json() == again.json()
    assert first.json()["url"] == f"http://testserver/told/{concern.token}/"
    assert concern.account == cast.bram
    assert Case.objects.get().item == item


def test_the_header_for_repeats_does_as_well(ridge: Client) -> None:
    key = {"headers": {"idempotency-key": "k1"}}

    answers = [post(ridge, "reports", {"words": "This is cruel."}, **key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert Concern.objects.get().request_id == "k1"


def test_a_service_reads_where_what_it_passed_on_stands(cast: Cast, ridge: Client) -> None:
    item = make.item(cast.ridge, text="zonk")
    told = {"words": "This is cruel.", "subjects": [{"id": item.external_id}]}
    receipt = post(ridge, "reports", told).json()
    address = f"/api/v1/concerns/{receipt['reference']}"
    before = ridge.get(address).json()

    make.decide(Case.objects.get(), by=cast.mo)

    after = ridge.get(address).json()
    assert (before["state"], before["outcome"]) == ("waiting", None)
    assert (after["state"], after["outcome"]) == ("decided", "acted")
    assert after["subjects"] == [{"kind": "item", "id": item.external_id}]
    assert "cruel" not in str(after)


def test_another_service_finds_nothing_of_it(cast: Cast, ridge: Client) -> None:
    receipt = post(ridge, "reports", {"words": "This is cruel."}).json()
    harbour = client_of(cast.harbour)

    answers = [
        harbour.get(f"/api/v1/concerns/{receipt['reference']}"),
        harbour.get("/api/v1/concerns/nothing"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].json() == answers[1].json()
    about_it = {"words": "x", "kind": "duties", "about": receipt["reference"]}
    assert post(harbour, "complaints", about_it).status_code == 422
    assert client_of(cast.ridge, Scope.ITEMS).get("/api/v1/concerns").status_code == 403


def test_the_list_keeps_restricted_harms_back_but_for_what_the_service_passed_on(
    cast: Cast, ridge: Client
) -> None:
    plain = make.concern(cast.ridge)
    make.concern(cast.ridge, harm="csea_image_csam")
    own = make.concern(cast.ridge, harm="csea_image_csam", channel="api", request_id="r1")
    # Listed once no transaction that began earlier can still bring a smaller number.
    make.concern(cast.ridge, now=timezone.now() - timedelta(minutes=4))

    page = ridge.get("/api/v1/concerns").json()

    assert [one["reference"] for one in page["concerns"]] == [plain.reference, own.reference]
    assert [one["url"] is None for one in page["concerns"]] == [True, False]
    assert (page["concerns"][1]["harm"], page["concerns"][1]["subjects"]) == ("", [])
    assert ridge.get(f"/api/v1/concerns?after={page['next']}").json()["concerns"] == []


def test_files_are_added_until_it_is_decided(cast: Cast, ridge: Client) -> None:
    receipt = post(ridge, "reports", {"words": "This is cruel."}).json()
    address = f"/api/v1/concerns/{receipt['reference']}/files"
    file = SimpleUploadedFile("shot.svg", b"<svg onload='x()'/>", "image/svg+xml")

    assert ridge.post(address, {}).status_code == 422
    assert ridge.post(address, "{}", content_type="application/json").status_code == 415
    assert ridge.post(address, {"one": file}).status_code == 201

    attachment = Concern.objects.get().attachments.get()
    assert (attachment.name, attachment.size) == ("shot.svg", 19)
    make.decide(Case.objects.get(), by=cast.mo)
    file.seek(0)
    assert ridge.post(address, {"one": file}).status_code == 409


def test_a_link_says_what_is_reported(cast: Cast, ridge: Client) -> None:
    body = {"subject": {"id": "post-1"}, "title": "On the ridge", "reporter": "bram", "days": 1}

    link = post(ridge, "report-links", body).json()

    token = read_item_token(desk_of(cast.ridge), link["url"].partition("item=")[2], NOW)
    assert (token.subject.id, token.title, token.reporter) == ("post-1", "On the ridge", "bram")
