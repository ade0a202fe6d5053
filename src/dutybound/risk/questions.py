"""What a service is asked: each fact once, and nothing that cannot matter."""

from datetime import date
from typing import NamedTuple

from dutybound.register.book import register
from dutybound.register.entries import Question
from dutybound.risk.document import Assessment, Users
from dutybound.risk.known import known


class Progress(NamedTuple):
    """How many of the questions that may matter are answered."""

    answered: int
    asked: int


def questions_for(assessment: Assessment, *, as_of: date) -> tuple[Question, ...]:
    """The questions that may matter, in the order of the register.

    One is left out only where earlier answers settle that it cannot matter; where they are not
    known it is asked.
    """
    edition = register().on(as_of)
    profile = known(assessment, as_of=as_of)
    return tuple(
        question
        for question in edition.register.questions
        if question.when is None or edition.program.answer(question.when, profile) is not False
    )


def is_answered(question: Question, assessment: Assessment) -> bool:
    """Whether somebody answered it; "I don't know" is an answer.

    For users and surfaces, `Users.counted` and a surface with its name alone are that answer.
    """
    match question.kind:
        case "users":
            return assessment.service.users != Users()
        case "surfaces":
            is_stated = "takedown_feasible" in assessment.facts
            return is_stated or bool(assessment.service.surfaces)
        case _:
            return all(fact in assessment.facts for fact in question.facts)


def progress(assessment: Assessment, *, as_of: date) -> Progress:
    """How far the questions are answered."""
    questions = questions_for(assessment, as_of=as_of)
    return Progress(sum(is_answered(each, assessment) for each in questions), len(questions))
