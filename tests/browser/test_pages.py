"""Every page passes axe, wide and narrow, light or dark, and never scrolls sideways."""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from dutybound.cases.authority import Authority, Urgency
from dutybound.cases.kinds import Kind
from dutybound.evidence.notice import Answered, Notice
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.actions.publications import publish
from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.publication_contents import (
    Gathered,
    Period,
    gather_answer,
    gather_board,
    gather_figures,
    gather_notice,
)
from dutybound_server.assurance.publication_files import notice_in
from dutybound_server.banks.actions import quarantine_signal
from dutybound_server.casework.actions.evidence import begin_authority_report
from dutybound_server.casework.actions.unfounded import approve_policy, disregard
from dutybound_server.casework.models import Delivery, Flagger, UnfoundedPolicy
from dutybound_server.evidence.actions.accesses import Look, open_evidence
from dutybound_server.evidence.actions.preservations import Child, receive_preservation
from dutybound_server.evidence.actions.snapshots import seal_snapshot
from dutybound_server.evidence.models import AuthorityReport, Preservation, Snapshot
from tests import make
from tests.browser.conftest import NARROW, WIDE, Screen, World
from tests.browser.governed import document_page, governed

pytestmark = pytest.mark.browser


def bank_with_a_flood(world: World) -> str:
    """The bank of the first match, one of whose signals the flood guard stopped."""
    signal = world.item.matches.earliest("pk").signal
    quarantine_signal(signal_id=signal.pk, why="Matched 9 %.", by="system", now=timezone.now())
    return f"/console/ridge/banks/bank/{signal.bank.name}/"


def signal_in_a_flood(world: World) -> str:
    bank = bank_with_a_flood(world)
    return f"{bank}signals/{world.item.matches.earliest('pk').signal_id}/"


def deliveries_of_all_kinds(world: World) -> str:
    make.endpoint(world.cast.ridge)
    make.decided_case(world.cast.ridge, by=world.cast.nell, author=world.cast.bram)
    Delivery.objects.update(next_attempt_at=None, dead_at=timezone.now(), last_answer="503")
    return "/console/ridge/deliveries/"


def endpoint(world: World) -> str:
    return f"/console/ridge/deliveries/endpoints/{make.endpoint(world.cast.ridge).pk}/"


def flagger(world: World) -> str:
    """A trusted flagger with a person and something reported."""
    cast, now = world.cast, timezone.now()
    known = Flagger.objects.filter(service=cast.ridge, slug="fraud-watch").first()
    if known is None:
        known = make.flagger(cast.ridge, by=cast.ada, harms=("fraud",), now=now)
        fay = make.flagger_person(known, by=cast.ada, now=now)
        make.flagged(known, "post-1", by=fay, now=now)
    return f"/console/ridge/flaggers/flagger/{known.slug}/"


def statement(world: World) -> str:
    return f"/console/ridge/statements/{world.decided.decisions.get().pk}/"


def set_aside(world: World) -> str:
    """A policy in force, one complaint set aside under it, and the way to set another aside."""
    cast, now = world.cast, timezone.now()
    if not UnfoundedPolicy.objects.exists():
        approve_policy(
            service=cast.ridge, words="We set aside what is clearly without ground.",
            attributes=["It is about nothing.", "It is the same text, sent again and again."],
            monitoring="A colleague looks at each.", change="", by=cast.grace, now=now,
            review_by=(now + timedelta(days=300)).date(),
        )  # fmt: skip
        first = make.concern(cast.ridge, now=now)
        disregard(concern_id=first.pk, attribute=0, why="Nothing is named.", by=cast.mo, now=now)
    return f"/console/ridge/reports/{make.concern(cast.ridge, now=now).reference}/aside/"


def told(world: World) -> str:
    """An intimate image report, beside one of a child's that is late."""
    cast, now = world.cast, timezone.now()
    make.concern(cast.ridge, harm="hate", version="child", now=now - timedelta(days=3))
    report = make.concern(cast.ridge, about=[world.item], kind=Kind.INTIMATE_IMAGE, now=now)
    return f"/console/ridge/reports/{report.reference}/"


def complaint(world: World) -> str:
    ridge, now = world.cast.ridge, timezone.now()
    found = make.complaint(ridge, about=make.concern(ridge, now=now), now=now)
    return f"/console/ridge/reports/{found.reference}/"


