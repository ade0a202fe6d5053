"""The forms in which people judge a risk, record evidence and say what they do about it."""

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from dutybound.register.book import register
from dutybound.risk.document import (
    Assessment,
    Control,
    ControlState,
    Evidence,
    EvidenceKind,
    Risk,
)
from dutybound.risk.record_basis import STATES
from dutybound_server.assurance.parts import Value
from dutybound_server.console.assessment_forms import UNKNOWN, day, line, text

LEVELS = (
    ("negligible", "Negligible: it cannot happen by means of the service"),
    ("low", "Low"),
    ("medium", "Medium"),
    ("high", "High"),
    (UNKNOWN, "I don't know yet"),
)
CHANCES = (("low", "Low"), ("medium", "Medium"), ("high", "High"), (UNKNOWN, "I don't know"))
EVIDENCE_KINDS = {
    EvidenceKind.COMPLAINTS: "Complaints and reports from users",
    EvidenceKind.USER_DATA: "What we know about our users, such as their ages",
    EvidenceKind.INCIDENTS: "Looking back at what happened",
    EvidenceKind.OTHER_HELD: "Something else that we hold",
    EvidenceKind.TESTING: "Tests of the service",
    EvidenceKind.MODERATION: "Results of moderation",
    EvidenceKind.EXPERTS: "Advice from experts",
    EvidenceKind.AUDITS: "An audit",
    EvidenceKind.USER_RESEARCH: "Research with users",
    EvidenceKind.ENGAGEMENT: "Talks with people who are affected",
    EvidenceKind.OUTSIDE: "From outside: a study, news, a police warning",
    EvidenceKind.RISK_PROFILES: "Ofcom's Risk Profiles",
}


def _named(evidence: Evidence) -> str:
    """A piece of evidence with the kinds of harm it is about: figures of two kinds read alike."""
    short = {harm.id: harm.short for harm in register().harms}
    about = ", ".join(short.get(harm, harm) for harm in evidence.harms)
    return f"{about[:1].upper()}{about[1:]}: {evidence.text}" if about else evidence.text


