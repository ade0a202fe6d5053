"""An audit from its opening to its end: each step by one side only, and each in the journal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dutybound.evidence.draws import (
    BadDraw,
    checked_commitment,
    commitment_of,
    draw,
    population_digest,
)
from dutybound_server.assurance.audit_queries import is_independent, population_of
from dutybound_server.assurance.models import Audit
from dutybound_server.assurance.refusals import AuditRefused
from dutybound_server.casework.subjects import new_reference
from dutybound_server.journal.actions import append
from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import create_staff
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service

LOOK_STEP = timedelta(minutes=1)
"""So long the same thing opened again stands in no second entry."""
MOST_WANTED = 500
LONGEST = timedelta(days=366)
NOTHING: Mapping[str, Any] = {}


@transaction.atomic
def open_audit(
    *,
    service: Service,
    email: str,
    name: str,
    purpose: str,
    period_from: datetime,
    period_until: datetime,
    starts_at: datetime,
    ends_at: datetime,
    sees_personal: bool,
    by: User,
    now: datetime,
) -> tuple[Audit, bool]:
    """Let one person audit a period for a time; whether they are new and need an invitation link.

    Raises AuditRefused. The auditor gets no role: the audit itself is all that lets them in.
    """
    _refuse_bad_times(period_from, period_until, starts_at, ends_at, now=now)
    if not purpose.strip():
        raise AuditRefused("purpose", "Say what the audit is for.")
    auditor, is_new = _auditor(email, name, service, by=by, now=now)
    audit = Audit.objects.create(
        service=service,
        reference=new_reference(),
        auditor=auditor,
        purpose=purpose.strip(),
        period_from=period_from,
        period_until=period_until,
        starts_at=starts_at,
        ends_at=ends_at,
        sees_personal=sees_personal,
        opened_by=by,
        opened_at=now,
    )
    facts = {
        "auditor": staff_actor(auditor),
        "period_from": period_from.isoformat(),
        "period_until": period_until.isoformat(),
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "sees_personal": sees_personal,
    }
    _journal(audit, "opened", by=by, now=now, facts=facts, personal={"purpose": audit.purpose})
    return audit, is_new


@transaction.atomic
def commit_to_seed(*, audit_id: int, commitment: str, wanted: int, now: datetime) -> Audit:
    """Keep the auditor's commitment, and fix the population they are shown from now on.

    Raises AuditRefused. Once only: a second commitment could be chosen by who is in it.
    """
    audit = _locked(audit_id)
    _refuse_out_of_time(audit, now=now)
    if audit.committed_at is not None:
        raise AuditRefused("commitment", "You have committed to a seed; it cannot be another.")
    if not 1 <= wanted <= MOST_WANTED:
        raise AuditRefused("wanted", f"Ask for 1 to {MOST_WANTED} cases.")
    try:
        audit.commitment = checked_commitment(commitment)
    except BadDraw as problem:
        raise AuditRefused("commitment", f"This is no commitment: {problem}.") from None
    audit.wanted, audit.committed_at = wanted, now
    facts: dict[str, Any] = {"commitment": audit.commitment, "wanted": wanted}
    _journal(audit, "committed", by=audit.auditor, now=now, facts=facts)
    # In the order of the entries: the commitment is written before the cases are looked up.
    audit.population = population_of(audit)
    audit.population_digest = population_digest(audit.population)
    audit.fixed_at = now
    facts = {"population_digest": audit.population_digest, "count": len(audit.population)}
    _journal(audit, "fixed", by=None, now=now, facts=facts)
    audit.save(
        update_fields=[
            "commitment", "wanted", "committed_at", "population", "population_digest", "fixed_at",
        ]
    )  # fmt: skip
    return audit


@transaction.atomic
def draw_sample(*, audit_id: int, seed: str, now: datetime) -> Audit:
    """Take the seed that was committed to, and draw; raises AuditRefused."""
    audit = _locked(audit_id)
    _refuse_out_of_time(audit, now=now)
    if audit.fixed_at is None:
        raise AuditRefused("seed", "Commit to a seed first.")
    if audit.drawn_at is not None:
        raise AuditRefused("seed", "The sample is drawn.")
    try:
        if commitment_of(seed) != audit.commitment:
            raise AuditRefused("seed", "This is not the seed that you committed to.")
        drawn = draw(audit.population, seed=seed, wanted=audit.wanted)
    except BadDraw as problem:
        raise AuditRefused("seed", f"This is no seed: {problem}.") from None
    audit.seed, audit.sample, audit.drawn_at = seed.strip().lower(), list(drawn), now
    audit.save(update_fields=["seed", "sample", "drawn_at"])
    facts = {"seed": audit.seed, "sample": audit.sample}
    _journal(audit, "drawn", by=audit.auditor, now=now, facts=facts)
    return audit


@transaction.atomic
def end_audit(*, audit_id: int, why: str, by: User, now: datetime) -> Audit:
    """Let the auditor in no longer, at once; raises AuditRefused. It cannot be opened again."""
    audit = _locked(audit_id)
    if not why.strip():
        raise AuditRefused("why", "Say why it ends early. The auditor may ask you.")
    if audit.ended_at is None and audit.ends_at > now:
        audit.ended_at = now
        audit.save(update_fields=["ended_at"])
        _journal(audit, "ended", by=by, now=now, personal={"why": why.strip()})
    return audit


@transaction.atomic
def note_look(*, audit: Audit, thing: str, now: datetime) -> None:
    """Write down that the auditor opened something: once a minute for the same thing."""
    actor = staff_actor(audit.auditor)
    looked = Entry.objects.filter(kind="audit.looked", subject=thing, actor=actor)
    if looked.filter(at__gt=now - LOOK_STEP, at__lte=now).exists():
        return
    append(
        kind="audit.looked",
        service=audit.service.slug,
        subject=thing,
        actor=actor,
        now=now,
        facts={"audit": audit.reference},
    )


def _locked(audit_id: int) -> Audit:
    rows = Audit.objects.select_for_update(of=("self",)).select_related("service", "auditor")
    return rows.get(pk=audit_id)


def _refuse_bad_times(
    period_from: datetime,
    period_until: datetime,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
) -> None:
    if period_from >= period_until:
        raise AuditRefused("period_until", "The period ends after it begins.")
    if period_until > now:
        raise AuditRefused("period_until", "The period is over before it is audited.")
    if ends_at <= max(starts_at, now):
        raise AuditRefused("ends_at", "The audit ends after it starts, and not before now.")
    if ends_at - starts_at > LONGEST:
        raise AuditRefused("ends_at", "An audit lasts a year at most; open another then.")


def _refuse_out_of_time(audit: Audit, *, now: datetime) -> None:
    if audit.ended_at is not None or not audit.starts_at <= now < audit.ends_at:
        raise AuditRefused("audit", "It is not the time of this audit.")


def _auditor(
    email: str, name: str, service: Service, *, by: User, now: datetime
) -> tuple[User, bool]:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise AuditRefused("email", "This is no e-mail address.") from None
    known = User.objects.filter(username=email).first()
    if known is None:
        made = create_staff(
            email=email, name=name.strip(), password=None, by=staff_actor(by), now=now
        )
        return made, True
    if not known.is_active:
        raise AuditRefused("email", "They were shut out. Let them in first, or name another.")
    if not is_independent(known, service):
        raise AuditRefused(
            "email", "They work for the service or flag for it; an auditor has no part in it."
        )
    return known, False


def _journal(
    audit: Audit,
    stage: str,
    *,
    by: User | None,
    now: datetime,
    facts: Mapping[str, Any] = NOTHING,
    personal: Mapping[str, str] = NOTHING,
) -> None:
    append(
        kind=f"audit.{stage}",
        service=audit.service.slug,
        subject=f"audit:{audit.reference}",
        actor=staff_actor(by) if by else "system",
        now=now,
        facts=facts,
        personal=personal,
    )
