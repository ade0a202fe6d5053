"""In a browser: an appeal that is right, a second look by keys alone, a case that goes outside."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dutybound.cases.bundle import opened
from dutybound_server.banks.actions import NewSignal
from dutybound_server.casework.actions.consequences import learn_signals
from dutybound_server.casework.actions.quality import ask_second_looks, set_sample_rates
from dutybound_server.casework.models import Calibration, Notice, OutsideReview, Strike
from dutybound_server.casework.queries import case_state
from tests import make
from tests.browser.conftest import Screen, World
from tests.browser.test_pages import seen_from_all_sides

pytestmark = pytest.mark.browser


def test_an_appeal_that_is_right_restores_everything_and_tells_the_author(
    screen: Screen, world: World
) -> None:
    page, case = screen.page, world.decided
    decision, bank = case.decisions.get(), make.bank(world.cast.ridge, "upheld")
    new = [NewSignal("phrase", "zonk off")]
    learn_signals(decision=decision, bank=bank, signals=new, why="Upheld.", now=timezone.now())
    page.goto(f"/notice/{world.notice.token}/appeal/")
    page.get_by_label("Why do you think this is wrong?").fill("It was satire.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my appeal").click()

    screen.sign_in(world.cast.nell)  # Who decided is told that another person answers.
    page.goto(f"/console/ridge/cases/{case.reference}/")
    expect(page.get_by_text("A different person decides this appeal")).to_be_visible()
    screen.sign_in(world.cast.mo)
    page.goto(f"/console/ridge/cases/{case.reference}/")
    page.get_by_label("Nothing wrong").check()
    page.get_by_label("Reasons, for colleagues").fill("It is satire.")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".undo")).to_contain_text(case.reference)

    case.refresh_from_db()
    assert case_state(case) == "restore"
    assert Strike.objects.get(decision=decision).removed_at is not None
    assert not bank.signals.filter(removed_at=None).exists()
    screen.context.clear_cookies()
    page.goto(f"/notice/{world.notice.token}/")
    expect(page.get_by_text("Your appeal succeeded")).to_be_visible()
    answer = Notice.objects.filter(decision__case=case).latest("id")
    page.goto(f"/notice/{answer.token}/")
    expect(page.get_by_text("It no longer counts against your account.")).to_be_visible()
    assert seen_from_all_sides(page) == []


def test_a_second_look_is_taken_and_answered_by_keys_alone(screen: Screen, world: World) -> None:
    now = timezone.now()
    set_sample_rates(service=world.cast.ridge, rates={"match": 1.0}, by=world.cast.sena, now=now)
    about = make.item(world.cast.ridge, author=world.cast.bram, text="zonk " * 300)
    make.picture(about)
    make.decide(make.case(world.cast.ridge, about=about), by=world.cast.nell, now=now)
    ask_second_looks(now=now)
    page = screen.page
    screen.sign_in(world.cast.mo)
    page.goto("/console/ridge/quality/")
    assert seen_from_all_sides(page) == []

    page.get_by_role("button", name="Take the next one").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A second look")
    assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Send my judgement").press("Enter")
    expect(page.get_by_text("Choose what you would have decided.")).to_be_visible()
    assert seen_from_all_sides(page) == []
    page.get_by_label("Leave it up").press("Space")
    page.get_by_label("Kind of harm").focus()
    page.keyboard.type("Harassment")
    page.get_by_label("Why?").press_sequentially("It is satire.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("do not agree, which happens")).to_be_visible()
    assert Calibration.objects.count() == 1
    screen.sign_in(world.cast.sena)
    page.goto("/console/ridge/quality/")
    for fold in page.locator("summary").all():
        if fold.is_visible() and fold.locator("..").get_attribute("class") != "menu":
            fold.click()
    assert seen_from_all_sides(page) == []


def test_a_case_goes_outside_without_javascript(
    screen_without_javascript: Screen, world: World
) -> None:
    screen, page = screen_without_javascript, screen_without_javascript.page
    screen.sign_in(world.cast.sena)
    page.goto(f"/console/ridge/cases/{world.decided.reference}/")
    page.get_by_role("link", name="Give it to an independent body").click()
    page.get_by_label("To which body?").fill("Appeals Centre")
    page.get_by_label("Names and words to leave out").fill("zonk")
    page.get_by_role("button", name="Show what is left").click()
    expect(page.get_by_label("What goes out")).to_contain_text("words: [left out]")

    page.get_by_label("I have read all of it").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the signed file").click()

    content = download.value.path().read_bytes()
    assert opened(content).digest == OutsideReview.objects.get().digest
    page.reload()
    page.get_by_text("Write down what it found").click()
    page.get_by_label("It disagrees").check()
    page.get_by_label("In its own words").fill("It is a joke.")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Appeals Centre disagrees with us.", exact=True)).to_be_visible()
