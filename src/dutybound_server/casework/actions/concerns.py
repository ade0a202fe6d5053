"""A report, complaint or appeal is received: kept, looked into, acknowledged, all at once."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from dutybound.cases.clocks import due_at
from dutybound.cases.kinds import KINDS, Group, Kind, Outcome
from dutybound.cases.priority import severity_of
from dutybound.cases.status import WAITING, EventKind
from dutybound.register.harms import HARMS
from dutybound_server.casework.actions.attachments import StoredFile, keep_attachments, store_files
from dutybound_server.casework.actions.cases import full_case, open_told_case
from dutybound_server.casework.actions.concern_events import (
    concern_happened,
    locked_cases,
    locked_concern,
)
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.events import happened
from dutybound_server.casework.actions.letters import acknowledge, facts_of
from dutybound_server.casework.actions.settling import end_pause
from dutybound_server.casework.hearing import (
    LONGEST_WORDS,
    MOST_ADDITIONS,
    MOST_FILES,
    MOST_FILES_IN_ALL,
    MOST_SUBJECTS,
    AddedFile,
    ConcernRefused,
    GivenHash,
    Subject,
    Told,
    problems,
    subject_problems,
)
from dutybound_server.casework.intimate import declaration_problems, hashes_of
from dutybound_server.casework.limits import comes_too_often
from dutybound_server.casework.models import (
    Appeal,
    Case,
    Concern,
    ConcernEvent,
    ConcernSubject,
    Desk,
    Letter,
    ReportedHash,
)
from dutybound_server.casework.subjects import ACCOUNT, CONCERN, new_reference
from dutybound_server.casework.targets import target_of
from dutybound_server.casework.tellers import network_digest, teller_digest, token_digest
from dutybound_server.casework.trust import trusted_with
from dutybound_server.evidence.actions.snapshots import seal_snapshot
from dutybound_server.items.blobs import has_room
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
    if told.kind is Kind.INTIMATE_IMAGE:
        for field, sentence in declaration_problems(told):
            raise ConcernRefused(field, sentence)
    if (earlier := _earlier(service, told)) is not None:
        return Received(earlier, earlier.token, is_new=False)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    harm = HARM_OF.get(told.kind, told.harm)
    concern = _concern(service, desk, told, harm=harm, token=token, now=now)
    files = store_files(told.files)
    full = _full_cases(concern, told)
    try:
        _take(concern, told, files, full=full, now=now)
        return Received(concern, token, is_new=True)
    except IntegrityError:
        # The same request was stored by another process meanwhile.
        earlier = _earlier(service, told)
        if earlier is None:
            raise
        return Received(earlier, earlier.token, is_new=False)


def take_appeal(*, appeal: Appeal, case: Case, through_service: bool, now: datetime) -> Concern:
    """Receive an appeal as what a person tells us: with a receipt, a clock and an outcome.

    In the transaction that lodges it; its case is locked.
    """
    told = Told(
        kind=Kind.APPEAL_ACCOUNT if case.subject_kind == ACCOUNT else Kind.APPEAL_ITEM,
        words=appeal.grounds,
        channel="api" if through_service else "notice",
        harm=case.harm,
        account=appeal.notice.account,
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    desk = desk_of(case.service)
    concern = _concern(case.service, desk, told, harm=case.harm, token=token, now=now)
    concern.appeal = appeal
    concern.save(force_insert=True)
    ConcernSubject.objects.create(
        concern=concern,
        subject_kind=case.subject_kind,
        subject=case.subject,
        item=case.item,
        case=case,
        added_at=now,
    )
    _go_first(case, concern)
    _journal(concern, told, acknowledge(concern=concern, now=now), now=now)
    return concern


def _earlier(service: Service, told: Told) -> Concern | None:
    if not told.request_id:
        return None
    same = Concern.objects.filter(service=service, channel=told.channel)
    return same.filter(request_id=told.request_id).first()


@transaction.atomic
def add_to_concern(
    *,
    concern_id: int,
    now: datetime,
    words: str = "",
    subjects: Sequence[Subject] = (),
    files: Sequence[AddedFile] = (),
) -> ConcernEvent:
    """Let the person say more, as long as it is not decided; raises ConcernRefused.

    Who works on its cases sees there that something came.
    """
    words = words.strip()
    _refuse_addition(words, subjects, files)
    # Asked before anything is stored, and again under the lock.
    _refuse_if_full(Concern.objects.get(pk=concern_id), files)
    stored = store_files(files)
    cases = locked_cases(concern_id)
    concern = locked_concern(concern_id)
    _refuse_if_full(concern, files)
    keep_attachments(concern=concern, files=stored, now=now)
    if KINDS[Kind(concern.kind)].group is Group.REPORT:
        for subject in _new_subjects(concern, subjects):
            add_subject(
                concern=concern,
                subject_kind=subject.kind,
                subject=subject.id.strip(),
                harm=concern.harm or UNKNOWN_HARM,
                now=now,
            )
    facts = {"files": len(stored), "subjects": len(subjects)}
    for case in cases:
        if case.status in WAITING:
            facts_of_case = {"concern": concern.reference, "added": True}
            happened(case, EventKind.RAISED, by=None, now=now, facts=facts_of_case)
    return concern_happened(concern, "added", by=None, now=now, words=words, facts=facts)


@transaction.atomic
def withdraw_concern(*, concern_id: int, now: datetime) -> Concern:
    """Let the person take back what they told us; raises ConcernRefused once it is decided.

    Cases stay open: what may be illegal is looked at, whoever told us of it.
    """
    concern = locked_concern(concern_id)
    refuse_if_over(concern)
    end_pause(concern, now=now)
    concern.withdrawn_at = now
    concern.outcome = Outcome.WITHDRAWN
    concern.save()
    concern.letters.filter(mail_due_at__isnull=False).update(mail_due_at=None)
    concern_happened(concern, "withdrawn", by=None, now=now)
    return concern


@transaction.atomic
def opt_out(*, concern_id: int, now: datetime) -> Concern:
    """Write to the person no more (ICU D6); their page still tells them everything."""
    concern = locked_concern(concern_id)
    if concern.wants_messages:
        concern.wants_messages = False
        concern.save(update_fields=["wants_messages"])
        concern.letters.filter(mail_due_at__isnull=False).update(mail_due_at=None)
        concern_happened(concern, "opted_out", by=None, now=now)
    return concern


@transaction.atomic
def opt_in(*, concern_id: int, now: datetime) -> Concern:
    """Write to the person again from now on."""
    concern = locked_concern(concern_id)
    if not concern.wants_messages:
        concern.wants_messages = True
        concern.save(update_fields=["wants_messages"])
        concern_happened(concern, "opted_in", by=None, now=now)
    return concern


def refuse_if_over(concern: Concern) -> None:
    """Raise ConcernRefused for one that is decided or withdrawn."""
    if concern.decided_at is not None:
        raise ConcernRefused("concern", "This is answered. Tell us again if there is more.")
    if concern.withdrawn_at is not None:
        raise ConcernRefused("concern", "This was taken back. Tell us again if you want to.")


def _refuse_addition(words: str, subjects: Sequence[Subject], files: Sequence[AddedFile]) -> None:
    if not (words or subjects or files):
        raise ConcernRefused("words", "Write what you want to add.")
    if len(words) > LONGEST_WORDS or "\0" in words:
        raise ConcernRefused("words", f"Keep it to {LONGEST_WORDS:,} characters of text.")
    if len(files) > MOST_FILES or len(subjects) > MOST_SUBJECTS:
        raise ConcernRefused("files", f"Add at most {MOST_FILES} files at once.")
    for field, sentence in subject_problems(subjects):
        raise ConcernRefused(field, sentence)


def _refuse_if_full(concern: Concern, files: Sequence[AddedFile]) -> None:
    refuse_if_over(concern)
    if concern.events.filter(kind="added").count() >= MOST_ADDITIONS:
        raise ConcernRefused("concern", "This takes no more. Tell us again if there is more.")
    if files and concern.attachments.count() + len(files) > MOST_FILES_IN_ALL:
        raise ConcernRefused("room", f"One report takes up to {MOST_FILES_IN_ALL} files.")
    if files and not has_room():
        raise ConcernRefused("room", "There is no room for files now. Try again later.")


def _new_subjects(concern: Concern, subjects: Sequence[Subject]) -> list[Subject]:
    known = set(concern.subjects.values_list("subject_kind", "subject"))
    fresh = {(one.kind, one.id.strip()): one for one in subjects}
    return [one for place, one in fresh.items() if place not in known]


@transaction.atomic
def _take(
    concern: Concern,
    told: Told,
    files: Sequence[StoredFile],
    *,
    full: Mapping[Subject, Case],
    now: datetime,
) -> None:
    concern.save(force_insert=True)
    keep_attachments(concern=concern, files=files, now=now)
    _keep_hashes(concern, told.hashes)
    if KINDS[told.kind].group is Group.REPORT:
        _look_into(concern, told, full=full, now=now)
    _journal(concern, told, acknowledge(concern=concern, now=now), now=now)


def _concern(
    service: Service, desk: Desk, told: Told, *, harm: str, token: str, now: datetime
) -> Concern:
    """What is told, as it will be stored: whatever can be known of it before anything is written.

    In a flood each second counts for which a transaction keeps others from writing.
    """
    severity = _severity(told, harm=harm)
    flagger = told.flagger
    trusted = trusted_with(flagger, harm)
    target = target_of(desk, kind=told.kind, severity=severity, flagger=trusted)
    network = network_digest(told.network)
    teller = teller_digest(
        account=told.account.pk if told.account else None,
        flagger=flagger.pk if flagger else None,
        email=told.email,
    )
    # What was agreed with a trusted flagger is about many, and each decision is appealed once.
    is_limited = flagger is None and KINDS[told.kind].group is not Group.APPEAL
    too_often = is_limited and comes_too_often(
        service=service, network=network, teller=teller, now=now
    )
    return Concern(
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
        network_digest=network,
        teller_digest=teller,
        about=told.about,
        severity=severity,
        queued=told.queued or too_often,
        received_at=now,
        acknowledged_at=now,
        due_at=due_at(received=now, target=target, nation=desk.nation),
        request_id=told.request_id,
    )


def _keep_hashes(concern: Concern, hashes: Iterable[GivenHash]) -> None:
    """Keep what a reported intimate image looks like; `settle_reported_hashes` looks for it."""
    rows = [
        ReportedHash(
            concern=concern,
            value=one.value,
            kind=one.kind,
            quality=one.quality,
            came_from=one.came_from,
        )
        for one in hashes
    ]
    ReportedHash.objects.bulk_create(rows, ignore_conflicts=True)


def _severity(told: Told, *, harm: str) -> int:
    severity = severity_of(harm or UNKNOWN_HARM)
    return max(severity, LEAST_SEVERITY_FROM_A_CHILD) if told.version == "child" else severity


def _full_cases(concern: Concern, told: Told) -> Mapping[Subject, Case]:
    """The cases that one more voice changes nothing about, as they are before anything is written.

    One that is decided meanwhile has answered this concern too; `settle_left` tells the person.
    """
    harm, found = concern.harm or UNKNOWN_HARM, {}
    for one in _subjects(told) if KINDS[told.kind].group is Group.REPORT else ():
        case = full_case(service=concern.service, subject_kind=one.kind, subject=one.id, harm=harm)
        if case is not None:
            found[one] = case
    return found


def _subjects(told: Told) -> Iterable[Subject]:
    return dict.fromkeys(Subject(one.kind, one.id.strip()) for one in told.subjects)


def _look_into(
    concern: Concern, told: Told, *, full: Mapping[Subject, Case], now: datetime
) -> None:
    """Open or join the case of each subject, and seal each as it is now."""
    for one in _subjects(told) or [Subject(CONCERN, concern.reference)]:
        add_subject(
            concern=concern,
            subject_kind=one.kind,
            subject=one.id,
            harm=concern.harm or UNKNOWN_HARM,
            full=full.get(one),
            now=now,
        )


def add_subject(
    *,
    concern: Concern,
    subject_kind: str,
    subject: str,
    harm: str,
    now: datetime,
    full: Case | None = None,
) -> ConcernSubject:
    """Let the concern be about one more thing, inside a transaction of the caller.

    A case that is `full` needs no more than to be named; any other is raised, and what it is
    about is sealed.
    """
    case = full or _raised_and_sealed(concern, subject_kind, subject, harm=harm, now=now)
    if concern.kind == Kind.INTIMATE_IMAGE and case.item is not None:
        _keep_hashes(concern, hashes_of(case.item))
    _go_first(case, concern)
    return ConcernSubject.objects.create(
        concern=concern,
        subject_kind=subject_kind,
        subject=subject,
        item_id=case.item_id,
        case=case,
        added_at=now,
    )


def _raised_and_sealed(
    concern: Concern, subject_kind: str, subject: str, *, harm: str, now: datetime
) -> Case:
    case = open_told_case(
        service=concern.service,
        subject_kind=subject_kind,
        subject=subject,
        harm=harm,
        facts={"concern": concern.reference, "concern_kind": concern.kind},
        now=now,
    )
    seal_snapshot(
        service=concern.service,
        subject_kind=subject_kind,
        subject=subject,
        item=case.item,
        concern=concern.reference,
        why=f"Reported: {KINDS[Kind(concern.kind)].name}",
        restricted=case.restricted or bool(concern.harm and HARMS[concern.harm].restricted),
        now=now,
    )
    return case


def _go_first(case: Case, concern: Concern) -> None:
    """A concern that must be answered sooner brings its case forward; none holds one back."""
    if concern.due_at < case.due_at:
        # The case may not be locked; who comes at the same moment keeps what is sooner.
        Case.objects.filter(pk=case.pk, due_at__gt=concern.due_at).update(due_at=concern.due_at)
        case.due_at = concern.due_at


def _actor(concern: Concern) -> str:
    if concern.flagger is not None:
        return f"flagger:{concern.flagger.slug}"
    return service_actor(concern.service) if concern.channel == "api" else SYSTEM


def _journal(concern: Concern, told: Told, letter: Letter, *, now: datetime) -> None:
    """One entry for the receipt and its acknowledgement, which are written together."""
    append(
        kind="concern.received",
        service=concern.service.slug,
        subject=f"concern:{concern.reference}",
        actor=_actor(concern),
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
            **facts_of(letter),
        },
        personal={"words": concern.words, "teller": concern.teller_digest},
    )
