"""Guided judgement: the questions for a kind of offence, and what the answers to them give.

Content is illegal where there are reasonable grounds to infer every element of an offence, the
state of mind among them, and none to infer that a defence may succeed (s.192). What cannot be
told is never counted as an element that is there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

TERMS = "terms"
"""The guide that judges under the service's terms alone (ICU C1)."""
LONGEST_WHY = 1_000

Problem = tuple[str, str]
"""The question, and a sentence that says what was expected of its answer."""


class Part(StrEnum):
    FACT = "fact"
    """What is known around it; by itself no element of an offence."""
    CONDUCT = "conduct"
    MIND = "mind"
    DEFENCE = "defence"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Judges(StrEnum):
    """What the questions of a guide are about."""

    LAW = "law"
    TERMS = "terms"
    CHILDREN = "children"
    """Whether it is content harmful to children (ss.60 to 62), which need not be illegal."""


class Verdict(StrEnum):
    ILLEGAL = "illegal"
    NOT_ILLEGAL = "not_illegal"
    TERMS = "terms"
    """It breaks the terms; whether it breaks the law was not asked."""
    NO_BREACH = "no_breach"
    """It does not break the terms; whether it breaks the law was not asked."""
    HARMFUL = "harmful"
    """Content harmful to children; whether it is illegal was not asked."""
    NOT_HARMFUL = "not_harmful"
    UNSURE = "unsure"


