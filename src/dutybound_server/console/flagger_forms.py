"""What is asked about a trusted flagger."""

from datetime import timedelta
from typing import Any

from django import forms

from dutybound.cases.flagging import LONGEST_POLICY, FlaggerKind
from dutybound_server.casework.actions.flaggers import FlaggerRefused, Terms
from dutybound_server.casework.models import Flagger
from dutybound_server.console.judgement import harm_choices

KIND_WORDS = {
    FlaggerKind.FRAUD: "Experts in fraud",
    FlaggerKind.POLICE: "Police or another authority",
    FlaggerKind.CRISIS: "Whom we hear in a crisis",
    FlaggerKind.VICTIMS: "Stands by victims",
    FlaggerKind.OTHER: "Something else",
}


class TermsForm(forms.Form):
    """What is agreed with an organisation."""

    name = forms.CharField(label="Organisation", max_length=120)
    kind = forms.ChoiceField(
        label="What it is",
        choices=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        widget=forms.RadioSelect,
    )
    harms = forms.MultipleChoiceField(
        label="What it is trusted for",
        help_text="With none chosen, it is trusted for all kinds.",
        choices=harm_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    hours = forms.IntegerField(
        label="Hours within which you answer",
        help_text="Agreed with it. Where your own target is sooner, that one counts.",
        min_value=1,
        max_value=720,
    )
    first_in_queue = forms.BooleanField(
        label="Its reports go before others of the same severity", required=False
    )
    policy = forms.CharField(
        label="Why it has this channel and this priority",
        help_text="Anybody may read it, on a public page.",
        max_length=LONGEST_POLICY,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact = forms.EmailField(
        label="E-mail address for outcomes",
        help_text="With none, its people read them at their desk, or its system asks.",
        required=False,
    )
    review_by = forms.DateField(
        label="Look at it again by",
        help_text="Within a year, with the organisation's own view of it.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            name=given["name"],
            kind=given["kind"],
            respond_within=timedelta(hours=given["hours"]),
            policy=given["policy"],
            review_by=given["review_by"],
            harms=tuple(given["harms"]),
            first_in_queue=given["first_in_queue"],
            contact=given["contact"],
        )

    def refuse(self, refused: FlaggerRefused) -> None:
        """Show why the action said no, beside the field that it names."""
        field = {"respond_within": "hours"}.get(refused.field, refused.field)
        self.add_error(field if field in self.fields else None, refused.sentence)


class ChangeForm(TermsForm):
    why = forms.CharField(
        label="Why does it change?",
        help_text="It stands in the journal, beside your name.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class EndForm(forms.Form):
    why = forms.CharField(label="Why does it end?", max_length=1000)


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=100)
    email = forms.EmailField(label="E-mail address", max_length=150)


class KeyNameForm(forms.Form):
    key_name = forms.CharField(
        label="What will use it", max_length=100, help_text="For instance: their case system."
    )


def initial_of(flagger: Flagger) -> dict[str, Any]:
    """What is agreed now, as the form shows it."""
    return {
        "name": flagger.name,
        "kind": flagger.kind,
        "harms": flagger.harms,
        "hours": int(flagger.respond_within.total_seconds() // 3600),
        "first_in_queue": flagger.first_in_queue,
        "policy": flagger.policy,
        "contact": flagger.contact,
        "review_by": flagger.review_by,
    }
