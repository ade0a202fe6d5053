"""From an intimate image report to its end, in a browser: only a code of the picture is sent.

A drawing stands for the picture.
"""

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageEnhance
from playwright.sync_api import Page, expect

from dutybound.cases.kinds import Kind, Outcome
from dutybound_server.casework.actions.intimate import refuse_intimate
from dutybound_server.casework.actions.reported_hashes import settle_reported_hashes
from dutybound_server.casework.hearing import Subject
from dutybound_server.casework.models import Case, Concern
from dutybound_server.intake.actions import Answer, rematch
from dutybound_server.intake.submissions import SubmittedMedia
from dutybound_server.people.models import Service
from tests import make
from tests.browser.conftest import Screen
from tests.browser.test_pages import seen_from_all_sides
from tests.cast import Cast
from tests.server.intake.pictures import drawn, jpeg

pytestmark = pytest.mark.browser

PICTURE = drawn()
EDITED = {
    "smaller": jpeg(PICTURE.resize((200, 200))),
    "paler": jpeg(ImageEnhance.Contrast(PICTURE).enhance(0.7)),
    "grainy": jpeg(PICTURE, quality=20),
}
DUE = timedelta(hours=48)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jpg"
    path.write_bytes(jpeg(PICTURE))
    return path


def posted(service: Service, external_id: str, content: bytes, now: datetime) -> Answer:
    media = (SubmittedMedia("m1", content_type="image/jpeg", file=io.BytesIO(content)),)
    return make.taken(service, external_id, media=media, now=now)


def look(now: datetime) -> None:
    """What the worker does each second."""
    settle_reported_hashes(now=now)
    rematch(now=now)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def choose(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).check()
    go_on(page)


def come_to_the_picture(page: Page) -> None:
    page.goto("/report/ridge/")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What is wrong?").fill("It is me, and I did not say yes.")
    go_on(page)
    go_on(page)
    choose(page, "A private picture was shared and I did not say yes")
    for answer in ("Yes", "It shows me", "Yes, both are true"):
        assert seen_from_all_sides(page) == []
        choose(page, answer)


def test_a_reported_picture_is_taken_down_in_three_edits_and_a_new_one_is_refused(
    screen: Screen, transactional_db: None, cast: Cast, picture: Path
) -> None:
    now = timezone.now()
    for name, content in EDITED.items():
        posted(cast.ridge, name, content, now)
    posted(cast.ridge, "another", jpeg(drawn(11)), now)
    page = screen.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))

    come_to_the_picture(page)
    page.get_by_label("Choose one or more pictures").set_input_files(picture)
    expect(page.get_by_text("The code is ready.")).to_be_visible()
    assert seen_from_all_sides(page) == []
    go_on(page)
    choose(page, "Only on my private page")
    assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Send to the team").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
    assert max(map(len, sent)) < 1000

    report = Concern.objects.get()
    assert report.due_at - report.received_at == DUE
    look(now + timedelta(seconds=5))
    found = Case.objects.filter(subject_kind="item")
    assert {case.subject for case in found} == set(EDITED)
    for hours, case in enumerate(found):
        make.decide(case, by=cast.sena, harm="iia", now=now + timedelta(hours=hours))
    look(now + timedelta(hours=4))

    page.get_by_role("link", name="Open my page").click()
    expect(page.get_by_text("We acted on 3 of them.")).to_be_visible()
    assert seen_from_all_sides(page) == []
    report.refresh_from_db()
    assert report.outcome == Outcome.ACTED
    assert report.decided_at is not None
    assert report.decided_at <= report.due_at
    assert report.breached_at is None
    again = posted(cast.ridge, "again", jpeg(PICTURE, quality=50), now + timedelta(hours=5))
    assert again.item.verdict == "block"


def test_a_wrong_refusal_leads_to_a_complaint_and_back(
    screen: Screen, transactional_db: None, cast: Cast
) -> None:
    now = timezone.now()
    posted(cast.ridge, "mine", EDITED["smaller"], now)
    report = make.concern(
        cast.ridge, kind=Kind.INTIMATE_IMAGE,
        subjects=(Subject("item", "mine"),), now=now,
    )  # fmt: skip
    look(now)
    refuse_intimate(
        concern_id=report.pk, ground="not_intimate", words="It shows a drawing.", by=cast.sena,
        now=now + timedelta(hours=1),
    )  # fmt: skip
    page = screen.page

    page.goto(f"/told/{report.token}/")
    expect(page.get_by_text("It shows a drawing.")).to_be_visible()
    assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Ask us to look again").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert Client().get(f"/told/{report.token}/").status_code == 200


def test_what_cannot_be_looked_for_is_said_and_nothing_is_lost(
    screen: Screen, transactional_db: None, cast: Cast, tmp_path: Path
) -> None:
    plain, words = tmp_path / "plain.png", tmp_path / "words.jpg"
    Image.new("RGB", (200, 200), "grey").save(plain)
    words.write_bytes(b"zonk")
    page = screen.page

    come_to_the_picture(page)
    for path, says in ((plain, "too little in it"), (words, "cannot open this")):
        page.get_by_label("Choose one or more pictures").set_input_files(path)
        expect(page.get_by_text(says)).to_be_visible()
    go_on(page)
    expect(page.get_by_text("Choose the picture, or go back")).to_be_visible()
    assert seen_from_all_sides(page) == []


def test_a_picture_that_was_added_can_be_removed_by_keyboard_and_stays_when_one_goes_back(
    screen: Screen, transactional_db: None, cast: Cast, picture: Path
) -> None:
    page = screen.page
    come_to_the_picture(page)
    page.get_by_label("Choose one or more pictures").set_input_files(picture)
    expect(page.get_by_text("The code is ready.")).to_be_visible()
    go_on(page)

    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Remove: Picture 1").press("Enter")

    expect(page.get_by_role("button", name="Remove: Picture 1")).to_have_count(0)
    expect(page.get_by_label("Choose one or more pictures")).to_be_focused()


def test_without_javascript_the_page_says_how_the_picture_is_found(
    screen_without_javascript: Screen, transactional_db: None, cast: Cast
) -> None:
    page = screen_without_javascript.page
    come_without = ["Yes", "It shows me", "Yes, both are true"]
    page.goto("/report/ridge/")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What is wrong?").fill("It is me.")
    go_on(page)
    page.get_by_label("Where is it?").fill("https://ridge.example/p/1")
    go_on(page)
    choose(page, "A private picture was shared and I did not say yes")
    for answer in come_without:
        choose(page, answer)

    expect(page.get_by_text("runs no JavaScript")).to_be_visible()
    go_on(page)
    choose(page, "Only on my private page")
    page.get_by_role("button", name="Send to the team").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
    assert Concern.objects.get().kind == "intimate_image"
