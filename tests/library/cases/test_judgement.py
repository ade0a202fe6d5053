from datetime import UTC, datetime, timedelta

import pytest

from dutybound.cases.claims import CLAIM_LENGTH, claimed_until, is_claimed
from dutybound.cases.judgement import (
    EnforcementKind,
    can_still_appeal,
    can_still_undo,
    problems,
    state_at_first,
    to_enforce,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SOUND = {
    "enforcement_kind": "take_down",
    "ground": "terms",
    "rule": "No zonk",
    "reasons": "It says zonk.",
    "statement": "We took it down.",
}


def wrong_fields(**changes: str) -> list[str]:
    return [field for field, _ in problems(**{**SOUND, **changes})]


def test_a_sound_decision_has_no_problems() -> None:
    assert wrong_fields() == []
    assert wrong_fields(enforcement_kind="none", ground="none", rule="", statement="") == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"enforcement_kind": "explode"}, "enforcement_kind"),
        ({"enforcement_kind": "hold"}, "enforcement_kind"),
        ({"ground": "taste"}, "ground"),
        ({"ground": "none"}, "ground"),
        ({"enforcement_kind": "restore"}, "ground"),
        ({"enforcement_kind": "none"}, "ground"),
        ({"rule": " "}, "rule"),
        ({"rule": "x" * 201}, "rule"),
        ({"reasons": ""}, "reasons"),
        ({"statement": "\n"}, "statement"),
        ({"statement": "x" * 10_001}, "statement"),
    ],
)
def test_a_decision_that_makes_no_sense_names_the_field(
    changes: dict[str, str], field: str
) -> None:
    assert field in wrong_fields(**changes)


def test_none_brings_back_what_was_kept_from_view() -> None:
    none, restore = EnforcementKind.NONE, EnforcementKind.RESTORE

    assert to_enforce(none, state=state_at_first("hold")) is restore
    assert to_enforce(none, state=state_at_first("block")) is restore
    assert to_enforce(none, state=EnforcementKind.TAKE_DOWN) is restore
    assert to_enforce(none, state=state_at_first("allow")) is none
    assert to_enforce(EnforcementKind.LABEL, state=state_at_first("allow")) == "label"


def test_a_decision_can_be_undone_for_30_days_and_appealed_for_180() -> None:
    day = timedelta(days=1)
    assert can_still_undo(decided_at=NOW, now=NOW + 30 * day)
    assert not can_still_undo(decided_at=NOW, now=NOW + 31 * day)
    assert can_still_appeal(decided_at=NOW, now=NOW + 180 * day)
    assert not can_still_appeal(decided_at=NOW, now=NOW + 181 * day)


def test_a_claim_ends_by_itself() -> None:
    until = claimed_until(NOW)

    assert is_claimed(until=until, now=NOW + CLAIM_LENGTH / 2)
    assert not is_claimed(until=until, now=NOW + CLAIM_LENGTH)
    assert not is_claimed(until=None, now=NOW)
