"""What is asked about a governance document, and about a training."""

import io
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth.models import User

from dutybound.evidence.document_kinds import DOCUMENT_KINDS
from dutybound_server.assurance.actions.documents import Paper, latest_expiry
from dutybound_server.assurance.paper_files import TYPES
from dutybound_server.assurance.training import SUBJECTS
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service
from dutybound_server.people.queries import staff_of

WRITTEN_HERE = "written-here.md"
NOBODY = "nobody yet"
if TYPE_CHECKING:
    _OneOfStaff = forms.ModelChoiceField[User]
else:
    _OneOfStaff = forms.ModelChoiceField


class Person(_OneOfStaff):
    """Somebody who works here."""

    def label_from_instance(self, obj: User) -> str:
        return name_of(obj)


def day(label: str, *, hint: str = "", required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget)


class VersionForm(forms.Form):
    """One version: a file, or words written here, with its days."""

    file = forms.FileField(
        label="The file",
        required=False,
        help_text=f"One of {', '.join(sorted(TYPES))}, of up to 20 MB. It is kept encrypted.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in TYPES)}),
    )
    words = forms.CharField(
        label="Or write it here",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    dated = day("The day it bears", hint="When it was written, agreed or carried out.")
    expires_on = day("Look at it again by", required=False)

    def __init__(self, *arguments: Any, kind: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        self.kind = kind
        days = DOCUMENT_KINDS[kind].days
        hint = f"Within {days} days of the day it bears; with none chosen, just then."
        self.fields["expires_on"].help_text = hint

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "file" not in self.errors and bool(given.get("file")) == bool(given.get("words")):
            self.add_error("file", "Choose a file, or write the words below.")
        return given

    def paper(self) -> Paper:
        given = self.cleaned_data
        dated: date = given["dated"]
        expires_on = given["expires_on"] or latest_expiry(self.kind, dated=dated)
        if given["file"]:
            return Paper(given["file"].name, given["file"].file, dated, expires_on)
        return Paper(WRITTEN_HERE, io.BytesIO(given["words"].encode()), dated, expires_on)


class DocumentForm(VersionForm):
    """A document that is held from now on."""

    title = forms.CharField(label="Title", max_length=200)
    owner = Person(
        label="Who looks after it",
        queryset=User.objects.none(),
        required=False,
        empty_label=NOBODY,
        help_text="Somebody who works here. Without one, its measure stays at risk.",
    )
    also = forms.MultipleChoiceField(
        label="It is this as well", required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("title", "file", "words", "dated", "expires_on", "owner", "also")

    def __init__(self, *arguments: Any, service: Service, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        cast("Person", self.fields["owner"]).queryset = staff_of(service)
        others = siblings_of(self.kind)
        if others:
            choices = [(kind, DOCUMENT_KINDS[kind].name) for kind in others]
            cast("forms.MultipleChoiceField", self.fields["also"]).choices = choices
        else:
            del self.fields["also"]

    def kinds(self) -> tuple[str, ...]:
        return (self.kind, *self.cleaned_data.get("also", ()))


def siblings_of(kind: str) -> Iterable[str]:
    """The same kind of document about children, or about illegal content."""
    other = kind.removesuffix("_children") if kind.endswith("_children") else f"{kind}_children"
    return (other,) if other in DOCUMENT_KINDS else ()


class OwnerForm(forms.Form):
    owner = Person(
        label="Who looks after it",
        queryset=User.objects.none(),
        required=False,
        empty_label=NOBODY,
    )

    def __init__(self, *arguments: Any, service: Service, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        cast("Person", self.fields["owner"]).queryset = staff_of(service)


class WhyForm(forms.Form):
    why = forms.CharField(label="Why?", max_length=1000)


class TrainingForm(forms.Form):
    user = Person(label="Who", queryset=User.objects.none(), empty_label="choose somebody")
    subject = forms.ChoiceField(
        label="In what", choices=list(SUBJECTS.items()), widget=forms.RadioSelect
    )
    on = day("On")
    expires_on = day("Due again on", hint="Within a year of it.")
    told = forms.CharField(
        label="What it was",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *arguments: Any, service: Service, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        cast("Person", self.fields["user"]).queryset = staff_of(service)
