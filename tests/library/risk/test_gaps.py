"""Gaps: each risk that was found leads to a control, or is shown with what could be done."""

from datetime import date, timedelta

import pytest

from dutybound.risk.controls import default_controls
from dutybound.risk.document import Assessment
from dutybound.risk.gaps import Gap, gaps, offers
from tests.library.risk.test_controls import FORUM, low
from tests.library.risk.test_levels import service

TODAY = date(2026, 11, 25)
CONTROL = {"id": "c", "title": "C", "state": "in_place"}


def left(assessment: Assessment) -> dict[str, Gap]:
    return {gap.id: gap for gap in gaps(assessment, as_of=TODAY)}


def test_a_medium_level_and_a_risk_factor_without_a_control_are_gaps() -> None:
    assessment = service("hyperlinking", risks={"fraud": "medium", "hate": "low"})

    assert {(gap.kind, gap.id) for gap in gaps(assessment, as_of=TODAY)} == {
        ("harm", "fraud"),
        ("factor", "hyperlinking"),
    }
    assert left(assessment)["fraud"].says == (
        "The risk of fraud is medium, and no control stands against it."
    )


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        ("in_place", True),
        ("task", True),
        ("alternative", True),
        ("refused", False),
        ("idle", False),
        ("declined", False),
        ("unknown", False),
    ],
)
def test_only_what_is_done_or_will_be_closes_a_gap(state: str, closed: bool) -> None:
    control = CONTROL | {"state": state, "harms": ["fraud"], "factors": ["hyperlinking"]}
    assessment = service("hyperlinking", risks={"fraud": "medium"}, controls=[control])

    assert (left(assessment) == {}) is closed


def test_a_control_of_all_csea_stands_against_its_sub_kinds() -> None:
    risks = {"csea_grooming": "high"}

    assert "csea_grooming" in left(service(risks=risks))
    assert left(service(risks=risks, controls=[CONTROL | {"harms": ["csea"]}])) == {}


@pytest.mark.parametrize(
    ("accepted", "closed"),
    [
        ({}, True),
        ({"accepted_by": " "}, False),
        ({"reason": ""}, False),
        ({"review_on": TODAY}, False),
    ],
)
def test_a_named_person_accepts_what_is_left_until_a_day(
    accepted: dict[str, object], closed: bool
) -> None:
    acceptance = {
        "harm_or_factor": "fraud",
        "accepted_by": "Asha",
        "reason": "We will look again after the move.",
        "review_on": TODAY + timedelta(days=1),
    }
    assessment = service(risks={"fraud": "high"}, accepted=[acceptance | accepted])

    assert (left(assessment) == {}) is closed


def test_ideas_name_measures_that_are_for_larger_services_and_go_beyond_the_codes() -> None:
    ideas = left(service(risks={"harassment": "medium"}))["harassment"].suggestions

    assert any("ICU J1" in idea and "You may do it all the same" in idea for idea in ideas)
    assert any(idea.startswith("Beyond the Codes: ") for idea in ideas)
    assert len(set(ideas)) == len(ideas)


def test_every_factor_has_an_idea_that_can_be_taken_at_once() -> None:
    ideas = left(service("livestreaming"))["livestreaming"].suggestions

    assert ideas[0].startswith("A stream can be stopped at once.")
    assert any("ASM-LIVE-CHILD" in idea for idea in ideas)


def test_the_controls_that_a_forum_begins_with_leave_no_factor_without_one() -> None:
    forum = low(*FORUM)
    made = default_controls(forum, as_of=TODAY, owner="Asha", today=TODAY)

    assert left(forum)
    assert left(forum.model_copy(update={"controls": made})) == {}


def test_what_is_asked_of_large_services_only_is_offered_to_everybody() -> None:
    offered = {answer.provision.id for answer in offers(low(*FORUM), as_of=TODAY)}

    assert {"ICU A1", "ICU C4", "ICU D8", "ICU J1"} <= offered
    assert "ICU C1" not in offered
    assert "ICU J3" not in offered  # it has no badges, and would need none if it were large
