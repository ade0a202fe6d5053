"""What is looked at and how soon, counted from cases as they come and are decided."""

from datetime import timedelta

import pytest

from dutybound.cases.kinds import Kind
from dutybound.evidence.moderation import CasesSeen, OfSeverity
from dutybound.evidence.moderation_people import Capacity, Trained
from dutybound.evidence.moderation_targets import Accuracy, Clock, TargetsSet
from dutybound_server.assurance.measuring.cases_then import as_told
from dutybound_server.assurance.measuring.moderation import accuracy, cases, clocks, targets
from dutybound_server.assurance.measuring.moderation_people import capacity, trained
from dutybound_server.assurance.models import Training
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import reveal_media
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.casework.actions.quality import (
    answer_look,
    ask_second_looks,
    set_sample_rates,
    take_look,
)
from dutybound_server.casework.models import Case, Notice
from dutybound_server.people.actions import deactivate_staff, revoke_role
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURS, DAYS = 3600.0, 86_400.0


def illegal(seen: CasesSeen, severity: int) -> OfSeverity:
    return next(row for row in seen.illegal if row.severity == severity)


def test_without_cases_there_is_nothing(cast: Cast) -> None:
    assert cases(cast.ridge, NOW) == CasesSeen(illegal=(), children=())


def test_cases_are_counted_by_severity_and_by_whether_they_were_decided_in_time(cast: Cast) -> None:
    soon, late, open_one = (make.case(cast.ridge) for _ in range(3))
    make.case(cast.ridge, harm="bullying")
    make.case(cast.harbour)
    make.decide(soon, by=cast.mo, now=NOW + HOUR)
    make.decide(late, by=cast.mo, now=NOW + 25 * HOUR)

    seen = cases(cast.ridge, NOW + 26 * HOUR)

    row = illegal(seen, 4)
    assert (row.opened, row.in_time, row.late, row.waiting, row.waiting_late) == (3, 1, 1, 1, 1)
    assert row.oldest_seconds == 26 * HOURS
    assert row.overdue_seconds == 2 * HOURS
    assert row.median_seconds == HOURS
    assert [(one.severity, one.waiting_late) for one in seen.children] == [(3, 0)]
    assert open_one.status == "open"


def test_an_appealed_case_waits_for_no_first_decision(cast: Cast) -> None:
    decided = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)
    token = Notice.objects.get(decision__case=decided).token
    lodge_appeal(token=token, grounds="It was satire.", now=NOW + HOUR)

    assert illegal(cases(cast.ridge, NOW + 9 * DAY), 4).waiting == 0
    assert capacity(cast.ridge, NOW + 9 * DAY).waiting == 1


def test_what_is_illegal_and_was_reported_for_children_is_about_both(cast: Cast) -> None:
    about = make.item(cast.ridge)
    make.case(cast.ridge, about=about)
    make.concern(cast.ridge, about=[about], kind=Kind.HARMFUL_TO_CHILDREN, harm="bullying", now=NOW)

    seen = cases(cast.ridge, NOW)

    assert [(row.severity, row.waiting) for row in seen.illegal] == [(4, 1)]
    assert [(row.severity, row.waiting) for row in seen.children] == [(4, 1)]


def test_a_concern_with_a_nearer_end_makes_a_case_late(cast: Cast) -> None:
    changes = {"targets": {"illegal_content": 2}}
    change_desk(desk=desk_of(cast.ridge), changes=changes, by=cast.ada, now=NOW)
    make.concern(cast.ridge, about=[make.item(cast.ridge)], harm="fraud", now=NOW)

    assert illegal(cases(cast.ridge, NOW + HOUR), 3).waiting_late == 0
    assert illegal(cases(cast.ridge, NOW + 3 * HOUR), 3).waiting_late == 1


def test_what_came_more_than_90_days_ago_counts_only_while_it_waits(cast: Cast) -> None:
    make.decided_case(cast.ridge, by=cast.mo)
    make.case(cast.ridge)

    row = illegal(cases(cast.ridge, NOW + 91 * DAY), 4)

    assert (row.opened, row.decided, row.waiting) == (0, 0, 1)


def test_histories_say_of_each_case_what_its_row_says(cast: Cast) -> None:
    make.case(cast.ridge)
    decided = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)
    undone = make.case(cast.ridge, harm="fraud")
    decision = make.decide(undone, by=cast.mo, now=NOW + HOUR)
    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW + 2 * HOUR)
    lodge_appeal(
        token=Notice.objects.get(decision__case=decided).token, grounds="No.", now=NOW + HOUR
    )
    about = make.item(cast.ridge)
    make.concern(cast.ridge, about=[about], harm="fraud", now=NOW)
    make.concern(cast.ridge, about=[about], harm="harassment", now=NOW + HOUR)

    told = {one.pk: one for one in as_told(Case.objects.all(), NOW + 3 * HOUR)}

    assert len(told) == 4
    for row in Case.objects.all():
        then = told[row.pk]
        assert (then.harm, then.status, then.opened_at) == (row.harm, row.status, row.opened_at)
        assert (then.waiting_since, then.due_at) == (row.waiting_since, row.due_at)


