"""From the queue to a decision and back: by keys alone, and without JavaScript."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dutybound_server.casework.models import Decision, Reveal
from tests import make
from tests.browser.conftest import Screen, World

pytestmark = pytest.mark.browser

QUEUE = "/console/ridge/cases/"


def test_a_case_is_claimed_looked_at_decided_and_undone_by_keys_alone(
    screen: Screen, world: World
) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(QUEUE)

    page.keyboard.press("j")
    expect(page.locator("#case h1")).to_have_text("Intimate image abuse")
    expect(page).to_have_url(f"{screen.server}{QUEUE}{world.case.reference}/")
    page.keyboard.press("c")
    expect(page.locator(".case-head")).to_contain_text("Yours until")

    page.keyboard.down("r")
    expect(page.locator(f"#media-{world.picture.pk}")).to_contain_text("In colour")
    page.keyboard.up("r")
    expect(page.locator(f"#media-{world.picture.pk}")).to_contain_text("Look")
    assert Reveal.objects.filter(by=world.cast.mo, media=world.picture).count() == 1

    page.keyboard.press("1")
    _name_the_rule(page)
    expect(page.locator("#id_statement")).to_have_value(re.compile("We took down your post"))
    expect(page.locator(".will")).to_contain_text("1 item is taken down, 1 account is told")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo")).to_contain_text(f"case {world.case.reference}")
    decision = Decision.objects.get(case=world.case)
    assert (decision.enforcement_kind, decision.undone_at) == ("take_down", None)

    page.get_by_role("button", name=f"Undo: case {world.case.reference} taken down").click()
    expect(page.locator("#case")).to_contain_text(
        f"Undone. Case {world.case.reference} is open again."
    )
    decision.refresh_from_db()
    assert decision.undone_by == world.cast.mo


def test_letting_go_the_moment_a_picture_comes_still_hides_it(screen: Screen, world: World) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(f"{QUEUE}{world.case.reference}/")
    page.evaluate(
        """addEventListener("htmx:afterSwap", () =>
        document.dispatchEvent(new KeyboardEvent("keyup", {key: "r"})), {once: true})"""
    )

    with page.expect_response("**/hide/"):
        page.keyboard.down("r")

    expect(page.locator(f"#media-{world.picture.pk} [data-look]")).to_be_visible()
    assert Reveal.objects.filter(by=world.cast.mo, media=world.picture).count() == 1


def test_the_same_works_without_javascript(screen_without_javascript: Screen, world: World) -> None:
    screen = screen_without_javascript
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(QUEUE)

    page.locator(".case-row").first.click()
    page.get_by_role("button", name="Claim").click()
    expect(page.locator(".case-head")).to_contain_text("Yours until")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("button", name="In colour")).to_be_visible()
    page.get_by_role("link", name="Hide").click()
    expect(page.get_by_role("button", name="Look")).to_be_visible()
    assert Reveal.objects.filter(by=world.cast.mo, media=world.picture).count() == 1

    page.get_by_role("radio", name="Take down").check()
    _name_the_rule(page)
    page.get_by_role("button", name="Draft it").click()
    expect(page.locator("#id_statement")).to_have_value(re.compile("We took down your post"))
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".undo")).to_contain_text(f"case {world.case.reference}")
    page.get_by_role("button", name=f"Undo: case {world.case.reference} taken down").click()
    expect(page.locator("#case")).to_contain_text(
        f"Undone. Case {world.case.reference} is open again."
    )


def test_nothing_of_a_picture_is_fetched_before_somebody_looks(
    screen: Screen, world: World
) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(f"{QUEUE}{world.case.reference}/")
    page.wait_for_load_state("networkidle")
    before = screen.fetched_pictures()

    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("button", name="In colour")).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert before == []
    assert len(screen.fetched_pictures()) == 1


def test_what_a_person_wrote_stays_when_a_choice_changes(screen: Screen, world: World) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(f"{QUEUE}{world.case.reference}/")
    page.get_by_role("radio", name="Take down").check()
    _name_the_rule(page)
    expect(page.locator("#id_statement")).to_have_value(re.compile("We took down your post"))

    page.locator("#id_statement").fill("In my own words.")
    page.get_by_role("radio", name="Restrict").check()

    expect(page.locator(".will")).to_contain_text("shown to fewer people")
    expect(page.locator("#id_statement")).to_have_value("In my own words.")


def test_keys_are_left_alone_while_one_types_and_can_be_switched_off(
    screen: Screen, world: World
) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(QUEUE)

    page.keyboard.press("/")
    page.keyboard.type("jc1")
    assert page.locator("#search").input_value() == "jc1"

    page.locator("h1").first.click()
    page.keyboard.press("?")
    page.get_by_label("Use these keys on this computer").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page).to_have_url(f"{screen.server}{QUEUE}")


def test_on_a_narrow_screen_a_case_is_a_page_of_its_own(screen: Screen, world: World) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(QUEUE)

    page.locator(".case-row").first.click()
    expect(page.locator("#case h1")).to_be_visible()
    expect(page.locator(".pane-list")).to_be_hidden()
    page.get_by_role("link", name="← Queue").click()

    expect(page).to_have_url(f"{screen.server}{QUEUE}")
    expect(page.locator(".pane-list")).to_be_visible()


def test_on_a_narrow_screen_the_last_decision_can_be_undone_from_the_list(
    screen: Screen, world: World
) -> None:
    make.decide(world.case, by=world.cast.mo, now=timezone.now())
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(QUEUE)

    page.get_by_role("button", name=f"Undo: case {world.case.reference} taken down").click()

    expect(page.locator("#case")).to_contain_text(
        f"Undone. Case {world.case.reference} is open again."
    )


def _name_the_rule(page: Page) -> None:
    page.get_by_role("radio", name="Our terms").check()
    page.get_by_label("Which section or rule").fill("Be kind")
