"""The pages of the assessment: within everyone's reach, and whole without a script or a mouse."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dutybound_server.assurance.actions.drafts import Saving, answer_question, start_draft
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.models import ReviewTask
from dutybound_server.assurance.parts import seen
from dutybound_server.assurance.queries import document_of, draft_of
from tests.browser.conftest import Screen, World
from tests.browser.test_pages import seen_from_all_sides
from tests.server.assurance.filled import finish

pytestmark = pytest.mark.browser
HOME = "/console/ridge/assessment/"
# Each template, on a draft that is finished.
FINISHED = [
    "", "history/", "import/", "service/", "scope/", "scope/exemptions/", "exemptions/email/",
    "questions/", "questions/uk_users/", "questions/communication/",
    "questions/takedown_feasible/", "children/", "risks/", "risks/harassment/",
    "risks/fraud/evidence/", "measures/", "measures/ICU%20C2/", "controls/new/?measure=ICU%20C2",
    "gaps/", "gaps/fraud/accept/", "check/", "people/", "days/",
    "risks/bullying/", "particular/", "draft/read/record/",
    "draft/read/terms/",
]  # fmt: skip


def troubles(page: Page, path: str) -> list[str]:
    answer = page.goto(HOME + path)
    if answer is None or answer.status != 200:
        return [f"answered {answer and answer.status}"]
    return seen_from_all_sides(page)


def test_pages_of_an_empty_draft_are_within_everyones_reach(screen: Screen, world: World) -> None:
    screen.sign_in(world.cast.grace)
    assert troubles(screen.page, "") == []

    start_draft(service=world.cast.ridge, by="staff:1", now=timezone.now())

    found = {path: troubles(screen.page, path) for path in ("", "risks/", "check/", "children/")}
    assert {path: trouble for path, trouble in found.items() if trouble} == {}


def test_pages_of_a_finished_draft_are_within_everyones_reach(screen: Screen, world: World) -> None:
    finish(world.cast)
    screen.sign_in(world.cast.grace)

    found = {path: troubles(screen.page, path) for path in FINISHED}

    assert {path: trouble for path, trouble in found.items() if trouble} == {}


def test_pages_after_the_approval_are_within_everyones_reach(screen: Screen, world: World) -> None:
    draft = finish(world.cast)
    version = approve_draft(
        draft=draft, revision=draft.revision, by=world.cast.grace, now=timezone.now()
    )
    ReviewTask.objects.create(
        service=world.cast.ridge, version=version, kind="year", key="1", opened_at=timezone.now(),
        says="A year has passed since it was approved.",
    )  # fmt: skip
    start_draft(service=world.cast.ridge, by="staff:1", now=timezone.now())
    screen.sign_in(world.cast.grace)

    found = {path: troubles(screen.page, path) for path in ("", "1/read/record/", "compare/")}

    assert {path: trouble for path, trouble in found.items() if trouble} == {}


def test_an_error_and_a_meeting_of_two_answers_are_within_everyones_reach(
    screen: Screen, world: World
) -> None:
    draft = start_draft(service=world.cast.ridge, by="staff:1", now=timezone.now())
    screen.sign_in(world.cast.grace)
    page = screen.page
    page.goto(f"{HOME}questions/uk_provider/")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved yet")
    assert seen_from_all_sides(page) == []

    saving = Saving(seen(None), f"staff:{world.cast.sena.pk}", timezone.now())
    answer = {"facts": {"uk_provider": False}}
    answer_question(draft=draft, question="uk_provider", answer=answer, saving=saving)
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Save and continue").click()

    expect(page.get_by_role("alert")).to_contain_text("Sena saved another answer")
    assert seen_from_all_sides(page) == []
    page.get_by_role("button", name="Use mine instead").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert document_of(draft_of(world.cast.ridge)).facts == {"uk_provider": True}
