"""What the page of an intimate image report shows besides: its hashes, and how it is refused."""

from typing import Any

from django import forms

from dutybound.cases.kinds import Kind, RefusalGround
from dutybound_server.casework.intimate import UPHELD, pictures_among
from dutybound_server.casework.models import Concern, ReportedHash
from dutybound_server.casework.subjects import CONCERN
from dutybound_server.console.concern_forms import LONGEST_LETTER

GROUNDS = {
    RefusalGround.NOT_INTIMATE: "It is not an intimate image.",
    RefusalGround.NOT_SUBJECT_OR_AGENT: (
        "Who reported it is not the person it shows, and does not act for them."
    ),
}


class RefusalForm(forms.Form):
    """One of the two lawful grounds, and why, as the person reads it."""

    ground = forms.ChoiceField(
        label="On which ground",
        choices=[(one.value, words) for one, words in GROUNDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two grounds."},
    )
    words = forms.CharField(
        label="Why, as the person reads it",
        help_text="The letter names the ground and offers the fast complaint by itself.",
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why. The person reads it."},
    )


class MeantForm(forms.Form):
    """Which pictures of an item with several the person means."""

    pictures = forms.TypedMultipleChoiceField(
        label="Which picture is meant?",
        help_text="Look at them on the case's page. The others are held for this report no more.",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one of its pictures."},
    )

    def __init__(self, *given: Any, concern: Concern, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        among = [one.media for one in pictures_among(concern)]
        self.several = len(among) > 1
        choices = [(one.pk, f"{one.external_id} of {one.item.external_id}") for one in among]
        field = self.fields["pictures"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = choices


def intimate_part(
    one: Concern, *, may_act: bool, decides: bool, form: forms.Form | None
) -> dict[str, Any] | None:
    """What the page of such a report shows besides; None for the other kinds."""
    if one.kind != Kind.INTIMATE_IMAGE:
        return None
    hashes = one.hashes.select_related("signal__bank").order_by("id")
    has_found = one.subjects.exclude(subject_kind=CONCERN).exists()
    meant = form if isinstance(form, MeantForm) else MeantForm(concern=one)
    may_say = decides and one.withdrawn_at is None and not one.refusal and meant.several
    return {
        "meant_form": meant if may_say else None,
        "hashes": [(each, _state(each)) for each in hashes],
        "refusal_form": (form if isinstance(form, RefusalForm) else RefusalForm())
        if may_act
        else None,
        "may_watch": may_act and not has_found and any(each.signal_id for each in hashes),
        "may_let": may_act and one.queued,
    }


def _state(each: ReportedHash) -> str:
    signal = each.signal
    if each.meant is False:
        return "not the one that is meant"
    if signal is None:
        return "not looked for"
    if signal.removed_at is not None:
        return "looked for no more"
    if signal.quarantined_at is not None:
        return "met by too much: only flagged"
    return (
        "a person took this picture down, so it is blocked"
        if signal.bank.name == UPHELD
        else "looked for; what is like it is held"
    )
