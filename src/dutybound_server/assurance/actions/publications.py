"""Reports, packs and figures are given to somebody: kept as they were, and journalled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from dutybound.evidence.overview import Head, digest_of
from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.publication_kinds import FIGURES
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May


class PublicationRefused(FieldRefused):
    """Why something is not published, or not withdrawn."""


@transaction.atomic
def publish(
    *,
    service: Service,
    kind: str,
    title: str,
    content: Mapping[str, Any],
    head: Head,
    by: User,
    now: datetime,
    for_everyone: bool = False,
) -> Publication:
    """Keep what was made of the findings, and journal its digest; raises PermissionDenied.

    `head` is the journal's head that the content was computed at.
    """
    if not may(by, service, May.APPROVE if for_everyone else May.ASSESS):
        raise PermissionDenied("Only who answers for the service publishes this.")
    if for_everyone and kind != FIGURES:
        raise PublicationRefused("for_everyone", "Only figures are for everyone.")
    # The row is locked so that two who publish at once take two numbers.
    Service.objects.select_for_update().get(pk=service.pk)
    last = Publication.objects.filter(service=service).order_by("-number").first()
    made = Publication.objects.create(
        service=service,
        number=last.number + 1 if last else 1,
        kind=kind,
        title=title,
        content=dict(content),
        digest=digest_of(dict(content)),
        checkpoint_size=head.size or None,
        checkpoint_root=head.root,
        made_at=now,
        made_by=by,
        for_everyone=for_everyone,
    )
    append(
        kind="publication.made",
        service=service.slug,
        subject=f"publication:{made.number}",
        actor=staff_actor(by),
        now=now,
        facts={
            "kind": kind,
            "digest": made.digest,
            "checkpoint": head.size,
            "for_everyone": for_everyone,
        },
    )
    return made


@transaction.atomic
def withdraw(*, publication: Publication, why: str, by: User, now: datetime) -> Publication:
    """Say that it holds no more, and why; it stays to be read. Once only.

    Raises PublicationRefused, PermissionDenied.
    """
    found = Publication.objects.select_for_update(of=("self",)).select_related("service")
    locked = found.get(pk=publication.pk)
    if not may(by, locked.service, May.APPROVE if locked.for_everyone else May.ASSESS):
        raise PermissionDenied("Only who answers for the service withdraws this.")
    if not why.strip():
        raise PublicationRefused("why", "Say why it holds no more.")
    if locked.withdrawn_at is not None:
        raise PublicationRefused("why", "It was withdrawn already.")
    locked.withdrawn_at, locked.withdrawn_why = now, why.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_why"])
    append(
        kind="publication.withdrawn",
        service=locked.service.slug,
        subject=f"publication:{locked.number}",
        actor=staff_actor(by),
        now=now,
        facts={"kind": locked.kind},
        personal={"why": locked.withdrawn_why},
    )
    return locked
