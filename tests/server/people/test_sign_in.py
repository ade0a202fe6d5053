"""The way in: closed to strangers, two factors, limits on guessing, and sessions that end."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoCaptureOnCommitCallbacks

from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import create_staff, reset_second_factor
from dutybound_server.people.invitations import invitation_link
from dutybound_server.people.sessions import BEGAN, SEEN
from dutybound_server.people.sign_in import SecondFactorAdapter
from tests.cast import NOW, PASSWORD, Cast

MFA = "/accounts/2fa/"
NEW_PASSWORD = "another-ridge-and-harbour"


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


def code_of(user: User) -> str:
    return str(format_hotp_value(hotp_value(secret_of(user), int(time.time()) // 30)))


def secret_of(user: User) -> str:
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return str(decrypt(stored.data["secret"]))


def sign_in(client: Client, email: str, password: str) -> str:
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    return answer.headers.get("Location", "")


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    page = client.get("/accounts/signup/").content.decode()

    assert "you do not sign up" in page
    assert "<form" not in page
    client.post(
        "/accounts/signup/",
        {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert sign_in(client, "eve@example.com", PASSWORD) == ""


def test_nobody_adds_an_address_to_set_a_password_by(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mo)
    Authenticator.objects.filter(user=cast.mo).delete()  # as in the demo, or on the first day
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()

    client.post("/accounts/email/", {"action_add": "", "email": "mallory@evil.example"})

    assert not EmailAddress.objects.filter(email="mallory@evil.example").exists()


def test_a_password_alone_does_not_sign_in(cast: Cast, client: Client) -> None:
    assert sign_in(client, cast.mo.email, PASSWORD) == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session

    client.post("/accounts/2fa/authenticate/", {"code": code_of(cast.mo)})

    assert client.session["_auth_user_id"] == str(cast.mo.pk)


def test_signing_in_and_out_leaves_no_message_on_the_page_that_follows(
    cast: Cast, client: Client
) -> None:
    sign_in(client, cast.mo.email, PASSWORD)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(cast.mo)})
    inside = client.get("/accounts/2fa/")
    client.post("/accounts/logout/")
    outside = client.get("/accounts/login/")

    assert [str(message) for message in inside.context["messages"]] == []
    assert [str(message) for message in outside.context["messages"]] == []


def test_secrets_of_authenticators_are_sealed_in_the_database(cast: Cast) -> None:
    stored = Authenticator.objects.get(user=cast.mo, type=Authenticator.Type.TOTP)

    assert len(secret_of(cast.mo)) == 32
    assert secret_of(cast.mo) not in str(stored.data)


def test_the_square_for_the_app_is_black_on_white_on_any_page(cast: Cast) -> None:
    picture = SecondFactorAdapter().build_totp_svg("otpauth://totp/mo")

    assert 'fill="white"' in picture


def test_guessing_is_stopped_for_the_person_who_is_guessed(cast: Cast, client: Client) -> None:
    for _ in range(5):
        sign_in(client, cast.mo.email, "a wrong password")

    assert sign_in(client, cast.mo.email, PASSWORD) == ""
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), cast.sena.email, PASSWORD) != ""


def test_an_invitation_sets_one_password_and_is_then_used_up(cast: Cast) -> None:
    person = create_staff(
        email="new@ridge.example", name="New", password=None, by="system", now=NOW
    )
    link = invitation_link(person).removeprefix("http://testserver")

    client = Client()
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": PASSWORD, "password2": PASSWORD})

    assert client.session["_auth_user_id"] == str(person.pk)
    assert "used already" in Client().get(link).content.decode()


def test_a_weak_password_is_refused(cast: Cast) -> None:
    person = create_staff(
        email="new@ridge.example", name="New", password=None, by="system", now=NOW
    )
    client = Client()
    address = client.get(
        invitation_link(person).removeprefix("http://testserver"), follow=True
    ).redirect_chain[-1][0]

    page = client.post(address, {"password1": "password123", "password2": "password123"})

    assert "at least 12 characters" in page.content.decode()


def test_the_last_second_factor_cannot_be_turned_off_but_an_administrator_resets_it(
    cast: Cast, client: Client
) -> None:
    sign_in(client, cast.mo.email, PASSWORD)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(cast.mo)})

    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=cast.mo, type=Authenticator.Type.TOTP).exists()

    reset_second_factor(user=cast.mo, by="system", now=NOW)
    assert client.get("/console/ridge/cases/")["Location"] == MFA


def changes_by(user: User) -> list[str]:
    own = Entry.objects.filter(actor=f"staff:{user.pk}", subject=f"staff:{user.pk}")
    return list(own.order_by("number").values_list("kind", flat=True))


def test_a_password_that_staff_set_for_themselves_stands_in_the_journal(cast: Cast) -> None:
    client = Client()
    link = invitation_link(cast.mo).removeprefix("http://testserver")
    address = client.get(link, follow=True).redirect_chain[-1][0]

    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    cast.mo.refresh_from_db()
    assert cast.mo.check_password(NEW_PASSWORD)
    assert changes_by(cast.mo) == ["staff.password_changed"]


def test_a_second_factor_that_staff_change_for_themselves_stands_in_the_journal(
    cast: Cast,
    client: Client,
    settings: LazySettings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.DEMO = True  # elsewhere the last factor stays
    sign_in(client, cast.mo.email, PASSWORD)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(cast.mo)})

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code})

    assert changes_by(cast.mo) == ["staff.second_factor_removed", "staff.second_factor_added"]


def test_a_session_ends_at_its_longest_age_however_much_it_is_used(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mo)
    client.get(MFA)
    session = client.session
    session[BEGAN] -= 12 * 60 * 60
    session.save()

    assert client.get(MFA)["Location"].startswith("/accounts/login/")


def test_use_keeps_a_session_from_going_idle_at_one_write_in_five_minutes(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mo)
    client.get(MFA)
    seen = client.session[SEEN]

    client.get(MFA)
    assert client.session[SEEN] == seen

    session = client.session
    session[SEEN] -= 301
    session.save()
    client.get(MFA)
    assert client.session[SEEN] >= seen


@pytest.mark.parametrize("is_secure", [True, False])
def test_cookies_keep_to_themselves(cast: Cast, settings: LazySettings, is_secure: bool) -> None:
    client = Client()
    with override_settings(SESSION_COOKIE_SECURE=is_secure):
        sign_in(client, cast.mo.email, PASSWORD)

    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is is_secure
    assert cookie["max-age"] == ""


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
def test_pages_before_sign_in_have_no_inline_script_or_style(client: Client, address: str) -> None:
    page = client.get(address).content.decode()

    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
    for script in re.findall(r"<script[^>]*>", page):
        assert "src=" in script or 'type="application/json"' in script


def test_without_javascript_the_page_says_that_a_password_is_enough(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()

    told = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "A password works without it" in told
