"""Which decisions are looked at twice."""

import pytest

from dutybound.cases.sampling import BadRate, Reason, checked_rates, reason_for


@pytest.mark.parametrize("rates", [{"everything": 0.1}, {"match": 1.5}, {"match": -0.1}])
def test_a_share_that_cannot_be_drawn_is_refused(rates: dict[str, float]) -> None:
    with pytest.raises(BadRate):
        checked_rates(rates)


def test_the_largest_share_of_what_the_case_came_from_counts() -> None:
    rates = {"illegal_content": 0.0, "duties": 0.5}
    told_as = ["illegal_content", "duties"]

    assert reason_for(told_as=told_as, left_up=False, rates=rates, draw=0.4) is Reason.SAMPLE
    assert reason_for(told_as=told_as, left_up=False, rates=rates, draw=0.6) is None


def test_what_was_left_up_has_a_share_of_its_own() -> None:
    rates = {"match": 0.0, "no_action": 0.3}

    assert reason_for(told_as=[], left_up=True, rates=rates, draw=0.2) is Reason.NO_ACTION
    assert reason_for(told_as=[], left_up=False, rates=rates, draw=0.2) is None
    assert reason_for(told_as=[], left_up=True, rates=rates, draw=0.3) is None
