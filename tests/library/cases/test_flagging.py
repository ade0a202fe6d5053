"""What can be agreed with a trusted flagger, and how its record is counted."""

from datetime import date, timedelta
from typing import Any

import pytest

from dutybound.cases.flagging import Accuracy, problems

TODAY = date(2026, 11, 23)
GOOD: dict[str, Any] = {
    "name": "Fraud Watch",
    "kind": "fraud",
    "respond_within": timedelta(hours=24),
    "policy": "They know fraud.",
    "review_by": date(2027, 5, 1),
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "z" * 121),
        ("kind", "friends"),
        ("respond_within", timedelta(minutes=59)),
        ("respond_within", timedelta(days=31)),
        ("policy", "\n"),
        ("policy", "z" * 4001),
        ("review_by", TODAY),
        ("review_by", date(2028, 1, 1)),
    ],
)
def test_an_arrangement_that_makes_no_sense_is_refused_in_its_field(field: str, value: Any) -> None:  # noqa: ANN401
    assert [one for one, _ in problems(**{**GOOD, field: value}, today=TODAY)] == [field]


def test_one_that_makes_sense_has_no_problem() -> None:
    assert list(problems(**GOOD, today=TODAY)) == []


def test_a_record_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="right ≤ decided"):
        Accuracy(reported=3, decided=2, right=3)


def test_nothing_decided_is_no_share_and_not_a_bad_one() -> None:
    record = Accuracy(reported=3, decided=0, right=0)

    assert (record.share, record.waiting) == (None, 3)
