"""A measure that turns bad is told to its owner, once, and closed by a person with a note."""

import json
from datetime import datetime, timedelta

import pytest
from django.core import mail

from dutybound.evidence.status import Status
from dutybound_server.assurance.actions.measure_mails import mail_measure_tasks
from dutybound_server.assurance.actions.measure_tasks import (
    ONE_MAIL_IN,
    OwnerRefused,
    close_measure_task,
    own_measure,
    tell_of_turn,
)
from dutybound_server.assurance.actions.reviews import NoteMissing
from dutybound_server.assurance.measure_task_queries import (
    TaskNotFound,
    may_close,
    task_for,
    told_to,
    visible_tasks,
)
from dutybound_server.assurance.models import Finding, MeasureTask
from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import revoke_role
from dutybound_server.people.roles import Role
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def turned(
    cast: Cast, status: Status, *, measure: str = "ICU A2", was: str = "met", now: datetime = NOW
) -> MeasureTask | None:
    """The open task after a measure turned."""
    finding = Finding.objects.create(
        service=cast.ridge, measure=measure, probe="a", version=1, status=status,
        says=f"It is {status}.", figures=[], inputs={}, digest="0" * 64, at=now,
    )  # fmt: skip
    tell_of_turn(service=cast.ridge, finding=finding, was=was, now=now)
    return MeasureTask.objects.filter(measure=measure, closed_at=None).first()


def opened(cast: Cast, status: Status = Status.AT_RISK, measure: str = "ICU A2") -> MeasureTask:
    task = turned(cast, status, measure=measure)
    assert task is not None
    return task


def mails() -> list[tuple[list[str], str]]:
    return [(message.to, str(message.subject)) for message in mail.outbox]


# Owners


def test_an_owner_is_told_of_a_turn_once(cast: Cast) -> None:
    own_measure(service=cast.ridge, measure="ICU A2", owner=cast.mo, by=cast.ada, now=NOW)
    opened(cast)

    assert mail_measure_tasks(now=NOW) == 1
    assert mail_measure_tasks(now=NOW + MINUTE) == 0

    assert mails() == [(["mo@ridge.example"], "ICU A2 is at risk at Ridge Forum")]
    assert "It is at_risk." in mail.outbox[0].body
    assert "http://testserver/console/ridge/tasks/" in mail.outbox[0].body
    assert Entry.objects.filter(kind="measure_task.mailed").count() == 1


def test_where_nobody_owns_it_the_accountable_person_is_told(cast: Cast) -> None:
    opened(cast)

    mail_measure_tasks(now=NOW)

    assert mails()[0][0] == ["grace@ridge.example"]


def test_an_owner_who_left_is_not_told(cast: Cast) -> None:
    own_measure(service=cast.ridge, measure="ICU A2", owner=cast.mo, by=cast.ada, now=NOW)
    task = opened(cast)
    revoke_role(user=cast.mo, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOW)

    assert told_to(task) == (cast.grace,)


def test_all_that_is_due_to_one_is_in_one_mail(cast: Cast) -> None:
    for measure in ("ICU A2", "ICU C3", "ICU D4"):
        opened(cast, Status.NOT_MET, measure)

    mail_measure_tasks(now=NOW)
    mail_measure_tasks(now=NOW + 60 * MINUTE)

    assert mails() == [(["grace@ridge.example"], "3 measures need a look at Ridge Forum")]
    assert all(measure in mail.outbox[0].body for measure in ("ICU A2", "ICU C3", "ICU D4"))
    assert MeasureTask.objects.filter(mailed_at=NOW, mail_due_at=None).count() == 3


def test_one_that_gets_worse_is_told_again_and_one_that_gets_better_is_not(cast: Cast) -> None:
    opened(cast)
    mail_measure_tasks(now=NOW)
    later = NOW + 2 * ONE_MAIL_IN

    turned(cast, Status.NOT_MET, was="at_risk", now=later)
    mail_measure_tasks(now=later)
    turned(cast, Status.AT_RISK, was="not_met", now=2 * later.resolution + later)
    mail_measure_tasks(now=later + 2 * ONE_MAIL_IN)

    assert [subject for _, subject in mails()] == [
        "ICU A2 is at risk at Ridge Forum",
        "ICU A2 is not met at Ridge Forum",
    ]


