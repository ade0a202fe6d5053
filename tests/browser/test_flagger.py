"""A trusted flagger at its desk: by keyboard alone, and without JavaScript."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dutybound_server.casework.models import Case, Concern
from tests import make
from tests.browser.conftest import Screen
from tests.browser.test_pages import seen_from_all_sides
from tests.cast import Cast

pytestmark = pytest.mark.browser
DESK = "/flagger/ridge/fraud-watch/"


@pytest.fixture
def fay(transactional_db: None, cast: Cast) -> User:
    watch = make.flagger(cast.ridge, by=cast.ada, first_in_queue=True, now=timezone.now())
    return make.flagger_person(watch, by=cast.ada, now=timezone.now())


def test_a_flagger_reports_by_keyboard_and_learns_what_came_of_it(
    screen: Screen, cast: Cast, fay: User
) -> None:
    page, press = screen.page, screen.page.keyboard
    screen.sign_in(fay)
    page.goto("/console/")
    assert page.url.endswith(DESK)

    page.get_by_role("link", name="Report something").focus()
    press.press("Enter")
    page.get_by_label("What is it about?").focus()
    press.type("post-1\nhttps://ridge.example/shop/9")
    press.press("Tab")
    press.type("Fraud")
    press.press("Tab")
    press.press("Tab")
    press.type("It takes money and sends nothing.")
    press.press("Tab")
    press.press("Enter")

    page.get_by_role("heading", name="Report").wait_for()
    assert Concern.objects.get().harm == "fraud"
    make.decide(Case.objects.get(subject="post-1"), by=cast.mo, now=timezone.now())
    page.reload()
    assert page.get_by_text("taken down").is_visible()


def test_without_javascript_what_is_wrong_is_said_and_nothing_is_lost(
    screen_without_javascript: Screen, fay: User
) -> None:
    page = screen_without_javascript.page
    screen_without_javascript.sign_in(fay)
    page.goto(f"{DESK}new/")
    page.get_by_label("What is wrong, and how do you know?").fill("I kept this.")
    page.get_by_role("button", name="Send").click()

    assert page.get_by_text("Name at least one page, item or account.").is_visible()
    words = page.get_by_label("What is wrong, and how do you know?")
    assert words.input_value() == "I kept this."

    page.get_by_label("What is it about?").fill("post-1")
    page.get_by_role("button", name="Send").click()

    assert page.get_by_role("heading", name="What we told you").is_visible()


def test_every_page_of_the_desk_is_within_everyones_reach(screen: Screen, fay: User) -> None:
    watch = fay.flags_for.get().flagger
    concern = make.flagged(watch, "post-1", "https://ridge.example/" + "long/" * 40, by=fay)
    screen.sign_in(fay)

    troubles = {}
    for where in ("", "record/", "new/", f"reports/{concern.reference}/"):
        screen.page.goto(f"{DESK}{where}")
        troubles[where] = seen_from_all_sides(screen.page)

    assert not any(troubles.values()), troubles
