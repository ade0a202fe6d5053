from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dutybound.cases.appeals import AppealStanding, NoticeKind, Told, appeal_standing
from dutybound.cases.judgement import EnforcementKind

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TAKEN_DOWN = Told(
    kind=NoticeKind.DECIDED,
    enforcement_kind=EnforcementKind.TAKE_DOWN,
    decided_at=NOW,
    is_undone=False,
    is_replaced=False,
    is_appealed=False,
    is_answered=False,
)


def test_a_decision_against_a_person_can_be_appealed() -> None:
    assert appeal_standing(TAKEN_DOWN, now=NOW) is AppealStanding.POSSIBLE


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"is_undone": True}, "taken_back"),
        ({"is_appealed": True}, "waiting"),
        ({"is_appealed": True, "is_answered": True, "is_replaced": True}, "answered"),
        ({"is_replaced": True}, "replaced"),
        ({"kind": NoticeKind.APPEAL_DECIDED}, "final"),
        ({"kind": NoticeKind.UNDONE, "is_undone": True}, "nothing_to_appeal"),
        ({"enforcement_kind": EnforcementKind.RESTORE}, "nothing_to_appeal"),
        ({"decided_at": NOW - timedelta(days=181)}, "too_late"),
    ],
)
def test_what_keeps_a_person_from_appealing_has_a_name(
    changes: dict[str, Any], standing: str
) -> None:
    assert appeal_standing(replace(TAKEN_DOWN, **changes), now=NOW) == standing
