"""What the pages about evidence ask."""

from datetime import UTC, date, datetime, time

from django import forms

from dutybound.cases.authority import (
    AUTHORITY_NAMES,
    SCHEDULE_1,
    URGENCY_WORDS,
    Answer,
    Authority,
    Urgency,
)
from dutybound_server.evidence.queries import ACCOUNT, ITEM

SUBJECT_KINDS = ((ITEM, "An item, in all its revisions"), (ACCOUNT, "An account and all its items"))


def _day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=hint)


def _words(label: str, *, rows: int = 2, hint: str = "", required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=2000, widget=widget, help_text=hint, required=required
    )


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, time.max, tzinfo=UTC)


class OpenForm(forms.Form):
    """Before anything is shown."""

    why = _words("Why do you open it?", hint="It is kept with your name and the time.")


class ExportForm(forms.Form):
    """Before anything leaves."""

    why = _words("Who gets it, and why?", hint="It is kept with your name and the time.")
    recipient = forms.CharField(
        label="Public key of whoever gets it (age)",
        required=False,
        max_length=200,
        help_text="The file is encrypted so that only they can open it. It begins with age1.",
    )


class HoldForm(forms.Form):
    """What is held, and why."""

    subject_kind = forms.ChoiceField(
        label="What is held", choices=SUBJECT_KINDS, widget=forms.RadioSelect
    )
    subject = forms.CharField(
        label="Its id at the service",
        max_length=200,
        help_text="It need not have come to us yet: what comes later is held as well.",
    )
    why = _words("Who asks for it, and why?")
    reference = forms.CharField(label="Reference of their letter", required=False, max_length=200)
    until = _day("Until the end of", required=False, hint="Without a day, until somebody ends it.")


class EndForm(forms.Form):
    why = _words("Why does it end?")


class NoticeForm(forms.Form):
    """What a data preservation notice says."""

    reference = forms.CharField(label="Reference of the notice", max_length=200)
    received_at = _day("Received on")
    name = forms.CharField(label="Name of the child", max_length=200)
    date_of_birth = _day("Date of birth")
    emails = _words("E-mail addresses, one a line", required=False)
    accounts = _words("Accounts at the service, one a line", required=False)
    until = _day(
        "Kept until the end of",
        required=False,
        hint="The day the notice gives. Without one, a year, which we know from memory.",
    )


class ExtendForm(forms.Form):
    until = _day("Kept until the end of")
    why = _words("Who asks for it?")


class BeginForm(forms.Form):
    """To whom a report goes, and how fast."""

    authority = forms.ChoiceField(
        label="To whom",
        choices=[(one.value, AUTHORITY_NAMES[one]) for one in Authority],
    )
    urgency = forms.TypedChoiceField(
        label="How urgent it is",
        coerce=lambda value: Urgency(int(value)),
        choices=[(str(int(one)), URGENCY_WORDS[one]) for one in Urgency],
        widget=forms.RadioSelect,
    )
    earlier = forms.CharField(
        label="Reference of an earlier report that this adds to", required=False, max_length=200
    )


class SentForm(forms.Form):
    reference = forms.CharField(label="Reference that came back", max_length=200)


class AnswersForm(forms.Form):
    """The items of Schedule 1; each is words, or why we do not hold it."""

    def __init__(self, *given: object, **options: object) -> None:
        super().__init__(*given, **options)  # type: ignore[arg-type]
        for item in SCHEDULE_1:
            self.fields[item.id] = forms.CharField(
                label=item.title,
                required=False,
                max_length=5000,
                help_text=item.hint,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"{item.id}_not_held"] = forms.BooleanField(
                label="We do not hold it; the field says why", required=False
            )

    def answers(self) -> dict[str, Answer]:
        """What was answered, by item; an empty field takes an answer back."""
        said = self.cleaned_data
        return {
            item.id: Answer(held=not said[f"{item.id}_not_held"], words=said[item.id])
            for item in SCHEDULE_1
        }


def answers_as_initial(answers: dict[str, Answer]) -> dict[str, object]:
    """Answers as the form shows them."""
    initial: dict[str, object] = {}
    for name, answer in answers.items():
        if not answer.words:
            continue
        initial[name] = answer.words
        initial[f"{name}_not_held"] = not answer.held
    return initial
