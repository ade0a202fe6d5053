"""The API keeps the word of its own OpenAPI document, whatever it is sent, and never fails.

schemathesis makes requests that the document allows and requests that it does not, each with a key
of every scope in turn. `FUZZ_EXAMPLES=2000` asks for more of
each than the suite does.
"""

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dutybound_server.api.api import api
from dutybound_server.casework.actions.flaggers import issue_flagger_key
from dutybound_server.people.roles import Scope
from dutybound_server.project.wsgi import application
from tests import make
from tests.cast import Cast

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    f"{method.upper()} {path}"
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
]


@schemathesis.serializer("application/x-ndjson")
def as_lines(_: object, value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Each value of a list as a line; anything else as the only one."""
    lines = value if isinstance(value, list) else [value]
    return b"\n".join(json.dumps(line).encode() for line in lines)


@pytest.fixture(autouse=True)
def no_files_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Werkzeug's client leaves the file open in which it puts a large multipart body."""
    monkeypatch.setattr("werkzeug.test.TemporaryFile", lambda _: io.BytesIO())


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request ends without closing the connection in whose transaction the test runs."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def schema(cast: Cast) -> Any:  # noqa: ANN401 - schemathesis has no type for it
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@dataclass(frozen=True, slots=True)
class Given:
    """Keys to ask with, and what there is to be asked about."""

    keys: list[str]
    there: dict[str, dict[str, object]]
    """Path → a part of it → what the service has there."""


@pytest.fixture
def known(cast: Cast) -> Given:
    """One key with every scope, one without any, and a flagger's."""
    now = timezone.now()
    watch = make.flagger(cast.ridge, by=cast.ada, now=now)
    flagger = issue_flagger_key(flagger_id=watch.pk, name="app", by=cast.ada, now=now)[1]
    case = make.case(cast.ridge, author=cast.bram, now=now)
    decision = make.decide(case, by=cast.mo, now=now)
    concern = make.concern(cast.ridge, now=now)
    keys = [make.key(cast.ridge, scopes=list(Scope)), make.key(cast.ridge, scopes=[]), flagger]
    there: dict[str, dict[str, object]] = {
        "/api/v1/items/{item_id}": {
            "item_id": make.taken(cast.ridge, "asked", now=now).item.external_id
        },
        "/api/v1/enforcements/{uuid}/acknowledge": {"uuid": str(decision.enforcements.get().uuid)},
        "/api/v1/notices/{id}": {"id": decision.notices.get().pk},
        "/api/v1/accounts/{id}": {"id": "bram"},
        "/api/v1/flags/{reference}": {
            "reference": make.flagged(watch, "post-1", by=cast.ada, now=now).reference
        },
    }
    bank = make.bank(cast.ridge, phrases=["zonk"]).name
    for path in ("", "/signals", "/signals:remove"):
        there[f"/api/v1/banks/{{name}}{path}"] = {"name": bank}
    for path in ("", "/files"):
        there[f"/api/v1/concerns/{{reference}}{path}"] = {"reference": concern.reference}
    return Given(keys, there)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_it_answers_as_the_document_says(schema: Any, known: Given, operation: str) -> None:  # noqa: ANN401
    method, path = operation.split()
    requests = schema[path][method]
    both = [
        requests.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(both), key=st.sampled_from(known.keys), about_ours=st.booleans())
    def answers(case: Any, key: str, *, about_ours: bool) -> None:  # noqa: ANN401
        if about_ours and path in known.there:
            case.path_parameters = known.there[path]
        with undone():
            headers = {"Authorization": f"Bearer {key}"}
            case.call_and_validate(headers=headers, checks=CHECKS)

    answers()


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
