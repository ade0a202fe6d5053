"""Who was trained in what: recorded by somebody, and withdrawn where it was not so."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from dutybound_server.assurance.models import Training
from dutybound_server.assurance.training import SUBJECTS
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import works_at

LASTS_AT_MOST = timedelta(days=366)


class TrainingRefused(FieldRefused):
    """A training that makes no sense; `field` is what to change."""


@transaction.atomic
def record_training(
    *,
    service: Service,
    user: User,
    subject: str,
    on: date,
    expires_on: date,
    told: str,
    by: User,
    now: datetime,
) -> Training:
    """Write down that somebody was trained; raises TrainingRefused."""
    if not works_at(user, service):
        raise TrainingRefused("user", "Choose somebody who works here.")
    if subject not in SUBJECTS:
        raise TrainingRefused("subject", "Choose what they were trained in from the list.")
    if on > timezone.localdate(now):
        raise TrainingRefused("on", "The day is still to come.")
    if not on < expires_on <= on + LASTS_AT_MOST:
        raise TrainingRefused("expires_on", "Choose a day within a year of the training.")
    training = Training.objects.create(
        service=service,
        user=user,
        subject=subject,
        on=on,
        expires_on=expires_on,
        told=told.replace("\0", "").strip(),
        recorded_at=now,
        recorded_by=by,
    )
    facts = {"person": staff_actor(user), "training_subject": subject}
    facts |= {"on": on.isoformat(), "expires_on": expires_on.isoformat()}
    _journal(training, "recorded", by=by, now=now, facts=facts, personal={"told": training.told})
    return training


@transaction.atomic
def withdraw_training(*, training: Training, why: str, by: User, now: datetime) -> bool:
    """Count a training no more; False if it was withdrawn already. Raises TrainingRefused."""
    why = why.replace("\0", "").strip()
    if not why:
        raise TrainingRefused("why", "Say in a sentence why it does not count.")
    counts = Training.objects.filter(id=training.pk, withdrawn_at__isnull=True)
    if counts.update(withdrawn_at=now) != 1:
        return False
    facts = {"person": staff_actor(training.user), "training_subject": training.subject}
    _journal(training, "withdrawn", by=by, now=now, facts=facts, personal={"why": why})
    return True


def _journal(
    training: Training,
    ending: str,
    *,
    by: User,
    now: datetime,
    facts: dict[str, str],
    personal: dict[str, str],
) -> None:
    append(
        kind=f"training.{ending}",
        service=training.service.slug,
        subject=f"training:{training.pk}",
        actor=staff_actor(by),
        now=now,
        facts=facts,
        personal=personal,
    )
