"""Receive an item: look, judge, and store everything that follows in one transaction."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from dutybound.matching import Content, Match, TooManyLinks
from dutybound.matching.links import links_told
from dutybound_server.banks.live import current
from dutybound_server.banks.models import BankVersion
from dutybound_server.banks.queries import THE_VERSION, newest_version
from dutybound_server.casework.actions.cases import open_case, record_matches
from dutybound_server.casework.models import Case
from dutybound_server.intake.answers import answer_body
from dutybound_server.intake.examine import Examined, content_of, examine
from dutybound_server.intake.flood import flag_only, floods, quarantine
from dutybound_server.intake.policy import DOUBTED_HARM, Judged, unscreened, verdict_for
from dutybound_server.intake.submissions import (
    PRIVATE,
    BadSubmission,
    DifferentContent,
    Submission,
    digest_of,
)
from dutybound_server.items.actions import NewMedia, keep_answer, store_item
from dutybound_server.items.blobs import delete_blob, store_blob
from dutybound_server.items.models import Item, Media
from dutybound_server.lib.metrics import VERDICT_SECONDS, VERDICTS
from dutybound_server.people.actions import see_account
from dutybound_server.people.models import Service

UNKNOWN_VERSION = "unknown"
NO_BANKS = "The banks could not be read, so nothing was compared."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service is told, and whether it is told it for the first time."""

    item: Item
    body: dict[str, Any]
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Looked:
    """What comparing gave, and with which state of the banks; None where they gave no answer."""

    content: Content
    matches: Sequence[Match]
    version: int | None


@dataclass(frozen=True, slots=True)
class _Received:
    """All that is known of a submission before its transaction begins."""

    service: Service
    submission: Submission
    digest: str
    examined: tuple[Examined, ...] = ()
    blobs: tuple[str, ...] = ()


def take_item(*, service: Service, submission: Submission, now: datetime) -> Answer:
    """Answer for an item, and keep the item, its matches and its case; all of it or nothing.

    The same delivery again gets the stored answer, also when both arrive at the same moment.
    Raises BadSubmission, and DifferentContent when this revision was something else before.
    """
    with VERDICT_SECONDS.labels(service.slug).time():
        answer = _take(service, submission, now)
    if answer.is_new:
        VERDICTS.labels(service.slug, answer.item.verdict).inc()
    return answer


def _take(service: Service, submission: Submission, now: datetime) -> Answer:
    digest = digest_of(submission)
    if (stored := _stored(service, submission, digest)) is not None:
        return stored
    if submission.visibility == PRIVATE and not service.screens_private:
        return _keep_or_repeat(_Received(service, submission, digest), None, now)

    _check_links(submission)
    with ExitStack() as files:
        examined = examine(submission, service=service, files=files)
        looked = _look(service, content_of(submission, examined))
        # A kill from here on leaves files without a row, which the sweep finds.
        blobs = tuple(store_blob(one.file) if one.file else "" for one in examined)
    received = _Received(service, submission, digest, examined, blobs)
    return _keep_or_repeat(received, looked, now)


def _stored(service: Service, submission: Submission, digest: str) -> Answer | None:
    item = Item.objects.filter(
        service=service, external_id=submission.id, revision=submission.revision
    ).first()
    if item is None:
        return None
    if item.digest != digest:
        raise DifferentContent(
            f"{submission.id} revision {submission.revision} was received on "
            f"{item.received_at:%d %B %Y} with other content; send a change as a new revision"
        )
    return Answer(item, item.answer, is_new=False)


def _check_links(submission: Submission) -> None:
    """Refuse what cannot be compared, before it is stored: looking back would meet it again."""
    try:
        links_told(submission.text, submission.links)
    except TooManyLinks as too_many:
        raise BadSubmission("links", str(too_many)) from None


def _look(service: Service, content: Content) -> _Looked:
    try:
        live = current(service.pk)
    except ValueError:
        # A signal that cannot be loaded: without an answer of all banks there is none.
        return _Looked(content, (), None)
    matches = live.matcher.match(content, banks=live.bank_keys)
    return _Looked(content, matches, live.version)


def _keep_or_repeat(received: _Received, looked: _Looked | None, now: datetime) -> Answer:
    try:
        if looked is None:
            return _keep_unscreened(received, now)
        return _keep(received, looked, now)
    except IntegrityError:
        # The same revision was stored by another request meanwhile. Only now is it certain that
        # no row names these files: after a lost connection the commit may have happened.
        for name in filter(None, received.blobs):
            delete_blob(name)
        stored = _stored(received.service, received.submission, received.digest)
        if stored is None:
            raise
        return stored


