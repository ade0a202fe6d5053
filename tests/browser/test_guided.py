"""Guided judgement in a real browser: by keys, without JavaScript, within everyone's reach."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Judging
from tests.browser.conftest import Screen, World
from tests.browser.test_pages import seen_from_all_sides
from tests.server.console.test_guided import RESHARED

pytestmark = pytest.mark.browser

LAW = "Sexual Offences Act 2003 s.66B(1), sharing an intimate image without consent"
ANSWERS = {name: said for name, said in RESHARED.items() if name != "guide"}


def test_a_case_is_judged_by_keys_alone_and_the_result_follows_each_answer(
    screen: Screen, world: World
) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(f"/console/ridge/cases/{world.case.reference}/")
    result = page.locator("#guide-result")
    expect(result).to_contain_text("Not enough to say yet")

    page.locator('[name="iia-threat"][value="no"]').check()
    page.keyboard.press("c")
    expect(page.locator(".case-head")).to_contain_text("Yours until")
    expect(page.locator('[name="iia-threat"][value="no"]')).to_be_checked()

    for name, said in ANSWERS.items():
        # A tab leads into each question, and arrows choose its answer.
        page.locator(f'[name="{name}"]').first.focus()
        page.keyboard.press("Space")
        if said == "no":
            page.keyboard.press("ArrowRight")
        expect(page.locator(f'[name="{name}"][value="{said}"]')).to_be_checked()

    expect(result).to_contain_text("Illegal content, by these answers")
    expect(result).to_contain_text("had no reasonable belief in it")
    assert page.locator("#rules option").first.get_attribute("value") == LAW
    assert seen_from_all_sides(page) == []

    _take_down_under_the_law(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo")).to_contain_text(f"case {world.case.reference}")
    assert Judging.objects.get(decision__case=world.case).result == "illegal"


def test_what_is_refused_says_where_and_keeps_every_answer(screen: Screen, world: World) -> None:
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(f"/console/ridge/cases/{world.case.reference}/")
    page.locator('[name="iia-threat"][value="yes"]').check()
    page.locator('[name="iia-to_be_feared"][value="yes"]').check()
    _take_down_under_the_law(page)
    page.get_by_role("button", name="Decide").click()

    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#id_iia-to_be_feared-why")).to_be_focused()
    assert seen_from_all_sides(page) == []
    page.locator("#id_iia-to_be_feared-why").fill("He wrote the day on which he would.")
    page.get_by_role("button", name="Decide").click()

    expect(page.locator(".undo")).to_contain_text(f"case {world.case.reference}")
    [*_, feared] = Judging.objects.get(decision__case=world.case).answers
    assert feared["why"] == "He wrote the day on which he would."


def test_the_same_works_without_javascript(screen_without_javascript: Screen, world: World) -> None:
    screen = screen_without_javascript
    screen.sign_in(world.cast.mo)
    page = screen.page
    page.goto(f"/console/ridge/cases/{world.case.reference}/")

    page.get_by_label("Judge it as").select_option("terms")
    page.get_by_role("button", name="Show these questions").click()
    page.locator('[name="terms-prohibited"][value="yes"]').check()
    page.locator('[name="terms-broken"][value="yes"]').check()
    page.locator('[name="terms-allowed"][value="no"]').check()
    page.get_by_role("button", name="See what the answers give").click()
    expect(page.locator("#guide-result")).to_contain_text("It breaks our terms, by these answers")

    page.get_by_role("radio", name="Take down").check()
    page.get_by_role("radio", name="Our terms").check()
    page.get_by_label("Which section or rule").fill("Be kind")
    page.get_by_role("button", name="Draft it").click()
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".undo")).to_contain_text(f"case {world.case.reference}")
    assert Judging.objects.get(decision__case=world.case).result == "terms"


def test_what_is_known_of_it_stands_beside_the_questions_for_everyone(
    screen: Screen, world: World
) -> None:
    item = world.item
    item.context = {
        "thread": [
            {"id": "before", "author": "cleo", "text": "Where is that from?"},
            {"id": item.external_id, "author": "bram", "text": "zonk " * 80},
        ],
        "a-name-as-long-as-" * 5: "words" * 60,
    }
    item.save()
    subject = Subject("item", world.case.subject)
    words = "That is me. \u202enever agreed\u202c https://x.example/" + "long" * 60
    told = Told(Kind.ILLEGAL_CONTENT, words, "page", subjects=(subject,), version="child")
    take_concern(service=world.cast.ridge, told=told, now=timezone.now())
    screen.sign_in(world.cast.mo)

    screen.page.goto(f"/console/ridge/cases/{world.case.reference}/")

    expect(screen.page.locator(".told")).to_contain_text("That is me.")
    expect(screen.page.locator(".thread-this")).to_contain_text("This item")
    assert seen_from_all_sides(screen.page) == []


def _take_down_under_the_law(page: Page) -> None:
    page.get_by_role("radio", name="Take down").check()
    page.get_by_role("radio", name="The law").check()
    page.get_by_label("Which section or rule").fill(LAW)
    expect(page.locator("#id_statement")).to_have_value(re.compile("against the law"))
