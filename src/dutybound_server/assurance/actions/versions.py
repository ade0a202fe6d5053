"""The person who answers for an assessment approves it. What is approved never changes again."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dutybound.risk.document import Assessment
from dutybound.risk.fingerprint import digest_of
from dutybound.risk.finish import hindrances
from dutybound.risk.triggers import a_year_after
from dutybound_server.assurance.actions.desk import bring_desk_along
from dutybound_server.assurance.models import Draft, Version
from dutybound_server.assurance.queries import document_of, newest_version
from dutybound_server.assurance.refusals import CannotApprove, NoDraft
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import name_of, staff_actor
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May


@transaction.atomic
def approve_draft(*, draft: Draft, revision: int, by: User, now: datetime) -> Version:
    """Turn the draft into the next version, which supersedes the one before.

    `revision` is the one the person read: approving what they have not seen is refused. Raises
    NoDraft, CannotApprove, PermissionDenied.
    """
    if not may(by, draft.service, May.APPROVE):
        raise PermissionDenied("Only the accountable person approves an assessment.")
    draft = _as_read(draft, revision=revision)
    today = timezone.localdate(now)
    found = hindrances(document_of(draft), as_of=today)
    if found:
        raise CannotApprove(tuple(found))

    before = newest_version(draft.service)
    document = _approved(document_of(draft), by=by, now=now)
    version = Version.objects.create(
        service=draft.service,
        number=before.number + 1 if before else 1,
        document=document.as_json(),
        digest=digest_of(document),
        approved_at=now,
        approved_by=by,
    )
    draft.became = version
    draft.save(update_fields=["became"])
    append(
        kind="assessment.approved",
        service=draft.service.slug,
        subject=f"assessment:{version.number}",
        actor=staff_actor(by),
        now=now,
        facts={
            "version": version.number,
            "digest": version.digest,
            "supersedes": before.number if before else None,
            "law_as_of": today.isoformat(),
        },
    )
    bring_desk_along(version=version, by=by, now=now)
    return version


def _as_read(draft: Draft, *, revision: int) -> Draft:
    found = Draft.objects.select_for_update(of=("self",)).select_related("service")
    locked = found.filter(id=draft.pk, became__isnull=True).first()
    if locked is None:
        raise NoDraft("This draft was approved meanwhile.")
    if locked.revision != revision:
        raise CannotApprove(
            ("Somebody changed the draft since you read it. Read it again, then approve it.",)
        )
    return locked


def _approved(document: Assessment, *, by: User, now: datetime) -> Assessment:
    today = timezone.localdate(now)
    days = document.days
    # A draft keeps the day of the version before it, which this approval may have come to meet.
    is_ahead = days.next_review is not None and days.next_review > today
    dated = {
        "completed": days.completed or today,
        "updated": today,
        "approved": today,
        "next_review": days.next_review if is_ahead else a_year_after(today),
    }
    people = document.people.model_copy(update={"approved_by": name_of(by)})
    return document.model_copy(
        update={"days": days.model_copy(update=dated), "people": people, "law_as_of": today}
    )
