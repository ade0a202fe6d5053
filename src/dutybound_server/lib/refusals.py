"""How an action says no to what it was given: which field to change, and what was expected."""

from django.forms import BaseForm


class FieldRefused(Exception):
    """What was given cannot be taken as it is; `field` is what to change."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field, self.sentence = field, sentence

    def show_in(self, form: BaseForm) -> None:
        """Stand beside the field; above all of them where the form does not ask for it."""
        form.add_error(self.field if self.field in form.fields else None, self.sentence)