class RiskForm(forms.Form):
    """The level of one kind of harm. Nothing is chosen beforehand: a person decides."""

    level = forms.ChoiceField(
        label="What level do you set?",
        choices=LEVELS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level, or “I don't know yet”."},
    )
    reasons = text(
        "Why this level?",
        help_text="Our reasons stand here to begin with. Change them until they are yours.",
        rows=4,
    )
    likelihood = forms.ChoiceField(
        label="How likely is it to happen here?",
        choices=CHANCES,
        widget=forms.RadioSelect,
        required=False,
    )
    impact = forms.ChoiceField(
        label="How badly would it hurt people?",
        choices=CHANCES,
        widget=forms.RadioSelect,
        required=False,
    )
    structural = text(
        "If negligible: why can it not happen here?",
        help_text="Only how the service is built counts. That it is small does not.",
        rows=2,
    )
    argued = text("If it was seen here and is still low: why?", rows=2)
    is_inconclusive = forms.BooleanField(
        label="The evidence does not settle it",
        required=False,
        help_text="Then Ofcom expects the higher level.",
    )
    evidence = forms.MultipleChoiceField(
        label="What does it rest on?", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        document: Assessment,
        age_groups: tuple[str, ...] = (),
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **options)
        self.ages = {f"age_{number}": group for number, group in enumerate(age_groups)}
        for name, group in self.ages.items():
            self.fields[name] = forms.ChoiceField(
                label=group, choices=[("", "The same level"), *LEVELS[:-1]], required=False
            )
        field = self.fields["evidence"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.id, _named(one)) for one in document.evidence]
        if not field.choices:
            del self.fields["evidence"]

    def by_age(self) -> list[BoundField]:
        """The questions about single age groups of children."""
        return [self[name] for name in self.ages]

    def value(self) -> Value:
        """The risk as the document keeps it."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in ("", UNKNOWN, [], False) and name not in self.ages
        }
        by_age = {
            group: level for name, group in self.ages.items() if (level := self.cleaned_data[name])
        }
        return given | ({"by_age": by_age} if by_age else {}) or {"level": None}

    @staticmethod
    def filling(risk: Risk | None, *, proposed: str, age_groups: tuple[str, ...]) -> dict[str, Any]:
        if risk is None:
            return {"reasons": proposed}
        filling = risk.model_dump(exclude={"by_age"})
        for number, group in enumerate(age_groups):
            filling[f"age_{number}"] = risk.by_age.get(group, "")
        return filling | {"level": risk.level or UNKNOWN, "evidence": list(risk.evidence)}


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(
        label="What kind of evidence is it?",
        choices=[("", "Choose one"), *EVIDENCE_KINDS.items()],
        error_messages={"required": "Choose what kind it is."},
    )
    text = text("What does it say?", required=True)
    source = line("Where is it from?", help_text="A name, a web address, a report.")
    dated = day("What day is it from?")
    count = forms.IntegerField(
        label="How many were seen, if it counts something", required=False, min_value=0
    )
    shows_harm = forms.BooleanField(
        label="It shows that this harm happens on the service", required=False
    )

    def value(self, harm: str, *, id_: str) -> Value:
        given = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value not in ("", None, False)
        }
        return {**given, "id": id_, "harms": [harm]}


class ControlForm(forms.Form):
    """What is done about a measure or a risk, and the record that each answer needs."""

    title = line("What is it called?", required=True)
    state = forms.ChoiceField(
        label="How do things stand?",
        widget=forms.RadioSelect,
        choices=(
            (ControlState.IN_PLACE, "It is in place"),
            (ControlState.TASK, "We will do it"),
            (ControlState.ALTERNATIVE, "We do something else instead"),
            (ControlState.REFUSED, "We will not do it"),
            (ControlState.IDLE, "It applies, but there is nothing to act on here"),
            (ControlState.DECLINED, "It is optional, and we choose not to"),
            (ControlState.UNKNOWN, "I don't know"),
        ),
        error_messages={"required": "Choose one, or “I don't know”."},
    )
    description = text("What do you do, in your own words?")
    where = line("Where does it run?", help_text="A page of this console, an address, a document.")
    since = day("Since when?")
    owner = line("Who looks after it?", help_text="A person or a role.")
    due = day("By when?")
    shown_to_work = text("How do you know that it works?", rows=2)
    done_instead = text("What do you do instead?", rows=2)
    how_it_complies = text("How does that meet the duty?", rows=2)
    instead_rights = text("What does it mean for free expression and privacy?", rows=2)
    reason = text("Why do you not do it?", rows=2)
    severity = text("How bad could that be?", rows=2)
    who_is_affected = text("Who is affected?", rows=2)
    refusal_rights = text("What does it mean for free expression and privacy?", rows=2)
    harms = forms.MultipleChoiceField(
        label="Which kinds of harm does it help against?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    factors = forms.MultipleChoiceField(
        label="Which risk factors does it help with?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    NEEDED = {
        ControlState.TASK: ("owner", "due"),
        ControlState.ALTERNATIVE: ("done_instead", "how_it_complies", "instead_rights"),
        ControlState.REFUSED: ("reason", "severity", "who_is_affected", "refusal_rights"),
    }
    ALTERNATIVE = NEEDED[ControlState.ALTERNATIVE]
    REFUSAL = NEEDED[ControlState.REFUSED]

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        harms: list[tuple[str, str]],
        factors: list[tuple[str, str]],
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **options)
        for name, choices in (("harms", harms), ("factors", factors)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        state = given.get("state", "")
        for name in self.NEEDED.get(state, ()):
            if not given.get(name) and name not in self.errors:
                words = STATES[ControlState(state)].lower()
                self.add_error(name, f"The record needs this where it says “{words}”.")
        return given

    def value(self, before: Control | None, *, id_: str, measures: tuple[str, ...]) -> Value:
        given = self.cleaned_data
        plain = ("title", "state", "description", "where", "owner", "shown_to_work")
        value: dict[str, Any] = {name: given[name] for name in plain if given[name]}
        value |= {name: given[name].isoformat() for name in ("since", "due") if given[name]}
        for name in ("harms", "factors"):
            value[name] = [*self._not_asked(name, before), *given.get(name, ())]
        if given["state"] == ControlState.ALTERNATIVE:
            value["alternative"] = {
                "done_instead": given["done_instead"],
                "how_it_complies": given["how_it_complies"],
                "expression_and_privacy": given["instead_rights"],
            }
        if given["state"] == ControlState.REFUSED:
            value["refusal"] = {
                "reason": given["reason"],
                "severity": given["severity"],
                "who_is_affected": given["who_is_affected"],
                "expression_and_privacy": given["refusal_rights"],
            }
        is_built_in = before.built_in if before else False
        return {**value, "id": id_, "measures": list(measures), "built_in": is_built_in}

    def _not_asked(self, name: str, before: Control | None) -> list[str]:
        """What the control helps against besides what the page has a tick for."""
        field = self.fields.get(name)
        asked = {key for key, _ in getattr(field, "choices", ())}
        return [one for one in getattr(before, name, ()) if one not in asked]

    @staticmethod
    def filling(control: Control) -> dict[str, Any]:
        filling = control.model_dump(exclude={"alternative", "refusal"})
        if control.alternative:
            filling |= control.alternative.model_dump(exclude={"expression_and_privacy"})
            filling["instead_rights"] = control.alternative.expression_and_privacy
        if control.refusal:
            filling |= control.refusal.model_dump(exclude={"expression_and_privacy"})
            filling["refusal_rights"] = control.refusal.expression_and_privacy
        return filling | {"harms": list(control.harms), "factors": list(control.factors)}


class CharacteristicsForm(forms.Form):
    """What is particular about the service, one thing a line."""

    lines = text(
        "What else about your service matters?",
        help_text="One thing a line: who your users are, how it earns money, who decides.",
        rows=6,
    )

    def value(self) -> Value:
        lines = self.cleaned_data["lines"].splitlines()
        return [line.strip() for line in lines if line.strip()] or None


class AcceptForm(forms.Form):
    accepted_by = line("Who accepts it?", required=True)
    reason = text("Why is it accepted?", required=True)
    review_on = day("When is it looked at again?", required=True)


class PeopleForm(forms.Form):
    """Who did it, and who answers for it."""

    completed_by = line("Who filled it in?", required=True)
    responsible = line(
        "Who answers for it?", help_text="The person named as accountable.", required=True
    )
    reported_to = line("To whom was it reported?", help_text="A committee, a board, or the owner.")


class DaysForm(forms.Form):
    """When it was reported, and when it is looked at again."""

    reported = day("On what day was it reported?")
    next_review = day("When will you look at it again?", help_text="Within a year.")
