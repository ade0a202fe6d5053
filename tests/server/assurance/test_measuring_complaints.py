"""How people were heard, counted as it was at a moment, whatever came later."""

from datetime import datetime

import pytest

from dutybound.cases.kinds import KINDS, Kind
from dutybound.evidence import complaints_appeals, complaints_form
from dutybound.evidence.complaints import COMPLAINTS
from dutybound.evidence.complaints_answers import ANSWERERS, RIGHTS_TOLD
from dutybound.evidence.complaints_heard import HEARD
from dutybound.evidence.moderation_targets import CLOCKS
from dutybound.evidence.probe import find
from dutybound.evidence.status import Status
from dutybound.evidence.takedown import TAKEN_DOWN
from dutybound_server.casework.actions.answers import pause_clock, resume_clock
from dutybound_server.casework.actions.concerns import withdraw_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.people.actions import deactivate_staff, revoke_role
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.hearings import (
    DAY,
    HOUR,
    LEAVE_UP,
    answer,
    answered,
    complained_of,
    complaint,
    heard_of,
    refused_report,
)

pytestmark = pytest.mark.django_db


def status_of(cast: Cast, probe_id: str, *, at: datetime = NOW) -> Status:
    probe = next(one for one in COMPLAINTS if one.id == probe_id)
    answers = {query.name: answered(cast.ridge, query.name, at=at) for query in probe.reads}
    return find(probe, probe.measures[0], answers).status


def test_the_kinds_that_probes_name_are_those_of_the_form() -> None:
    named = complaints_form.OF_ILLEGAL_CONTENT | complaints_form.OF_CHILDREN
    assert {*named, *complaints_appeals.KINDS} <= set(Kind)
    for kind in complaints_appeals.KINDS:
        assert "ICU D9" in KINDS[Kind(kind)].measures


def test_one_past_its_target_that_waits_counts_however_long_ago_it_came(cast: Cast) -> None:
    complaint(cast, ago=200 * DAY)

    seen = heard_of(cast.ridge, Kind.DUTIES)

    assert (seen.received, seen.waiting_late, seen.slow) == (1, 1, 1)
    assert seen.oldest_seconds == (200 * DAY).total_seconds()
    assert status_of(cast, "other_complaints") is Status.AT_RISK


def test_those_decided_before_and_after_their_target_are_told_apart(cast: Cast) -> None:
    answer(complaint(cast, ago=60 * DAY), by=cast.grace, at=NOW - 59 * DAY)
    answer(complaint(cast, ago=60 * DAY), by=cast.grace, at=NOW - HOUR, outcome="overturned")
    withdraw_concern(concern_id=complaint(cast, ago=2 * DAY).pk, now=NOW - DAY)

    seen = heard_of(cast.ridge, Kind.DUTIES)

    assert (seen.received, seen.in_time, seen.late, seen.slow) == (2, 1, 1, 0)
    assert (seen.put_right, seen.waiting, seen.untold) == (1, 0, 0)
    assert seen.target_days == 28


def test_a_clock_that_stands_still_is_not_late_until_it_has_run_out(cast: Cast) -> None:
    told = complaint(cast, ago=60 * DAY, kind=Kind.AGE)
    pause_clock(concern_id=told.pk, why="They look for a paper.", by=cast.grace, now=NOW - 55 * DAY)
    assert heard_of(cast.ridge, Kind.AGE).waiting_late == 0

    resume_clock(concern_id=told.pk, by=cast.grace, now=NOW)

    assert heard_of(cast.ridge, Kind.AGE, at=NOW + 5 * DAY).waiting_late == 1
    # As of the day before it was resumed its clock stands still as it did then.
    assert heard_of(cast.ridge, Kind.AGE, at=NOW - DAY).waiting_late == 0


def test_an_answer_that_was_taken_back_leaves_the_person_waiting(cast: Cast) -> None:
    item = make.item(cast.ridge)
    told = make.concern(cast.ridge, about=[item], now=NOW - 100 * DAY)
    case = told.subjects.get().case
    assert case is not None
    decision = make.decide(case, by=cast.mo, now=NOW - 99 * DAY)
    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW - 95 * DAY)

    seen = heard_of(cast.ridge, Kind.ILLEGAL_CONTENT)

    assert (seen.waiting, seen.waiting_late, seen.in_time) == (1, 1, 0)


