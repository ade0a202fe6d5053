"""What each person sees, and in which order."""

from datetime import timedelta

import pytest

from dutybound.cases.priority import AT_RISK, URGENT_FROM, is_at_risk, score
from dutybound_server.casework.actions.cases import claim_case, record_matches
from dutybound_server.casework.models import Case
from dutybound_server.casework.queries import (
    at_risk,
    case_for,
    claimed_by,
    decided_cases,
    open_queue,
    queues_for,
)
from dutybound_server.casework.refusals import CaseNotFound
from tests import make
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def test_absent_not_yours_and_restricted_look_the_same(cast: Cast) -> None:
    case = make.case(cast.ridge)
    restricted = make.case(cast.ridge, harm="csea_image_csam")

    assert case_for(cast.mo, cast.ridge, case.reference) == case
    assert case_for(cast.ode, cast.ridge, case.reference) == case
    assert case_for(cast.ren, cast.ridge, restricted.reference) == restricted
    errors = []
    for user, service, reference in (
        (cast.mo, cast.ridge, "nonesuch"),
        (cast.mo, cast.ridge, restricted.reference),
        (cast.sena, cast.ridge, restricted.reference),
        (cast.vic, cast.ridge, case.reference),
        (cast.vic, cast.harbour, case.reference),
        (cast.mo, cast.harbour, case.reference),
    ):
        with pytest.raises(CaseNotFound) as refused:
            case_for(user, service, reference)
        errors.append(repr(refused.value))
    assert len(set(errors)) == 1


def test_a_restricted_bank_hides_a_case_already_in_its_dry_run(cast: Cast) -> None:
    item = make.item(cast.ridge)
    on_trial = make.meeting(make.signal(cast.ridge, harm="csea_image_csam"), dry_run=True)
    record_matches(item=item, kept=[on_trial], set_aside=[], media={}, retroactive=False, now=NOW)

    case = make.case(cast.ridge, about=item)

    assert case_for(cast.ren, cast.ridge, case.reference) == case
    assert list(open_queue(cast.mo, cast.ridge, None, NOW)) == []
    with pytest.raises(CaseNotFound):
        case_for(cast.mo, cast.ridge, case.reference)


def test_the_queue_is_in_the_order_that_the_library_computes(cast: Cast) -> None:
    for harm in ("iia", "harassment", "fraud", "ndc_other"):
        for reach in (1, 50, 20_000):
            for hours in (0, 3, 21, 500):
                opened = NOW - hours * HOUR
                item = make.item(cast.ridge, reach=reach, received_at=opened)
                make.case(cast.ridge, about=item, harm=harm, now=opened)

    def place(case: Case) -> tuple[bool, float, int]:
        urgent = case.severity >= URGENT_FROM and is_at_risk(due=case.due_at, now=NOW)
        waiting = NOW - case.waiting_since
        weight = score(severity=case.severity, reach=case.reach, waiting=waiting)
        return (not urgent, -weight, case.pk)

    queue = list(open_queue(cast.mo, cast.ridge, None, NOW))

    assert len(queue) == 48
    assert queue == sorted(queue, key=place)
    assert list(open_queue(cast.mo, cast.ridge, None, NOW)[10:20]) == queue[10:20]


def test_a_grave_case_near_its_time_goes_before_an_old_small_one(cast: Cast) -> None:
    old = make.case(cast.ridge, harm="ndc_other", now=NOW - 2000 * HOUR)
    grave = make.case(cast.ridge, harm="iia")

    assert list(open_queue(cast.mo, cast.ridge, None, NOW)) == [grave, old]
    assert set(at_risk(cast.mo, cast.ridge, NOW)) == {grave, old}


def test_queues_count_what_waits_in_them_and_hide_the_restricted_one(cast: Cast) -> None:
    make.case(cast.ridge, harm="iia")
    make.case(cast.ridge, harm="fraud")
    make.case(cast.ridge, harm="fraud", now=NOW - 72 * HOUR + AT_RISK)
    make.case(cast.ridge, harm="csea_image_csam")
    make.decided_case(cast.ridge, by=cast.mo)

    def counts(user_queues: list) -> list[tuple[str, int, int]]:  # type: ignore[type-arg]
        return [(one.queue.slug, one.waiting, one.at_risk) for one in user_queues]

    assert counts(queues_for(cast.mo, cast.ridge, NOW)) == [("urgent", 1, 1), ("general", 2, 1)]
    assert counts(queues_for(cast.ren, cast.ridge, NOW))[0] == ("restricted", 1, 1)
    assert queues_for(cast.vic, cast.ridge, NOW) == []


def test_a_queue_holds_only_its_own_cases(cast: Cast) -> None:
    urgent = make.case(cast.ridge, harm="iia")
    make.case(cast.ridge, harm="fraud")

    assert list(open_queue(cast.mo, cast.ridge, urgent.queue, NOW)) == [urgent]
    assert not open_queue(cast.vic, cast.ridge, urgent.queue, NOW).exists()


def test_mine_are_those_i_hold_now(cast: Cast) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=NOW)

    assert list(claimed_by(cast.mo, cast.ridge, NOW)) == [case]
    assert not claimed_by(cast.nell, cast.ridge, NOW).exists()
    assert not claimed_by(cast.mo, cast.ridge, NOW + HOUR).exists()


def test_decided_cases_come_last_decided_first(cast: Cast) -> None:
    first = make.decided_case(cast.ridge, by=cast.mo)
    last = make.decided_case(cast.ridge, by=cast.mo, now=NOW + HOUR)
    make.case(cast.ridge)

    assert list(decided_cases(cast.mo, cast.ridge)) == [last, first]
