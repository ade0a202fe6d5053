"""What a document says, as conditions need it."""

from datetime import date

import pytest
from pydantic import ValidationError

from dutybound.risk.document import Assessment
from dutybound.risk.known import known

BEFORE, AFTER = date(2026, 11, 25), date(2027, 11, 25)


def read(written: dict[str, object]) -> Assessment:
    return Assessment.model_validate(written)


def surface(name: str, feasible: object, **claim: object) -> dict[str, object]:
    return {"name": name, "takedown_feasible": feasible} | claim


def test_what_somebody_does_not_know_stays_unknown() -> None:
    profile = known(read({"facts": {"commenting": "unknown", "reposting": True}}), as_of=BEFORE)

    assert profile.facts == {"reposting": True}


def test_a_kind_without_a_level_is_unknown_and_never_low() -> None:
    profile = known(read({"risks": {"fraud": "unknown", "hate": "low"}}), as_of=BEFORE)

    assert profile.risks == {"hate": (1, 1)}


@pytest.mark.parametrize(
    ("answers", "told"), [([True, True], True), ([True, False], False), ([True, "unknown"], None)]
)
def test_all_can_be_taken_down_where_each_surface_says_so(
    answers: list[object], told: bool | None
) -> None:
    surfaces = [surface(f"part {place}", answer) for place, answer in enumerate(answers)]

    profile = known(read({"service": {"surfaces": surfaces}}), as_of=BEFORE)

    assert profile.facts.get("takedown_feasible") is told


def test_a_claim_that_it_cannot_be_taken_down_is_no_longer_known_once_it_expires() -> None:
    claim = {
        "reason": "We hold no copy.",
        "owner": "Asha",
        "decided_on": "2026-01-01",
        "expires_on": "2027-01-01",
    }
    document = read({"service": {"surfaces": [surface("messages", False, claim=claim)]}})

    assert known(document, as_of=BEFORE).facts == {"takedown_feasible": False}
    assert known(document, as_of=AFTER).facts == {}


@pytest.mark.parametrize(("answer", "told"), [(False, False), ("unknown", None)])
def test_a_yes_for_the_whole_does_not_hide_a_part_that_says_otherwise(
    answer: object, told: bool | None
) -> None:
    service = {"surfaces": [surface("posts", True), surface("messages", answer)]}
    document = read({"facts": {"takedown_feasible": True}, "service": service})

    assert known(document, as_of=BEFORE).facts.get("takedown_feasible") is told


def test_an_answer_that_is_none_is_refused_by_its_path() -> None:
    with pytest.raises(ValidationError, match=r"facts\.commenting"):
        read({"facts": {"commenting": "perhaps"}})


def test_what_lacks_something_it_needs_is_a_no_and_nobody_need_be_asked() -> None:
    facts = {"user_accounts": False, "user_connections": "unknown"}
    profile = known(read({"facts": facts, "service": {"users": 140}}), as_of=BEFORE)

    # A badge needs a profile, which needs an account.
    assert profile.facts["labelling_scheme"] is False
    assert profile.facts["category_1"] is False
    assert "connection_lists_visible" not in profile.facts


def test_what_somebody_stated_stays_though_it_lacks_what_it_needs() -> None:
    facts = {"user_accounts": False, "user_profiles": True}

    assert known(read({"facts": facts}), as_of=BEFORE).facts["user_profiles"] is True