def test_a_measure_that_comes_and_goes_is_mailed_once_an_hour(cast: Cast) -> None:
    for minutes in range(0, 40, 10):
        now = NOW + minutes * MINUTE
        turned(cast, Status.AT_RISK, now=now)
        mail_measure_tasks(now=now)
        turned(cast, Status.MET, was="at_risk", now=now + MINUTE)
    turned(cast, Status.AT_RISK, now=NOW + 41 * MINUTE)
    mail_measure_tasks(now=NOW + 42 * MINUTE)
    assert len(mail.outbox) == 1

    mail_measure_tasks(now=NOW + ONE_MAIL_IN)

    assert len(mail.outbox) == 2


def test_a_task_that_was_closed_before_its_mail_is_not_mailed(cast: Cast) -> None:
    opened(cast)
    turned(cast, Status.MET, was="at_risk")

    assert mail_measure_tasks(now=NOW) == 0


def test_without_anybody_to_tell_it_ends_as_failed(cast: Cast) -> None:
    revoke_role(user=cast.grace, service=cast.ridge, role=Role.ACCOUNTABLE, by="system", now=NOW)
    task = opened(cast)

    mail_measure_tasks(now=NOW)

    task.refresh_from_db()
    assert (task.mailed_at, task.mail_failed_at, mail.outbox) == (None, NOW, [])


def test_who_becomes_the_owner_gets_the_open_task_and_is_told(cast: Cast) -> None:
    task = opened(cast)
    mail_measure_tasks(now=NOW)

    own_measure(service=cast.ridge, measure="ICU A2", owner=cast.mo, by=cast.ada, now=NOW)
    mail_measure_tasks(now=NOW)

    task.refresh_from_db()
    assert task.owner == cast.mo
    assert [to for to, _ in mails()] == [["grace@ridge.example"], ["mo@ridge.example"]]
    facts = json.loads(bytes(Entry.objects.get(kind="measure.owned").body))["facts"]
    assert facts == {"measure": "ICU A2", "owner": f"staff:{cast.mo.pk}"}


def test_owning_it_again_changes_nothing_and_it_can_be_nobody_s(cast: Cast) -> None:
    for owner in (cast.mo, cast.mo, None, None):
        own_measure(service=cast.ridge, measure="ICU A2", owner=owner, by=cast.ada, now=NOW)

    assert Entry.objects.filter(kind="measure.owned").count() == 2


def test_only_staff_own_and_only_measures_are_owned(cast: Cast) -> None:
    for measure, owner in (("ICU A2", cast.vic), ("ICU Z9", cast.mo)):
        with pytest.raises(OwnerRefused):
            own_measure(service=cast.ridge, measure=measure, owner=owner, by=cast.ada, now=NOW)


# Closing


def test_a_person_closes_it_with_a_note_and_it_opens_again_only_when_it_turns(cast: Cast) -> None:
    task = opened(cast)

    with pytest.raises(NoteMissing):
        close_measure_task(task=task, note=" ", by=cast.grace, now=NOW)
    assert close_measure_task(task=task, note="We ask Ada.", by=cast.grace, now=NOW)
    assert not close_measure_task(task=task, note="Me too.", by=cast.ada, now=NOW)

    assert not MeasureTask.objects.filter(closed_at=None).exists()
    assert turned(cast, Status.NOT_MET, was="at_risk") is not None
    body = bytes(Entry.objects.get(kind="measure_task.closed").body).decode()
    assert "We ask Ada" not in body


def test_who_owns_a_task_sees_and_closes_it_and_others_without_the_right_do_not(
    cast: Cast,
) -> None:
    own_measure(service=cast.ridge, measure="ICU A2", owner=cast.mo, by=cast.ada, now=NOW)
    task = opened(cast)
    opened(cast, measure="ICU C3")

    assert list(visible_tasks(cast.mo, cast.ridge)) == [task]
    assert visible_tasks(cast.ode, cast.ridge).count() == 2
    assert visible_tasks(cast.vic, cast.ridge).count() == 0
    with pytest.raises(TaskNotFound):
        task_for(cast.nell, cast.ridge, task.pk)
    assert may_close(cast.mo, task)
    assert may_close(cast.grace, task)
    assert not may_close(cast.ode, task)
