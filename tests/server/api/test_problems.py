"""Every refusal is a problem document that names the field and what was expected."""

import errno
import json
from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from ninja import Router, Schema
from pydantic import BaseModel, Field

from dutybound_server.api.api import Api, StrictParser
from dutybound_server.api.problems import Problem, field_path, tell_problems

pytestmark = pytest.mark.urls(__name__)

router = Router()


class Tree(BaseModel):
    age: int = 0
    bears: bool = True


class Fruit(Schema, extra="forbid"):
    name: Annotated[str, Field(min_length=1)]
    seeds: list[Annotated[int, Field(ge=0)]] = []
    tree: Tree | None = None
    ripe_at: datetime | None = None
    skin: Literal["green", "red"] = "green"


@router.post("/fruit")
def post_fruit(request: HttpRequest, fruit: Fruit) -> dict[str, str]:
    return {"name": fruit.name}


@router.get("/fruit/{number}")
def get_fruit(request: HttpRequest, number: int) -> dict[str, str]:
    raise {
        1: Problem(409, "It is another fruit."),
        2: OperationalError("database is locked"),
        3: OSError(errno.ENOSPC, "No space left on device"),
        4: RuntimeError("a fault of our own"),
    }[number]


test_api = Api(urls_namespace="problems", docs_url=None, parser=StrictParser())
test_api.add_router("", router)
tell_problems(test_api)
urlpatterns = [path("api/test/", test_api.urls)]


def post(body: str, content_type: str = "application/json") -> dict[str, Any]:
    return problem_of(Client().post("/api/test/fruit", body, content_type=content_type))


def get(address: str) -> dict[str, Any]:
    return problem_of(Client(raise_request_exception=False).get(address))


def problem_of(response: Any) -> dict[str, Any]:  # noqa: ANN401 - the test client's own
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == response.status_code
    return document


def test_a_field_of_the_wrong_type_is_named_by_its_path() -> None:
    document = post('{"name": "fig", "seeds": [1, "many"]}')

    assert document["status"] == 422
    assert [error["field"] for error in document["errors"]] == ["seeds[1]"]
    assert document["errors"][0]["expected"] == "a whole number"
    assert document["detail"] == "seeds[1]: expected a whole number"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": 7}, "text"),
        ({"name": ""}, "1 or more characters"),
        ({"name": "fig", "seeds": "many"}, "a list"),
        ({"name": "fig", "seeds": [-1]}, "at least 0"),
        ({"name": "fig", "tree": "oak"}, "an object"),
        ({"name": "fig", "tree": {"age": 1.5}}, "a whole number"),
        ({"name": "fig", "tree": {"bears": "perhaps"}}, "true or false"),
        ({"name": "fig", "ripe_at": "soon"}, "a date and time such as 2026-11-22T10:00:00Z"),
        ({"name": "fig", "skin": "blue"}, "'green' or 'red'"),
        (["fig"], "an object"),
    ],
)
def test_what_was_expected_is_told_in_plain_words(body: object, expected: str) -> None:
    document = post(json.dumps(body))

    assert [error["expected"] for error in document["errors"]] == [expected]
    assert document["detail"].endswith(f": expected {expected}")


def test_a_missing_field_and_an_unknown_one_are_both_named() -> None:
    document = post('{"nam": "fig"}')

    assert {error["field"]: error["expected"] for error in document["errors"]} == {
        "name": "is required",
        "nam": "is not a field of this object",
    }


def test_malformed_json_tells_the_position() -> None:
    document = post('{"name": fig}')

    assert document["status"] == 400
    assert "line 1 column" in document["detail"]


def test_a_body_that_is_not_json_is_refused_as_such() -> None:
    assert post("name=fig", "text/csv")["status"] == 415


def test_a_bad_path_parameter_is_named() -> None:
    assert get("/api/test/fruit/fig")["errors"][0]["field"] == "number"


def test_a_refusal_from_below_keeps_its_reason() -> None:
    document = get("/api/test/fruit/1")

    assert (document["status"], document["detail"]) == (409, "It is another fruit.")


@pytest.mark.parametrize("number", [2, 3])
def test_a_database_or_disk_that_fails_is_a_503_that_says_when_to_come_back(number: int) -> None:
    response = Client().get(f"/api/test/fruit/{number}")

    assert problem_of(response)["status"] == 503
    assert response["Retry-After"] == "5"


def test_a_fault_of_our_own_is_a_problem_without_its_inside() -> None:
    document = get("/api/test/fruit/4")

    assert document["status"] == 500
    assert "RuntimeError" not in str(document)


def test_an_unknown_address_and_a_wrong_method_are_problems_too() -> None:
    assert get("/api/test/nowhere")["status"] == 404
    response = Client().delete("/api/test/fruit")
    assert problem_of(response)["status"] == 405
    assert response["Allow"] == "POST"


def test_an_address_with_a_nul_is_absent() -> None:
    assert get("/api/test/fruit/a%00b")["status"] == 404


def test_a_path_reads_as_one_would_write_it() -> None:
    assert field_path(("media", 0, "data")) == "media[0].data"
    assert field_path(()) == "body"