def test_targets_are_the_services_own_as_of_that_time(cast: Cast) -> None:
    assert targets(cast.ridge, NOW) == TargetsSet(0, 0)

    desk = desk_of(cast.ridge)
    for hours, now in ((12, NOW), (24, NOW + DAY)):
        own = {"illegal_content": hours, "illegal_content:5": 2, "duties": 99, "age": 9}
        own = own if now == NOW else {"harmful_to_children": hours}
        change_desk(desk=desk, changes={"targets": own}, by=cast.ada, now=now)

    assert targets(cast.ridge, NOW + HOUR) == TargetsSet(illegal=2, children=0)
    assert targets(cast.ridge, NOW + 2 * DAY) == TargetsSet(illegal=0, children=1)


def test_reports_are_counted_by_the_target_they_came_under(cast: Cast) -> None:
    change_desk(
        desk=desk_of(cast.ridge), changes={"targets": {"illegal_content": 2}}, by=cast.ada, now=NOW
    )
    soon, late, _ = (
        make.concern(cast.ridge, about=[make.item(cast.ridge)], harm="fraud", now=NOW)
        for _ in range(3)
    )
    for told, hours in ((soon, 1), (late, 3)):
        case = told.subjects.get().case
        assert case is not None
        make.decide(case, by=cast.mo, now=NOW + hours * HOUR)

    assert clocks(cast.ridge, NOW + 2 * HOUR).illegal == Clock(in_time=1)
    seen = clocks(cast.ridge, NOW + 4 * HOUR)
    assert seen.illegal == Clock(in_time=1, late=1, waiting_late=1)
    assert seen.children == Clock()


def test_second_looks_are_counted_by_whether_they_agree(cast: Cast) -> None:
    rates = {"match": 1.0}
    set_sample_rates(service=cast.ridge, rates=rates, by=cast.sena, now=NOW)
    for _ in range(2):
        make.decided_case(cast.ridge, by=cast.mo)
    ask_second_looks(now=NOW + HOUR)
    for kind in ("take_down", "none"):
        look = take_look(service=cast.ridge, by=cast.nell, now=NOW + 2 * HOUR)
        assert look is not None
        answer_look(
            look_id=look.pk,
            service=cast.ridge,
            by=cast.nell,
            enforcement_kind=kind,
            harm="harassment",
            reasons="I looked.",
            now=NOW + 3 * HOUR,
        )

    seen = accuracy(cast.ridge, NOW + 4 * HOUR)

    assert seen.illegal == Accuracy(looked_again=2, agreed=1, against=2)
    assert seen.children == Accuracy()
    assert accuracy(cast.ridge, NOW + 2 * HOUR).illegal == Accuracy(against=2)


def test_decisions_that_were_undone_or_lost_on_appeal_were_taken_back(cast: Cast) -> None:
    make.decided_case(cast.ridge, by=cast.mo)
    undone = make.case(cast.ridge)
    decision = make.decide(undone, by=cast.mo)
    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW + HOUR)
    appealed = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)
    token = Notice.objects.get(decision__case=appealed).token
    lodge_appeal(token=token, grounds="It was satire.", now=NOW + HOUR)
    make.decide(
        appealed,
        by=cast.sena,
        now=NOW + 2 * HOUR,
        enforcement_kind="restore",
        ground="none",
        rule="",
        statement="It is back.",
    )

    assert accuracy(cast.ridge, NOW + 3 * HOUR).illegal == Accuracy(against=3, taken_back=2)
    assert accuracy(cast.ridge, NOW).illegal == Accuracy(against=3, taken_back=0)


def test_four_weeks_of_work_are_counted(cast: Cast) -> None:
    about = make.item(cast.ridge)
    picture = make.media(about)
    looked_at = make.case(cast.ridge, about=about)
    for minute in range(3):
        at = NOW + timedelta(minutes=minute)
        reveal_media(case_id=looked_at.pk, media_id=picture.pk, by=cast.mo, now=at)
    make.decide(looked_at, by=cast.mo, now=NOW + HOUR)
    make.case(cast.ridge)

    seen = capacity(cast.ridge, NOW + 2 * DAY)

    assert seen == Capacity(
        arrived=2,
        decided=1,
        waiting=1,
        waiting_late=1,
        may_decide=4,
        deciding=1,
        days=2.0,
        looks=3,
        most_looks_a_day=3,
    )
    assert capacity(cast.ridge, NOW + 29 * DAY).arrived == 0


def test_training_counts_while_it_is_in_date(cast: Cast) -> None:
    later = NOW + 20 * DAY
    assert trained(cast.ridge, NOW) == Trained(4, in_date=0, without=4, new=4, soon=0)
    assert trained(cast.ridge, later) == Trained(4, in_date=0, without=4, new=0, soon=0)

    for person, days in ((cast.mo, 300), (cast.nell, 30), (cast.sena, 5)):
        Training.objects.create(
            service=cast.ridge,
            user=person,
            subject="moderation",
            on=NOW.date(),
            expires_on=(NOW + days * DAY).date(),
            recorded_at=NOW,
            recorded_by=cast.ada,
        )

    assert trained(cast.ridge, later) == Trained(4, in_date=2, without=2, new=0, soon=1)


def test_who_could_decide_then_is_told_by_the_journal(cast: Cast) -> None:
    revoke_role(user=cast.mo, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOW + DAY)
    deactivate_staff(user=cast.nell, by="system", now=NOW + DAY)

    assert trained(cast.ridge, NOW + HOUR).may_decide == 4
    assert trained(cast.ridge, NOW + 2 * DAY).may_decide == 2
