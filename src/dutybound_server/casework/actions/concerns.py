"""A report, complaint or appeal is received: kept, looked into, acknowledged, all at once."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from dutybound.cases.clocks import due_at
from dutybound.cases.kinds import KINDS, Group, Kind
from dutybound.cases.priority import severity_of
from dutybound.register.harms import HARMS
from dutybound_server.casework.actions.attachments import StoredFile, keep_attachments, store_files
from dutybound_server.casework.actions.cases import open_told_case
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.letters import acknowledge
from dutybound_server.casework.hearing import ConcernRefused, Told, problems
from dutybound_server.casework.models import (
    Case,
    Concern,
    ConcernSubject,
    Desk,
    ReportedHash,
)
from dutybound_server.casework.subjects import CONCERN, ITEM, new_reference
from dutybound_server.casework.targets import target_of
from dutybound_server.casework.tellers import network_digest, teller_digest
from dutybound_server.evidence.actions.snapshots import seal_snapshot
from dutybound_server.items.queries import newest_revision
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM, service_actor
from dutybound_server.people.models import Service

TOKEN_BYTES = 24
UNKNOWN_HARM = "other_illegal"
"""Stands for what a person calls "I don't know" until somebody has looked."""
LEAST_SEVERITY_FROM_A_CHILD = 4
HARM_OF = {Kind.INTIMATE_IMAGE: "iia"}
"""Kinds of report that are about one kind of harm."""


@dataclass(frozen=True, slots=True)
class Received:
    """What the person gets: the concern, and the secret of their status page."""

    concern: Concern
    token: str
    is_new: bool


def take_concern(*, service: Service, told: Told, now: datetime) -> Received:
    """Receive what a person tells us; all of it or nothing. Raises ConcernRefused.

    The same `request_id` again gets the same receipt. Files are stored before the transaction:
    if it stops in between, they have no row and are swept.
    """
    desk = desk_of(service)
    for field, sentence in problems(told, desk=desk):
        raise ConcernRefused(field, sentence)
    if (earlier := _earlier(service, told)) is not None:
        return Received(earlier, earlier.token, is_new=False)
    files = store_files(told.files)
    try:
        return _take(service, desk, told, files, now)
    except IntegrityError:
        # The same request was stored by another process meanwhile.
        earlier = _earlier(service, told)
        if earlier is None:
            raise
        return Received(earlier, earlier.token, is_new=False)


def token_digest(token: str) -> str:
    """What the secret of a status page is found by. It has 192 random bits: no salt is needed."""
    return sha256(token.encode()).hexdigest()


def _earlier(service: Service, told: Told) -> Concern | None:
    if not told.request_id:
        return None
    same = Concern.objects.filter(service=service, channel=told.channel)
    return same.filter(request_id=told.request_id).first()


@transaction.atomic
def _take(
    service: Service, desk: Desk, told: Told, files: tuple[StoredFile, ...], now: datetime
) -> Received:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    harm = HARM_OF.get(told.kind, told.harm)
    concern = _store(service, desk, told, harm=harm, token=token, now=now)
    keep_attachments(concern=concern, files=files, now=now)
    ReportedHash.objects.bulk_create(
        ReportedHash(concern=concern, value=one.value, quality=one.quality, came_from=one.came_from)
        for one in {one.value: one for one in told.hashes}.values()
    )
    if KINDS[told.kind].group is Group.REPORT:
        _look_into(concern, told, harm=harm or UNKNOWN_HARM, now=now)
    _journal(concern, told, now=now)
    acknowledge(concern=concern, now=now)
    return Received(concern, token, is_new=True)


def _store(
    service: Service, desk: Desk, told: Told, *, harm: str, token: str, now: datetime
) -> Concern:
    severity = _severity(told, harm=harm)
    target = target_of(desk, kind=told.kind, severity=severity, flagger=told.flagger)
    flagger = told.flagger
    return Concern.objects.create(
        service=service,
        reference=new_reference(),
        token_digest=token_digest(token),
        token=token,
        kind=told.kind,
        harm=harm,
        words=told.words.strip(),
        answers=json.dumps(dict(told.answers), ensure_ascii=False),
        language=told.language,
        version=told.version,
        channel=told.channel,
        flagger=flagger,
        account=told.account,
        email=told.email.strip(),
        wants_messages=told.wants_messages,
        network_digest=network_digest(told.network),
        teller_digest=teller_digest(
            account=told.account.pk if told.account else None,
            flagger=flagger.pk if flagger else None,
            email=told.email,
        ),
        about=told.about,
        severity=severity,
        queued=told.queued,
        received_at=now,
        due_at=due_at(received=now, target=target, nation=desk.nation),
        request_id=told.request_id,
    )


def _severity(told: Told, *, harm: str) -> int:
    severity = severity_of(harm or UNKNOWN_HARM)
    return max(severity, LEAST_SEVERITY_FROM_A_CHILD) if told.version == "child" else severity


def _look_into(concern: Concern, told: Told, *, harm: str, now: datetime) -> None:
    """Open or join the case of each subject, and seal each as it is now."""
    subjects = [(one.kind, one.id.strip()) for one in told.subjects]
    for subject_kind, subject in dict.fromkeys(subjects or [(CONCERN, concern.reference)]):
        add_subject(concern=concern, subject_kind=subject_kind, subject=subject, harm=harm, now=now)


def add_subject(
    *, concern: Concern, subject_kind: str, subject: str, harm: str, now: datetime
) -> ConcernSubject:
    """Let the concern be about one more thing, inside a transaction of the caller."""
    case = open_told_case(
        service=concern.service,
        subject_kind=subject_kind,
        subject=subject,
        harm=harm,
        facts={"concern": concern.reference, "concern_kind": concern.kind},
        now=now,
    )
    item = newest_revision(concern.service, subject) if subject_kind == ITEM else None
    seal_snapshot(
        service=concern.service,
        subject_kind=subject_kind,
        subject=subject,
        item=item,
        concern=concern.reference,
        why=f"Reported: {KINDS[Kind(concern.kind)].name}",
        restricted=case.restricted or bool(concern.harm and HARMS[concern.harm].restricted),
        now=now,
    )
    _go_first(case, concern)
    return ConcernSubject.objects.create(
        concern=concern,
        subject_kind=subject_kind,
        subject=subject,
        item=item,
        case=case,
        added_at=now,
    )


def _go_first(case: Case, concern: Concern) -> None:
    """A concern that must be answered sooner brings its case forward; none holds one back."""
    if concern.due_at < case.due_at:
        case.due_at = concern.due_at
        case.save(update_fields=["due_at"])


def _journal(concern: Concern, told: Told, *, now: datetime) -> None:
    through_service = told.channel == "api"
    append(
        kind="concern.received",
        service=concern.service.slug,
        subject=f"concern:{concern.reference}",
        actor=service_actor(concern.service) if through_service else SYSTEM,
        now=now,
        facts={
            "concern_kind": concern.kind,
            "harm": concern.harm,
            "channel": concern.channel,
            "severity": concern.severity,
            "queued": concern.queued,
            "files": len(told.files),
            "hashes": len(told.hashes),
            "subjects": len(told.subjects),
            "due_at": concern.due_at.isoformat(),
        },
        personal={"words": concern.words, "teller": concern.teller_digest},
    )
