"""When an approved assessment is to be looked at again, and that nothing is asked too early."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dutybound.register.book import register
from dutybound.risk.document import Assessment
from dutybound.risk.triggers import law_changes, reviews_due
from tests.library.risk.test_controls import low
from tests.library.risk.test_finish import finished

APPROVED = date(2026, 11, 25)
DAY = timedelta(days=1)


def approved(*, days: object = None, **parts: object) -> Assessment:
    """A finished assessment, approved on the day."""
    dated = {"days": {"approved": APPROVED} if days is None else days}
    return Assessment.model_validate(finished().as_json() | dated | parts)


def kinds(
    assessment: Assessment, *, today: date = APPROVED, seen: tuple[str, ...] = ()
) -> list[str]:
    return [each.kind for each in reviews_due(assessment, today=today, seen=seen)]


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (APPROVED, date(2027, 11, 25)),
        (date(2024, 2, 29), date(2025, 3, 1)),
        (date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_year_brings_a_review_and_the_day_before_does_not(on: date, due: date) -> None:
    assessment = approved(days={"approved": on})

    assert kinds(assessment, today=due - DAY) == []
    assert kinds(assessment, today=due) == ["year"]


def test_the_day_that_was_set_brings_one_too() -> None:
    assessment = approved(days={"approved": APPROVED, "next_review": APPROVED + 30 * DAY})

    assert kinds(assessment, today=APPROVED + 29 * DAY) == []
    assert kinds(assessment, today=APPROVED + 30 * DAY) == ["review_day"]


def test_a_planned_change_is_assessed_before_it_is_switched_on() -> None:
    planned = approved(facts=finished().facts | {"livestreaming": True})
    only_words = approved(people={"completed_by": "Bo", "responsible": "Asha"})

    due = reviews_due(approved(), today=APPROVED, planned=planned)

    assert [each.kind for each in due] == ["profile"]
    assert "facts.livestreaming" in due[0].says
    assert "s.9(4)" in due[0].says
    assert reviews_due(approved(), today=APPROVED, planned=only_words) == ()


def test_a_measure_that_comes_into_force_is_told_only_to_those_it_touches() -> None:
    before, after = date(2026, 9, 29), date(2026, 9, 30)
    sharing = low("posting_images_videos", "file_storage_sharing")
    risky = sharing.model_copy(
        update={"risks": sharing.risks | {"iia": sharing.risks["iia"].model_copy(
            update={"level": "high"})}}
    )  # fmt: skip

    assert law_changes(sharing, since=before, today=after) == ()
    assert law_changes(risky, since=before, today=after) == ("ICU C14",)
    (due,) = reviews_due(risky, today=after, law_changed=("ICU C14",))
    assert due.kind == "law"
    assert "Hash matching for intimate image abuse" in due.says


def test_an_entry_of_which_we_are_less_sure_is_told_as_well() -> None:
    law = register()
    doubtful = replace(
        law,
        provisions=tuple(
            replace(each, confidence=replace(each.confidence, level="recalled"))
            if each.id == "ICU C1"
            else each
            for each in law.provisions
        ),
    )

    changed = law_changes(low(), since=APPROVED, today=APPROVED, law=doubtful, earlier_law=law)

    assert changed == ("ICU C1",)


def test_a_harm_that_is_seen_above_its_level_brings_a_review() -> None:
    argued = finished().as_json()["risks"] | {"fraud": {"level": "low", "argued": "A test."}}
    rated = finished().as_json()["risks"] | {"fraud": "medium"}

    assert kinds(approved(), seen=("fraud",)) == ["harm_seen"]
    assert kinds(approved(risks=rated), seen=("fraud",)) == []
    assert kinds(approved(risks=argued), seen=("fraud",)) == []
    assert kinds(approved(risks={}), seen=("fraud",)) == ["harm_seen"]


def test_outcomes_that_contradict_a_level_bring_one_though_it_was_argued() -> None:
    argued = finished().as_json()["risks"] | {"fraud": {"level": "low", "argued": "A test."}}
    assessment = approved(risks=argued)

    few = reviews_due(assessment, today=APPROVED, upheld={"fraud": 2})
    (due,) = reviews_due(assessment, today=APPROVED, seen=("fraud",), upheld={"fraud": 3})
    (more,) = reviews_due(assessment, today=APPROVED, seen=("fraud",), upheld={"fraud": 4})

    assert few == ()
    assert due.kind == "outcome"
    assert "3 decisions against it in 90 days still stand" in due.says
    assert due.about == more.about


def test_a_harm_that_was_seen_is_told_of_once() -> None:
    due = reviews_due(approved(), today=APPROVED, seen=("fraud",), upheld={"fraud": 3})

    assert [each.kind for each in due] == ["harm_seen"]


@pytest.mark.parametrize(
    ("state", "days", "expected"),
    [("in_place", 7, ["control_failing"]), ("in_place", 6, []), ("task", 70, [])],
)
def test_a_control_in_place_whose_measure_is_not_met_for_a_week_brings_one(
    state: str, days: int, expected: list[str]
) -> None:
    control = {"id": "d4", "title": "We answer", "state": state, "measures": ["ICU D4"]}
    assessment = approved(controls=[control])

    due = reviews_due(assessment, today=APPROVED, failing={"ICU D4": APPROVED - days * DAY})

    assert [each.kind for each in due] == expected


def test_an_expired_claim_and_an_expired_acceptance_bring_one() -> None:
    claim = {
        "reason": "Encrypted.",
        "owner": "Asha",
        "decided_on": APPROVED,
        "expires_on": APPROVED + DAY,
    }
    surface = {"name": "messages", "takedown_feasible": False, "claim": claim}
    acceptance = {
        "harm_or_factor": "fraud",
        "accepted_by": "Asha",
        "reason": "Later.",
        "review_on": APPROVED + DAY,
    }
    assessment = approved(service={"surfaces": [surface]}, accepted=[acceptance])

    assert kinds(assessment) == []
    assert kinds(assessment, today=APPROVED + DAY) == ["claim_expired", "acceptance_expired"]


def test_children_s_access_is_assessed_yearly_while_they_are_not_likely_to_come() -> None:
    facts = finished().facts | {"attracts_children": False, "significant_child_users": False}
    reasons = {"attracts_children": "Pensions.", "significant_child_users": "A survey."}
    assessment = approved(facts=facts, reasons=reasons)

    assert kinds(assessment, today=date(2027, 11, 25)) == ["year", "access"]
