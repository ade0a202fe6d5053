"""Staff sign in as a person does, with and without JavaScript; a test client skips CSRF."""

import pytest

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
