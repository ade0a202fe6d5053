"""How a decision was reasoned is kept beside it, as it was asked and answered."""

from typing import Any

from dutybound.cases.guide_files import guide_called
from dutybound.cases.guides import Given, Guide, Judged, Result, problems, result_of
from dutybound.cases.judgement import Ground, contradiction
from dutybound_server.casework.models import Decision, Judging
from dutybound_server.casework.refusals import DecisionRefused


def refuse_unreasoned(judged: Judged, *, enforcement_kind: str, ground: str, harm: str) -> None:
    """Refuse what the answers do not carry, so that no decision says other than its reasons.

    Raises DecisionRefused; its field is `guide`, or `answer:` and the question.
    """
    guide = _guide(judged)
    for question, sentence in problems(guide, judged.answers):
        raise DecisionRefused(f"answer:{question}", sentence)
    sentence = contradiction(
        result_of(guide, judged.answers).verdict,
        judges=guide.judges,
        enforcement_kind=enforcement_kind,
        ground=ground,
    )
    if sentence:
        raise DecisionRefused("guide", sentence)
    if ground == Ground.LAW and harm not in guide.harms:
        raise DecisionRefused(
            "harm", f"The questions were about {guide.title.lower()}: choose that kind of harm."
        )


def keep_judging(*, decision: Decision, judged: Judged) -> Judging:
    """Keep the answers with the questions as they were asked, in the caller's transaction."""
    guide = _guide(judged)
    result = result_of(guide, judged.answers)
    return Judging.objects.create(
        decision=decision,
        guide=guide.id,
        version=guide.version,
        answers=_record(guide, result),
        result=result.verdict,
    )


def facts_of(judged: Judged) -> dict[str, Any]:
    """What the journal says of it: which questions, in which version, and what they gave."""
    guide = _guide(judged)
    result = result_of(guide, judged.answers)
    return {
        "guide": guide.id,
        "guide_version": guide.version,
        "judged": result.verdict,
        "offences": [offence.id for offence in result.offences],
        "inferred": [inference.then for inference in result.inferred],
    }


def _record(guide: Guide, result: Result) -> list[dict[str, Any]]:
    # The wording goes with it: a later version may ask otherwise.
    return [
        _answer(question.id, question.ask, result.answers[question.id])
        for question in guide.questions
        if question.id in result.answers
    ]


def _answer(question: str, asked: str, given: Given) -> dict[str, Any]:
    return {
        "question": question,
        "asked": asked,
        "answer": given.answer,
        "why": given.why.strip(),
        "inferred": given.inferred,
    }


def _guide(judged: Judged) -> Guide:
    guide = guide_called(judged.guide)
    if guide is None:
        raise DecisionRefused("guide", "There is no such guide. Choose one from the list.")
    return guide
