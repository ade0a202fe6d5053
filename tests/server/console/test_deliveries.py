"""The deliveries page: what the service was told, and where it hears it."""

import pytest

from dutybound_server.casework.models import Delivery, Endpoint
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn

PAGE = "/console/ridge/deliveries/"


@pytest.fixture
def delivery(cast: Cast) -> Delivery:
    make.endpoint(cast.ridge)
    make.decided_case(cast.ridge, by=cast.mo)
    return Delivery.objects.filter(event="enforcement.created").get()


def died(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        next_attempt_at=None, dead_at=NOW, last_answer="503 Service Unavailable"
    )


def test_an_auditor_reads_what_failed_and_why(
    cast: Cast, sign_in: SignIn, delivery: Delivery
) -> None:
    died(delivery)

    page = sign_in(cast.ode).get(PAGE).content.decode()

    assert "503 Service Unavailable" in page
    assert delivery.message_id in page
    assert "Not acknowledged yet" in page
    assert "Resend" not in page


def test_enforcements_about_restricted_items_are_named_to_nobody_without_the_role(
    cast: Cast, sign_in: SignIn
) -> None:
    seen = make.decided_case(cast.ridge, by=cast.mo)
    unseen = make.case(cast.ridge, harm="csea_image_csam")
    make.decide(unseen, by=cast.ren, harm="csea_image_csam")

    page = sign_in(cast.ode).get(PAGE).content.decode()

    assert seen.subject in page
    assert unseen.subject not in page


def test_a_moderator_has_no_deliveries_page(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.mo).get(PAGE).status_code == 403


def test_a_senior_moderator_resends_a_dead_message(
    cast: Cast, sign_in: SignIn, delivery: Delivery
) -> None:
    died(delivery)

    sign_in(cast.sena).post(f"{PAGE}messages/{delivery.pk}/resend/")

    delivery.refresh_from_db()
    assert delivery.dead_at is None
    assert delivery.next_attempt_at is not None


def test_a_message_on_its_way_is_not_sent_twice(
    cast: Cast, sign_in: SignIn, delivery: Delivery
) -> None:
    answer = sign_in(cast.sena).post(f"{PAGE}messages/{delivery.pk}/resend/", follow=True)

    assert "still on its way" in answer.content.decode()


def test_an_auditor_resends_nothing(cast: Cast, sign_in: SignIn, delivery: Delivery) -> None:
    died(delivery)

    answer = sign_in(cast.ode).post(f"{PAGE}messages/{delivery.pk}/resend/")

    assert answer.status_code == 403


def test_an_administrator_adds_an_address_and_sees_its_secret_once(
    cast: Cast, sign_in: SignIn
) -> None:
    ada = sign_in(cast.ada)

    answer = ada.post(f"{PAGE}endpoints/", {"url": "https://forum.example.org/hooks"})

    secret = Endpoint.objects.get().secret
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert secret not in ada.get(PAGE).content.decode()


def test_a_wrong_address_is_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.ada).post(f"{PAGE}endpoints/", {"url": "ftp://forum.example.org"})

    assert answer.status_code == 422
    assert not Endpoint.objects.exists()


def test_a_new_secret_replaces_the_old_one_and_is_shown(cast: Cast, sign_in: SignIn) -> None:
    endpoint = make.endpoint(cast.ridge)

    answer = sign_in(cast.ada).post(f"{PAGE}endpoints/{endpoint.pk}/secret/")

    new = Endpoint.objects.get().secret
    assert new != endpoint.secret
    assert new in answer.content.decode()


def test_an_address_is_stopped_with_a_reason_and_started_again(cast: Cast, sign_in: SignIn) -> None:
    ada, endpoint = sign_in(cast.ada), make.endpoint(cast.ridge)
    path = f"{PAGE}endpoints/{endpoint.pk}/"

    without_reason = ada.post(path, {"why": ""})
    ada.post(path, {"why": "It moves house."})
    stopped = Endpoint.objects.get()
    ada.post(f"{path}enable/")

    assert without_reason.status_code == 422
    assert (stopped.enabled, stopped.disabled_why) == (False, "It moves house.")
    assert Endpoint.objects.get().enabled


def test_an_address_of_another_service_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    theirs = make.endpoint(cast.harbour)

    for rest in ("", "secret/", "enable/"):
        answer = sign_in(cast.ada).post(f"{PAGE}endpoints/{theirs.pk}/{rest}", {"why": "x"})
        assert answer.status_code == 404
