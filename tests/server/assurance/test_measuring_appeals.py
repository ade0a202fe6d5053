"""Appeals, what is disregarded, the channel for fraud bodies, and how the terms read."""

from datetime import date
from typing import Any

import pytest

from dutybound.cases.kinds import Kind
from dutybound.evidence.complaints_appeals import APPEALED, RESTORED
from dutybound.evidence.complaints_exceptions import DISREGARDED, FRAUD_CHANNEL
from dutybound.evidence.reading import TERMS, TERMS_TEXT
from dutybound_server.assurance.models import Document, DocumentVersion
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.casework.actions.enforcements import acknowledge_enforcement
from dutybound_server.casework.actions.flaggers import end_flagger, end_flagger_person
from dutybound_server.casework.actions.unfounded import (
    approve_policy,
    check_disregard,
    disregard,
)
from dutybound_server.casework.models import Disregard, Enforcement, UnfoundedPolicy
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.hearings import (
    DAY,
    HOUR,
    answered,
    appealed,
    complaint,
    decide_appeal,
    heard_of,
)

pytestmark = pytest.mark.django_db


def test_an_appeal_has_the_answer_that_stood_at_the_moment(cast: Cast) -> None:
    first = decide_appeal(appealed(cast, ago=5 * DAY), by=cast.sena, at=NOW - 4 * DAY)
    undo_decision(decision_id=first.pk, by=cast.sena, now=NOW - 3 * DAY)
    appeal = first.case.decisions.get(appeal__isnull=False).appeal
    decide_appeal(appeal, by=cast.nell, at=NOW - DAY, is_right=False)

    seen = [answered(cast.ridge, APPEALED.name, at=NOW - days * DAY) for days in (5, 4, 3, 0)]

    assert [(one.lodged, one.answered, one.in_favour) for one in seen] == [
        (1, 0, 0), (1, 1, 1), (1, 0, 0), (1, 1, 0),
    ]  # fmt: skip
    assert [one.by_same for one in seen] == [0, 0, 0, 0]
    assert seen[-1].median_seconds == (4 * DAY).total_seconds()
    assert heard_of(cast.ridge, Kind.APPEAL_ITEM).in_time == 1


def test_the_target_for_appeals_is_ours_until_the_service_sets_its_own(cast: Cast) -> None:
    ours = answered(cast.ridge, APPEALED.name)
    targets = {"appeal_item": 48, "appeal_account": 24}
    change_desk(desk=desk_of(cast.ridge), changes={"targets": targets}, by=cast.ada, now=NOW)

    own = answered(cast.ridge, APPEALED.name)

    assert (ours.target_days, ours.target_is_own) == (7, False)
    assert (own.target_days, own.target_is_own) == (2, True)


def test_what_was_right_is_put_back_once_the_service_says_so(cast: Cast) -> None:
    right = decide_appeal(appealed(cast, ago=5 * DAY), by=cast.nell, at=NOW - 4 * DAY)
    decide_appeal(appealed(cast, ago=5 * DAY), by=cast.nell, at=NOW - 4 * DAY, is_right=False)
    seen = answered(cast.ridge, RESTORED.name)
    assert (seen.right, seen.untold, seen.unconfirmed, seen.service_confirms) == (1, 0, 1, False)

    (told,) = Enforcement.objects.filter(decision=right)
    acknowledge_enforcement(service=cast.ridge, uuid=told.uuid, now=NOW - 4 * DAY + HOUR)

    seen = answered(cast.ridge, RESTORED.name)
    assert (seen.confirmed, seen.unconfirmed, seen.service_confirms) == (1, 0, True)
    assert seen.median_seconds == HOUR.total_seconds()
    assert answered(cast.ridge, RESTORED.name, at=NOW - 4 * DAY).confirmed == 0


def test_what_was_put_back_late_or_never_told_is_seen(cast: Cast) -> None:
    right = decide_appeal(appealed(cast, ago=9 * DAY), by=cast.nell, at=NOW - 8 * DAY)
    (told,) = Enforcement.objects.filter(decision=right)
    acknowledge_enforcement(service=cast.ridge, uuid=told.uuid, now=NOW - DAY)
    assert answered(cast.ridge, RESTORED.name).unconfirmed == 1

    # What no action does: the service was never told.
    Enforcement.objects.filter(decision=right).update(kind="hold")

    assert answered(cast.ridge, RESTORED.name).untold == 1


def policy(cast: Cast, *, review_by: date) -> UnfoundedPolicy:
    return approve_policy(
        service=cast.ridge, words="We set aside what is groundless.",
        attributes=["It is about nothing."], monitoring="A colleague looks.", change="",
        review_by=review_by, by=cast.grace, now=NOW - 80 * DAY,
    )  # fmt: skip


