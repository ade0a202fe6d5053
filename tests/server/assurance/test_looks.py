"""The worker looks at every measure; what turns is kept, journalled and somebody's task."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from dutybound.evidence.probe import find_again
from dutybound.evidence.probes import PROBES, QUERIES
from dutybound.evidence.status import Status
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.actions.measure_tasks import close_measure_task, tell_of_turns
from dutybound_server.assurance.measuring.readers import READERS
from dutybound_server.assurance.models import Finding, MeasureTask
from dutybound_server.assurance.standing_queries import KEEP_EVERY, STALE_AFTER, how_measures_stand
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved

pytestmark = pytest.mark.django_db

MEASURE = "ICU A2"


def status_of(service: Service, measure: str = MEASURE, *, after: timedelta = timedelta()) -> str:
    return next(
        one.status for one in how_measures_stand(service, now=NOW + after) if one.measure == measure
    )


def test_every_query_has_a_reader() -> None:
    assert set(READERS) == set(QUERIES)


def test_before_anybody_looked_nothing_is_known(cast: Cast) -> None:
    approved(cast)

    assert status_of(cast.ridge) is Status.STALE


def test_a_look_says_how_each_measure_stands_and_the_journal_holds_its_digest(cast: Cast) -> None:
    approved(cast)

    look_at(service=cast.ridge, now=NOW)

    assert status_of(cast.ridge) is Status.NOT_MET
    finding = Finding.objects.get(measure=MEASURE)
    again = find_again(PROBES[MEASURE], MEASURE, finding.inputs)
    assert again.digest == finding.digest
    entry = json.loads(bytes(Entry.objects.get(kind="measures.found").body))
    assert entry["facts"]["findings"][MEASURE] == ["not_met", finding.digest]


def test_a_measure_that_is_not_met_is_a_task_once(cast: Cast) -> None:
    approved(cast)

    look_at(service=cast.ridge, now=NOW)
    look_at(service=cast.ridge, now=NOW + timedelta(seconds=15))

    assert MeasureTask.objects.filter(measure=MEASURE, closed_at=None).count() == 1
    assert Finding.objects.filter(measure=MEASURE).count() == 1


def test_what_does_not_turn_is_kept_again_after_an_hour(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)

    look_at(service=cast.ridge, now=NOW + KEEP_EVERY)

    assert Finding.objects.filter(measure=MEASURE).count() == 2


def test_without_a_look_for_a_while_every_status_is_stale(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)

    later = STALE_AFTER + timedelta(seconds=15)

    assert status_of(cast.ridge, after=later) is Status.STALE


def test_a_look_of_a_clock_that_was_set_back_since_says_nothing(cast: Cast) -> None:
    approved(cast)

    look_at(service=cast.ridge, now=NOW + timedelta(days=365))

    assert status_of(cast.ridge) is Status.STALE


def test_the_journal_tells_how_long_nobody_looked(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)

    look_at(service=cast.ridge, now=NOW + 2 * KEEP_EVERY)

    entry = Entry.objects.filter(kind="measures.found").order_by("-id")[0]
    assert json.loads(bytes(entry.body))["facts"]["not_looked_since"] == NOW.isoformat()


def test_a_finding_is_final(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE assurance_finding SET status = 'met'")


def test_what_only_may_apply_is_nobodys_task(cast: Cast) -> None:
    large_services_only = "ICU A3"

    look_at(service=cast.ridge, now=NOW)

    assert status_of(cast.ridge, large_services_only) is Status.NOT_MET
    told = MeasureTask.objects.values_list("measure", flat=True)
    assert MEASURE in told
    assert large_services_only not in told


def test_a_measure_that_begins_to_be_asked_is_told_of_though_its_status_did_not_turn(
    cast: Cast,
) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)
    MeasureTask.objects.all().delete()

    look_at(service=cast.ridge, now=NOW + timedelta(seconds=15))

    assert MeasureTask.objects.filter(measure=MEASURE, closed_at=None).count() == 1


def test_a_task_that_a_person_closed_stays_closed_while_nothing_turns(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)
    task = MeasureTask.objects.get(measure=MEASURE)
    close_measure_task(task=task, note="Grace signs tomorrow.", by=cast.grace, now=NOW)

    look_at(service=cast.ridge, now=NOW + 2 * KEEP_EVERY)

    assert not MeasureTask.objects.filter(measure=MEASURE, closed_at=None).exists()


def test_a_task_about_what_is_asked_no_more_is_closed(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)
    tell_of_turns(service=cast.ridge, before={}, asked=frozenset(), now=NOW + KEEP_EVERY)

    task = MeasureTask.objects.get(measure=MEASURE)
    assert (task.closed_at, task.closed_by) == (NOW + KEEP_EVERY, None)
