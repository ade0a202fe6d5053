"""No key, token, password or word of a person reaches a log, a page of errors, a figure or a fact.

Everything is driven once with every logger at its most talkative, things that fail included.
"""

import base64
import io
import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from dutybound_server.casework.actions.deliveries import deliver_due
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.flaggers import issue_flagger_key
from dutybound_server.casework.actions.letters import mail_letters
from dutybound_server.casework.hearing import Subject
from dutybound_server.casework.item_tokens import link_for
from dutybound_server.casework.models import Concern, Endpoint, Notice
from dutybound_server.intake.submissions import Author, Submission
from dutybound_server.journal.models import Entry
from dutybound_server.lib.logs import JsonLines
from dutybound_server.people.invitations import invitation_link
from dutybound_server.people.roles import Scope
from dutybound_server.people.tokens import new_key_text
from dutybound_server.project import rounds
from dutybound_server.project.worker import Duty
from tests import make
from tests.cast import PASSWORD, Cast

WORDS = "The canary sings at noon."
EMAIL = "ann.canary@example.com"
TEXT = "a canary's own post"
WRONG_PASSWORD = "an open window at night"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that this process logs, as talkative as it can be made, as it would be written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    monkeypatch.setattr(root, "level", logging.DEBUG)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


class Town:
    """What is secret in it, and the pages that were answered where something failed."""

    def __init__(self, cast: Cast) -> None:
        now = timezone.now()
        self.cast, self.browser = cast, Client(raise_request_exception=False)
        self.pages: list[tuple[int, str]] = []
        make.endpoint(cast.ridge, url="http://127.0.0.1:9/hooks")
        self.key = make.key(cast.ridge, scopes=list(Scope))
        watch = make.flagger(cast.ridge, by=cast.ada, now=now)
        self.flagger_key = issue_flagger_key(flagger_id=watch.pk, name="app", by=cast.ada, now=now)[
            1
        ]
        make.decide(make.case(cast.ridge, author=cast.bram, now=now), by=cast.mo, now=now)
        self.concern = make.concern(cast.ridge, words=WORDS, email=EMAIL, now=now)
        self.link = link_for(
            desk_of(cast.ridge), subject=Subject("item", "post-1"), reporter="cleo", now=now
        )
        self.invitation = invitation_link(cast.nell)

    @property
    def notice(self) -> str:
        return Notice.objects.earliest("id").token

    def secrets(self) -> dict[str, str]:
        cookies = {name: one.value for name, one in self.browser.cookies.items() if one.value}
        factor = Authenticator.objects.get(user=self.cast.mo, type="totp")
        return {
            "reporter's words": WORDS,
            "reporter's address": EMAIL,
            "author's words": TEXT,
            "author's address": "bram@example.com",
            "password": PASSWORD,
            "wrong password": WRONG_PASSWORD,
            "second factor": factor.data["secret"],
            "service key": self.key[14:],
            "flagger key": self.flagger_key[15:],
            "webhook secret": Endpoint.objects.get().secret.removeprefix("whsec_"),
            "notice": self.notice,
            "status page": self.concern.token,
            "signed link": self.link.rpartition("=")[2],
            "link secret": desk_of(self.cast.ridge).link_secret,
            "invitation": self.invitation.rstrip("/").rpartition("-")[2],
            "content key": base64.b64encode(settings.CONTENT_KEYS[0].secret).decode(),
            "content key, raw": repr(settings.CONTENT_KEYS[0].secret)[2:-1],
            "secret key": settings.SECRET_KEY,
            **{f"cookie {name}": value for name, value in cookies.items()},
        }

    def ask(self, method: str, path: str, *sent: Any, **more: Any) -> Any:  # noqa: ANN401 - as the client takes it
        answer = getattr(self.browser, method)(path, *sent, **more)
        if answer.status_code >= 400 and not answer.streaming:
            self.pages.append((answer.status_code, answer.content.decode()))
        return answer

    def live(self) -> None:
        """The main journeys, with what goes wrong in them."""
        self._services()
        self._people()
        self._staff()
        deliver_due(now=timezone.now())

    def _services(self) -> None:
        bearer = {"Authorization": f"Bearer {self.key}"}
        author = {"id": "bram", "email": "bram@example.com"}
        item = {"id": "post-7", "text": TEXT, "author": author}
        self._json("/api/v1/items", item, bearer)
        self._json("/api/v1/items", {**item, "revision": "x", "colour": TEXT}, bearer)
        self._json("/api/v1/items", item, {"Authorization": f"Bearer {self.key}x"})
        self._json("/api/v1/reports", {"words": WORDS, "email": EMAIL}, bearer)
        self._json(
            "/api/v1/flags", {"words": WORDS}, {"Authorization": f"Bearer {self.flagger_key}"}
        )
        self._json("/api/v1/items", item, {"Authorization": f"Bearer {self.flagger_key}"})
        self.ask(
            "post", "/api/v1/items", "{" + TEXT, content_type="application/json", headers=bearer
        )

    def _json(self, path: str, body: object, headers: dict[str, str]) -> None:
        self.ask("post", path, json.dumps(body), content_type="application/json", headers=headers)

    def _people(self) -> None:
        self.ask("get", self.link)
        form = self.ask("post", "/report/ridge/")["Location"]
        self.ask("post", f"{form}words/", {"words": WORDS})
        self.ask("post", f"{form}reply/", {"reply": "email", "email": EMAIL})
        for page in (f"/told/{self.concern.token}/", f"/notice/{self.notice}/appeal/"):
            self.ask("get", page)
            self.ask("put", page)
        self.ask("post", f"/told/{self.concern.token}/add/", {"words": WORDS})
        self.ask("post", f"/notice/{self.notice}/appeal/", {"grounds": WORDS, "step": "send"})
        self.ask("get", f"/told/{self.concern.token[:-1]}/nothing/")

    def _staff(self) -> None:
        login = "/accounts/login/"
        self.ask("post", login, {"login": self.cast.mo.email, "password": WRONG_PASSWORD})
        self.ask("post", login, {"login": self.cast.mo.email, "password": PASSWORD})
        self.ask("get", self.invitation)
        self.ask("post", "/accounts/password/reset/", {"email": self.cast.nell.email})
        self.browser.force_login(self.cast.mo)
        self.ask("get", f"/console/ridge/reports/{self.concern.reference}/")
        self.ask("get", f"/console/ridge/cases/?q={WORDS}")
        self.ask("get", f"/console/harbour/cases/?password={PASSWORD}")


