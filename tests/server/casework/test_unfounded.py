"""Nothing is disregarded but under a policy in force, and what was, somebody else checks."""

from datetime import date, timedelta
from typing import Any

import pytest

from dutybound.cases.kinds import Kind, Outcome
from dutybound.cases.status import Status
from dutybound_server.casework.actions.answers import answer_concern
from dutybound_server.casework.actions.unfounded import (
    PolicyRefused,
    approve_policy,
    check_disregard,
    disregard,
    end_policy,
)
from dutybound_server.casework.concern_queries import policy_in_force, policy_record
from dutybound_server.casework.hearing import ConcernRefused
from dutybound_server.casework.models import Case, Concern, Disregard, UnfoundedPolicy
from tests import make
from tests.cast import NOW, Cast

REVIEW_BY = date(2027, 11, 23)


def approved(cast: Cast, **changes: Any) -> UnfoundedPolicy:  # noqa: ANN401 - any field
    fields = {
        "words": "We set aside what is clearly without ground.",
        "attributes": ["It is the same text as before.", "It is about nothing."],
        "monitoring": "A colleague looks at one in ten.",
        "change": "",
        "review_by": REVIEW_BY,
        "by": cast.grace,
        **changes,
    }
    return approve_policy(service=cast.ridge, now=NOW, **fields)


def set_aside(concern: Concern, *, by: Any, **changes: Any) -> Disregard:  # noqa: ANN401
    fields = {"attribute": 1, "why": "It names nothing.", "now": NOW, **changes}
    return disregard(concern_id=concern.pk, by=by, **fields)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"attributes": [" "]}, "attributes"),
        ({"attributes": ["x" * 301]}, "attributes"),
        ({"monitoring": ""}, "monitoring"),
        ({"review_by": NOW.date()}, "review_by"),
        ({"review_by": REVIEW_BY + timedelta(days=1)}, "review_by"),
    ],
)
def test_a_policy_says_what_it_relies_on_how_it_is_watched_and_is_reviewed_within_a_year(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(PolicyRefused) as refused:
        approved(cast, **changes)
    assert refused.value.field == field


def test_the_accountable_person_approves_it_and_each_change_says_why(cast: Cast) -> None:
    with pytest.raises(PolicyRefused, match="accountable"):
        approved(cast, by=cast.sena)
    first = approved(cast)
    with pytest.raises(PolicyRefused, match="what changed"):
        approved(cast)

    second = approved(cast, change="Fewer attributes.", attributes=["It is about nothing."])

    first.refresh_from_db()
    assert (first.ended_at, second.number) == (NOW, 2)
    assert policy_in_force(cast.ridge, now=NOW) == second
    end_policy(policy=second, by=cast.grace, now=NOW)
    assert policy_in_force(cast.ridge, now=NOW) is None


def test_without_a_policy_or_once_its_review_is_due_nothing_is_disregarded(cast: Cast) -> None:
    report = make.concern(cast.ridge)
    with pytest.raises(ConcernRefused, match="No policy"):
        set_aside(report, by=cast.mo)
    approved(cast)

    with pytest.raises(ConcernRefused, match="No policy"):
        set_aside(report, by=cast.mo, now=NOW + timedelta(days=365))

    assert not Disregard.objects.exists()


def test_some_things_are_never_disregarded(cast: Cast) -> None:
    approved(cast)
    item = make.item(cast.ridge, text="zonk")
    never = [
        make.concern(cast.ridge, kind=Kind.INTIMATE_IMAGE, about=[item]),
        make.concern(cast.ridge, harm="csea_image_csam"),
    ]
    for concern in never:
        with pytest.raises(ConcernRefused):
            set_aside(concern, by=cast.ren)
    plain = make.concern(cast.ridge)
    for wrong in ({"attribute": 2}, {"attribute": -1}, {"why": " "}):
        with pytest.raises(ConcernRefused):
            set_aside(plain, by=cast.mo, **wrong)
    assert not Disregard.objects.exists()


def test_what_is_disregarded_is_told_and_rests_unless_something_else_stands_behind_it(
    cast: Cast,
) -> None:
    approved(cast)
    item = make.item(cast.ridge, text="zonk")
    alone = make.concern(cast.ridge)
    shared, other = (make.concern(cast.ridge, about=[item]) for _ in range(2))

    for concern in (alone, shared):
        set_aside(concern, by=cast.mo)

    alone.refresh_from_db()
    assert alone.outcome == Outcome.UNFOUNDED
    assert "It is about nothing." in alone.letters.get(kind="outcome").words
    assert Case.objects.get(subject=alone.reference).status == Status.DECIDED
    case = Case.objects.get(subject=item.external_id)
    assert case.status == Status.OPEN
    make.decide(case, by=cast.mo)
    shared.refresh_from_db()
    other.refresh_from_db()
    assert (shared.outcome, other.outcome) == (Outcome.UNFOUNDED, Outcome.ACTED)


def test_what_was_wrongly_disregarded_is_taken_up_again_and_told(cast: Cast) -> None:
    approved(cast)
    item = make.item(cast.ridge, text="zonk")
    report = make.concern(cast.ridge, about=[item])
    made = set_aside(report, by=cast.mo)
    with pytest.raises(ConcernRefused, match="colleague"):
        check_disregard(disregard_id=made.pk, by=cast.mo, was_right=False, now=NOW)

    check_disregard(disregard_id=made.pk, by=cast.sena, was_right=False, now=NOW)

    case = Case.objects.get()
    assert case.status == Status.OPEN
    make.decide(case, by=cast.mo)
    report.refresh_from_db()
    assert report.outcome == Outcome.ACTED
    letters = list(report.letters.order_by("id").values_list("kind", flat=True))
    assert letters == ["acknowledged", "outcome", "changed", "changed"]
    record = policy_record(cast.ridge)
    assert (record.used, record.checked, record.wrong) == (1, 1, 1)


def test_a_complaint_wrongly_disregarded_is_answered_after_all(cast: Cast) -> None:
    approved(cast)
    complaint = make.concern(cast.ridge, kind=Kind.DUTIES)
    made = set_aside(complaint, by=cast.mo)
    answer: dict[str, Any] = {
        "outcome": "acted",
        "reasons": "Right.",
        "words": "We put it right.",
        "now": NOW,
    }
    with pytest.raises(ConcernRefused):
        answer_concern(concern_id=complaint.pk, by=cast.grace, **answer)

    check_disregard(disregard_id=made.pk, by=cast.sena, was_right=False, now=NOW)
    answer_concern(concern_id=complaint.pk, by=cast.grace, **answer)

    complaint.refresh_from_db()
    assert complaint.outcome == Outcome.ACTED
    assert complaint.letters.latest("id").words == "We put it right."
    with pytest.raises(ConcernRefused):
        answer_concern(concern_id=complaint.pk, by=cast.grace, **answer)
