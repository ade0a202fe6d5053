"""Who works here, and what each was trained in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User

from dutybound.evidence.governance_records import SOON_DAYS
from dutybound_server.assurance.models import Training
from dutybound_server.assurance.training import SUBJECTS
from dutybound_server.people.models import Service
from dutybound_server.people.queries import staff_of

SOON = timedelta(days=SOON_DAYS)


@dataclass(frozen=True, slots=True)
class InSubject:
    """The training of a person in a subject that lasts longest; None where there is none."""

    subject: str
    training: Training | None
    state: str
    """none, past, soon or in_date."""


@dataclass(frozen=True, slots=True)
class Person:
    user: User
    subjects: tuple[InSubject, ...]
    trainings: tuple[Training, ...]
    """All that count, the newest first."""


def who_is_trained(service: Service, *, today: date) -> tuple[Person, ...]:
    """Each who works here, with what they were trained in."""
    rows = Training.objects.filter(service=service, withdrawn_at=None).order_by("-on", "-id")
    by_user: dict[int, list[Training]] = {}
    for row in rows.select_related("recorded_by"):
        by_user.setdefault(row.user_id, []).append(row)
    return tuple(
        Person(user, _subjects(by_user.get(user.pk, []), today), tuple(by_user.get(user.pk, ())))
        for user in staff_of(service)
    )


def _subjects(trainings: Sequence[Training], today: date) -> tuple[InSubject, ...]:
    return tuple(
        _in_subject(subject, [one for one in trainings if one.subject == subject], today)
        for subject in SUBJECTS
    )


def _in_subject(subject: str, trainings: Sequence[Training], today: date) -> InSubject:
    best = max(trainings, key=lambda one: one.expires_on, default=None)
    if best is None:
        return InSubject(subject, None, "none")
    if best.expires_on < today:
        return InSubject(subject, best, "past")
    return InSubject(subject, best, "soon" if best.expires_on <= today + SOON else "in_date")
