"""A service calls with its key; a key that may not be used is told why, a stranger is not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import path
from ninja import Router

from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.api import Api, StrictParser
from dutybound_server.api.problems import tell_problems
from dutybound_server.people.actions import issue_key, revoke_key
from dutybound_server.people.roles import Scope
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

router = Router(auth=ServiceKeyBearer(Scope.ITEMS))


@router.get("/whoami")
def whoami(request: ServiceRequest) -> dict[str, str]:
    return {"service": request.auth.service.slug}


test_api = Api(urls_namespace="access", docs_url=None, parser=StrictParser())
test_api.add_router("", router)
tell_problems(test_api)
urlpatterns = [path("api/test/", test_api.urls)]


def ask(token: str | None) -> tuple[int, str]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    response = Client().get("/api/test/whoami", headers=headers)
    if response.status_code == 401:
        assert response["WWW-Authenticate"] == "Bearer"
    body = response.json()
    return response.status_code, body.get("detail") or body["service"]


def test_a_key_opens_the_door_of_its_service(cast: Cast) -> None:
    _, token = issue_key(
        service=cast.harbour,
        name="app",
        scopes=[Scope.ITEMS],
        expires_at=None,
        by="system",
        now=NOW,
    )

    assert ask(token) == (200, "harbour")


def test_no_key_and_an_unknown_key_are_refused(cast: Cast) -> None:
    assert ask(None) == (401, "Send the header `Authorization: Bearer <service key>`.")
    assert ask(f"db_{'0' * 10}_{'x' * 43}") == (401, "No service has this key.")


def test_a_revoked_key_and_an_expired_one_tell_their_holder_why(cast: Cast) -> None:
    past = NOW - timedelta(days=400)
    revoked, revoked_token = issue_key(
        service=cast.ridge,
        name="old app",
        scopes=[Scope.ITEMS],
        expires_at=None,
        by="system",
        now=NOW,
    )
    revoke_key(key=revoked, by="system", now=NOW)
    _, expired_token = issue_key(
        service=cast.ridge,
        name="trial",
        scopes=[Scope.ITEMS],
        expires_at=past + timedelta(days=1),
        by="system",
        now=past,
    )

    assert ask(revoked_token) == (401, "The key 'old app' was revoked; use a new one.")
    assert ask(expired_token)[0] == 401
    # Who knows only the first part of a key learns nothing of it.
    assert ask(revoked_token[:-1] + "~")[1].startswith("A key looks like")


def test_a_key_without_the_scope_is_forbidden(cast: Cast) -> None:
    _, token = issue_key(
        service=cast.ridge,
        name="lists",
        scopes=[Scope.BANKS],
        expires_at=None,
        by="system",
        now=NOW,
    )

    assert ask(token) == (403, "The key 'lists' has no scope 'items'.")
