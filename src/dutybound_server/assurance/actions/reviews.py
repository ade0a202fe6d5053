"""What happened since an assessment was approved becomes tasks, which people close."""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from dutybound.risk.outcomes import DAYS
from dutybound.risk.triggers import law_changes, reviews_due
from dutybound_server.assurance.models import ReviewTask, Version
from dutybound_server.assurance.queries import document_of, newest_version, open_draft
from dutybound_server.assurance.records import (
    figures_of,
    harms_seen_since,
    mismatches,
    upheld_since,
)
from dutybound_server.assurance.standing_queries import not_met_since
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service


class _Reason(NamedTuple):
    """Why to look again; `key` tells it from others, also when its figures have moved on."""

    kind: str
    says: str
    key: str


class NoteMissing(Exception):
    """A task is closed with what was done about it."""


def open_due_reviews(*, now: datetime) -> int:
    """Open a task for each reason to look at an approved assessment again; how many are new."""
    versions = [newest_version(service) for service in Service.objects.order_by("id")]
    return sum(_open_for(version, now=now) for version in versions if version is not None)


def _open_for(version: Version, *, now: datetime) -> int:
    document = document_of(version)
    today = timezone.localdate(now)
    service = version.service
    draft = open_draft(service)
    since = document.law_as_of or timezone.localdate(version.approved_at)
    due = reviews_due(
        document,
        today=today,
        law_changed=law_changes(document, since=since, today=today),
        seen=harms_seen_since(service, since=version.approved_at),
        upheld=upheld_since(service, since=now - timedelta(days=DAYS)),
        failing=not_met_since(service, now=now),
        planned=None if draft is None else document_of(draft),
    )
    # What is planned is told once, however often its draft is changed.
    keys = {"profile": "profile"}
    found = [
        _Reason(one.kind, one.says, key=keys.get(one.kind, one.about or one.says)) for one in due
    ]
    figures = figures_of(service, now=now)
    found += [
        _Reason("records_differ", f"Version {version.number} and the records differ. {one.says}",
                key=one.fact)
        for one in mismatches(document, figures)
    ]  # fmt: skip
    return sum(_open(version, reason, now=now) for reason in found)


@transaction.atomic
def _open(version: Version, reason: _Reason, *, now: datetime) -> bool:
    key = hashlib.sha256(f"{reason.kind} {reason.key}".encode()).hexdigest()
    task, is_new = ReviewTask.objects.get_or_create(
        version=version,
        key=key,
        defaults={
            "service": version.service,
            "kind": reason.kind,
            "says": reason.says,
            "opened_at": now,
        },
    )
    if is_new:
        facts = {"kind": reason.kind, "version": version.number}
        append(
            kind="review.opened",
            service=version.service.slug,
            subject=f"review:{task.pk}",
            actor="system",
            now=now,
            facts=facts,
        )
    return is_new


@transaction.atomic
def close_review(*, task: ReviewTask, note: str, by: User, now: datetime) -> bool:
    """Close a task with what was done; False if somebody has already. Raises NoteMissing."""
    note = note.strip()
    if not note:
        raise NoteMissing("Say what you did about it.")
    open_now = ReviewTask.objects.filter(id=task.pk, closed_at__isnull=True)
    if open_now.update(closed_at=now, closed_by=by, note=note) != 1:
        return False
    append(
        kind="review.closed",
        service=task.service.slug,
        subject=f"review:{task.pk}",
        actor=staff_actor(by),
        now=now,
        facts={"kind": task.kind},
        personal={"note": note},
    )
    return True
