"""From nothing to an approved assessment, without a mouse or JavaScript, and in half an hour."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.installation import Installation
from tests.journeys.prepare import PASSWORD
from tests.journeys.volunteer import HOME, Volunteer

HALF_AN_HOUR = 30


@pytest.mark.browser
def test_a_volunteer_gets_from_nothing_to_an_approved_assessment(
    browser: Browser, dutybound: Installation
) -> None:
    dutybound.ask(
        "tests.journeys.prepare",
        slug="ridge", staff=["grace"], endpoint="http://127.0.0.1:9/", pdq=[],
    )  # fmt: skip
    context = browser.new_context(base_url=dutybound.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(HOME)
    page.get_by_label("Email").fill("grace@ridge.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    grace = Volunteer(page)
    grace.open(HOME)
    grace.finish()
    grace.approve()

    expect(page.locator("main")).to_contain_text("Approved as version 1")
    print(f"{grace.minutes:.1f} minutes, {grace.words:,} words, {grace.questions} answers")  # noqa: T201
    assert grace.minutes <= HALF_AN_HOUR
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    context.close()

    folder = dutybound.export_journal()
    told = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for kind in ("started", "described", "answered", "risk_set", "people_named", "approved"):
        assert b'"kind":"assessment.%b"' % kind.encode() in told
    dutybound.run("verify-journal", str(folder))
