"""A legal hold: nothing about its subject is deleted while it lasts, whoever wishes it."""

from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction

from dutybound_server.evidence.models import AuthorityReport, LegalHold, Preservation
from dutybound_server.evidence.queries import ACCOUNT, ITEM
from dutybound_server.items.models import Item
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Account, Service

LONGEST_WHY = 2000
LONGEST_SUBJECT = 2000
HOLDABLE = frozenset({ITEM, ACCOUNT, "address", "concern"})
"""What a report can be about; of the last two, what people told us is kept."""


class HoldKind(StrEnum):
    REPORT = "report"
    """For a report to an authority other than about CSEA."""
    CSEA = "csea"
    """For a report to the NCA (SI 2026/268); it cannot be ended before its time."""
    PRESERVATION = "preservation"
    """For a data preservation notice (s.101); it ends with the notice."""
    STAFF = "staff"
    """A person's own wish, such as a letter of the police."""


class LegalHoldRefused(FieldRefused):
    """A hold cannot be placed or ended like this; `field` names what to change."""


@transaction.atomic
def place_legal_hold(
    *,
    service: Service,
    subject_kind: str,
    subject: str,
    kind: HoldKind,
    why: str,
    reference: str,
    by: User,
    until: datetime | None,
    now: datetime,
    preservation: Preservation | None = None,
    authority_report: AuthorityReport | None = None,
) -> LegalHold:
    """Hold an item in all its revisions, or an account with all its items.

    The subject need not have come to us yet: what comes later under its id is held as well.
    Raises LegalHoldRefused.
    """
    subject = subject.strip()
    _check(subject_kind=subject_kind, subject=subject, why=why, until=until, now=now)
    _wait_for_who_deletes(service, subject_kind, subject)
    accounts = Account.objects.filter(service=service, external_id=subject)
    hold = LegalHold.objects.create(
        service=service,
        subject_kind=subject_kind,
        subject=subject,
        account=accounts.first() if subject_kind == ACCOUNT else None,
        kind=kind,
        why=why.strip(),
        reference=reference.strip(),
        by=by,
        placed_at=now,
        until=until,
        preservation=preservation,
        authority_report=authority_report,
    )
    append(
        kind="legal_hold.placed",
        service=service.slug,
        subject=f"legal_hold:{hold.pk}",
        actor=staff_actor(by),
        now=now,
        facts={"hold_kind": kind, "until": until.isoformat() if until else None},
        personal={"subject": subject, "why": hold.why, "reference": hold.reference},
    )
    return hold


@transaction.atomic
def end_legal_hold(*, hold_id: int, why: str, by: User, now: datetime) -> LegalHold:
    """Let the subject go on schedule again. Raises LegalHoldRefused.

    A hold for the NCA ends when the law lets it, and one for a notice ends with the notice.
    """
    hold = LegalHold.objects.select_for_update().get(pk=hold_id)
    _check_why(why)
    if hold.ended_at is not None:
        raise LegalHoldRefused("why", "It has ended already.")
    if hold.kind == HoldKind.CSEA and (hold.until is None or hold.until > now):
        raise LegalHoldRefused("why", "The law keeps it until its day; nobody can end it before.")
    if hold.preservation_id is not None:
        raise LegalHoldRefused("why", "It ends with its data preservation notice.")
    finish_hold(hold=hold, why=why, by=by, now=now)
    return hold


def finish_hold(*, hold: LegalHold, why: str, by: User, now: datetime) -> None:
    """End a hold inside a transaction of the caller, who checked that it may end."""
    hold.ended_at, hold.ended_by, hold.ended_why = now, by, why.strip()
    hold.save(update_fields=["ended_at", "ended_by", "ended_why"])
    append(
        kind="legal_hold.ended",
        service=hold.service.slug,
        subject=f"legal_hold:{hold.pk}",
        actor=staff_actor(by),
        now=now,
        personal={"why": hold.ended_why},
    )


def _wait_for_who_deletes(service: Service, subject_kind: str, subject: str) -> None:
    """Take the rows an erasure under way has taken: it sees the hold, or was there before it."""
    items = Item.objects.filter(service=service, erased_at__isnull=True).order_by("id")
    about = {"external_id": subject} if subject_kind == ITEM else {"account__external_id": subject}
    list(items.filter(**about).select_for_update(of=("self",)).values_list("id"))


def _check(
    *, subject_kind: str, subject: str, why: str, until: datetime | None, now: datetime
) -> None:
    if subject_kind not in HOLDABLE:
        raise LegalHoldRefused("subject_kind", "Choose an item or an account.")
    if not 0 < len(subject) <= LONGEST_SUBJECT or "\0" in subject:
        raise LegalHoldRefused("subject", "Write the service's own id, in 1 to 2,000 characters.")
    if until is not None and until <= now:
        raise LegalHoldRefused("until", "Choose a day that is still to come, or none.")
    _check_why(why)


def _check_why(why: str) -> None:
    if not 0 < len(why.strip()) <= LONGEST_WHY or "\0" in why:
        raise LegalHoldRefused("why", "Say why, in 1 to 2,000 characters.")
