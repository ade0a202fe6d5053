"""What staff can do with what somebody told us, as forms."""

from typing import Any

from django import forms

from dutybound_server.casework.actions.answers import ANSWERS
from dutybound_server.casework.hearing import Subject
from dutybound_server.console.templatetags.concerns import OUTCOMES

LONGEST_LETTER = 10_000


class AnswerForm(forms.Form):
    """The outcome, our reasons, and what the person reads."""

    outcome = forms.ChoiceField(
        label="What came of it",
        choices=[(one.value, OUTCOMES[one]) for one in ANSWERS],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label="Why, for colleagues and auditors",
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    words = forms.CharField(
        label="What the person reads",
        help_text="Thank them, say what you did and why, and where they can go next.",
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class PauseForm(forms.Form):
    """Let the clock stand still, with a reason."""

    why = forms.CharField(
        label="Why does the clock stand still?",
        help_text="For instance: we asked the person which post they mean.",
        max_length=500,
    )


class PointForm(forms.Form):
    """Say what it is about, where the person could not."""

    subject_kind = forms.ChoiceField(
        label="It is about",
        choices=[("item", "a post (your own id of it)"), ("account", "an account")],
    )
    subject = forms.CharField(label="Its id", max_length=200)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "subject" in given and "subject_kind" in given:
            return {"subject": Subject(given["subject_kind"], given["subject"].strip())}
        return given
