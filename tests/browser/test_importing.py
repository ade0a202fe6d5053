"""A file is looked at first and then imported, without choosing it twice."""

import pytest

from dutybound_server.banks.models import Bank, Signal
from tests import make
from tests.browser.conftest import Screen
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def bank(transactional_db: None, cast: Cast) -> Bank:
    return make.signal(cast.ridge, bank="words").bank


def choose_file(screen: Screen) -> None:
    text = b"kind,value\nphrase,zonk\nphrase,blip\n"
    screen.page.goto("/console/ridge/banks/bank/words/import/")
    screen.page.set_input_files(
        "input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": text}
    )


def test_the_file_stays_chosen_after_a_look_at_it(screen: Screen, cast: Cast, bank: Bank) -> None:
    screen.sign_in(cast.ada)
    choose_file(screen)

    screen.page.get_by_role("button", name="Look at the file first").click()
    screen.page.get_by_text("2 signals, no wrong row").wait_for()
    screen.page.get_by_label("Why?").fill("A delivery.")
    screen.page.get_by_role("button", name="Import", exact=True).click()
    screen.page.get_by_text("Added 2 signals.").wait_for()

    assert Signal.objects.filter(bank=bank, kind="phrase").count() == 2


def test_without_javascript_the_look_asks_for_the_file_again(
    screen_without_javascript: Screen, cast: Cast, bank: Bank
) -> None:
    screen_without_javascript.sign_in(cast.ada)
    choose_file(screen_without_javascript)
    page = screen_without_javascript.page

    page.get_by_role("button", name="Look at the file first").click()

    page.get_by_text("2 signals, no wrong row").wait_for()
    assert page.get_by_text("choose it once more").is_visible()
