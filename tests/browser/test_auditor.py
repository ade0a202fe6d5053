"""An auditor from the invitation to a bundle that verifies elsewhere, and every page on the way."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from dutybound.cli.main import main
from dutybound_server.assurance.models import Audit
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import journal_key, newest_checkpoint
from tests.browser.conftest import Screen
from tests.browser.test_pages import seen_from_all_sides
from tests.browser.test_sign_in import plug_in_a_passkey
from tests.cast import PASSWORD, Cast
from tests.server.assurance import audits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_localhost(settings: LazySettings, screen: Screen) -> None:
    cache.clear()
    settings.ORIGIN = screen.server
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


@pytest.fixture
def troubles(screen: Screen) -> Iterator[dict[str, list[str]]]:
    """What is out of somebody's reach, by page."""
    found: dict[str, list[str]] = {}
    yield found
    assert not any(found.values()), found


def invited(screen: Screen, cast: Cast) -> str:
    """The link that Grace hands over once she has opened the audit."""
    page = screen.page
    screen.sign_in(cast.grace)
    page.goto("/console/ridge/audits/")
    page.get_by_label("The auditor's name").fill("Iris")
    page.get_by_label("Their e-mail address").fill("iris@audit.example")
    page.get_by_label("What is it for?").fill("The yearly audit")
    page.get_by_role("button", name="Open the audit").click()
    return page.locator(".notice-green .mono.break").inner_text()


def come_in(screen: Screen, link: str) -> None:
    page = screen.page
    screen.context.clear_cookies()
    page.goto(link)
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD + " again")
    page.get_by_role("button", name="Keep this password").click()
    page.wait_for_url(lambda url: "/password/reset/" not in url)
    page.goto("/console/")
    page.get_by_role("link", name="Add one").click()
    page.wait_for_url(re.compile("reauthenticate|webauthn/add"))
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD + " again")
        page.locator("main button[type=submit]").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)


def test_from_the_invitation_to_a_bundle_that_verifies(
    screen: Screen, cast: Cast, troubles: dict[str, list[str]], tmp_path: Path
) -> None:
    cases = audits.busy_service(cast, now=timezone.now() - timedelta(days=1))
    page = screen.page
    plug_in_a_passkey(screen)

    come_in(screen, invited(screen, cast))
    page.goto("/console/")
    expect(page.get_by_role("heading", name="The yearly audit")).to_be_visible()

    # Commit: the browser makes the seed, and the server hears only its SHA-256.
    page.get_by_role("button", name="Make a seed in this browser").click()
    expect(page.get_by_label("The commitment")).to_have_value(re.compile("[0-9a-f]{64}"))
    seed = page.locator("[data-seed]").inner_text()
    troubles["commit"] = seen_from_all_sides(page)
    page.get_by_label("How many cases do you want?").fill("3")
    page.get_by_role("button", name="Commit, and fix the population").click()

    # Draw: the tab has kept the seed.
    expect(page.get_by_text("3 cases")).to_be_visible()
    expect(page.get_by_label("Your seed")).to_have_value(seed)
    assert Audit.objects.get().seed == ""
    troubles["draw"] = seen_from_all_sides(page)
    page.get_by_role("button", name="Draw the sample").click()
    expect(page.get_by_text("The sample is drawn.")).to_be_visible()
    troubles["drawn"] = seen_from_all_sides(page)
    seal(now=timezone.now())

    # A case, one of its entries, and a figure.
    page.get_by_role("link", name=cases["appealed"].reference).click()
    expect(page.get_by_text("The author appealed")).to_be_visible()
    assert page.get_by_text("satire").count() == 0
    troubles["case"] = seen_from_all_sides(page)
    page.locator(".audited").get_by_role("link").last.click()
    expect(page.get_by_text("This entry verifies.")).to_be_visible()
    troubles["entry"] = seen_from_all_sides(page)
    page.get_by_role("link", name="← Your audit").click()
    page.get_by_role("link", name="How each measure stands").click()
    troubles["measures"] = seen_from_all_sides(page)
    page.locator("a[href$='/icu-d4/']").click()
    troubles["measure"] = seen_from_all_sides(page)
    page.get_by_role("link", name="Compute these figures again").click()
    expect(page.get_by_text("It comes out the same.")).to_be_visible()
    troubles["again"] = seen_from_all_sides(page)

    # The bundle, on a machine of one's own.
    page.goto("/console/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the bundle").click()
    download.value.save_as(tmp_path / "audit.zip")
    key = str(journal_key(newest_checkpoint()))
    answer = CliRunner().invoke(main, ["verify-audit", str(tmp_path / "audit.zip"), "--key", key])
    assert "It verifies" in answer.stdout, answer.stdout
    assert Entry.objects.filter(kind="audit.looked").count() >= 6


def test_the_pages_of_both_sides_are_within_everyones_reach(
    screen: Screen, cast: Cast, troubles: dict[str, list[str]]
) -> None:
    now = timezone.now()
    audits.busy_service(cast, now=now - timedelta(days=1))
    own = audits.opened(cast, now=now)
    audits.opened(cast, email="iris@audit.example", sees_personal=True, now=now)
    screen.sign_in(cast.grace)
    screen.page.goto("/console/ridge/audits/")
    troubles["audits"] = seen_from_all_sides(screen.page)

    screen.sign_in(cast.ode)
    screen.page.goto("/console/ridge/audits/")
    expect(screen.page.get_by_role("link", name="Go to your audit")).to_be_visible()
    Audit.objects.exclude(pk=own.pk).update(auditor=cast.ode)
    for where in ("/console/audits/", f"/console/ridge/auditing/{own.reference}/documents/"):
        screen.page.goto(where)
        troubles[where] = seen_from_all_sides(screen.page)


def test_without_javascript_a_seed_made_elsewhere_is_typed_in(
    screen_without_javascript: Screen, cast: Cast
) -> None:
    now = timezone.now()
    audits.busy_service(cast, now=now - timedelta(days=1))
    audit = audits.opened(cast, now=now)
    page = screen_without_javascript.page
    screen_without_javascript.sign_in(cast.ode)
    told = CliRunner().invoke(main, ["audit-seed"]).stdout.split()

    page.goto(f"/console/ridge/auditing/{audit.reference}/")
    assert not page.get_by_role("button", name="Make a seed in this browser").is_visible()
    page.get_by_label("The commitment").fill(told[3])
    page.get_by_role("button", name="Commit, and fix the population").click()
    page.get_by_label("Your seed").fill(told[1])
    page.get_by_role("button", name="Draw the sample").click()

    expect(page.get_by_text("The sample is drawn.")).to_be_visible()