def found_in(text: str, secrets: dict[str, str]) -> list[str]:
    return [name for name, secret in secrets.items() if secret in text]


@pytest.fixture
def town(cast: Cast, log: io.StringIO) -> Town:
    made = Town(cast)
    log.seek(0)
    log.truncate()
    return made


def test_journeys_leave_no_secret_in_the_log(town: Town, log: io.StringIO) -> None:
    town.live()

    assert log.getvalue().count('"dutybound.requests"') > 20
    assert found_in(log.getvalue(), town.secrets()) == []


def test_nor_in_the_pages_that_say_what_is_wrong_nor_in_figures(
    town: Town, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "for whoever watches us"
    town.live()

    kept = town.secrets()
    seen = {"reporter's words", "author's words", "reporter's address", "cookie csrftoken"}
    # A form is shown again with what its own writer wrote; nobody else sees it.
    others = {name: secret for name, secret in kept.items() if name not in seen}
    assert {status for status, _ in town.pages} >= {400, 401, 404, 405, 422}
    assert [found for _, page in town.pages if (found := found_in(page, others))] == []
    watcher = {"Authorization": "Bearer for whoever watches us"}
    metrics = town.ask("get", "/metrics", headers=watcher).content.decode()
    assert "dutybound_verdicts" in metrics
    assert found_in(metrics, kept) == []


FAULTS = {
    "dutybound_server.public.told.note_letters_read": "told",
    "dutybound_server.public.notices.appeal_of": "notice",
    "dutybound_server.public.report.pages.told_by_links": "link",
    "dutybound_server.api.items.take_item": "item",
}
"""What fails → at which door."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_ours_is_logged_without_what_it_was_about(
    town: Town, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    quoted = f"duplicate\nDETAIL:  Failing row contains (7, {WORDS}, {town.notice}, {EMAIL})."

    def fails(*_: object, **__: object) -> None:
        raise IntegrityError(quoted)

    monkeypatch.setattr(fault, fails)
    doors: dict[str, Callable[[], object]] = {
        "told": lambda: town.ask("get", f"/told/{town.concern.token}/"),
        "notice": lambda: town.ask("get", f"/notice/{town.notice}/"),
        "link": lambda: town.ask("get", town.link),
        "item": lambda: town._json(
            "/api/v1/items", {"id": "p", "text": TEXT}, {"Authorization": f"Bearer {town.key}"}
        ),
    }

    doors[FAULTS[fault]]()

    assert town.pages[-1][0] == 500
    assert "IntegrityError" in log.getvalue()
    kept = town.secrets()
    assert found_in(log.getvalue(), kept) == []
    assert found_in(town.pages[-1][1], kept) == []


def test_mail_that_cannot_go_out_names_nobody_in_the_log(
    town: Town, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = SMTPRecipientsRefused({EMAIL: (550, f"no mailbox {EMAIL}".encode())})
    failed: Future[int] = Future()
    failed.set_exception(refused)
    monkeypatch.setattr(mail.EmailMessage, "send", lambda _: (_ for _ in ()).throw(refused))

    mail_letters(now=timezone.now())
    duty = Duty("mail letters", 2.0, mail_letters)
    rounds._settle(rounds.Rounds(duty), failed)

    assert "mail letters failed" in log.getvalue()
    assert found_in(log.getvalue(), town.secrets()) == []


def test_no_entry_of_the_journal_holds_one(town: Town) -> None:
    town.live()

    bodies = " ".join(bytes(one.body).decode() for one in Entry.objects.all())
    assert Entry.objects.count() > 20
    assert found_in(bodies, town.secrets()) == []


def test_no_row_shows_one_when_it_is_printed(town: Town) -> None:
    town.live()

    printed = " ".join(
        repr(row) for model in apps.get_models() for row in model._base_manager.all()
    )
    # Django's own rows of sessions have no other name than their key; ours have.
    kept = {name: one for name, one in town.secrets().items() if not name.startswith("cookie")}
    assert Concern.objects.count() > 1
    assert found_in(printed, kept) == []


def test_no_value_of_ours_shows_one_when_it_is_printed() -> None:
    told = make.told(words=WORDS, email=EMAIL, answers={"name": "Ann"}, network="203.0.113.7")
    item = Submission(id="post-1", text=TEXT, author=Author("bram", "bram@example.com"))
    key, text = settings.CONTENT_KEYS[0], new_key_text()

    kept = {"words": WORDS, "address": EMAIL, "answer": "Ann", "network": "203.0.113.7"}
    assert found_in(repr(told), kept) == []
    assert found_in(repr(item), {"text": TEXT, "author": "bram@example.com"}) == []
    assert repr(key.secret) not in repr(key)
    assert text.token not in repr(text)
