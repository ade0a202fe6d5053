"""The forms of the public pages, filled in and sent as a person does; a test client skips CSRF."""

import pytest

from dutybound_server.casework.models import Appeal, Notice
from tests.browser.conftest import Screen, World

pytestmark = pytest.mark.browser
PASSWORD = "a long walk along the ridge"


@pytest.fixture(params=["screen", "screen_without_javascript"])
def either(request: pytest.FixtureRequest) -> Screen:
    found: Screen = request.getfixturevalue(request.param)
    return found


def test_staff_sign_in_with_their_password(either: Screen, world: World) -> None:
    world.cast.mo.set_password(PASSWORD)
    world.cast.mo.save()
    page = either.page

    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(world.cast.mo.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()

    assert "/login" not in page.url


def test_an_author_appeals_in_their_own_words(either: Screen, world: World) -> None:
    notice = Notice.objects.get(decision__case=world.decided)
    page = either.page

    page.goto(f"/notice/{notice.token}/")
    page.get_by_role("link", name="Appeal").click()
    page.get_by_role("textbox").fill("It was satire.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my appeal").click()
    page.wait_for_url("**/appeal/sent/")

    assert Appeal.objects.get(notice=notice).grounds == "It was satire."
