"""The children's access assessment: a "no" holds once it has its record."""

from dutybound.risk.access import Access, access_of
from dutybound.risk.document import Assessment


def access(facts: dict[str, object], **reasons: str) -> Access:
    return access_of(Assessment.model_validate({"facts": facts, "reasons": reasons}))


def test_a_service_without_an_assessment_is_treated_as_likely_to_be_accessed() -> None:
    unknown = access({})

    assert (unknown.possible, unknown.likely) == (None, None)
    assert unknown.treated_as_likely


def test_only_age_checks_that_work_make_a_no_of_the_first_stage() -> None:
    by_rules = access({"child_users": False}, child_users="Our rules say so.")
    by_checks = access(
        {"child_users": False, "highly_effective_age_assurance": True},
        child_users="Photo ID is matched for everyone; tested in May.",
    )

    assert by_rules.treated_as_likely
    assert "Rules and a box to tick cannot" in by_rules.needs[0]
    assert not by_checks.treated_as_likely


def test_a_yes_needs_no_record_and_either_limb_is_enough() -> None:
    yes = access({"child_users": True, "attracts_children": True})

    assert (yes.possible, yes.many, yes.likely, yes.needs) == (True, True, True, ())


def test_a_no_of_the_second_stage_needs_a_record_of_both_limbs() -> None:
    facts: dict[str, object] = {
        "child_users": True,
        "attracts_children": False,
        "significant_child_users": False,
    }

    bare = access(facts)
    recorded = access(
        facts, attracts_children="It is about pensions.", significant_child_users="A survey."
    )

    assert (bare.likely, len(bare.needs), bare.treated_as_likely) == (False, 2, True)
    assert not recorded.treated_as_likely


def test_one_limb_that_is_not_known_leaves_it_open() -> None:
    half = access({"child_users": True, "attracts_children": False})

    assert (half.likely, half.treated_as_likely) == (None, True)


def test_a_no_that_is_stated_without_the_answers_behind_it_does_not_hold() -> None:
    stated = access({"likely_accessed_by_children": False, "child_users": None})

    assert stated.treated_as_likely
    assert "Answer whether children can use it" in stated.needs[0]
