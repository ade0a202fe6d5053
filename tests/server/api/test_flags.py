"""A trusted flagger's own system: it reports, asks what came of it, and reads its record."""

import base64
from typing import Any

import pytest
from django.test import Client

from dutybound_server.casework.actions.flaggers import end_flagger, issue_flagger_key
from dutybound_server.casework.models import Attachment, Case, Concern, Flagger
from tests import make
from tests.cast import NOW, Cast

FLAG: dict[str, Any] = {
    "request_id": "r1",
    "harm": "fraud",
    "words": "It takes money and sends nothing.",
    "subjects": [{"kind": "item", "id": "post-1"}],
}


@pytest.fixture
def watch(cast: Cast) -> Flagger:
    return make.flagger(cast.ridge, by=cast.ada, first_in_queue=True)


def client_of(flagger: Flagger, cast: Cast) -> Client:
    _, token = issue_flagger_key(flagger_id=flagger.pk, name="Robot", by=cast.ada, now=NOW)
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def robot(cast: Cast, watch: Flagger) -> Client:
    return client_of(watch, cast)


def post(client: Client, **changes: object) -> Any:  # noqa: ANN401 - Django's answer
    return client.post("/api/v1/flags", {**FLAG, **changes}, content_type="application/json")


def test_a_services_key_is_no_flaggers_and_a_flaggers_no_services(
    cast: Cast, robot: Client
) -> None:
    service = Client(headers={"authorization": f"Bearer {make.key(cast.ridge)}"})

    assert post(service).status_code == 401
    assert "dbf_" in post(service).json()["detail"]
    assert robot.get("/api/v1/enforcements").status_code == 401
    assert not Concern.objects.exists()


def test_what_no_database_stores_names_its_field(robot: Client) -> None:
    file = {"name": "a.png", "content_type": "image/\0png", "data": "aaaa"}

    answers = [post(robot, request_id="a\0b"), post(robot, files=[file])]

    fields = [answer.json()["errors"][0]["field"] for answer in answers]
    assert fields == ["request_id", "files[0].content_type"]
    assert not Concern.objects.exists()


def test_an_ended_flagger_is_told_so(cast: Cast, watch: Flagger, robot: Client) -> None:
    end_flagger(flagger_id=watch.pk, why="They closed.", by=cast.ada, now=NOW)

    answer = post(robot)

    assert (answer.status_code, answer.json()["detail"]) == (
        401,
        "The arrangement with Fraud Watch has ended.",
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subjects": []}, "subjects"),
        ({"subjects": [{"kind": "thing", "id": "1"}]}, "subjects[0].kind"),
        ({"subjects": [{"kind": "item", "id": " "}]}, "subjects[0].id"),
        ({"subjects": [{"kind": "item", "id": "a\0"}]}, "subjects"),
        ({"words": ""}, "words"),
        ({"words": "a\0"}, "words"),
        ({"words": "z" * 20_001}, "words"),
        ({"harm": "gossip"}, "harm"),
        ({"kind": "intimate_image"}, "kind"),
        ({"request_id": "z" * 41}, "request_id"),
        ({"files": [{"name": "a.png", "data": "no base64"}]}, "files[0].data"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    robot: Client, changes: dict[str, object], field: str
) -> None:
    answer = post(robot, **changes)

    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["errors"]]
    assert not Concern.objects.exists()


def test_a_report_is_received_once_followed_and_learnt_of(cast: Cast, robot: Client) -> None:
    make.item(cast.ridge, external_id="post-1", author=cast.bram)
    file = {"name": "page.svg", "data": base64.b64encode(b"<svg onload='x'/>").decode()}

    first = post(robot, files=[file])
    again = post(robot, files=[file])
    other = post(robot, words="Something else.")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    flag = first.json()
    assert again.json()["reference"] == flag["reference"]
    assert flag["subjects"] == [{"kind": "item", "id": "post-1", "state": "waiting"}]
    assert Attachment.objects.count() == 1

    make.decide(Case.objects.get(subject="post-1"), by=cast.mo)

    told = robot.get(f"/api/v1/flags/{flag['reference']}").json()
    assert told["subjects"][0]["state"] == "take_down"
    page = robot.get(f"/api/v1/flags?after={flag['number'] - 1}").json()
    assert ([one["reference"] for one in page["flags"]], page["next"]) == (
        [flag["reference"]],
        flag["number"],
    )


def test_a_flagger_sees_no_report_of_another(cast: Cast, robot: Client) -> None:
    reference = post(robot).json()["reference"]
    other = client_of(make.flagger(cast.ridge, by=cast.ada, name="Police", kind="police"), cast)

    assert other.get(f"/api/v1/flags/{reference}").status_code == 404
    assert other.get("/api/v1/flags").json()["flags"] == []


def test_its_arrangement_and_its_record_are_there_to_read(cast: Cast, robot: Client) -> None:
    make.item(cast.ridge, external_id="post-1")
    post(robot)
    make.decide(Case.objects.get(subject="post-1"), by=cast.mo)

    record = robot.get("/api/v1/flagger").json()

    assert (record["respond_within_hours"], record["first_in_queue"]) == (24, True)
    assert (record["things_decided"], record["things_acted_on"], record["share"]) == (1, 1, 1)
    assert record["says_little"]
    assert 0.2 < record["share_from"] < 0.21
