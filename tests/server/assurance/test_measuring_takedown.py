"""How soon content goes, from the first notice to the service's own word that it is gone."""

from datetime import datetime, timedelta

import pytest

from dutybound.cases.kinds import Kind
from dutybound.evidence.takedown import Claims, OfHarm, Removals
from dutybound_server.assurance.measuring.removals import tallied, walked_through
from dutybound_server.assurance.measuring.takedown import claims, taken_down
from dutybound_server.assurance.models import Version
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.enforcements import acknowledge_enforcement, freeze
from dutybound_server.casework.actions.events import locked_case
from dutybound_server.casework.models import Case, Decision, Delivery, Enforcement
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURS = 3600.0


def reported(service: Service, *, harm: str = "fraud", at: datetime = NOW) -> Case:
    """A case about an item that everybody could see when somebody reported it."""
    about = make.item(service, verdict="allow", received_at=at - DAY)
    concern = make.concern(service, about=[about], harm=harm, now=at)
    case = concern.subjects.get().case
    assert case is not None
    return case


def done(decision: Decision, *, at: datetime) -> None:
    told = Enforcement.objects.get(decision=decision, undoes=None)
    acknowledge_enforcement(service=told.service, uuid=told.uuid, now=at)


def illegal(cast: Cast, at: datetime) -> Removals:
    return taken_down(cast.ridge, at).illegal


def test_without_decisions_there_is_nothing(cast: Cast) -> None:
    assert illegal(cast, NOW) == Removals()


def test_the_time_runs_from_the_report_to_the_services_word(cast: Cast) -> None:
    decision = make.decide(reported(cast.ridge), by=cast.mo, now=NOW + HOUR)
    done(decision, at=NOW + 2 * HOUR)

    seen = illegal(cast, NOW + 3 * HOUR)

    assert (seen.removed, seen.said, seen.in_time, seen.late) == (1, 1, 1, 0)
    assert (seen.median_seconds, seen.told_median_seconds) == (2 * HOURS, HOURS)
    assert seen.p90_seconds is None
    assert seen.by_harm == (OfHarm("fraud", 1, 1, 2 * HOURS),)


def test_what_the_service_has_not_confirmed_is_pending_and_then_overdue(cast: Cast) -> None:
    make.decide(reported(cast.ridge), by=cast.mo, now=NOW + HOUR)

    soon, late = illegal(cast, NOW + DAY), illegal(cast, NOW + 4 * DAY)

    assert (soon.said, soon.pending, soon.overdue, soon.told_in_time) == (0, 1, 0, 1)
    assert (late.said, late.pending, late.overdue, late.told_in_time) == (0, 0, 1, 1)
    assert late.median_seconds is None


def test_what_was_blocked_as_it_came_took_no_time(cast: Cast) -> None:
    make.decide(make.case(cast.ridge), by=cast.mo, now=NOW + 30 * HOUR)

    seen = illegal(cast, NOW + 40 * HOUR)

    assert (seen.removed, seen.hidden, seen.in_time, seen.said) == (1, 1, 1, 0)
    assert seen.median_seconds == 0.0


def test_what_was_shown_before_it_was_held_again_was_seen(cast: Cast) -> None:
    case = make.case(cast.ridge)
    favour = {"enforcement_kind": "none", "ground": "none", "rule": "", "statement": ""}
    make.decide(case, by=cast.mo, now=NOW + HOUR, **favour)
    assert case.item is not None
    make.concern(cast.ridge, about=[case.item], harm="fraud", now=NOW + 5 * HOUR)
    decision = make.decide(case, by=cast.mo, now=NOW + 6 * HOUR)
    done(decision, at=NOW + 7 * HOUR)

    seen = illegal(cast, NOW + DAY)

    assert (seen.removed, seen.hidden) == (1, 0)
    assert seen.median_seconds == 2 * HOURS


def test_a_freeze_that_was_confirmed_counts_as_gone(cast: Cast) -> None:
    case = reported(cast.ridge)
    held = freeze(case=locked_case(case.pk), now=NOW + HOUR)
    assert held is not None
    acknowledge_enforcement(service=cast.ridge, uuid=held.uuid, now=NOW + 2 * HOUR)
    decision = make.decide(case, by=cast.mo, now=NOW + 9 * HOUR)
    done(decision, at=NOW + 10 * HOUR)

    seen = illegal(cast, NOW + DAY)

    assert (seen.median_seconds, seen.told_median_seconds) == (2 * HOURS, HOURS)


