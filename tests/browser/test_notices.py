"""An author reads a decision and appeals in a browser, wide and narrow, light and dark."""

from typing import Literal

import pytest
from playwright.sync_api import expect

from dutybound_server.casework.models import Appeal, Notice
from tests import make
from tests.browser.conftest import NARROW, WIDE, Screen, World
from tests.browser.test_pages import sideways, violations

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def check(screen: Screen, name: str) -> None:
    """The page as it stands is within everyone's reach at any width and in any light."""
    for scheme in SCHEMES:
        screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (WIDE, NARROW):
            screen.page.set_viewport_size(size)
            assert violations(screen.page) == [], f"{name}, {scheme}, {size['width']} px"
            assert sideways(screen.page) <= 0, f"{name} scrolls sideways at {size['width']} px"


def test_an_author_reads_a_decision_appeals_and_reads_the_answer(
    screen: Screen, world: World
) -> None:
    page = screen.page
    notice = Notice.objects.get(decision__case=world.decided)
    page.goto(f"/notice/{notice.token}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("We took down your post")
    check(screen, "read")

    page.get_by_role("link", name="Appeal", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Tell us why you think this is wrong.")).to_be_visible()
    check(screen, "error")
    page.get_by_label("Why do you think this is wrong?").fill("It was satire.\n\nTruly.")
    page.get_by_role("button", name="Continue").click()
    check(screen, "check")
    page.get_by_role("button", name="Change it").click()
    check(screen, "ask")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my appeal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your appeal")
    check(screen, "sent")

    assert Appeal.objects.get().grounds.splitlines() == ["It was satire.", "", "Truly."]
    answer = make.decide(world.decided, by=world.cast.mo, statement="We looked again.\n\nIt stays.")
    page.goto(f"/notice/{answer.notices.get().token}/")
    expect(page.get_by_text("It is final")).to_be_visible()
    check(screen, "answer")
    page.goto("/notice/guess/")
    check(screen, "unknown")


def test_an_author_without_javascript_can_appeal(
    screen_without_javascript: Screen, world: World
) -> None:
    page = screen_without_javascript.page
    notice = Notice.objects.get(decision__case=world.decided)

    page.goto(f"/notice/{notice.token}/appeal/")
    page.get_by_label("Why do you think this is wrong?").fill("It was satire.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my appeal").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("We have your appeal")
    assert Appeal.objects.get().grounds == "It was satire."
