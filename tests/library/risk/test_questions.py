"""What is asked: each fact once, what may matter, and in words that people read easily."""

import sys
from datetime import date
from types import ModuleType

import pytest

from dutybound.register.book import register
from dutybound.register.entries import Exemption, Question, ScopeTest
from dutybound.risk.document import Assessment
from dutybound.risk.questions import is_answered, progress, questions_for

# textstat imports it, and reading grades need nothing of it; new setuptools no longer bring it.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))
import textstat  # type: ignore[import-untyped]  # noqa: E402

TODAY = date(2026, 11, 25)
MOST_QUESTIONS = 45
HARDEST_GRADE = 9
LONGEST_SENTENCE = 25
ASKED = (
    *register().questions,
    *register().scope_tests,
    *register().exemptions.values(),
)

FORUM = {
    "child_users": True,
    "attracts_children": True,
    "discussion_forum_chat": True,
    "user_accounts": True,
    "user_profiles": True,
    "posting_text_or_links": True,
    "posting_images_videos": True,
    "commenting": True,
    "direct_messaging": True,
    "hyperlinking": True,
    "ugc_search": True,
}


def forum() -> Assessment:
    """A village forum that has answered everything, and has no unusual feature."""
    facts = {fact.id: False for fact in register().facts.values() if fact.derived is None}
    service = {"users": 140, "surfaces": [{"name": "posts", "takedown_feasible": True}]}
    return Assessment.model_validate({"service": service, "facts": facts | FORUM})


def ids(assessment: Assessment) -> set[str]:
    return {question.id for question in questions_for(assessment, as_of=TODAY)}


def test_a_forum_with_no_unusual_feature_is_asked_few_questions() -> None:
    law = register()
    about_scope = len(law.scope_tests) + 1  # and which exemptions hold, on one page
    about_service = len(questions_for(forum(), as_of=TODAY))

    assert about_scope + about_service <= MOST_QUESTIONS
    assert progress(forum(), as_of=TODAY) == (about_service, about_service)


def test_what_earlier_answers_settle_is_not_asked_and_what_they_leave_open_is() -> None:
    no_children = Assessment.model_validate({"facts": {"child_users": False}})

    assert "attracts_children" in ids(Assessment())
    assert "attracts_children" not in ids(no_children)
    assert {"categories", "recommender_tests"}.isdisjoint(ids(forum()))


def test_i_dont_know_is_an_answer_and_half_of_a_question_is_none() -> None:
    questions = {question.id: question for question in register().questions}
    unknown = Assessment.model_validate(
        {
            "facts": {"uk_provider": "unknown", "social_media": True},
            "service": {"users": "unknown", "surfaces": [{"name": "posts"}]},
        }
    )

    answered = {name for name, question in questions.items() if is_answered(question, unknown)}

    assert answered == {"uk_provider", "uk_users", "takedown_feasible"}
    assert progress(Assessment(), as_of=TODAY).answered == 0


@pytest.mark.parametrize("entry", ASKED, ids=lambda entry: str(entry.id))
def test_a_question_reads_easily(entry: Question | ScopeTest | Exemption) -> None:
    for text in (entry.ask, entry.why, entry.example):
        grade = textstat.flesch_kincaid_grade(text)
        assert grade <= HARDEST_GRADE, f"grade {grade}: {text}"
        assert all(len(sentence.split()) <= LONGEST_SENTENCE for sentence in text.split(". "))
