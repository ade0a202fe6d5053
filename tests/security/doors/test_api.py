"""The API: each operation opens to keys of one scope, and to what is the key's own service's."""

import json
from typing import Any

import pytest

from dutybound_server.api.api import api
from dutybound_server.people.roles import Scope
from tests import make
from tests.security.doors.addresses import PARTS, absent, address, rows
from tests.security.doors.conftest import World
from tests.security.doors.table import API
from tests.security.doors.visits import Visit, Visitor

pytestmark = pytest.mark.django_db

KEYS = {name: who["keys"] for name, who in rows(API).items()}
SCOPES = {"i": Scope.ITEMS, "b": Scope.BANKS, "e": Scope.ENFORCEMENTS, "c": Scope.CONCERNS}
OPERATIONS = {
    operation["operationId"]: method.upper()
    for methods in api.get_openapi_schema()["paths"].values()
    for method, operation in methods.items()
}
OPEN_TO_ALL = {"openapi-json", "api-root"}
WHY = {"why": "We look at it anew."}
BODIES: dict[str, Any] = {
    "change_bank": WHY,
    "add_signals": {"signals": [], **WHY},
    "remove_signals": {"ids": [1], **WHY},
}
"""What is sent where an operation reads the body before it looks for what it is about."""
VARY = frozenset({"item_id", "name", "uuid", "id", "reference"})


@pytest.fixture(scope="module")
def keys(world: World) -> dict[str, Visitor]:
    """A key of Ridge Forum for each scope, and its flagger's."""
    service = world.ridge.service
    made = {
        letter: Visitor(key=make.key(service, scopes=[scope])) for letter, scope in SCOPES.items()
    }
    return {**made, "f": Visitor(key=world.ridge.flagger_key)}


def ask(visitor: Visitor, world: World, operation: str, **changes: object) -> Visit:
    sent: dict[str, Any] = {}
    if operation in BODIES:
        sent = {"data": json.dumps(BODIES[operation]), "content_type": "application/json"}
    if operation == "post_concern_files":
        sent = {"data": b"--x--", "content_type": "multipart/form-data; boundary=x"}
    here = address(f"api:{operation}", world.ridge, **changes)
    return visitor.ask(OPERATIONS[operation], here, **sent)


def test_every_operation_is_in_the_table() -> None:
    paths = {name.partition(":")[2] for name in PARTS if name.startswith("api:")}

    assert set(OPERATIONS) == set(KEYS)
    assert paths - OPEN_TO_ALL == set(KEYS)


@pytest.mark.parametrize("letter", [*SCOPES, "f"])
def test_a_key_opens_what_its_scope_is_for_and_nothing_else(
    world: World, keys: dict[str, Visitor], letter: str
) -> None:
    for operation, needed in KEYS.items():
        visit = ask(keys[letter], world, operation)
        other_sort = "f" in {letter, needed}
        refused = "who?" if other_sort else "refused"
        assert visit.outcome == ("opens" if letter == needed else refused), operation
        if letter != needed:
            assert visit.written == []


@pytest.mark.parametrize("who", ["nobody", "administrator", "flagger", "staff of another service"])
def test_without_a_key_nobody_is_known_whatever_their_session(world: World, who: str) -> None:
    visits = {operation: ask(world.people[who], world, operation) for operation in KEYS}

    assert {visit.outcome for visit in visits.values()} == {"who?"}
    assert not any(visit.written for visit in visits.values())
    assert all(visit.answer["WWW-Authenticate"] == "Bearer" for visit in visits.values())


def test_what_another_service_has_is_as_absent_as_what_nobody_has(
    world: World, keys: dict[str, Visitor]
) -> None:
    about = [name for name in KEYS if PARTS[f"api:{name}"] & VARY]
    for operation in about:
        (part,) = PARTS[f"api:{operation}"]
        theirs = world.harbour.arguments(f"api:{operation}")[part]
        nobodys = absent(theirs) if part != "uuid" else "00000000-0000-4000-8000-000000000000"
        key = keys[KEYS[operation]]

        found = [ask(key, world, operation, **{part: value}) for value in (theirs, nobodys)]

        assert [visit.outcome for visit in found] == ["absent", "absent"], operation
        assert len({_said(visit, theirs, nobodys) for visit in found}) == 1, operation
        assert not any(visit.written for visit in found)
    assert len(about) >= 10


def _said(visit: Visit, *named: object) -> str:
    text = visit.answer.content.decode()
    for one in named:
        text = text.replace(str(one), "…")
    return str(text)
