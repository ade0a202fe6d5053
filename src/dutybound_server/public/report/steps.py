"""What a step of the form is: one question, asked of those whom it concerns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise

from dutybound_server.casework.models import Desk

Answers = Mapping[str, Any]
"""What a person has said so far, as a draft keeps it (JSON): what each step's form answers, beside
`language`, `version` and what the link beside an item told (see `report/links.py`)."""

DONE = "done"
"""Of the answers: the names of the steps that the person has been through."""


class StepForm(forms.Form):
    """One question. It knows the answers so far and the rules of the service's form."""

    hint: str | Promise = ""
    hint_for_child: str | Promise = ""

    def __init__(self, *args: Any, answers: Answers, desk: Desk, **options: Any) -> None:  # noqa: ANN401 - Django's own
        self.so_far = answers
        self.desk = desk
        super().__init__(*args, **options)
        hint = self.hint_for_child if self.is_child else self.hint
        for field in list(self.fields.values())[:1]:
            # As help of the field it is read out with it.
            if not field.help_text:
                field.help_text = hint  # type: ignore[assignment]

    @property
    def is_child(self) -> bool:
        return bool(self.so_far.get("version") == "child")

    def answers(self) -> dict[str, Any]:
        """What the draft keeps of it."""
        return dict(self.cleaned_data)


def to_everyone(_answers: Answers, _desk: Desk) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form. `says` answers how the page on which answers are checked shows it."""

    name: str
    """In the address."""
    form: type[StepForm]
    template: str
    says: Callable[[Answers], list[tuple[str, str]]]
    """Pairs of what was asked and what the person said; none where there is nothing to check."""
    concerns: Callable[[Answers, Desk], bool] = to_everyone
    """Whether this person is asked, from what they said so far."""
