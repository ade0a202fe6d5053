"""A real browser with a real passkey, under the policy that forbids inline script."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.cache import cache
from playwright.sync_api import expect

from dutybound_server.people.invitations import invitation_link
from tests.browser.conftest import Screen
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CONSOLE = re.compile(r"/console/ridge/cases/")


@pytest.fixture(autouse=True)
def on_localhost(settings: LazySettings, screen: Screen) -> None:
    cache.clear()
    settings.ORIGIN = screen.server
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def plug_in_a_passkey(screen: Screen) -> None:
    device = screen.context.new_cdp_session(screen.page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_an_invited_person_sets_a_password_and_a_passkey_and_signs_in_with_it(
    screen: Screen, cast: Cast
) -> None:
    Authenticator.objects.filter(user=cast.mo).delete()
    plug_in_a_passkey(screen)
    page = screen.page

    page.goto(invitation_link(cast.mo))
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD + " again")
    page.get_by_role("button", name="Keep this password").click()
    page.wait_for_url(lambda url: "/password/reset/" not in url)
    # Signed in, but without a second factor every way leads to its set-up.
    page.goto("/console/ridge/cases/")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()

    page.get_by_role("link", name="Add one").click()
    page.wait_for_url(re.compile("reauthenticate|webauthn/add"))
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD + " again")
        page.locator("main button[type=submit]").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label(re.compile("passwordless", re.IGNORECASE)).check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)

    screen.context.clear_cookies()
    page.goto("/console/ridge/cases/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(CONSOLE)


def test_a_password_is_followed_by_a_second_page(screen: Screen, cast: Cast) -> None:
    page = screen.page
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(cast.mo.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url(re.compile("/accounts/2fa/authenticate/"))
    expect(page.get_by_role("button", name="Use a passkey or security key")).to_be_visible()
