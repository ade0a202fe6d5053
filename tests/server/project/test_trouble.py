"""Database gone, disk full: a clear answer at every door, and no hands needed afterwards."""

import errno

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from dutybound_server.people.actions import create_service
from dutybound_server.project.health import server_error
from tests.cast import NOW


def gone(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection to server failed: password=hunter2")


def full(request: HttpRequest) -> HttpResponse:
    raise OSError(errno.ENOSPC, "No space left on device")


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a fault of our own")


def write(request: HttpRequest) -> HttpResponse:
    create_service(slug=request.GET["slug"], name="n" * 90, by="system", now=NOW)
    return HttpResponse("stored")


urlpatterns = [
    path("gone", gone),
    path("full", full),
    path("broken", broken),
    path("write", write),
    path("api/gone", gone),
    path("api/broken", broken),
]
handler500 = server_error
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/gone", "/full"])
def test_a_page_says_that_nothing_was_stored_and_when_to_come_back(
    client: Client, address: str
) -> None:
    answer = client.get(address)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Nothing you sent was stored" in answer.content.decode()
    assert "hunter2" not in answer.content.decode()


def test_the_api_says_it_as_a_problem_document(client: Client) -> None:
    answer = client.get("/api/gone")

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "5"


def test_a_fault_of_our_own_stays_a_500(client: Client) -> None:
    assert client.get("/broken").status_code == 500
    assert client.get("/api/broken").json()["status"] == 500


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_full_sqlite_answers_503_and_serves_again_when_there_is_room(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        answers = [client.get(f"/write?slug=s{n}").status_code for n in range(200)]
        cursor.execute("PRAGMA max_page_count = 1073741823")

    assert answers[-1] == 503
    assert set(answers) <= {200, 503}
    assert client.get("/write?slug=after").status_code == 200


def test_the_503_page_needs_no_database(client: Client) -> None:
    with connection.execute_wrapper(_refuse), override_settings(SESSION_COOKIE_NAME="sessionid"):
        client.cookies["sessionid"] = "x" * 32
        assert client.get("/gone").status_code == 503


def _refuse(*_: object) -> None:
    raise OperationalError("no database")