def unfounded(world: World) -> str:
    set_aside(world)
    return "/console/ridge/unfounded/"


def snapshot(world: World) -> str:
    return f"/console/ridge/evidence/{sealed(world).pk}/"


def report(world: World) -> str:
    # The same picture is not reported twice, so there is one.
    begun = AuthorityReport.objects.first() or begin_authority_report(
        snapshot=sealed(world), authority=Authority.NCA, urgency=Urgency.AT_ONCE, earlier="",
        by=world.cast.ren, now=timezone.now(),
    )  # fmt: skip
    return f"/console/ridge/evidence/reports/{begun.pk}/"


def notice(world: World) -> str:
    child = Child("A. Child", date(2011, 4, 2), emails=("bram@example.com",), accounts=("u42",))
    taken = receive_preservation(
        service=world.cast.ridge, reference=f"DPN-{Preservation.objects.count()}", child=child,
        received_at=timezone.now(), until=None, by=world.cast.grace, now=timezone.now(),
    )  # fmt: skip
    return f"/console/ridge/evidence/notices/{taken.pk}/"


def publish_now(world: World, gathered: Gathered, *, for_everyone: bool = False) -> str:
    made = publish(
        service=world.cast.ridge, kind=gathered.kind, title="A title", content=gathered.content,
        head=gathered.head, by=world.cast.grace, now=timezone.now(), for_everyone=for_everyone,
    )  # fmt: skip
    return f"/console/ridge/publications/{made.number}/"


def last_days() -> Period:
    return Period(timezone.now() - timedelta(days=90), timezone.now())


def board_report(world: World) -> str:
    """Of a service whose measures turned, and whom people told something."""
    now = timezone.now()
    for day in range(9):
        make.concern(world.cast.ridge, harm="fraud", now=now - timedelta(days=day))
    asks = ("Fund two more moderators.",)
    return publish_now(world, gather_board(world.cast.ridge, last_days(), asks=asks, now=now))


def information_notice(world: World) -> str:
    due = timezone.localdate() + timedelta(days=5)
    asked = Notice("Ofcom", "IN-7", timezone.localdate(), due, ("How soon?", "Who answers?"))
    return publish_now(world, gather_notice(world.cast.ridge, asked))


def given_answer(world: World) -> str:
    information_notice(world)
    notice = Publication.objects.latest("number")
    answers = [Answered("How soon?", "Within a day.", ("findings",)), Answered("Who?", "", ())]
    return publish_now(
        world,
        gather_answer(
            world.cast.ridge, last_days(), notice=notice, asked=notice_in(notice.content),
            answers=answers, now=timezone.now(),
        ),
    )  # fmt: skip


def transparency_figures(world: World) -> str:
    figures = gather_figures(world.cast.ridge, last_days(), now=timezone.now())
    return publish_now(world, figures, for_everyone=True)


def public_figures(world: World) -> str:
    transparency_figures(world)
    return "/figures/ridge/"


def sealed(world: World) -> Snapshot:
    """An item of its own each time, sealed and opened once."""
    item = make.item(world.cast.ridge, author=world.cast.bram, text="zonk " * 40)
    make.picture(item, external_id="a-picture-with-a-long-name-" * 4)
    made = seal_snapshot(
        service=world.cast.ridge, subject_kind="item", subject=item.external_id,
        item=item, concern="", why="Reported", restricted=False, now=timezone.now(),
    )  # fmt: skip
    why = "An appeal that needs to be answered today."
    open_evidence(snapshot=made, by=world.cast.sena, why=why, what=Look.READ, now=timezone.now())
    return made


def measures(world: World) -> str:
    """Looked at twice, a day apart."""
    for days in (1, 0):
        look_at(service=world.cast.ridge, now=timezone.now() - timedelta(days=days))
    return "/console/ridge/measures/"


