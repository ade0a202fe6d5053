"""A refusal stands where whoever reads it can change something."""

from django import forms

from dutybound_server.lib.refusals import FieldRefused


class WordsForm(forms.Form):
    words = forms.CharField(required=False)


def test_a_refusal_stands_beside_its_field_or_above_all_where_the_form_has_none_such() -> None:
    form = WordsForm({})

    FieldRefused("words", "Write something.").show_in(form)
    FieldRefused("look", "It is answered already.").show_in(form)

    assert form.errors == {"words": ["Write something."], "__all__": ["It is answered already."]}
