"""What keeps an assessment from being approved, and that nothing keeps a finished one."""

from datetime import date
from functools import cache

import pytest

from dutybound.register.book import register
from dutybound.risk.controls import default_controls
from dutybound.risk.document import Assessment
from dutybound.risk.finish import hindrances
from dutybound.risk.proposals import propose
from tests.library.risk.test_levels import service

TODAY = date(2026, 11, 25)
FORUM = (
    "child_users",
    "attracts_children",
    "discussion_forum_chat",
    "posting_text_or_links",
    "commenting",
    "user_accounts",
    "user_profiles",
    "hyperlinking",
)


@cache
def finished() -> Assessment:
    """A forum that answered everything, took the proposed levels and the controls it began with."""
    about = {
        "name": "Ridge Forum",
        "provider": "Ridge Walkers",
        "users": 140,
        "surfaces": [{"name": "posts", "takedown_feasible": True}],
    }
    answered = service(
        *FORUM,
        scope={"user_to_user": True, "uk_links": True},
        people={"completed_by": "Asha", "responsible": "Asha"},
    )
    facts = {name: answer for name, answer in answered.facts.items() if name != "takedown_feasible"}
    answered = Assessment.model_validate(answered.as_json() | {"service": about, "facts": facts})
    levels = {
        harm: propose(harm, answered, as_of=TODAY).level
        for harm in register().on(TODAY).harms
        if harm != "csea"
    }
    rated = Assessment.model_validate(answered.as_json() | {"risks": levels})
    made = default_controls(rated, as_of=TODAY, owner="Asha", today=TODAY)
    return rated.model_copy(update={"controls": made})


def changed(**parts: object) -> tuple[str, ...]:
    """What hinders a finished assessment with these parts put in."""
    document = finished().as_json() | parts
    return hindrances(Assessment.model_validate(document), as_of=TODAY)


def test_nothing_keeps_a_finished_assessment_from_being_approved() -> None:
    assert hindrances(finished(), as_of=TODAY) == ()


def test_an_empty_one_is_told_all_that_is_to_do() -> None:
    told = hindrances(Assessment(), as_of=TODAY)

    assert told[0] == "Give the service a name."
    assert any(says.startswith("Answer the question: ") for says in told)
    assert any("has no level yet" in says for says in told)
    assert any(says.startswith("Say what you do about ICU C1") for says in told)
    assert told[-1] == "Name the person who is responsible for it."


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"people": {"completed_by": "Asha"}}, "Name the person who is responsible"),
        ({"scope": {"user_to_user": True}}, "Say whether the service is in scope"),
        (
            {"facts": finished().as_json()["facts"] | {"encrypted_messaging": True}},
            "expected this only with",
        ),
        ({"risks": finished().as_json()["risks"] | {"fraud": "negligible"}}, "structural reason"),
        (
            {"controls": [c for c in finished().as_json()["controls"] if c["id"] != "icu-c1"]},
            "Say what you do about ICU C1",
        ),
        ({"controls": [{"id": "x", "title": "X", "state": "unknown"}]}, "it is not known what"),
        (
            {
                "controls": [
                    c for c in finished().as_json()["controls"] if c["id"] != "for-hyperlinking"
                ]
            },
            "Posts can hold links, and no control",
        ),
    ],
)
def test_each_thing_that_is_missing_hinders(parts: dict[str, object], says: str) -> None:
    assert any(says in told for told in changed(**parts))


def test_i_dont_know_hinders_nothing_by_itself() -> None:
    facts = finished().as_json()["facts"] | {"volunteer_moderators": None}

    assert changed(facts=facts) == ()


def test_a_service_out_of_scope_needs_its_reason_and_its_people_only() -> None:
    out = Assessment.model_validate(
        {
            "service": {"name": "Ridge News", "provider": "Ridge Walkers"},
            "scope": {"user_to_user": False, "reason": "We publish; nobody can comment."},
            "people": {"completed_by": "Asha", "responsible": "Asha"},
        }
    )

    assert hindrances(out, as_of=TODAY) == ()
