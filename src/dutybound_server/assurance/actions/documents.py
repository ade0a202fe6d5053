"""Governance documents: added, renewed, owned and retired. What a version holds never changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dutybound.evidence.document_kinds import DOCUMENT_KINDS
from dutybound_server.assurance.models import Document, DocumentVersion
from dutybound_server.assurance.paper_files import (
    PaperRefused,
    content_type_of,
    figures_in,
    measured,
)
from dutybound_server.items.blobs import has_room, store_blob
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import works_at

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """A version of a document as it comes: a file, the day it bears, and until when it holds."""

    name: str
    file: IO[bytes]
    dated: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class _Stored:
    paper: Paper
    content_type: str
    size: int
    sha256: str
    figures: dict[str, float]


def latest_expiry(kind: str, *, dated: date) -> date:
    """The last day until which a document of that day may hold."""
    return dated + timedelta(days=DOCUMENT_KINDS[kind].days)


def add_document(
    *,
    service: Service,
    kinds: Iterable[str],
    title: str,
    paper: Paper,
    owner: User | None,
    by: User,
    now: datetime,
) -> tuple[Document, ...]:
    """Hold a document, under each of its kinds; raises PaperRefused."""
    kinds = tuple(dict.fromkeys(kinds))
    _check_kinds(kinds)
    title = _plain(title)
    if not title:
        raise PaperRefused("title", "Give it a title.")
    if owner is not None:
        _check_owner(owner, service)
    stored = _checked(paper, kinds=kinds, now=now)
    # Each kind goes its own way from here, so each has a file of its own.
    blobs = {kind: _store(stored) for kind in kinds}
    with transaction.atomic():
        return tuple(
            _add(service, kind, title, stored, blobs[kind], owner=owner, by=by, now=now)
            for kind in kinds
        )


def add_version(*, document: Document, paper: Paper, by: User, now: datetime) -> DocumentVersion:
    """Put a new version in the place of the newest; raises PaperRefused."""
    stored = _checked(paper, kinds=(document.kind,), now=now)
    blob = _store(stored)
    with transaction.atomic():
        document = Document.objects.select_for_update().get(id=document.pk)
        if document.retired_at is not None:
            raise PaperRefused("file", "This document is retired. Add it anew.")
        version = _version(document, stored, blob, by=by, now=now)
        _journal(
            document,
            "version_added",
            by=by,
            now=now,
            facts=_facts(version),
            personal=_names(version),
        )
    return version


@transaction.atomic
def own_document(*, document: Document, owner: User | None, by: User, now: datetime) -> None:
    """Say who looks after a document; None for nobody. Raises PaperRefused."""
    document = Document.objects.select_for_update().get(id=document.pk)
    if owner is not None:
        _check_owner(owner, document.service)
    if document.owner == owner:
        return
    document.owner = owner
    document.save(update_fields=["owner"])
    _journal(document, "owned", by=by, now=now, facts={"owner": _owner(owner)})


@transaction.atomic
def retire_document(*, document: Document, why: str, by: User, now: datetime) -> bool:
    """Count a document no more; its versions stay. False if it was retired already."""
    why = _plain(why)
    if not why:
        raise PaperRefused("why", "Say in a sentence why it counts no more.")
    held = Document.objects.filter(id=document.pk, retired_at__isnull=True)
    if held.update(retired_at=now) != 1:
        return False
    _journal(document, "retired", by=by, now=now, personal={"why": why})
    return True


@transaction.atomic
def open_version(*, version: DocumentVersion, by: User, now: datetime) -> None:
    """Write down that somebody was handed the file."""
    facts = {"version": version.number, "sha256": version.sha256}
    _journal(version.document, "opened", by=by, now=now, facts=facts)


def _add(
    service: Service,
    kind: str,
    title: str,
    stored: _Stored,
    blob: str,
    *,
    owner: User | None,
    by: User,
    now: datetime,
) -> Document:
    document = Document.objects.create(
        service=service, kind=kind, title=title, owner=owner, created_at=now
    )
    version = _version(document, stored, blob, by=by, now=now)
    facts = {**_facts(version), "owner": _owner(owner)}
    personal = {"title": title, **_names(version)}
    _journal(document, "added", by=by, now=now, facts=facts, personal=personal)
    return document


def _version(
    document: Document, stored: _Stored, blob: str, *, by: User, now: datetime
) -> DocumentVersion:
    newest = document.versions.aggregate(number=Max("number"))["number"] or 0
    return DocumentVersion.objects.create(
        document=document,
        number=newest + 1,
        name=stored.paper.name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        blob=blob,
        dated=stored.paper.dated,
        expires_on=stored.paper.expires_on,
        figures=stored.figures,
        added_at=now,
        added_by=by,
    )


def _checked(paper: Paper, *, kinds: Iterable[str], now: datetime) -> _Stored:
    today = timezone.localdate(now)
    if paper.dated > today:
        raise PaperRefused("dated", "The day it bears is still to come.")
    last = min(latest_expiry(kind, dated=paper.dated) for kind in kinds)
    if not paper.dated < paper.expires_on <= last:
        raise PaperRefused(
            "expires_on", f"Choose a day after the one it bears, up to {last:%-d %B %Y}."
        )
    name = _plain(paper.name)[-LONGEST_NAME:]
    size, digest = measured(paper.file)
    content_type = content_type_of(paper.file, name=name)
    named = Paper(name, paper.file, paper.dated, paper.expires_on)
    figures = figures_in(paper.file, content_type=content_type)
    return _Stored(named, content_type, size, digest, figures)


def _store(stored: _Stored) -> str:
    if not has_room():
        raise PaperRefused("file", "The disk is nearly full, so that no files are taken now.")
    return store_blob(stored.paper.file)


def _check_kinds(kinds: tuple[str, ...]) -> None:
    if not kinds or not set(kinds) <= set(DOCUMENT_KINDS):
        raise PaperRefused("kinds", "Choose what it is from the list.")


def _check_owner(owner: User, service: Service) -> None:
    if not works_at(owner, service):
        raise PaperRefused("owner", "Choose somebody who works here.")


def _plain(text: str) -> str:
    # PostgreSQL stores no NUL.
    return text.replace("\0", "").strip()


def _owner(owner: User | None) -> str:
    return staff_actor(owner) if owner is not None else ""


def _facts(version: DocumentVersion) -> dict[str, Any]:
    return {
        "document_kind": version.document.kind,
        "version": version.number,
        "sha256": version.sha256,
        "size": version.size,
        "dated": version.dated.isoformat(),
        "expires_on": version.expires_on.isoformat(),
    }


def _names(version: DocumentVersion) -> dict[str, str]:
    return {"name": version.name}


def _journal(
    document: Document,
    ending: str,
    *,
    by: User,
    now: datetime,
    facts: dict[str, Any] | None = None,
    personal: dict[str, str] | None = None,
) -> None:
    append(
        kind=f"document.{ending}",
        service=document.service.slug,
        subject=f"document:{document.pk}",
        actor=staff_actor(by),
        now=now,
        facts=facts or {},
        personal=personal or {},
    )
