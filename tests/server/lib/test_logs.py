import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from dutybound_server.lib.logs import JsonLines, current_request, without_secrets
from dutybound_server.people.actions import issue_key
from dutybound_server.people.roles import Scope
from tests.cast import NOW, PASSWORD, Cast


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that this process logs, as it would be written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def test_a_line_is_one_json_object_that_names_its_request(lines: io.StringIO) -> None:
    token = current_request.set("abc12345")
    logging.getLogger("dutybound.test").warning("two\nlines of %s", "text", extra={"count": 3})
    current_request.reset(token)

    line = json.loads(lines.getvalue())
    assert line["message"] == "two\nlines of text"
    assert (line["level"], line["request"], line["count"]) == ("warning", "abc12345", 3)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key db_0123456789_" + "s" * 43 + " is bad", "s" * 43),
        ("whsec_" + "d2h5" * 8, "d2h5"),
        ("Cookie: sessionid=abcdefgh; x=1", "abcdefgh"),
        ("DETAIL: password='hunter2'", "hunter2"),
        ("Authorization: Bearer opensesame", "opensesame"),
        ("Not Found: /notice/tokentoken/", "tokentoken"),
        ("GET /accounts/password/reset/key/1-setmypassword/", "setmypassword"),
        ("connecting to postgres://dutybound:hunter2@db/safety", "hunter2"),
    ],
)
def test_shapes_of_secrets_are_taken_out(text: str, secret: str) -> None:
    assert secret not in without_secrets(text)


def test_no_secret_of_a_session_reaches_the_log(cast: Cast, lines: io.StringIO) -> None:
    _, token = issue_key(
        service=cast.ridge, name="k", scopes=[Scope.ITEMS], expires_at=None, by="system", now=NOW
    )
    client = Client(raise_request_exception=False)

    client.post("/accounts/login/", {"login": cast.mo.email, "password": PASSWORD})
    client.force_login(cast.mo)
    client.get("/accounts/2fa/?password=" + PASSWORD)
    client.get("/notice/a-secret-notice-token/")
    client.get("/api/v1/nothing", headers={"Authorization": f"Bearer {token}"})
    client.get("/api/v1/nothing", headers={"Authorization": f"Bearer {token}x"})

    text = lines.getvalue()
    assert text.count('"logger": "dutybound.requests"') == 5
    secrets = (PASSWORD, token[14:], client.cookies["sessionid"].value, "a-secret-notice-token")
    assert [secret for secret in secrets if secret in text] == []
