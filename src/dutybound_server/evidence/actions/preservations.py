"""Data preservation notices (s.101): what is there of a child who has died is kept unaltered."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.register.book import register
from dutybound_server.evidence.actions.holds import HoldKind, finish_hold, place_legal_hold
from dutybound_server.evidence.actions.snapshots import seal_snapshot
from dutybound_server.evidence.models import Preservation
from dutybound_server.evidence.queries import ACCOUNT
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Account, Service

LONGEST = 200
MOST = 50
LONGEST_WHY = 2000


class PreservationRefused(FieldRefused):
    """A notice cannot be taken, extended or ended like this; `field` names what to change."""


@dataclass(frozen=True, slots=True)
class Child:
    """Whom a notice is about, as it says it."""

    name: str
    date_of_birth: date
    emails: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    """The service's own ids."""


@transaction.atomic
def receive_preservation(
    *,
    service: Service,
    reference: str,
    child: Child,
    received_at: datetime,
    until: datetime | None,
    by: User,
    now: datetime,
) -> Preservation:
    """Take a notice: hold and seal every account it names, by its id or its e-mail address.

    Without a day of its own it lasts as long as the register says. Raises PreservationRefused.
    """
    until = until or register().retention["preservation"].until(received_at)
    _check(service, reference=reference, child=child, received_at=received_at, until=until, now=now)
    notice = Preservation.objects.create(
        service=service,
        reference=reference.strip(),
        subject=json.dumps(asdict(child), default=date.isoformat, ensure_ascii=False),
        received_at=received_at,
        until=until,
        by=by,
    )
    _record("preservation.received", notice, by=by, now=now)
    hold_accounts(notice=notice, now=now)
    return notice


@transaction.atomic
def hold_accounts(*, notice: Preservation, now: datetime) -> int:
    """Hold and seal what of the notice is not held yet; how many accounts it was."""
    held = set(notice.holds.values_list("subject", flat=True))
    found = [subject for subject in accounts_of(notice) if subject not in held]
    for subject in found:
        place_legal_hold(
            service=notice.service,
            subject_kind=ACCOUNT,
            subject=subject,
            kind=HoldKind.PRESERVATION,
            why="A data preservation notice.",
            reference=notice.reference,
            by=notice.by,
            until=notice.until,
            now=now,
            preservation=notice,
        )
        account = Account.objects.filter(service=notice.service, external_id=subject).first()
        seal_snapshot(
            service=notice.service,
            subject_kind=ACCOUNT,
            subject=subject,
            item=None,
            account=account,
            concern="",
            why="A data preservation notice",
            restricted=False,
            now=now,
        )
    return len(found)


def follow_preservations(*, now: datetime) -> int:
    """Hold accounts that a notice means and that came to us only since; how many."""
    lasting = Preservation.objects.filter(ended_at__isnull=True, until__gt=now)
    notices = lasting.select_related("service", "by").order_by("id")
    return sum(hold_accounts(notice=notice, now=now) for notice in notices)


@transaction.atomic
def extend_preservation(
    *, preservation_id: int, until: datetime, why: str, by: User, now: datetime
) -> Preservation:
    """Keep it all until a later day. Raises PreservationRefused."""
    notice = _lasting(preservation_id)
    _check_why(why)
    if until <= notice.until:
        raise PreservationRefused("until", f"Choose a day after {notice.until:%-d %B %Y}.")
    notice.until = until
    notice.save(update_fields=["until"])
    notice.holds.filter(ended_at__isnull=True).update(until=until)
    _record("preservation.extended", notice, by=by, now=now, why=why)
    return notice


@transaction.atomic
def end_preservation(*, preservation_id: int, why: str, by: User, now: datetime) -> Preservation:
    """End a notice that was taken back or is over, with its holds. Raises PreservationRefused."""
    notice = _lasting(preservation_id)
    _check_why(why)
    notice.ended_at, notice.ended_by, notice.ended_why = now, by, why.strip()
    notice.save(update_fields=["ended_at", "ended_by", "ended_why"])
    for hold in notice.holds.filter(ended_at__isnull=True).select_related("service"):
        finish_hold(hold=hold, why="Its notice ended.", by=by, now=now)
    _record("preservation.ended", notice, by=by, now=now, why=why)
    return notice


def child_of(notice: Preservation) -> Child:
    """Whom the notice is about."""
    told = json.loads(notice.subject)
    return Child(
        name=told["name"],
        date_of_birth=date.fromisoformat(told["date_of_birth"]),
        emails=tuple(told["emails"]),
        accounts=tuple(told["accounts"]),
    )


def accounts_of(notice: Preservation) -> Iterator[str]:
    """The service's ids of the accounts it means: those it names, and those with its addresses."""
    child = child_of(notice)
    yield from child.accounts
    emails = {email.casefold() for email in child.emails}
    if not emails:
        return
    # Addresses are encrypted, each with a nonce of its own, so no query can compare them.
    for account in Account.objects.filter(service=notice.service).iterator():
        if account.email.casefold() in emails and account.external_id not in child.accounts:
            yield account.external_id


def _check(
    service: Service,
    *,
    reference: str,
    child: Child,
    received_at: datetime,
    until: datetime,
    now: datetime,
) -> None:
    _check_text("reference", [reference])
    _check_text("name", [child.name])
    for field, values in (("emails", child.emails), ("accounts", child.accounts)):
        if len(values) > MOST:
            raise PreservationRefused(field, f"Name at most {MOST}.")
        _check_text(field, values)
    if not child.emails and not child.accounts:
        raise PreservationRefused("emails", "Name at least one e-mail address or account.")
    if child.date_of_birth > received_at.date():
        raise PreservationRefused("date_of_birth", "Write a day before the notice.")
    if received_at > now:
        raise PreservationRefused("received_at", "Write the day it was received, not a later one.")
    if until <= now:
        raise PreservationRefused("until", "Choose a day that is still to come.")
    if Preservation.objects.filter(service=service, reference=reference.strip()).exists():
        raise PreservationRefused("reference", "A notice with this reference was taken already.")


def _check_text(field: str, values: Iterable[str]) -> None:
    for value in values:
        if not 0 < len(value.strip()) <= LONGEST or "\0" in value:
            raise PreservationRefused(field, "Write 1 to 200 characters.")


def _check_why(why: str) -> None:
    if not 0 < len(why.strip()) <= LONGEST_WHY or "\0" in why:
        raise PreservationRefused("why", "Say why, in 1 to 2,000 characters.")


def _lasting(preservation_id: int) -> Preservation:
    notices = Preservation.objects.select_for_update(of=("self",)).select_related("service")
    notice = notices.get(pk=preservation_id)
    if notice.ended_at is not None:
        raise PreservationRefused("why", "It has ended already.")
    return notice


def _record(kind: str, notice: Preservation, *, by: User, now: datetime, why: str = "") -> None:
    append(
        kind=kind,
        service=notice.service.slug,
        subject=f"preservation:{notice.pk}",
        actor=staff_actor(by),
        now=now,
        facts={"until": notice.until.isoformat()},
        personal={"reference": notice.reference, "subject": notice.subject, "why": why},
    )
