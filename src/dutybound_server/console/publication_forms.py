"""What is asked before something is made of the findings."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from dutybound.evidence.notice import Answered
from dutybound_server.assurance.attachments import Choices
from dutybound_server.assurance.publication_contents import Period

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LONGEST_ASK = 300
MOST_QUESTIONS = 50


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class AsksForm(forms.Form):
    """What the board is asked beside what the records lead to."""

    asks = forms.CharField(
        label="What do you ask of the board?",
        help_text="One question or decision a line. What the records lead to is added.",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_asks(self) -> tuple[str, ...]:
        asks = _lines(self.cleaned_data["asks"])
        if any(len(one) > LONGEST_ASK for one in asks):
            raise forms.ValidationError(f"Keep each to {LONGEST_ASK} characters.")
        return asks


class BoardForm(AsksForm):
    """Over how many days the report looks back, and what it asks."""

    days = forms.TypedChoiceField(
        label="Which period?",
        choices=[(30, "The last 30 days"), (90, "The last 90 days"), (365, "The last 365 days")],
        coerce=int,
        initial=90,
        widget=forms.RadioSelect,
    )
    field_order = ("days", "asks")

    def period(self, now: datetime) -> Period:
        return Period(now - timedelta(days=self.cleaned_data["days"]), now)


class PeriodForm(forms.Form):
    """From which day to which; both count, and neither lies ahead."""

    start = forms.DateField(label="From", widget=DAY)
    end = forms.DateField(label="To, and all of this day", widget=DAY)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("start"), found.get("end")
        if start and end and start > end:
            self.add_error("end", "The last day comes before the first.")
        if end and end > timezone.localdate():
            self.add_error("end", "This day lies ahead: nothing is known of it.")
        return found

    def period(self) -> Period:
        start, after = self.cleaned_data["start"], self.cleaned_data["end"] + timedelta(days=1)
        since, until = (
            timezone.make_aware(datetime.combine(day, time())) for day in (start, after)
        )
        return Period(since, until)


class FiguresForm(PeriodForm):
    """The period of the figures, and whether anybody may read them."""

    for_everyone = forms.BooleanField(
        label="Show them to everyone",
        help_text="On a public page, until you withdraw them. Only the accountable person can.",
        required=False,
    )


class NoticeForm(forms.Form):
    """What was asked."""

    sender = forms.CharField(label="Who asks?", max_length=100, initial="Ofcom")
    reference = forms.CharField(label="Their reference", max_length=80)
    dated = forms.DateField(label="Date of the notice", widget=DAY)
    due = forms.DateField(label="Answer due on", widget=DAY)
    questions = forms.CharField(
        label="What is asked?",
        help_text="One question a line, as the notice has them.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_questions(self) -> tuple[str, ...]:
        questions = _lines(self.cleaned_data["questions"])
        if not questions:
            raise forms.ValidationError("Write at least one question.")
        if len(questions) > MOST_QUESTIONS:
            raise forms.ValidationError(f"Write at most {MOST_QUESTIONS} questions.")
        return questions

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        dated, due = found.get("dated"), found.get("due")
        if dated and due and due < dated:
            self.add_error("due", "The answer cannot be due before the notice was written.")
        return found


class AnswerForm(forms.Form):
    """What is said to one question, and what is attached."""

    answer = forms.CharField(
        label="What do you say?",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attached = forms.MultipleChoiceField(
        label="What do you attach?", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, question: str, choices: Choices, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        self.question = question
        attached = self.fields["attached"]
        assert isinstance(attached, forms.MultipleChoiceField)
        attached.choices = [(name, list(group)) for name, group in choices]

    def answered(self) -> Answered:
        said = self.cleaned_data
        return Answered(self.question, said["answer"].strip(), tuple(said["attached"]))


def answer_forms(
    data: Any,  # noqa: ANN401 - a QueryDict or None
    *,
    questions: Sequence[str],
    choices: Choices,
) -> list[AnswerForm]:
    """One form for each question."""
    return [
        AnswerForm(data, prefix=f"q{place}", question=question, choices=choices)
        for place, question in enumerate(questions, 1)
    ]


class WithdrawForm(forms.Form):
    """Why something holds no more."""

    why = forms.CharField(
        label="Why does it hold no more?",
        help_text="Whoever may read it reads this, too.",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
