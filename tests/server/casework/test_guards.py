"""Nobody judges their own decision, whatever a program tries: the database refuses it."""

import pytest
from django.db import IntegrityError, transaction

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.hearing import Told
from dutybound_server.casework.models import Appeal, Concern, Decision, SecondLook
from tests import make
from tests.cast import NOW, Cast


@pytest.fixture
def decision(cast: Cast) -> Decision:
    return make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)


def test_who_decided_cannot_answer_the_appeal(cast: Cast, decision: Decision) -> None:
    notice = decision.notices.get()
    appeal = Appeal.objects.create(
        decision=decision, notice=notice, grounds="It was satire.", lodged_at=NOW
    )
    own = make.decide(make.case(cast.ridge), by=cast.mo)

    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(id=appeal.id).update(outcome=own)

    others = make.decide(make.case(cast.ridge), by=cast.nell)
    assert Appeal.objects.filter(id=appeal.id).update(outcome=others) == 1


def test_who_decided_cannot_look_a_second_time(cast: Cast, decision: Decision) -> None:
    look = SecondLook.objects.create(
        service=cast.ridge, decision=decision, case=decision.case, reason="sample",
        queue="general", asked_at=NOW,
    )  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        SecondLook.objects.filter(id=look.id).update(by=cast.mo)

    assert SecondLook.objects.filter(id=look.id).update(by=cast.nell) == 1


def test_who_refused_a_report_cannot_decide_the_complaint_about_it(cast: Cast) -> None:
    told = Told(kind=Kind.DUTIES, words="It is slow.", channel="page")
    first = take_concern(service=cast.ridge, told=told, now=NOW).concern
    second = take_concern(service=cast.ridge, told=told, now=NOW).concern
    Concern.objects.filter(id=first.id).update(decided_by=cast.mo)
    Concern.objects.filter(id=second.id).update(kind=Kind.EXPEDITED, about=first)

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(id=second.id).update(decided_by=cast.mo)

    assert Concern.objects.filter(id=second.id).update(decided_by=cast.sena) == 1


def test_a_decision_keeps_who_took_it(cast: Cast, decision: Decision) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(id=decision.id).update(by=cast.nell)
