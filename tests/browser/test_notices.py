"""An author reads a decision and appeals in a browser, wide and narrow, light and dark."""

import pytest
from playwright.sync_api import expect

from dutybound_server.casework.models import Appeal, Notice
from tests import make
from tests.browser.conftest import Screen, World
from tests.browser.test_pages import seen_from_all_sides

pytestmark = pytest.mark.browser


def test_an_author_reads_a_decision_appeals_and_reads_the_answer(
    screen: Screen, world: World
) -> None:
    page = screen.page
    notice = Notice.objects.get(decision__case=world.decided)
    page.goto(f"/notice/{notice.token}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("We took down your post")
    assert seen_from_all_sides(page) == []

    page.get_by_role("link", name="Appeal", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Tell us why you think this is wrong.")).to_be_visible()
    assert seen_from_all_sides(page) == []
    page.get_by_label("Why do you think this is wrong?").fill("It was satire.\n\nTruly.")
    page.get_by_role("button", name="Continue").click()
    assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Change it").click()
    assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my appeal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your appeal")
    assert seen_from_all_sides(page) == []

    assert Appeal.objects.get().grounds.splitlines() == ["It was satire.", "", "Truly."]
    answer = make.decide(world.decided, by=world.cast.mo, statement="We looked again.\n\nIt stays.")
    page.goto(f"/notice/{answer.notices.get().token}/")
    expect(page.get_by_text("It is final")).to_be_visible()
    assert seen_from_all_sides(page) == []
    page.goto("/notice/guess/")
    assert seen_from_all_sides(page) == []


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
