"""A real browser before a live server, and a service in which everything has happened once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from dutybound_server.casework.actions.cases import claim_case, record_matches
from dutybound_server.casework.models import Case, Notice
from dutybound_server.items.actions import hold_item
from dutybound_server.items.models import Item, Media
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import Cast

WIDE = ViewportSize(width=1280, height=800)
NARROW = ViewportSize(width=320, height=700)


class Screen:
    """One browser before the live server; `fetched` are the addresses it has asked for."""

    def __init__(self, browser: Browser, server: str, *, with_javascript: bool) -> None:
        self.server = server
        self.context = browser.new_context(
            base_url=server, viewport=WIDE, java_script_enabled=with_javascript
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.fetched: list[str] = []
        self.troubles: list[str] = []
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def sign_in(self, person: User) -> None:
        client = Client()
        client.force_login(person)
        session = client.cookies["sessionid"].value
        self.context.clear_cookies()
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.server}])

    def fetched_pictures(self) -> list[str]:
        """The addresses of pictures that were fetched as they are, not as a blurred preview."""
        return [url for url in self.fetched if url.endswith(("/grey/", "/colour/"))]


@pytest.fixture
def screen(browser: Browser, live_server: LiveServer) -> Iterator[Screen]:
    made = Screen(browser, live_server.url, with_javascript=True)
    yield made
    made.context.close()
    assert made.troubles == []


@pytest.fixture
def screen_without_javascript(browser: Browser, live_server: LiveServer) -> Iterator[Screen]:
    made = Screen(browser, live_server.url, with_javascript=False)
    yield made
    made.context.close()


@dataclass(frozen=True, slots=True)
class World:
    """Ridge Forum on a busy day."""

    cast: Cast
    case: Case
    """Open and the first of the queue: a picture and words, two banks, one more set aside."""
    picture: Media
    decided: Case
    item: Item
    entry: Entry
    """Sealed, with facts and personal values."""
    notice: Notice
    """What the author of the decided item was told."""


@pytest.fixture
def world(transactional_db: None, cast: Cast) -> World:
    now = timezone.now()
    case, picture = _case_with_everything(cast, now=now - timedelta(hours=3))
    for hours in (1, 2, 80):
        make.case(cast.ridge, harm="fraud", author=cast.cleo, now=now - timedelta(hours=hours))
    held = make.case(cast.ridge, harm="hate", author=cast.bram, now=now - timedelta(hours=1))
    claim_case(case_id=held.pk, by=cast.nell, now=now)
    decided = make.decided_case(cast.ridge, by=cast.nell, author=cast.cleo, now=now)
    assert case.item is not None
    until = now + timedelta(days=90)
    hold_item(item=case.item, until=until, why="The police asked.", by=cast.nell, now=now)
    seal(now=now)
    return World(
        cast=cast,
        case=case,
        picture=picture,
        decided=decided,
        item=case.item,
        entry=Entry.objects.filter(kind="case.decided").latest("number"),
        notice=Notice.objects.get(decision__case=decided),
    )


def _case_with_everything(cast: Cast, *, now: datetime) -> tuple[Case, Media]:
    long_name = "an-item-with-a-very-long-name-" * 5
    words = "You are a zonk. " * 20 + "https://shop.example/" + "long/" * 30
    item = make.item(
        cast.ridge,
        external_id=long_name,
        author=cast.bram,
        text=words,
        reach=1200,
        received_at=now,
    )
    item.links = '["https://shop.example/' + "long/" * 30 + '"]'
    item.save()
    picture = make.picture(item)
    make.media(item, external_id="m2")
    signals = [make.signal(cast.ridge, harm=harm) for harm in ("iia", "hate", "fraud")]
    kept = [make.meeting(one, media=picture) for one in signals[:2]]
    case = record_matches(
        item=item,
        kept=kept,
        set_aside=[make.meeting(signals[2], dry_run=True)],
        media={"m1": picture},
        retroactive=False,
        now=now,
    )
    assert case is not None
    return case, picture
