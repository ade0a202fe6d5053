"""What keeps an assessment from being approved, each in a sentence that says what to do."""

from collections.abc import Iterator
from datetime import date

from dutybound.register.book import register
from dutybound.risk.access import access_of
from dutybound.risk.combinations import impossible
from dutybound.risk.controls import uncontrolled, unsound
from dutybound.risk.document import Assessment
from dutybound.risk.gaps import gaps
from dutybound.risk.levels import objections
from dutybound.risk.proposals import kinds_to_rate
from dutybound.risk.questions import is_answered, questions_for
from dutybound.risk.scope import scope_of
from dutybound.risk.troubles import Trouble


def hindrances(assessment: Assessment, *, as_of: date) -> tuple[str, ...]:
    """Everything that is still to do before somebody may approve it, in the order of the steps.

    "I don't know" is an answer, and hinders nothing. A service that is out of scope needs its
    reason and its people only.
    """
    scope = scope_of(assessment)
    if scope.in_scope is False:
        return (*_about(assessment), *_people(assessment))
    return (
        *_about(assessment),
        *_scope(assessment, why=scope.why),
        *_questions(assessment, as_of=as_of),
        *(_at_odds(each) for each in impossible(assessment, as_of=as_of)),
        *access_of(assessment, as_of=as_of).needs,
        *_levels(assessment, as_of=as_of),
        *_measures(assessment, as_of=as_of),
        *(each.says for each in unsound(assessment, as_of=as_of)),
        *(f"{gap.says} Add one, or accept it." for gap in gaps(assessment, as_of=as_of)),
        *_people(assessment),
    )


def _about(assessment: Assessment) -> Iterator[str]:
    if not assessment.service.name.strip():
        yield "Give the service a name."
    if not assessment.service.provider.strip():
        yield "Say who provides the service."


def _scope(assessment: Assessment, *, why: str) -> Iterator[str]:
    answers = (assessment.scope.user_to_user, assessment.scope.uk_links)
    if any(answer is not True for answer in answers) and not assessment.scope.reason.strip():
        yield f"Say whether the service is in scope, or why that is not known. {why}"


def _questions(assessment: Assessment, *, as_of: date) -> Iterator[str]:
    for question in questions_for(assessment, as_of=as_of):
        if not is_answered(question, assessment):
            yield f"Answer the question: {question.ask}"


def _at_odds(trouble: Trouble) -> str:
    *_, name = trouble.path
    fact = register().facts.get(str(name))
    about = f"whether {fact.yes}" if fact else trouble.where
    return f"Answers that cannot both be true, about {about}: {trouble.says}."


def _levels(assessment: Assessment, *, as_of: date) -> Iterator[str]:
    names = {harm.id: harm.short for harm in kinds_to_rate(assessment, as_of=as_of)}
    for objection in objections(assessment, as_of=as_of):
        yield f"Level of {names.get(objection.harm, 'CSEA')}: {objection.says}"


def _measures(assessment: Assessment, *, as_of: date) -> Iterator[str]:
    for answer in uncontrolled(assessment, as_of=as_of):
        measure = f"{answer.provision.id}, {answer.provision.title}"
        yield f"Say what you do about {measure}. It applies, because {answer.why}."


def _people(assessment: Assessment) -> Iterator[str]:
    if not assessment.people.completed_by.strip():
        yield "Name who completed the assessment."
    if not assessment.people.responsible.strip():
        yield "Name the person who is responsible for it."
