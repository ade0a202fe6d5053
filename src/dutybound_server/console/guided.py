"""Guided judgement on a case's page: questions, answers, and what they give so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone

from dutybound.cases.guide_files import guide_called, guides
from dutybound.cases.guides import (
    LONGEST_WHY,
    TERMS,
    Answer,
    Given,
    Guide,
    Judged,
    Judges,
    Part,
    Question,
    Result,
    guide_for,
    result_of,
)
from dutybound.cases.judgement import Ground
from dutybound_server.casework.refusals import DecisionRefused
from dutybound_server.console.judgement import DecisionForm

ANSWERS = ((Answer.YES, "Yes"), (Answer.NO, "No"), (Answer.UNKNOWN, "Cannot tell"))
PART_NAMES = {
    Part.FACT: "What is known",
    Part.CONDUCT: "What was done",
    Part.MIND: "State of mind",
    Part.DEFENCE: "Defences",
}
LAW_UNASKED = (
    "Answer the questions first: what is called illegal rests on an offence. "
    "Or judge it under our terms."
)
# The questions stand above the outcomes, and belong to the form below them.
IN_THE_FORM = {"form": "decide"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it."""

    question: Question
    answer: BoundField
    why: BoundField

    @property
    def is_inferred_by_person(self) -> bool:
        """A state of mind and a defence are inferred; what is known and what was done is seen."""
        return self.question.part in {Part.MIND, Part.DEFENCE}


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one part, under its name."""

    name: str
    asked: Sequence[Asked]


class GuideForm(forms.Form):
    """The questions of one guide; `guide` says which, and none needs an answer to be shown."""

    guide = forms.ChoiceField(
        label="Judge it as", required=False, widget=forms.Select(attrs=IN_THE_FORM)
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, harm: str) -> None:
        """`harm` chooses the guide to begin with."""
        super().__init__(data, initial={"guide": first_guide(harm).id})
        self._choices().choices = [(one.id, one.title) for one in _in_order()]
        self.chosen = guide_called((data or {}).get("guide") or "") or first_guide(harm)
        for question in self.chosen.questions:
            self._add(question)
        self.carried = _answers_to_others(data or {}, self.chosen)
        """What was answered in another guide, kept in case the person comes back to it."""

    @property
    def result(self) -> Result:
        return result_of(self.chosen, self._given())

    @property
    def is_begun(self) -> bool:
        return bool(self._given())

    @property
    def is_review_due(self) -> bool:
        return self.chosen.is_review_due(timezone.localdate())

    def groups(self) -> Iterator[Group]:
        """The questions part by part, in the order in which they are worked through."""
        for part in Part:
            asked = [
                Asked(one, self[_answer(self.chosen, one)], self[_why(self.chosen, one)])
                for one in self.chosen.questions
                if one.part is part
            ]
            if asked:
                yield Group(PART_NAMES[part], asked)

    def marks(self) -> list[tuple[str, Answer]]:
        """How each part stands, for the line that sums up."""
        return [(PART_NAMES[part], state) for part, state in self.result.parts.items()]

    def judged(self, *, ground: str) -> Judged | None:
        """What was answered; None where nothing was and nothing needs to be."""
        given = self._given()
        if not given and ground != Ground.LAW:
            return None
        return Judged(self.chosen.id, given)

    def refuse(self, field: str, sentence: str) -> bool:
        """Show what the action refused at the question it is about; False if it is none of ours."""
        if field == "guide":
            self.add_error("guide", sentence if self.is_begun else LAW_UNASKED)
        elif field.startswith("answer:"):
            self.add_error(_why(self.chosen, self.chosen.question(field[7:])), sentence)
        else:
            return False
        return True

    def _choices(self) -> forms.ChoiceField:
        field = self.fields["guide"]
        assert isinstance(field, forms.ChoiceField)
        return field

    def _add(self, question: Question) -> None:
        self.fields[_answer(self.chosen, question)] = forms.ChoiceField(
            label=question.ask,
            choices=ANSWERS,
            required=False,
            widget=forms.RadioSelect(attrs=IN_THE_FORM),
        )
        self.fields[_why(self.chosen, question)] = forms.CharField(
            label="From what do you infer it?"
            if question.part in {Part.MIND, Part.DEFENCE}
            else "What shows it",
            required=False,
            max_length=LONGEST_WHY,
            widget=forms.TextInput(attrs=IN_THE_FORM | {"autocomplete": "off"}),
        )

    def _given(self) -> dict[str, Given]:
        given = {}
        for question in self.chosen.questions:
            said = self[_answer(self.chosen, question)].value()
            if said in set(Answer):
                why = self[_why(self.chosen, question)].value() or ""
                given[question.id] = Given(Answer(said), str(why))
        return given


def show_refusal(refusal: DecisionRefused, *, form: DecisionForm, guided: GuideForm) -> None:
    """Put what the action refused beside what is to change, or at the top where that is nothing."""
    if not guided.refuse(refusal.field, refusal.sentence):
        refusal.show_in(form)


def first_guide(harm: str) -> Guide:
    """The guide of that kind of harm; where there is none, the terms."""
    found = guide_for(guides(), harm) or guide_called(TERMS)
    assert found is not None
    return found


def _answer(guide: Guide, question: Question) -> str:
    # With the guide's name: an answer must never count for another guide's question.
    return f"{guide.id}-{question.id}"


def _why(guide: Guide, question: Question) -> str:
    return f"{guide.id}-{question.id}-why"


def _answers_to_others(data: Mapping[str, Any], chosen: Guide) -> list[tuple[str, str]]:
    names = [
        name(guide, question)
        for guide in guides()
        if guide != chosen
        for question in guide.questions
        for name in (_answer, _why)
    ]
    return [(name, data[name]) for name in names if data.get(name)]


def _in_order() -> list[Guide]:
    """Offences first, since most come for one; the terms last."""
    order = (Judges.LAW, Judges.CHILDREN, Judges.TERMS)
    return sorted(guides(), key=lambda guide: order.index(guide.judges))
