"""Drafts that a person who lost a post can understand."""

import pytest

from dutybound.cases.judgement import EnforcementKind
from dutybound_server.casework.actions.cases import open_account_case, open_case
from dutybound_server.casework.models import Case
from dutybound_server.casework.statements import draft_statement, subject_words, undone_words
from tests import make
from tests.cast import NOW, Cast

NOTICED = "Our system noticed that it is like something we already know."


def draft(case: Case, kind: str = "take_down", ground: str = "terms", rule: str = "Be kind") -> str:
    return draft_statement(
        case=case, enforcement_kind=kind, ground=ground, rule=rule, harm="harassment"
    )


def test_a_draft_says_what_which_rule_why_and_how_we_came_to_look(cast: Cast) -> None:
    words = draft(make.case(cast.ridge)).split("\n\n")

    assert words == [
        "We took down your post because it breaks our rules (Be kind).",
        "The kind of harm we see in it: harassment, stalking, threats and abuse.",
        f"{NOTICED} A person then looked at it and decided.",
    ]


def test_a_draft_on_the_law_says_what_we_think_and_not_what_a_court_found(cast: Cast) -> None:
    words = draft(make.case(cast.ridge), ground="law", rule="Public Order Act 1986, s.4")

    assert "because we think it is against the law (Public Order Act 1986, s.4)" in words


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("restrict", "We limited who can see your post because"),
        ("label", "We put a warning on your post because"),
        ("restore", "We looked at your post and it breaks no rule. It is shown again."),
        ("none", "We looked at your post and it breaks no rule. Nothing changes"),
    ],
)
def test_each_kind_of_enforcement_has_its_own_words(cast: Cast, kind: str, start: str) -> None:
    assert draft(make.case(cast.ridge), kind=kind).startswith(start)


def test_an_account_is_closed_and_not_taken_down(cast: Cast) -> None:
    case = open_account_case(
        account=cast.bram, harm="fraud", why="Third shop.", by=cast.mo, now=NOW
    )

    assert draft(case).startswith("We closed your account because it breaks our rules (Be kind).")
    assert "Our system noticed" not in draft(case)


def test_what_a_person_found_is_not_said_to_be_found_by_a_system(cast: Cast) -> None:
    item = make.item(cast.ridge)
    case = open_case(item=item, harm="bullying", why="A parent rang.", by=cast.mo, now=NOW)

    assert draft(case).endswith("A person looked at it and decided.")
    assert "Our system" not in draft(case)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("comment", "your comment"), ("profile_picture", "your profile picture"), ("t3", "your post")],
)
def test_the_subject_is_called_what_the_service_calls_it(cast: Cast, kind: str, words: str) -> None:
    item = make.item(cast.ridge)
    item.kind = kind
    item.save()

    assert subject_words(make.case(cast.ridge, about=item)) == words


def test_an_undone_decision_is_told_with_where_the_post_is_now(cast: Cast) -> None:
    case = make.case(cast.ridge)

    assert "show it as before" in undone_words(case, EnforcementKind.RESTORE)
    assert "stays out of view" in undone_words(case, EnforcementKind.HOLD)
    assert "before that applies again" in undone_words(case, EnforcementKind.LABEL)