# Who looks, and where. Whoever makes a page adds it here.
PAGES: dict[str, tuple[str, Callable[[World], str]]] = {
    "queue": ("mo", lambda _: "/console/ridge/cases/"),
    "empty list": ("mo", lambda _: "/console/ridge/cases/?queue=mine"),
    "nothing found": ("mo", lambda _: "/console/ridge/cases/?q=nothing-like-it"),
    "case": ("mo", lambda world: f"/console/ridge/cases/{world.case.reference}/"),
    "decided case": ("sena", lambda world: f"/console/ridge/cases/{world.decided.reference}/"),
    "the same elsewhere": (
        "sena",
        lambda world: f"/console/ridge/cases/{world.case.reference}/same/",
    ),
    "quality": ("sena", lambda _: "/console/ridge/quality/"),
    "golden item": (
        "sena",
        lambda world: f"/console/ridge/cases/{world.decided.reference}/golden/",
    ),
    "independent review": (
        "sena",
        lambda world: f"/console/ridge/cases/{world.decided.reference}/outside/",
    ),
    "items": ("mo", lambda _: "/console/ridge/items/"),
    "staff": ("ada", lambda _: "/console/ridge/staff/"),
    "settings": ("ada", lambda _: "/console/ridge/settings/"),
    "second factor": ("mo", lambda _: "/accounts/2fa/"),
    "change password": ("mo", lambda _: "/accounts/password/change/"),
    "sign out": ("mo", lambda _: "/accounts/logout/"),
    "new password sent": ("", lambda _: "/accounts/password/reset/done/"),
    "sign in": ("", lambda _: "/accounts/login/"),
    "sign up": ("", lambda _: "/accounts/signup/"),
    "forgotten password": ("", lambda _: "/accounts/password/reset/"),
    "say again who you are": ("mo", lambda _: "/accounts/reauthenticate/"),
    "notice": ("", lambda world: f"/notice/{world.notice.token}/"),
    "appeal": ("", lambda world: f"/notice/{world.notice.token}/appeal/"),
    "item": ("mo", lambda world: f"/console/ridge/items/{world.item.pk}/"),
    "journal": ("ode", lambda _: "/console/ridge/journal/"),
    "journal for everyone": ("", lambda _: "/journal/"),
    "journal entry": ("ode", lambda world: f"/console/ridge/journal/{world.entry.number}/"),
    "journal entry to disclose": (
        "ode",
        lambda world: f"/console/ridge/journal/{world.entry.number}/disclosure/",
    ),
    "banks with a flood": ("ada", lambda world: f"{bank_with_a_flood(world)}../../"),
    "new bank": ("ada", lambda _: "/console/ridge/banks/new/"),
    "bank": ("ada", bank_with_a_flood),
    "bank's settings": ("ada", lambda world: f"{bank_with_a_flood(world)}settings/"),
    "bank's history": ("ode", lambda world: f"{bank_with_a_flood(world)}history/"),
    "add signals": ("ada", lambda world: f"{bank_with_a_flood(world)}add/"),
    "add a picture": ("ada", lambda world: f"{bank_with_a_flood(world)}add/picture/"),
    "import": ("ada", lambda world: f"{bank_with_a_flood(world)}import/"),
    "signal": ("ada", signal_in_a_flood),
    "evidence": ("sena", lambda world: f"{snapshot(world)}../"),
    "snapshot": ("sena", snapshot),
    "legal holds": ("ren", lambda world: f"{report(world)}../../holds/"),
    "preservation notices": ("grace", lambda world: f"{notice(world)}../"),
    "preservation notice": ("grace", notice),
    "reports to authorities": ("ren", lambda world: f"{report(world)}../"),
    "report to the NCA": ("ren", report),
    "deliveries": ("ada", deliveries_of_all_kinds),
    "endpoint": ("ada", endpoint),
    "trusted flaggers": ("ada", lambda world: f"{flagger(world)}../../"),
    "trusted flagger": ("ada", flagger),
    "add a flagger": ("ada", lambda _: "/console/ridge/flaggers/add/"),
    "who is a flagger": ("", lambda _: "/flaggers/ridge/"),
    "statements": ("sena", lambda _: "/console/ridge/statements/"),
    "statement": ("sena", statement),
    "reports and complaints": ("mo", lambda world: f"{told(world)}../"),
    "report": ("mo", told),
    "complaint": ("sena", complaint),
    "reporting form": ("ada", lambda _: "/console/ridge/form/"),
    "how fast we are": ("sena", lambda world: f"{told(world)}../../times/"),
    "unfounded complaints": ("grace", unfounded),
    "unfounded complaints to check": ("sena", unfounded),
    "set a complaint aside": ("mo", set_aside),
    "measures": ("ode", measures),
    "measure": ("ode", lambda world: f"{measures(world)}icu-a2/"),
    "publications": ("grace", lambda world: f"{board_report(world)}../"),
    "make a board report": ("grace", lambda _: "/console/ridge/publications/make/board/"),
    "make figures": ("grace", lambda _: "/console/ridge/publications/make/figures/"),
    "board report": ("ode", board_report),
    "information notice": ("grace", information_notice),
    "answer a notice": ("grace", lambda world: f"{information_notice(world)}answer/"),
    "answer that was given": ("ode", given_answer),
    "figures": ("ode", transparency_figures),
    "figures for everyone": ("", public_figures),
    "accounts": ("mo", lambda _: "/console/ridge/accounts/"),
    "documents": ("grace", lambda world: f"{governed(world)}/documents/"),
    "document": ("grace", document_page),
    "add a document": ("grace", lambda _: "/console/ridge/documents/add/board_minutes/"),
    "training": ("grace", lambda world: f"{governed(world)}/training/"),
    "owners of measures": ("grace", lambda world: f"{governed(world)}/owners/"),
    "tasks": ("grace", lambda world: f"{governed(world)}/tasks/"),
    "what is left of each risk": ("grace", lambda world: f"{governed(world)}/residual/"),
    "account": ("mo", lambda world: f"/console/ridge/accounts/{world.cast.bram.pk}/"),
}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


