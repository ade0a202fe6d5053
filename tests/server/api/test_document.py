"""The OpenAPI document is a product: stable, complete, and the page in docs says the same."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from dutybound_server.api.item_schemas import ANSWER_EXAMPLE, AnswerOut
from dutybound_server.api.reference import api_reference

DOCS = Path(__file__).parents[3] / "docs/reference/api.md"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    answer: Any = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for methods in document["paths"].values() for each in methods.values()]


def references(node: object) -> set[str]:
    if isinstance(node, dict):
        found = {node["$ref"]} if "$ref" in node else set()
        return found.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


def test_it_is_openapi_3_1_and_has_no_page_of_its_own(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert Client().get("/api/v1/docs").status_code == 404


def test_every_operation_has_an_id_of_its_own_and_says_what_a_refusal_is(
    document: dict[str, Any],
) -> None:
    counts = Counter(operation["operationId"] for operation in operations(document))
    assert set(counts.values()) == {1}
    assert all("default" in operation["responses"] for operation in operations(document))
    assert all(operation["security"] for operation in operations(document))


def test_the_ids_of_items_do_not_drift(document: dict[str, Any]) -> None:
    assert {
        operation["operationId"]
        for operation in operations(document)
        if operation["tags"] == ["Items"]
    } == {"post_item", "post_items", "get_item"}


def test_every_shape_that_is_named_is_there(document: dict[str, Any]) -> None:
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= names


def test_the_example_of_an_answer_is_one() -> None:
    assert AnswerOut.model_validate(ANSWER_EXAMPLE).model_dump() == ANSWER_EXAMPLE


def test_the_page_in_docs_is_as_the_document_says() -> None:
    assert DOCS.read_text() == api_reference(), "run `dutybound manage write_api_reference`"


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    call_command("write_api_reference", str(tmp_path / "api.md"), verbosity=0)

    assert (tmp_path / "api.md").read_text() == api_reference()
