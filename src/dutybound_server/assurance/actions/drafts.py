"""People answer, judge and decide, one part at a time; each save stands in the journal.

Every save brings the mark of what the person saw. If somebody else has saved the same part since,
theirs stands and the other is set aside beside it, until the person has seen both and chosen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from dutybound.risk.document import Assessment
from dutybound.risk.document import Service as ServicePart
from dutybound.risk.fingerprint import digest_of
from dutybound_server.assurance.contradictions import contradictions
from dutybound_server.assurance.defaults import with_default_controls
from dutybound_server.assurance.imports import without_approval
from dutybound_server.assurance.models import Change, Draft, Version
from dutybound_server.assurance.parts import BadPart, Value, seen, value_of, with_part
from dutybound_server.assurance.queries import (
    ALL,
    document_of,
    last_change,
    mark_of,
    newest_version,
    open_draft,
    saved_controls,
)
from dutybound_server.assurance.refusals import ChangedMeanwhile, DraftMoved, NoDraft
from dutybound_server.journal.actions import append
from dutybound_server.people.models import Service


@dataclass(frozen=True, slots=True)
class Saved:
    """The document before and after, so that a page can say what it changed."""

    before: Assessment
    after: Assessment


@dataclass(frozen=True, slots=True)
class Saving:
    """Who saves, when, and the mark of what they were shown (`parts.seen`)."""

    seen: str
    by: str
    now: datetime


@transaction.atomic
def start_draft(*, service: Service, by: str, now: datetime) -> Draft:
    """The draft of a service: the one that is open, or a new one from the approved version."""
    Service.objects.select_for_update().get(id=service.pk)
    if (draft := open_draft(service)) is not None:
        return draft
    version = newest_version(service)
    draft = Draft.objects.create(
        service=service,
        document=_first_document(service, version, today=timezone.localdate(now)).as_json(),
        based_on=version,
        started_at=now,
        changed_at=now,
    )
    facts = {"based_on": version.number if version else None}
    _append(draft, "assessment.started", by=by, now=now, facts=facts)
    return draft


@transaction.atomic
def import_document(
    *, service: Service, document: Assessment, by: str, now: datetime, saw: str | None = None
) -> Saved:
    """Replace the whole draft. What it held before stays among its changes.

    `saw`: the mark of the draft that the person looked at; DraftMoved if it is another by now.
    """
    if saw is not None and saw != mark_of(open_draft(service)):
        raise DraftMoved
    draft = _locked(start_draft(service=service, by=by, now=now))
    if saw and saw != mark_of(draft):
        raise DraftMoved
    before, after = document_of(draft), without_approval(document)
    if after != before:
        _write(draft, ALL, before=before.as_json(), after=after, by=by, now=now)
        facts = {"revision": draft.revision, "digest": digest_of(after)}
        _append(draft, "assessment.imported", by=by, now=now, facts=facts)
    return Saved(before, after)


# One verb for each kind of part


def describe_service(*, draft: Draft, about: Mapping[str, str], saving: Saving) -> Saved:
    """What the service is called, who runs it, and what it is for."""
    told = {name: text for name, text in about.items() if text}
    return _save(draft, "about", told or None, "assessment.described", saving)


def answer_scope(*, draft: Draft, test: str, answer: bool | None, saving: Saving) -> Saved:
    """One of the tests of scope, such as `uk_links`; None is "I don't know".

    A new "no" asks for its own reason: why something was not known does not put a service out of
    scope. The reason that stood there before is kept among the changes.
    """
    saved = _save(draft, f"scope/{test}", answer, "assessment.answered", saving)
    reason = saved.after.scope.reason
    if answer is False and saved.after != saved.before and reason:
        saw_it = Saving(seen(reason), saving.by, saving.now)
        without = give_scope_reason(draft=draft, reason="", saving=saw_it)
        return Saved(saved.before, without.after)
    return saved


def give_scope_reason(*, draft: Draft, reason: str, saving: Saving) -> Saved:
    """Why the service is out of scope; without it a "no" does not count."""
    return _save(draft, "scope/reason", reason or None, "assessment.answered", saving)


def answer_exemption(*, draft: Draft, exemption: str, answer: Value, saving: Saving) -> Saved:
    """What an exemption covers here, and why."""
    return _save(draft, f"exemption/{exemption}", answer, "assessment.answered", saving)


def answer_question(*, draft: Draft, question: str, answer: Value, saving: Saving) -> Saved:
    """The facts of a question, and the reasons for them."""
    return _save(draft, f"question/{question}", answer, "assessment.answered", saving)


def count_users(*, draft: Draft, users: Value, saving: Saving) -> Saved:
    """How many use it in a month, and how they were counted."""
    return _save(draft, "users", users, "assessment.answered", saving)


def list_surfaces(*, draft: Draft, surfaces: Value, saving: Saving) -> Saved:
    """The parts of the service that show what users post, and what can be taken down there."""
    return _save(draft, "surfaces", surfaces, "assessment.answered", saving)


def set_risk(*, draft: Draft, harm: str, risk: Value, saving: Saving) -> Saved:
    """The level of a kind of harm, and why."""
    return _save(draft, f"risk/{harm}", risk, "assessment.risk_set", saving)


def set_control(*, draft: Draft, control: str, value: Value, saving: Saving) -> Saved:
    """What stands behind a measure or against a risk; None removes it."""
    return _save(draft, f"control/{control}", value, "assessment.control_set", saving)


def add_evidence(*, draft: Draft, evidence: str, value: Value, saving: Saving) -> Saved:
    """Something that the assessment rests on."""
    return _save(draft, f"evidence/{evidence}", value, "assessment.evidence_added", saving)


def accept_risk(*, draft: Draft, harm_or_factor: str, value: Value, saving: Saving) -> Saved:
    """A risk that is left, accepted by a person until a day."""
    part = f"accepted/{harm_or_factor}"
    return _save(draft, part, value, "assessment.risk_accepted", saving)


def name_people(*, draft: Draft, people: Value, saving: Saving) -> Saved:
    """Who did it, and who answers for it."""
    return _save(draft, "people", people, "assessment.people_named", saving)


def set_days(*, draft: Draft, days: Value, saving: Saving) -> Saved:
    """When it was reported, and when it is looked at again."""
    return _save(draft, "days", days, "assessment.days_set", saving)


def add_characteristics(*, draft: Draft, texts: Value, saving: Saving) -> Saved:
    """What is particular about the service, and in no Risk Profile."""
    return _save(draft, "characteristics", texts, "assessment.described", saving)


# Pieces


def _first_document(service: Service, version: Version | None, *, today: date) -> Assessment:
    """The approved document without its approval, or an empty one."""
    if version is None:
        empty = Assessment(service=ServicePart(name=service.name))
        return with_default_controls(empty, before=empty, today=today)
    return without_approval(document_of(version))


def _save(draft: Draft, part: str, value: Value, kind: str, saving: Saving) -> Saved:
    """Raises BadPart, NoDraft, and ChangedMeanwhile once the answer is set aside."""
    saved = _save_or_set_aside(draft, part, value, kind, saving)
    if isinstance(saved, ChangedMeanwhile):
        raise saved
    return saved


@transaction.atomic
def _save_or_set_aside(
    draft: Draft, part: str, value: Value, kind: str, saving: Saving
) -> Saved | ChangedMeanwhile:
    draft = _locked(draft)
    before = document_of(draft)
    after = with_part(before, part, value)
    if wrong := contradictions(before, after, today=timezone.localdate(saving.now)):
        raise BadPart(*wrong)
    theirs, mine = value_of(before, part), value_of(after, part)
    if theirs != mine and seen(theirs) != saving.seen:
        return _set_aside(draft, part, mine=mine, theirs=theirs, saving=saving)
    if theirs == mine and last_change(draft, part) is not None:
        return Saved(before, before)
    _write(draft, part, before=theirs, after=after, by=saving.by, now=saving.now)
    _append(
        draft,
        kind,
        by=saving.by,
        now=saving.now,
        facts={"part": part, "revision": draft.revision},
        # Reasons may name people, so the entry proves what was saved without telling it.
        personal={"value": json.dumps(mine, sort_keys=True)},
    )
    return Saved(before, after)


def _set_aside(
    draft: Draft, part: str, *, mine: Value, theirs: Value, saving: Saving
) -> ChangedMeanwhile:
    last = last_change(draft, part)
    draft.changes.create(part=part, before=theirs, after=mine, at=saving.now, by=saving.by)
    _append(
        draft,
        "assessment.set_aside",
        by=saving.by,
        now=saving.now,
        facts={"part": part, "revision": draft.revision},
        personal={"value": json.dumps(mine, sort_keys=True)},
    )
    return ChangedMeanwhile(part, mine=mine, theirs=theirs, change=last)


def _write(
    draft: Draft, part: str, *, before: Value, after: Assessment, by: str, now: datetime
) -> None:
    draft.revision += 1
    value = after.as_json() if part == ALL else value_of(after, part)
    Change.objects.create(
        draft=draft, revision=draft.revision, part=part, before=before, after=value, at=now, by=by
    )
    today = timezone.localdate(now)
    was = document_of(draft)
    saved = saved_controls(draft.service)
    draft.document = with_default_controls(after, before=was, today=today, saved=saved).as_json()
    draft.changed_at = now
    draft.save(update_fields=["revision", "document", "changed_at"])


def _locked(draft: Draft) -> Draft:
    """The draft as it is now, kept from others until commit; raises NoDraft once approved."""
    open_now = Draft.objects.select_for_update(of=("self",)).select_related("service")
    found = open_now.filter(id=draft.pk, became__isnull=True).first()
    if found is None:
        raise NoDraft("This draft was approved meanwhile.")
    return found


def _append(
    draft: Draft,
    kind: str,
    *,
    by: str,
    now: datetime,
    facts: Mapping[str, object],
    personal: Mapping[str, str] | None = None,
) -> None:
    append(
        kind=kind,
        service=draft.service.slug,
        subject=f"assessment:draft-{draft.pk}",
        actor=by,
        now=now,
        facts=facts,
        personal=personal or {},
    )
