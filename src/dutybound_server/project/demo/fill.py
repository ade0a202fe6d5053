"""Lives the story: makes the service, its staff and banks, and lets the posts come in."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.matching import SignalKind, hash_media
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.banks.actions import NewSignal, add_signals, create_bank
from dutybound_server.casework.actions.cases import claim_case
from dutybound_server.casework.actions.decisions import decide_case
from dutybound_server.casework.models import Case
from dutybound_server.casework.queries import case_for
from dutybound_server.casework.statements import draft_statement
from dutybound_server.intake.actions import take_item
from dutybound_server.intake.submissions import Author, Submission, SubmittedMedia
from dutybound_server.people.actions import create_service, create_staff, grant_role, issue_key
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Scope
from dutybound_server.project.demo.assessment import assess
from dutybound_server.project.demo.audit import let_audit
from dutybound_server.project.demo.hear import Hearing
from dutybound_server.project.demo.papers import write_papers
from dutybound_server.project.demo.pictures import as_jpeg, photograph, reposted
from dutybound_server.project.demo.story import (
    ACCOUNTABLE,
    AUDITOR,
    BANKS,
    CLAIMED_BY,
    CLAIMED_POST,
    DECISIONS,
    PASSWORD,
    POSTS,
    SERVICE,
    SERVICE_NAME,
    STAFF,
    DemoBank,
    DemoDecision,
    Post,
    item_id,
)

BY = "system"
KEY, PICTURE = "key", "picture.jpg"
DAYS_BEFORE = timedelta(days=8)
HOURS_LOOKED_AT = 3
"""For so long the measures have been looked at, once an hour at least, as the worker does."""
AFTER_THE_LOOK = timedelta(seconds=1)
"""So that the audit's period holds findings that its auditor can compute again."""


def is_empty() -> bool:
    """Whether nobody has put anything into this installation yet."""
    return not Service.objects.exists()


@transaction.atomic
def begin(*, files: Path, now: datetime) -> None:
    """Tell the whole story, or nothing of it if stopped half-way.

    `files` gets a service key and a picture to try. They are there before the commit, so that
    an installation of the demo's is known by them.
    """
    token = fill(now=now)
    files.mkdir(exist_ok=True)
    (files / PICTURE).write_bytes(reposted("chelsea", edit="mirrored"))
    (files / KEY).touch(mode=0o600)
    (files / KEY).write_text(token)


def fill(*, now: datetime) -> str:
    """Make everything that the demo begins with; answers a service key."""
    began = now - DAYS_BEFORE
    ridge = create_service(slug=SERVICE, name=SERVICE_NAME, by=BY, now=began)
    _, token = issue_key(
        service=ridge, name="demo", scopes=list(Scope), expires_at=None, by=BY, now=began
    )
    staff = {person.name: _hire(person.name, person.email, now=began) for person in STAFF}
    for person in STAFF:
        grant_role(user=staff[person.name], service=ridge, role=person.role, by=BY, now=began)
    for bank in BANKS:
        _make_bank(ridge, bank, now=began)
    write_papers(ridge, staff, began=began, now=now)
    _live(Story(ridge, staff), now=now)
    assess(ridge, by=staff[ACCOUNTABLE], now=now)
    for hours in range(HOURS_LOOKED_AT, -1, -1):
        look_at(service=ridge, now=now - timedelta(hours=hours))
    let_audit(
        ridge, auditor=staff[AUDITOR], by=staff[ACCOUNTABLE], since=began, now=now + AFTER_THE_LOOK
    )
    return token


def _hire(name: str, email: str, *, now: datetime) -> User:
    return create_staff(email=email, name=name, password=PASSWORD, by=BY, now=now)


def _make_bank(ridge: Service, told: DemoBank, *, now: datetime) -> None:
    bank = create_bank(
        service=ridge,
        name=told.name,
        source="demo",
        harm=told.harm,
        effect=told.effect,
        leetspeak=told.leetspeak,
        dry_run=told.dry_run,
        description=told.description,
        why="The demo begins with it.",
        by=BY,
        now=now,
    )
    pictures = (
        NewSignal(
            SignalKind.PDQ, pdq_of(name), source_record=f"scikit-image/{name}", tags=("demo",)
        )
        for name in told.pictures
    )
    others = (NewSignal(kind, value, tags=("demo",)) for kind, value in told.signals)
    add_signals(
        bank=bank, signals=[*pictures, *others], why="The demo begins with it.", by=BY, now=now
    )


def pdq_of(name: str) -> str:
    hashed = hash_media(io.BytesIO(as_jpeg(photograph(name), quality=95)), id=name)
    return hashed.frames[0].hashes[0].hex()


class Story:
    """What happens in turn, and the cases it leads to."""

    def __init__(self, ridge: Service, staff: dict[str, User]) -> None:
        self.ridge, self.staff = ridge, staff
        self.cases: dict[int, str] = {}
        """Number of the post → reference of its case."""

    def post(self, number: int, told: Post, *, now: datetime) -> None:
        answer = take_item(
            service=self.ridge, submission=_submission(number, told, now=now), now=now
        )
        if case := answer.body["case"]:
            self.cases[number] = case

    def decide(self, told: DemoDecision, *, now: datetime) -> None:
        by = self.staff[told.by]
        case = Case.objects.get(service=self.ridge, subject_kind="item", subject=item_id(told.post))
        judged: dict[str, Any] = {
            "enforcement_kind": told.enforcement_kind,
            "ground": told.ground,
            "rule": told.rule,
            "harm": case.harm,
        }
        decide_case(
            case_id=case.id,
            by=by,
            reasons=told.reasons,
            statement=draft_statement(case=case, **judged),
            judging=told.judged,
            now=now,
            **judged,
        )

    def claim(self, number: int, *, by: str, now: datetime) -> None:
        case = case_for(self.staff[by], self.ridge, self.cases[number])
        claim_case(case_id=case.id, by=self.staff[by], now=now)


def _live(story: Story, *, now: datetime) -> None:
    happenings: list[tuple[datetime, Callable[..., object]]] = []
    for hours_before, happen in Hearing(story.ridge, story.staff).happenings():
        happenings.append((now - timedelta(hours=hours_before), happen))
    for number, post in enumerate(POSTS):
        at = now - timedelta(hours=post.hours_ago)
        happenings.append((at, partial(story.post, number, post)))
    for decision in DECISIONS:
        hours_ago = POSTS[decision.post].hours_ago - decision.hours_later
        happenings.append((now - timedelta(hours=hours_ago), partial(story.decide, decision)))
    happenings.append((now, partial(story.claim, CLAIMED_POST, by=CLAIMED_BY)))

    for at, happen in sorted(happenings, key=lambda one: one[0]):
        happen(now=at)


def _submission(number: int, told: Post, *, now: datetime) -> Submission:
    media: tuple[SubmittedMedia, ...] = ()
    if told.picture:
        file = io.BytesIO(reposted(told.picture, edit=told.edit))
        media = (SubmittedMedia(id="m1", content_type="image/jpeg", file=file),)
    return Submission(
        id=item_id(number),
        author=Author(told.author),
        visibility=told.visibility,
        created_at=now,
        text=told.text,
        links=told.links,
        media=media,
        reach=told.reach,
    )