MET = MappingProxyType(
    {
        Judges.LAW: Verdict.ILLEGAL,
        Judges.TERMS: Verdict.TERMS,
        Judges.CHILDREN: Verdict.HARMFUL,
    }
)
NOT_MET = MappingProxyType(
    {
        Judges.LAW: Verdict.NOT_ILLEGAL,
        Judges.TERMS: Verdict.NO_BREACH,
        Judges.CHILDREN: Verdict.NOT_HARMFUL,
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a question or inference rests on, and how sure we are of it, as in the register."""

    words: str
    confidence: str
    """verified, partial or recalled"""


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    part: Part
    ask: str
    source: Source
    help: str = ""


@dataclass(frozen=True, slots=True)
class Offence:
    """One way to break the law, or a rule: all it needs, and what would excuse it."""

    id: str
    law: str
    needs: tuple[str, ...]
    defences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inference:
    """What published guidance infers where the facts are so."""

    then: str
    """The question that is answered yes by it."""
    when: Mapping[str, frozenset[Answer]]
    says: str
    source: Source


@dataclass(frozen=True, slots=True)
class Guide:
    """The questions about one kind of offence, in one version, as somebody last reviewed them."""

    id: str
    version: str
    reviewed: date
    review_by: date
    judges: Judges
    title: str
    about: str
    harms: tuple[str, ...]
    questions: tuple[Question, ...]
    offences: tuple[Offence, ...]
    inferences: tuple[Inference, ...] = ()

    def question(self, question: str) -> Question:
        return next(one for one in self.questions if one.id == question)

    def is_review_due(self, today: date) -> bool:
        return today >= self.review_by


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and from what it is inferred."""

    answer: Answer
    why: str = ""
    inferred: bool = False
    """Nobody said so: published guidance infers it from other answers."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person answered, by question; a question they left out is not there."""

    guide: str
    answers: Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers give, and why."""

    verdict: Verdict
    answers: Mapping[str, Given]
    """The person's, and what was inferred where they did not say."""
    offences: tuple[Offence, ...]
    """Those of which everything is there."""
    missing: tuple[Question, ...]
    """What would have to be answered, or found out, to be sure."""
    inferred: tuple[Inference, ...]
    against: tuple[Inference, ...] = ()
    """Inferences of published guidance that the person does not draw."""
    parts: Mapping[Part, Answer] = field(default_factory=dict)
    """Whether conduct and state of mind are there, and whether there is a defence."""


def result_of(guide: Guide, answers: Mapping[str, Given]) -> Result:
    """What the answers give by the rule of s.192; `unsure` wherever they do not suffice."""
    drawn = [one for one in guide.inferences if _holds(one, answers)]
    inferred = tuple(one for one in drawn if not _is_settled(one.then, answers))
    known = dict(answers) | {
        one.then: Given(Answer.YES, one.says, inferred=True) for one in inferred
    }
    states = {offence.id: _state(offence, known) for offence in guide.offences}
    met = tuple(one for one in guide.offences if states[one.id] is Answer.YES)
    open_ones = [one for one in guide.offences if states[one.id] is Answer.UNKNOWN]
    return Result(
        verdict=_verdict(guide, states),
        answers=MappingProxyType(known),
        offences=met,
        missing=() if met else _missing(guide, open_ones, known),
        inferred=inferred,
        against=tuple(one for one in drawn if _says(one.then, answers) is Answer.NO),
        parts=_parts(guide, next(iter([*met, *open_ones, *guide.offences])), known),
    )


def problems(guide: Guide, answers: Mapping[str, Given]) -> Iterator[Problem]:
    """Everything that keeps the answers from being a record that another person can follow."""
    by_id = {question.id: question for question in guide.questions}
    drawn = {one.then for one in guide.inferences if _holds(one, answers)}
    for name, given in answers.items():
        if name not in by_id:
            yield name, f"There is no such question in the guide {guide.title}."
        elif len(given.why) > LONGEST_WHY:
            long = len(given.why)
            yield name, f"Keep it to {LONGEST_WHY:,} characters; this has {long:,}."
        elif _needs_why(by_id[name], given, is_drawn=name in drawn) and not given.why.strip():
            yield name, f"Write down from what you infer it: {by_id[name].ask}"


def guide_for(guides: Sequence[Guide], harm: str) -> Guide | None:
    """The guide to begin with for a kind of harm; None where there is none."""
    return next((guide for guide in guides if harm in guide.harms), None)


# How


def _holds(inference: Inference, answers: Mapping[str, Given]) -> bool:
    return all(_says(fact, answers) in allowed for fact, allowed in inference.when.items())


def _says(question: str, answers: Mapping[str, Given]) -> Answer | None:
    given = answers.get(question)
    return given.answer if given else None


def _is_settled(question: str, answers: Mapping[str, Given]) -> bool:
    """A person who says yes or no has the last word; guidance fills in only what they cannot."""
    return _says(question, answers) in {Answer.YES, Answer.NO}


def _state(offence: Offence, known: Mapping[str, Given]) -> Answer:
    needs = [_says(question, known) for question in offence.needs]
    defences = [_says(question, known) for question in offence.defences]
    if Answer.NO in needs or Answer.YES in defences:
        return Answer.NO
    # s.192(6): a defence counts only where there are grounds to infer it, so one that nobody can
    # see any ground for does not. It must have been thought of, though.
    if all(said is Answer.YES for said in needs) and None not in defences:
        return Answer.YES
    return Answer.UNKNOWN


def _verdict(guide: Guide, states: Mapping[str, Answer]) -> Verdict:
    if Answer.YES in states.values():
        return MET[guide.judges]
    if Answer.UNKNOWN in states.values():
        return Verdict.UNSURE
    return NOT_MET[guide.judges]


def _missing(
    guide: Guide, offences: Sequence[Offence], known: Mapping[str, Given]
) -> tuple[Question, ...]:
    wanted = {
        *(need for one in offences for need in one.needs if _says(need, known) is not Answer.YES),
        *(name for one in offences for name in one.defences if name not in known),
    }
    # What nobody could say about a state of mind may follow from facts that are still open.
    wanted |= {
        fact
        for one in guide.inferences
        for fact in one.when
        if one.then in wanted and fact not in known
    }
    return tuple(question for question in guide.questions if question.id in wanted)


def _parts(guide: Guide, offence: Offence, known: Mapping[str, Given]) -> Mapping[Part, Answer]:
    """The state of each part of the offence that comes nearest."""
    parts = {}
    for part in (Part.CONDUCT, Part.MIND):
        needs = [name for name in offence.needs if guide.question(name).part is part]
        if needs:
            parts[part] = _state(Offence("", "", tuple(needs)), known)
    if offence.defences:
        said = [_says(name, known) for name in offence.defences]
        if Answer.YES in said:
            parts[Part.DEFENCE] = Answer.YES
        else:
            parts[Part.DEFENCE] = Answer.UNKNOWN if None in said else Answer.NO
    return MappingProxyType(parts)


def _needs_why(question: Question, given: Given, *, is_drawn: bool) -> bool:
    """A state of mind or a defence is inferred, so what it is inferred from is written down."""
    if question.part is Part.MIND and given.answer is Answer.YES:
        return not is_drawn
    if question.part is Part.DEFENCE and given.answer is Answer.YES:
        return True
    return is_drawn and given.answer is Answer.NO
