from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path

from dutybound_server.people.access import StaffRequest, staff_may
from dutybound_server.people.roles import May
from tests.cast import Cast


@staff_may(May.DECIDE)
def decide(request: StaffRequest, number: int) -> HttpResponse:
    return HttpResponse(f"{request.actor} at {request.service.slug}: {number}")


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [
    path("<slug:service>/decide/<int:number>/", decide),
    path("", include("dutybound_server.project.urls")),
]
DECIDE = "/ridge/decide/7/"


@pytest.fixture(autouse=True)
def these_urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_moderator_passes_and_the_view_knows_service_and_actor(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mo)

    answer = client.get(DECIDE)

    assert answer.content.decode() == f"staff:{cast.mo.pk} at ridge: 7"


def test_a_stranger_is_sent_to_sign_in_and_back(cast: Cast) -> None:
    answer = Client().get(DECIDE)

    assert answer["Location"] == f"/accounts/login/?next={DECIDE}"


def test_a_piece_of_a_page_sends_the_whole_page_to_sign_in(cast: Cast) -> None:
    answer = Client().get(DECIDE, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"].startswith("/accounts/login/")


def test_staff_of_another_service_see_the_same_404_as_for_no_service(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.vic)

    assert client.get(DECIDE).status_code == 404
    assert client.get("/nowhere/decide/7/").status_code == 404


def test_a_member_without_the_permission_is_told_so(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ode)

    assert client.get(DECIDE).status_code == 403


def test_without_a_second_factor_only_its_set_up_can_be_reached(cast: Cast) -> None:
    Authenticator.objects.filter(user=cast.mo).delete()
    client = Client()
    client.force_login(cast.mo)

    assert client.get(DECIDE)["Location"] == "/accounts/2fa/"
    with override_settings(DEMO=True):
        assert client.get(DECIDE).status_code == 200
