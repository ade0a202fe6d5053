"""Two at one moment: a report is taken once, its outcome told once, and nobody waits for ever."""

from functools import partial

import pytest

from dutybound.cases.kinds import Outcome
from dutybound_server.casework.actions.concerns import (
    add_to_concern,
    take_concern,
    withdraw_concern,
)
from dutybound_server.casework.actions.settling import settle_left
from dutybound_server.casework.hearing import ConcernRefused
from dutybound_server.casework.models import Case, Concern, Letter
from tests import make
from tests.cast import NOW, Cast
from tests.server.casework.test_at_once import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_report_sent_by_four_at_once_is_one_with_one_receipt(cast: Cast) -> None:
    told = make.told(channel="api", request_id="r1")

    done = at_once(*[lambda: take_concern(service=cast.ridge, told=told, now=NOW)] * 4)

    assert len({future.result(0).token for future in done}) == 1
    assert Concern.objects.count() == Letter.objects.count() == 1


def test_the_last_two_things_decided_at_once_leave_one_outcome_told_once(cast: Cast) -> None:
    items = [make.item(cast.ridge, text=f"zonk {number}") for number in range(2)]
    concern = make.concern(cast.ridge, about=items)
    first, second = Case.objects.order_by("id")

    done = at_once(
        lambda: make.decide(first, by=cast.mo), lambda: make.decide(second, by=cast.nell)
    )
    settle_left(now=NOW)

    assert refusals(done) == []
    concern.refresh_from_db()
    assert concern.outcome == Outcome.ACTED
    assert concern.letters.filter(kind="outcome").count() == 1


def test_a_person_and_a_moderator_at_once_never_lock_each_other_out(cast: Cast) -> None:
    for _ in range(3):
        concern = make.concern(cast.ridge, about=[make.item(cast.ridge, text="zonk")])
        case = Case.objects.get(concerned__concern=concern)

        done = at_once(
            partial(make.decide, case, by=cast.mo),
            partial(add_to_concern, concern_id=concern.pk, words="More.", now=NOW),
            partial(withdraw_concern, concern_id=concern.pk, now=NOW),
        )

        assert set(refusals(done)) <= {ConcernRefused}
        concern.refresh_from_db()
        told = concern.letters.filter(kind="outcome").count()
        assert (concern.outcome, told) in {(Outcome.ACTED, 1), (Outcome.WITHDRAWN, 0)}