@transaction.atomic
def _keep_unscreened(received: _Received, now: datetime) -> Answer:
    """Remember that it came, and nothing of what it says."""
    item = _item(received, now)
    item.context, item.text, item.links, item.erased_at = {}, "", "[]", now
    judged = unscreened()
    item.verdict = judged.verdict
    item.answer = answer_body(
        item=item, judged=judged, case=None, banks_version=str(newest_version())
    )
    store_item(item=item, media=())
    return Answer(item, item.answer, is_new=True)


@transaction.atomic
def _keep(received: _Received, looked: _Looked, now: datetime) -> Answer:
    service = received.service
    looked, quarantined = _settled(service, looked, now)
    judged = _judged(received, looked, quarantined)

    item = _item(received, now)
    author = received.submission.author
    if author is not None:
        item.account = see_account(
            service=service, external_id=author.id, email=author.email, now=now
        )
    version = UNKNOWN_VERSION if looked.version is None else str(looked.version)
    item.verdict = judged.verdict
    item.answer = answer_body(item=item, judged=judged, case=None, banks_version=version)
    media = store_item(item=item, media=_new_media(received))

    case = _case_of(item, judged, media, now)
    if case is not None:
        keep_answer(item=item, answer={**item.answer, "case": case.reference})
    return Answer(item, item.answer, is_new=True)


def _settled(service: Service, looked: _Looked, now: datetime) -> tuple[_Looked, frozenset[int]]:
    """What comparing gives with the banks as they will be when this commits.

    From here until commit no bank changes. So once a signal is committed, every item that was
    judged without it is committed too, and the rematch finds it.
    """
    may_flood = bool(floods(looked.matches, service=service))
    number = _hold_banks(for_change=may_flood)
    if looked.version != number:
        looked = _look(service, looked.content)
    if not may_flood or looked.version is None:
        return looked, frozenset()
    quarantined = quarantine(floods(looked.matches, service=service), now=now)
    # This process loads the quarantine after commit, like every other one.
    return replace(looked, version=newest_version()), quarantined


def _hold_banks(*, for_change: bool) -> int:
    """Keep the version of the banks as it is until commit; alone, if it is to be changed here.

    On SQLite the transaction is the only one that writes, and nothing needs holding.
    """
    if connection.vendor != "postgresql":
        return newest_version()
    strength = "UPDATE" if for_change else "SHARE"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number FROM banks_bankversion WHERE id = %s FOR {strength}",  # noqa: S608
            [THE_VERSION],
        )
        held = cursor.fetchone()
    if held is None:
        BankVersion.objects.get_or_create(id=THE_VERSION)
        return _hold_banks(for_change=for_change)
    return int(held[0])


def _judged(received: _Received, looked: _Looked, quarantined: frozenset[int]) -> Judged:
    doubts = [one.doubt for one in received.examined if one.doubt]
    if looked.version is None:
        doubts.append(NO_BANKS)
    notes = [one.note for one in received.examined if one.note]
    return verdict_for(flag_only(looked.matches, quarantined), doubts=doubts, notes=notes)


def _case_of(item: Item, judged: Judged, media: dict[str, Media], now: datetime) -> Case | None:
    case = None
    if judged.kept or judged.set_aside:
        case = record_matches(
            item=item,
            kept=judged.kept,
            set_aside=judged.set_aside,
            media=media,
            retroactive=False,
            now=now,
        )
    if judged.doubts:
        case = open_case(item=item, harm=DOUBTED_HARM, why=" ".join(judged.doubts), now=now)
    return case


def _item(received: _Received, now: datetime) -> Item:
    submission = received.submission
    return Item(
        service=received.service,
        external_id=submission.id,
        revision=submission.revision,
        kind=submission.kind,
        visibility=submission.visibility,
        reach=submission.reach,
        text=submission.text,
        links=json.dumps(submission.links),
        context=dict(submission.context),
        created_at=submission.created_at or now,
        received_at=now,
        digest=received.digest,
    )


def _new_media(received: _Received) -> list[NewMedia]:
    return [
        NewMedia(
            Media(
                external_id=one.id,
                content_type=one.content_type[:100],
                size=one.hashes.size,
                sha256=one.hashes.sha256,
                md5=one.hashes.md5,
                blob=blob,
                note=(one.doubt or one.note)[:200],
            ),
            one.hashes.frames,
        )
        for one, blob in zip(received.examined, received.blobs, strict=True)
    ]
