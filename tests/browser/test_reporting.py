"""A person says what is wrong and learns what came of it: by keys, narrow, without JavaScript."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.settling import note_look
from dutybound_server.casework.hearing import Subject
from dutybound_server.casework.item_tokens import link_for
from dutybound_server.casework.models import Case, Concern, Desk, Draft
from dutybound_server.casework.snippets import component_snippet, html_snippet
from dutybound_server.items.models import Item
from tests import make
from tests.browser.conftest import Screen
from tests.browser.test_pages import seen_from_all_sides
from tests.cast import Cast
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def item(transactional_db: None, cast: Cast) -> Item:
    return make.item(cast.ridge, author=cast.bram, text="zonk")


@pytest.fixture
def desk(item: Item) -> Desk:
    desk = desk_of(item.service)
    desk.offers_block, desk.languages = True, ["cy"]
    desk.save()
    return desk


def way_to_report(desk: Desk, item: Item) -> str:
    """The link beside the item, as a path of the live server."""
    link = link_for(
        desk, subject=Subject("item", item.external_id), now=timezone.now(),
        title="A post by bram", reporter="cleo", author="bram",
    )  # fmt: skip
    return link[link.index("/report/") :]


def go_on(page: Page, *, look: bool) -> None:
    """Continue, and see first that the page is within everyone's reach."""
    if look:
        assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Continue").click()


def tell(page: Page, *, look: bool = False) -> None:
    """From the first page to the one on which answers are checked."""
    if look:
        assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What is wrong?").fill("They call me a zonk.")
    go_on(page, look=look)
    page.get_by_label("I think it may be against the law").check()
    go_on(page, look=look)
    page.get_by_label("Threats, abuse or stalking").check()
    go_on(page, look=look)
    page.get_by_label("Do you want to add a file?").set_input_files(
        {"name": "screen.png", "mimeType": "image/png", "buffer": b"a harmless picture"}
    )
    go_on(page, look=look)
    expect(page.get_by_text("screen.png").first).to_be_visible()
    go_on(page, look=look)
    page.get_by_label("Yes").check()
    go_on(page, look=look)
    page.get_by_label("Only on my private page").check()
    go_on(page, look=look)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you wrote")


def decide_and_read(page: Page, cast: Cast) -> None:
    """Staff look and take it down; the person sees each on their page."""
    expect(page.get_by_role("heading", level=1)).to_have_text("We are looking into it")
    concern = Concern.objects.get()
    note_look(concern=concern, by=cast.mo, now=timezone.now())
    page.reload()
    expect(page.get_by_text("A person looked at it")).to_be_visible()
    make.decide(Case.objects.get(), by=cast.mo, now=timezone.now())
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have an answer for you")
    expect(page.get_by_text("We took it down.")).to_have_count(1)


def test_a_person_without_an_account_reports_follows_and_learns_the_outcome(
    screen: Screen, cast: Cast, desk: Desk, item: Item
) -> None:
    page = screen.page
    page.goto(way_to_report(desk, item))
    tell(page, look=True)
    assert seen_from_all_sides(page) == []

    page.get_by_role("button", name="Send to the team").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
    assert seen_from_all_sides(page) == []
    page.get_by_role("link", name="Open my page").click()
    assert seen_from_all_sides(page) == []
    page.get_by_label("Is there more to say?").fill("It was today.")
    page.get_by_role("button", name="Add this").click()
    expect(page.get_by_text("It was today.")).to_be_visible()
    decide_and_read(page, cast)

    assert seen_from_all_sides(page) == []
    assert Concern.objects.get().account == cast.cleo


def test_the_same_works_without_javascript(
    screen_without_javascript: Screen, cast: Cast, desk: Desk, item: Item
) -> None:
    page = screen_without_javascript.page
    page.goto(way_to_report(desk, item))
    tell(page)

    page.get_by_role("button", name="Send to the team").click()
    page.get_by_role("link", name="Open my page").click()
    decide_and_read(page, cast)


def test_a_child_reports_by_keys_alone(screen: Screen, desk: Desk) -> None:
    page = screen.page
    page.goto("/report/ridge/?for=child")
    assert seen_from_all_sides(page) == []

    page.get_by_role("button", name="Start").press("Enter")
    page.get_by_label("What happened?").press_sequentially("He is mean.")
    assert seen_from_all_sides(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_label("Where is it?").press("Tab")
    page.keyboard.press("Enter")
    page.get_by_label("Someone is mean to me").press("Space")
    assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_label("Only on my private page").press("Space")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("button", name="Send it").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("We have it. You did well.")
    assert seen_from_all_sides(page) == []
    assert Concern.objects.get().version == "child"


def test_back_shows_what_was_written(screen: Screen, desk: Desk) -> None:
    page = screen.page
    page.goto("/report/ridge/")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What is wrong?").fill("They call me a zonk.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where is it?")

    page.go_back()

    expect(page.get_by_label("What is wrong?")).to_have_value("They call me a zonk.")


def test_an_error_is_within_everyones_reach(screen: Screen, desk: Desk) -> None:
    page = screen.page
    page.goto("/report/ridge/")
    page.get_by_role("button", name="Start").click()

    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_text("Tell us in your own words what is wrong.")).to_be_visible()
    assert page.title().startswith("Error:")
    assert seen_from_all_sides(page) == []


@pytest.mark.parametrize("by", ["the button", "three times escape"])
def test_leaving_goes_elsewhere_and_forgets_the_form(screen: Screen, desk: Desk, by: str) -> None:
    page = screen.page
    page.context.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>")
    )
    page.goto("/report/ridge/")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What is wrong?").fill("They call me a zonk.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where is it?")
    page.wait_for_load_state()

    if by == "the button":
        page.get_by_role("button", name="Leave this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")

    expect(page.get_by_role("heading", level=1)).to_have_text("Weather")
    # Nobody waits for the form to be forgotten: it is asked for on the way.
    wait_until(lambda: not Draft.objects.exists(), what="the form to be forgotten")
    page.go_back()
    expect(page.get_by_text("They call me a zonk.")).to_have_count(0)


def test_a_browser_does_the_work_that_is_asked(screen: Screen, desk: Desk) -> None:
    desk.proof_bits = 8
    desk.offers_block = False
    desk.save()
    page = screen.page
    page.goto("/report/ridge/?for=child")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What happened?").fill("He is mean.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("I do not know").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Only on my private page").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("We have it. You did well.")
    assert Concern.objects.get().queued is False


@pytest.mark.parametrize("kind", ["snippet", "component"])
def test_a_widget_on_a_page_of_the_service_leads_to_the_form(
    screen: Screen, desk: Desk, kind: str
) -> None:
    made = html_snippet(desk) if kind == "snippet" else component_snippet(desk)
    body = made.replace("http://testserver", screen.server).replace("ITEM_TOKEN", "")
    screen.context.route(
        # Of our own origin: from another one, a browser asks before it lets a page reach loopback.
        "**/forum/post",
        lambda route: route.fulfill(
            body=f"<!doctype html><html lang=en><title>A forum</title><main><h1>A post</h1>{body}"
            "</main></html>",
            content_type="text/html",
        ),
    )
    page = screen.page
    page.goto("/forum/post")
    page.locator("summary, [aria-haspopup]").click()
    page.get_by_label("What is wrong?").fill("They call me a zonk.")
    assert seen_from_all_sides(page) == []

    with screen.context.expect_page() as opened:
        page.get_by_role("button", name="Continue").click()

    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Where is it?")
    assert "They call me a zonk." in Draft.objects.get().answers