def set_aside(cast: Cast, **when: Any) -> Disregard:  # noqa: ANN401 - any moment
    return disregard(
        concern_id=make.concern(cast.ridge, now=NOW - 60 * DAY).pk, attribute=0,
        why="It names nothing.", by=cast.mo, **{"now": NOW - 59 * DAY, **when},
    )  # fmt: skip


def test_what_is_disregarded_is_seen_with_its_policy_and_checks(cast: Cast) -> None:
    policy(cast, review_by=(NOW + 5 * DAY).date())
    set_aside(cast)
    checked = set_aside(cast)
    assert answered(cast.ridge, DISREGARDED.name).unchecked == 2

    check_disregard(disregard_id=checked.pk, by=cast.nell, was_right=False, now=NOW - DAY)

    seen = answered(cast.ridge, DISREGARDED.name)
    assert (seen.disregarded, seen.outside) == (2, 0)
    assert (seen.checked, seen.wrong, seen.unchecked, seen.days_to_review) == (1, 1, 0, 5)
    assert answered(cast.ridge, DISREGARDED.name, at=NOW - 2 * DAY).unchecked == 2
    assert answered(cast.ridge, DISREGARDED.name, at=NOW + 9 * DAY).days_to_review == -4


def test_one_disregarded_without_a_policy_in_force_is_seen(cast: Cast) -> None:
    rules = policy(cast, review_by=(NOW + 5 * DAY).date())
    set_aside(cast)
    # What no action does: it was past its review that day.
    UnfoundedPolicy.objects.filter(pk=rules.pk).update(review_by=(NOW - 59 * DAY).date())

    assert answered(cast.ridge, DISREGARDED.name).outside == 1


def test_a_body_with_expertise_in_fraud_is_answered_in_time_or_cannot_report(cast: Cast) -> None:
    make.flagger(cast.ridge, by=cast.ada, name="Police", kind="police", now=NOW - 9 * DAY)
    flagger = make.flagger(cast.ridge, by=cast.ada, now=NOW - 9 * DAY)
    assert answered(cast.ridge, FRAUD_CHANNEL.name).unreachable == 1

    person = make.flagger_person(flagger, by=cast.ada, now=NOW - 8 * DAY)
    make.flagged(flagger, "post-1", by=person, now=NOW - 2 * DAY)
    make.concern(cast.ridge, harm="fraud", now=NOW - 8 * DAY)

    seen = answered(cast.ridge, FRAUD_CHANNEL.name)
    assert (seen.agreed, seen.unreachable, seen.review_overdue) == (1, 0, 0)
    assert (seen.received, seen.waiting_late) == (1, 1)
    assert answered(cast.ridge, FRAUD_CHANNEL.name, at=NOW + 300 * DAY).review_overdue == 1

    end_flagger_person(person_id=flagger.people.get().pk, by=cast.ada, now=NOW)
    assert answered(cast.ridge, FRAUD_CHANNEL.name).unreachable == 1
    end_flagger(flagger_id=flagger.pk, why="It closed.", by=cast.ada, now=NOW)
    assert answered(cast.ridge, FRAUD_CHANNEL.name).agreed == 0


def test_the_newest_terms_say_how_hard_they_are_to_read(cast: Cast) -> None:
    assert answered(cast.ridge, TERMS_TEXT.name).held is False
    terms = Document.objects.create(
        service=cast.ridge, kind=TERMS, title="Terms", owner=cast.grace, created_at=NOW - 9 * DAY
    )
    for number, grade in ((1, 12.5), (2, 7.0)):
        DocumentVersion.objects.create(
            document=terms, number=number, name="terms.md", content_type="text/markdown", size=9,
            sha256="", blob="", dated=NOW.date(), expires_on=(NOW + 30 * DAY).date(),
            figures={"grade": grade}, added_at=NOW - (5 - number) * DAY, added_by=cast.grace,
        )  # fmt: skip

    seen = answered(cast.ridge, TERMS_TEXT.name)

    assert (seen.held, seen.grade, seen.days_left) == (True, 7.0, 30)
    assert answered(cast.ridge, TERMS_TEXT.name, at=NOW - 4 * DAY).grade == 12.5


def test_complaints_of_one_service_are_not_those_of_another(cast: Cast) -> None:
    complaint(cast, ago=DAY)

    assert answered(cast.harbour, "heard").kinds == ()
    assert answered(cast.harbour, "acknowledged").received == 0