def test_what_is_undone_or_decided_for_children_is_no_removal_of_illegal_content(
    cast: Cast,
) -> None:
    undone = make.decide(reported(cast.ridge), by=cast.mo, now=NOW + HOUR)
    undo_decision(decision_id=undone.pk, by=cast.mo, now=NOW + 2 * HOUR)
    label = {"enforcement_kind": "label"}
    make.decide(reported(cast.ridge, harm="bullying"), by=cast.mo, now=NOW + HOUR, **label)

    seen = taken_down(cast.ridge, NOW + DAY)

    assert (seen.illegal.removed, seen.children.removed) == (0, 1)
    assert illegal(cast, NOW + HOUR).removed == 1


def test_what_the_law_forbids_and_stays_in_view_is_left_up(cast: Cast) -> None:
    law = {"enforcement_kind": "restrict", "ground": "law", "rule": "Fraud Act 2006, section 2"}
    make.decide(reported(cast.ridge), by=cast.mo, now=NOW + HOUR, **law)

    assert illegal(cast, NOW + DAY).left_up == 1
    assert illegal(cast, NOW + DAY).removed == 0


def test_an_intimate_image_that_is_up_after_48_hours_is_too_late(cast: Cast) -> None:
    about = make.item(cast.ridge, verdict="allow")
    concern = make.concern(cast.ridge, about=[about], kind=Kind.INTIMATE_IMAGE, now=NOW)
    assert illegal(cast, NOW + 47 * HOUR).intimate_open == 0
    assert illegal(cast, NOW + 49 * HOUR).intimate_open == 1

    case = concern.subjects.get().case
    assert case is not None
    make.decide(case, by=cast.mo, now=NOW + 49 * HOUR)

    seen = illegal(cast, NOW + 50 * HOUR)
    assert (seen.intimate, seen.intimate_open) == (1, 0)
    assert seen.intimate_late == 1


def test_one_that_was_only_told_too_late_is_too_late(cast: Cast) -> None:
    decision = make.decide(reported(cast.ridge, harm="iia"), by=cast.mo, now=NOW + 49 * HOUR)

    assert illegal(cast, NOW + 50 * HOUR).intimate_late == 1
    done(decision, at=NOW + 50 * HOUR)
    assert illegal(cast, NOW + 51 * HOUR).intimate_late == 1


def test_a_message_that_died_on_the_way_counts_until_the_service_confirms(cast: Cast) -> None:
    make.endpoint(cast.ridge)
    decision = make.decide(reported(cast.ridge), by=cast.mo, now=NOW + HOUR)
    Delivery.objects.filter(event="enforcement.created").update(
        dead_at=NOW + 4 * DAY, next_attempt_at=None
    )

    assert illegal(cast, NOW + DAY).undelivered == 0
    assert illegal(cast, NOW + 5 * DAY).undelivered == 1
    done(decision, at=NOW + 6 * DAY)
    assert illegal(cast, NOW + 7 * DAY).undelivered == 0
    assert illegal(cast, NOW + 5 * DAY).undelivered == 1


def test_what_the_database_computes_is_what_a_walk_finds(cast: Cast) -> None:
    for hours in range(1, 6):
        decision = make.decide(reported(cast.ridge), by=cast.mo, now=NOW + hours * HOUR)
        if hours % 2:
            done(decision, at=NOW + 2 * hours * HOUR)
    make.decide(make.case(cast.ridge), by=cast.mo, now=NOW + HOUR)
    at = NOW + 11 * HOUR

    walked = list(walked_through(Decision.objects.all(), as_of=at, intimate=()))

    seen = illegal(cast, at)
    assert seen.removed == len(walked) == 6
    assert seen.said == sum(one.done is not None for one in walked) == 3
    assert seen.by_harm == (OfHarm("fraud", 5, 3, 6 * HOURS), OfHarm("harassment", 1, 1, 0.0))
    assert tallied(walked, as_of=at) == seen


def test_claims_are_those_of_the_approved_assessment(cast: Cast) -> None:
    assert claims(cast.ridge, NOW) == Claims(0, 0, 0, 0)

    version = approved(cast)
    claim = {"reason": "Sealed", "owner": "Ada", "decided_on": "2026-11-01"}
    surfaces = [
        {"name": "Posts", "takedown_feasible": True},
        {"name": "Letters", "takedown_feasible": False,
         "claim": {**claim, "expires_on": "2026-12-01"}},
        {"name": "Rooms", "takedown_feasible": False},
    ]  # fmt: skip
    document = {
        **version.document,
        "service": {**version.document["service"], "surfaces": surfaces},
    }
    Version.objects.create(
        service=cast.ridge,
        number=version.number + 1,
        document=document,
        approved_at=NOW + HOUR,
        approved_by=cast.grace,
    )

    assert claims(cast.ridge, NOW + 2 * HOUR) == Claims(3, 2, claimed=1, expired=0)
    assert claims(cast.ridge, NOW + 30 * DAY) == Claims(3, 2, claimed=0, expired=1)
    assert claims(cast.ridge, NOW).surfaces == 1