def test_an_answer_that_was_changed_counts_as_it_stood_at_the_moment(cast: Cast) -> None:
    told = make.concern(cast.ridge, about=[make.item(cast.ridge)], now=NOW - 3 * DAY)
    case = told.subjects.get().case
    assert case is not None
    first = make.decide(case, by=cast.mo, now=NOW - 3 * DAY + HOUR, **LEAVE_UP)
    undo_decision(decision_id=first.pk, by=cast.mo, now=NOW - 2 * DAY)
    case.refresh_from_db()
    make.decide(case, by=cast.mo, now=NOW - DAY)

    stood = [heard_of(cast.ridge, Kind.ILLEGAL_CONTENT, at=NOW - ago * DAY) for ago in (2, 0)]
    before = heard_of(cast.ridge, Kind.ILLEGAL_CONTENT, at=NOW - 2 * DAY - HOUR)

    assert (before.in_time, before.put_right, before.waiting) == (1, 0, 0)
    assert [(one.in_time, one.put_right, one.waiting) for one in stood] == [(0, 0, 1), (1, 1, 0)]


def test_a_refused_intimate_report_counts_as_decided_until_it_is_reopened(cast: Cast) -> None:
    told = refused_report(cast)
    complains = complained_of(told, at=NOW - 3 * DAY)
    answer(complains, by=cast.ren, at=NOW - 2 * DAY, outcome="overturned")

    assert heard_of(cast.ridge, Kind.INTIMATE_IMAGE, at=NOW - 3 * DAY).in_time == 1
    seen = heard_of(cast.ridge, Kind.INTIMATE_IMAGE)
    assert (seen.in_time, seen.waiting, seen.waiting_late, seen.is_statutory) == (0, 1, 1, True)
    assert status_of(cast, "reports_acted_on") is Status.NOT_MET


def test_who_answers_is_known_by_name_or_role_and_nobody_is_not_met(cast: Cast) -> None:
    named = {"owners": {"duties": cast.mo.pk}, "targets": {"age": 48}}
    change_desk(desk=desk_of(cast.ridge), changes=named, by=cast.ada, now=NOW + HOUR)
    deactivate_staff(user=cast.grace, by="system", now=NOW + HOUR)
    revoke_role(
        user=cast.mo, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOW + 2 * HOUR
    )

    first, second, last = (
        answered(cast.ridge, ANSWERERS.name, at=NOW + hours * HOUR) for hours in range(3)
    )

    assert (first.duties_named, first.duties_by_role, first.age_target_set) == (False, 1, False)
    assert (second.duties_named, second.duties_by_role, second.age_target_set) == (True, 0, True)
    assert (last.duties_named, last.duties_by_role) == (False, 0)
    assert status_of(cast, "other_complaints", at=NOW + 2 * HOUR) is Status.NOT_MET


def test_complaints_about_automatic_checks_are_told_of_the_right_to_claim(cast: Cast) -> None:
    for language in ("en", "cy"):
        complaint(cast, ago=DAY, kind=Kind.PROACTIVE_TECHNOLOGY, language=language)
    complaint(cast, ago=DAY)

    seen = answered(cast.ridge, RIGHTS_TOLD.name)

    assert (seen.read, seen.say_right) == (2, 2)


def test_one_that_was_withdrawn_after_its_target_was_late_all_the_same(cast: Cast) -> None:
    for ago, kind in ((60, Kind.DUTIES), (4, Kind.INTIMATE_IMAGE)):
        told = complaint(cast, ago=ago * DAY, kind=kind, about=[make.item(cast.ridge)])
        withdraw_concern(concern_id=told.pk, now=NOW - DAY)

    seen = heard_of(cast.ridge, Kind.DUTIES)

    assert (seen.received, seen.late, seen.waiting, seen.slow) == (1, 1, 0, 0)
    assert heard_of(cast.ridge, Kind.DUTIES, at=NOW - 2 * DAY).waiting_late == 1
    # Once it came longer ago than the window, nothing waits that would keep it.
    later = answered(cast.ridge, HEARD.name, at=NOW + 60 * DAY).kinds
    assert [one.kind for one in later] == [Kind.INTIMATE_IMAGE]
    assert status_of(cast, "reports_acted_on") is Status.NOT_MET
    assert answered(cast.ridge, TAKEN_DOWN.name).illegal.intimate_open == 1
    assert answered(cast.ridge, CLOCKS.name).illegal.late == 1


def test_a_target_of_months_makes_no_answer_prompt_even_once_it_is_short_again(cast: Cast) -> None:
    desk, by = desk_of(cast.ridge), cast.ada
    change_desk(desk=desk, changes={"targets": {"age": 2_000}}, by=by, now=NOW - 90 * DAY)
    told = [complaint(cast, ago=ago * DAY, kind=Kind.AGE) for ago in (80, 80, 20)]
    change_desk(desk=desk, changes={"targets": {"age": 48}}, by=by, now=NOW - 10 * DAY)
    pause_clock(concern_id=told[0].pk, why="Later.", by=cast.grace, now=NOW - 79 * DAY)
    resume_clock(concern_id=told[0].pk, by=cast.grace, now=NOW - 2 * DAY)

    for one in told:
        answer(one, by=cast.grace, at=NOW - DAY)

    seen = heard_of(cast.ridge, Kind.AGE)
    assert (seen.in_time, seen.late) == (1, 2)
