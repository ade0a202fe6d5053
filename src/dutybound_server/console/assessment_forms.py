"""The questions of the assessment as forms; each knows its first filling and its value."""

from datetime import date
from typing import Any

from django import forms

from dutybound.register.book import register
from dutybound.register.entries import Question
from dutybound.risk.document import USER_BANDS, Assessment
from dutybound_server.assurance.parts import Value
from dutybound_server.console.assessment_words import label_of

LONGEST_LINE, LONGEST_TEXT = 300, 20_000
YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS: dict[str, bool | None] = {YES: True, NO: False, UNKNOWN: None}
CHOICES = ((YES, "Yes"), (NO, "No"), (UNKNOWN, "I don't know"))
SAY_WHY = "Why, or how do you know?"


def words_of(answer: bool | None) -> str:  # noqa: FBT001 - three answers, no switch
    return next(words for words, value in ANSWERS.items() if value is answer)


def text(label: str, *, help_text: str = "", rows: int = 3, required: bool = False) -> Any:  # noqa: ANN401
    """Some sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def line(label: str, *, help_text: str = "", required: bool = False) -> Any:  # noqa: ANN401
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST_LINE
    )


def day(label: str, *, help_text: str = "", required: bool = False) -> Any:  # noqa: ANN401
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def yes_no(label: str) -> Any:  # noqa: ANN401
    return forms.ChoiceField(
        label=label,
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes, no or “I don't know”."},
    )


class AboutForm(forms.Form):
    """The service, in words of those who run it."""

    name = line("What is the service called?", required=True)
    provider = line(
        "Who runs it?",
        help_text="The person, club or company that decides how it works.",
        required=True,
    )
    address = line("Where do people find it?", help_text="A web address or the name of an app.")
    description = text(
        "What is it for, and who uses it?",
        help_text="Two or three sentences are enough. They stand at the top of the record.",
        required=True,
    )


class YesNoForm(forms.Form):
    """One question of yes, no or "I don't know", and a reason for whoever has one."""

    answer = yes_no("")
    reason = text(SAY_WHY)

    def __init__(self, *args: Any, ask: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.fields["answer"].label = ask

    def chosen(self) -> bool | None:
        return ANSWERS[self.cleaned_data["answer"]]


class FactsForm(forms.Form):
    """One question that sets several facts. Nothing chosen is no answer: say none, or not known."""

    NONE_OF_THEM = "none_of_them"
    NOT_SURE = "not_sure"

    facts = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, help_text="Choose all that are true."
    )
    rest = forms.ChoiceField(
        label="And the others?",
        required=False,
        widget=forms.RadioSelect,
        choices=(
            (NONE_OF_THEM, "No, none of the others"),
            (NOT_SURE, "I don't know about the others"),
        ),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        question: Question,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **options)
        self.ids = question.facts
        known = register().facts
        field = self.fields["facts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.label = question.ask
        field.choices = [(id_, label_of(known[id_])) for id_ in self.ids]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("facts") and not given.get("rest"):
            self.add_error("facts", "Choose what is true, or say “No, none of the others” below.")
        elif not given.get("rest") and len(given["facts"]) < len(self.ids):
            # What nobody said is not a no.
            self.add_error("rest", "Say whether none of the others is true, or you don't know.")
        return given

    def value(self) -> Value:
        chosen = self.cleaned_data["facts"]
        others = False if self.cleaned_data["rest"] == self.NONE_OF_THEM else None
        return {"facts": {id_: True if id_ in chosen else others for id_ in self.ids}}

    @classmethod
    def filling(cls, question: Question, document: Assessment) -> dict[str, Any]:
        answers = [document.facts[id_] for id_ in question.facts if id_ in document.facts]
        chosen = [id_ for id_ in question.facts if document.facts.get(id_)]
        if not answers:
            return {"facts": chosen, "rest": ""}
        # A file may have answered a part only; what nobody answered is not a no.
        is_known = len(answers) == len(question.facts) and None not in answers
        return {"facts": chosen, "rest": cls.NONE_OF_THEM if is_known else cls.NOT_SURE}


class UsersForm(forms.Form):
    """How many people use it: a count, a band, or not known."""

    band = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        choices=(
            *((band, band[:1].upper() + band[1:]) for band in USER_BANDS),
            (UNKNOWN, "I don't know"),
        ),
        error_messages={"required": "Choose one, or “I don't know”."},
    )
    count = forms.IntegerField(
        label="Your own count, if you have one",
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    counted = text("How did you count?", help_text="For instance: members who came in October.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        count, band = given.get("count"), given.get("band")
        if count is not None and band in USER_BANDS:
            least, most = USER_BANDS[band]
            if count < least or (most is not None and count > most):
                self.add_error("count", f"{count:,} is not {band}.")
        return given

    def value(self) -> Value:
        band, count = self.cleaned_data["band"], self.cleaned_data["count"]
        counted = self.cleaned_data["counted"].strip()
        if count is not None:
            return {"least": count, "most": count, "counted": counted or "By the provider's count"}
        if band == UNKNOWN:
            return {"counted": counted or "unknown"}
        least, most = USER_BANDS[band]
        users = {"least": least, "most": most, "counted": counted or band}
        return {name: value for name, value in users.items() if value is not None}

    @staticmethod
    def filling(document: Assessment) -> dict[str, Any]:
        users = document.service.users
        if not users.counted and users.most is None:
            return {}
        band = UNKNOWN
        for name, (least, most) in USER_BANDS.items():
            is_inside = most is None or (users.most is not None and users.most <= most)
            if (users.most is not None or users.least) and users.least >= least and is_inside:
                band = name
                break
        has_count = users.least == users.most
        counted = "" if users.counted in (*USER_BANDS, UNKNOWN) else users.counted
        return {"band": band, "count": users.most if has_count else None, "counted": counted}


class SurfaceForm(forms.Form):
    """One part of the service: whether everything in it can be taken down, and if not, why."""

    name = line("What is this part called?")
    answer = forms.ChoiceField(
        label="Can you take down anything there?",
        choices=CHOICES,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = text("Why can it not be taken down?", rows=2)
    owner = line("Who says so?", help_text="A person or a role that answers for it.")
    expires_on = day("Until when does this hold?", help_text="At most a year. Then look again.")
    instead = text("What do you do instead?", rows=2)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("answer") == NO:
            for name in ("reason", "owner", "expires_on"):
                if not given.get(name):
                    self.add_error(name, "A “no” needs this, with a day on which it ends.")
        if given.get("name") and not given.get("answer"):
            self.add_error("answer", "Choose yes, no or “I don't know”.")
        return given

    def value(self, *, today: date) -> Value:
        """The surface; a claim that stays as it was keeps the day on which it was decided."""
        given = self.cleaned_data
        surface = {"name": given["name"], "takedown_feasible": ANSWERS[given["answer"]]}
        if given["answer"] == NO:
            claimed = ("reason", "owner", "expires_on", "instead")
            is_as_before = all(given[name] == self.initial.get(name) for name in claimed)
            decided_on = self.initial["decided_on"] if is_as_before else today
            surface["claim"] = {
                "reason": given["reason"],
                "owner": given["owner"],
                "decided_on": decided_on.isoformat(),
                "expires_on": given["expires_on"].isoformat(),
                "instead": given["instead"],
            }
        return surface


class ExemptionForm(forms.Form):
    """How much of the service an exemption covers, and why."""

    covers = forms.ChoiceField(
        label="How much of the service is it?",
        widget=forms.RadioSelect,
        choices=(
            ("all", "All of it"),
            ("part", "Only a part of it"),
            ("unknown", "I don't know"),
            ("none", "None of it after all"),
        ),
        error_messages={"required": "Choose one, or “I don't know”."},
    )
    reason = text(
        "Which part, and why?",
        help_text="The record needs the reason. Without one it counts as in scope.",
    )


class ImportForm(forms.Form):
    file = forms.FileField(
        label="The file",
        help_text="JSON or OSCAL that was downloaded here or elsewhere, or a profile in TOML.",
    )


class NoteForm(forms.Form):
    note = text("What did you do about it?", rows=2, required=True)