View = tuple[Literal["light", "dark"], ViewportSize]
# Each size once and each scheme once, since colours cost most; what pages share meets all four.
BY_TURNS: tuple[tuple[View, View], ...] = (
    (("light", WIDE), ("dark", NARROW)),
    (("dark", WIDE), ("light", NARROW)),
)


FIRST_HALF, SECOND_HALF = list(PAGES)[::2], list(PAGES)[1::2]
"""The second has a file, and so a process, of its own."""


def test_half_of_all_pages_are_within_everyones_reach(screen: Screen, world: World) -> None:
    # Many pages before one world, which takes longer to make than a page to check.
    troubles = {name: troubles_of(name, screen, world) for name in FIRST_HALF}
    assert {name: found for name, found in troubles.items() if found} == {}


def test_what_is_under_more_is_within_reach_by_keyboard(screen: Screen, world: World) -> None:
    screen.sign_in(world.cast.ada)
    screen.page.goto("/console/ridge/staff/")

    screen.page.locator("summary", has_text="More: Staff").focus()
    screen.page.keyboard.press("Enter")

    # An open menu lies over the page, parts of which cannot be reached until it is closed.
    assert seen_from_all_sides(screen.page, part="header") == []
    screen.page.keyboard.press("Tab")
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_url("**/console/ridge/accounts/")


def troubles_of(name: str, screen: Screen, world: World) -> list[str]:
    who, path_in = PAGES[name]
    screen.context.clear_cookies()
    if who:
        screen.sign_in(getattr(world.cast, who))
    answer = screen.page.goto(path_in(world))
    if answer is None or answer.status != HTTPStatus.OK:
        return [f"answered {answer and answer.status}"]

    return seen_from_all_sides(screen.page)


def seen_from_all_sides(page: Page, *, part: str = "html") -> list[str]:
    """What is wrong with a part of the page as it stands, at each size, in schemes by its title."""
    page.evaluate(Axe().axe_script)
    views = BY_TURNS[len(page.title()) % len(BY_TURNS)]
    return [trouble for scheme, size in views for trouble in seen(page, scheme, size, part)]


def seen(page: Page, scheme: Literal["light", "dark"], size: ViewportSize, part: str) -> list[str]:
    # Without motion: a colour that is still on its way would be measured half-way.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(size)
    found = violations(page, part)
    if wider := sideways(page):
        found.append(f"scrolls sideways by {wider} px")
    return [f"{scheme}, {size['width']} px: {trouble}" for trouble in found]


def violations(page: Page, part: str) -> list[str]:
    """What axe finds, each with the rule, the element and what is wrong with it."""
    found: list[dict[str, Any]] = page.evaluate(
        "async ([part, options]) => (await axe.run(part, options)).violations",
        [part, {"runOnly": STANDARD, "resultTypes": ["violations"]}],
    )
    return [
        f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider
