"""The questions of the form, one a page; each says whom it concerns and what it keeps."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dutybound.cases.kinds import Group, Kind, offered
from dutybound.register.harms import HARMS
from dutybound_server.casework.hearing import LONGEST_SUBJECT, LONGEST_WORDS, MOST_SUBJECTS
from dutybound_server.casework.models import Desk
from dutybound_server.public.report import words as w
from dutybound_server.public.report.steps import DONE, Answers, Step, StepForm

NO_WORD = _("Tell us in your own words what is wrong.")
CHOOSE = _("Choose one. You can choose that you do not know.")
NOT_TEXT = _("There is something in it that is not text. Write it with letters.")

# Steps whose answers stay good whatever it is about; the others are asked again.
NOT_LED_TO = frozenset({"words", "places", "files", "block", "reply"})

OF_PRIVATE_PICTURES = frozenset({Kind.INTIMATE_IMAGE, Kind.EXPEDITED})

# What a child's choice means to us. A nude picture of a child is never asked for, hashed or shown
# on the form: it goes to staff who may see restricted harms.
MEANT_BY_CHILD: Mapping[str, tuple[Kind, str]] = MappingProxyType(
    {
        "mean": (Kind.HARMFUL_TO_CHILDREN, "bullying"),
        "asks": (Kind.ILLEGAL_CONTENT, "csea_grooming"),
        "picture": (Kind.ILLEGAL_CONTENT, "csea_image_csam"),
        "scary": (Kind.HARMFUL_TO_CHILDREN, ""),
        "sad": (Kind.ILLEGAL_CONTENT, "suicide_self_harm"),
        w.DONT_KNOW: (Kind.ILLEGAL_CONTENT, ""),
    }
)
MEANT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        w.LAW: (Kind.ILLEGAL_CONTENT, ""),
        w.CHILDREN: (Kind.HARMFUL_TO_CHILDREN, ""),
        w.INTIMATE: (Kind.INTIMATE_IMAGE, "iia"),
        w.COMPLAINT: ("", ""),
        w.DONT_KNOW: (Kind.ILLEGAL_CONTENT, ""),
    }
)


class _Words(forms.CharField):
    """What a person writes; what is no text is told apart kindly."""

    default_validators = [ProhibitNullCharactersValidator(message=NOT_TEXT)]

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's own options
        super().__init__(**options)
        self.validators = [
            one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)
        ] + self.default_validators


class WordsForm(StepForm):
    hint = _("Use your own words. Say what you saw and who it hurts.")
    hint_for_child = _("Use your own words. Short is fine. You are not in trouble.")
    words = _Words(
        label="",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "dir": "auto"}),
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].strip()
        if not words and not self.so_far.get("subjects"):
            raise forms.ValidationError(NO_WORD)
        if len(words) > LONGEST_WORDS:
            # The page shows again what fits, so that nothing huge goes back and forth.
            raise forms.ValidationError(
                _("This is too long. We kept the first part. Put the rest in a file.")
            )
        return words


class PlacesForm(StepForm):
    hint = _("Paste a link or write a name, one on each line. If you do not know, leave it empty.")
    hint_for_child = _("Paste the link or write the name. You can leave it empty.")
    places = _Words(
        label="",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "dir": "auto"}),
    )

    def clean_places(self) -> str:
        places = lines_of(self.cleaned_data["places"])
        room = MOST_SUBJECTS - len(self.so_far.get("subjects", []))
        if len(places) > room:
            raise forms.ValidationError(
                _("Name at most %(most)s. You can add more later."), params={"most": room}
            )
        if any(len(place) > LONGEST_SUBJECT for place in places):
            raise forms.ValidationError(_("One of the lines is too long to be an address."))
        return "\n".join(places)


class SortForm(StepForm):
    hint = _("If you are not sure, choose that you do not know. We will find out.")
    hint_for_child = _("Pick the one that fits best.")
    sort = forms.ChoiceField(
        label="", widget=forms.RadioSelect, error_messages={"required": CHOOSE}
    )

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **options)
        choices = w.SORTS_FOR_CHILD if self.is_child else w.SORTS
        _choices(self, "sort", _without(choices, w.CHILDREN, unless=self.desk.children))

    def answers(self) -> dict[str, Any]:
        sort = self.cleaned_data["sort"]
        kind, harm = MEANT_BY_CHILD[sort] if self.is_child else MEANT[sort]
        if kind is Kind.HARMFUL_TO_CHILDREN and not self.desk.children:
            kind = Kind.ILLEGAL_CONTENT
        if self.so_far.get("sort") == sort:
            # Their later answers, which this one led to, still hold.
            return {"sort": sort}
        done = [name for name in self.so_far.get(DONE, []) if name in NOT_LED_TO]
        return {"sort": sort, "kind": str(kind), "harm": harm, "complaint": "", DONE: done}


class HarmForm(StepForm):
    hint = _("Choose what fits best. You do not have to be right.")
    harm = forms.ChoiceField(
        label="", widget=forms.RadioSelect, error_messages={"required": CHOOSE}
    )

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **options)
        of_children = self.so_far.get("sort") == w.CHILDREN
        _choices(self, "harm", w.HARMS_FOR_CHILDREN if of_children else w.HARMS_BY_LAW)

    def answers(self) -> dict[str, Any]:
        harm = self.cleaned_data["harm"]
        return {"harm": "" if harm == w.DONT_KNOW else harm}


class ComplaintForm(StepForm):
    complaint = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what your complaint is about.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **options)
        kinds = offered(
            likely_accessed_by_children=self.desk.children, category_1=self.desk.category_1
        )
        here = {one.kind for one in kinds if one.group is Group.COMPLAINT} | {w.APPEAL}
        choices = {name: says for name, says in w.COMPLAINTS.items() if name in here}
        _choices(self, "complaint", choices)

    def answers(self) -> dict[str, Any]:
        complaint = self.cleaned_data["complaint"]
        # Whoever has lost the notice that an appeal needs complains about how we act.
        kind = Kind.DUTIES if complaint == w.APPEAL else complaint
        return {"complaint": complaint, "kind": str(kind)}


class AppealForm(StepForm):
    """Asks nothing: it says where an appeal is made, and how to go on without that."""


class FilesForm(StepForm):
    """The files themselves are kept as they come (`report/pages.py`)."""


class BlockForm(StepForm):
    hint = _("We will ask this site to hide them from you. We do not tell them that you told us.")
    hint_for_child = hint
    block = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        error_messages={"required": _("Choose yes or no.")},
    )


class ReplyForm(StepForm):
    hint = _(
        "You get a private page in any case. We can write to you as well. "
        "You can stop that at any time."
    )
    hint_for_child = _("You get a private page. We can write to you as well.")
    reply = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        choices=[("page", _("Only on my private page")), ("email", _("Also by e-mail"))],
        error_messages={"required": _("Choose how we tell you.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("Write an address such as name@example.com.")},
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("reply") == "email" and not said.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write your e-mail address, or choose the page."))
        if said.get("reply") == "page":
            said["email"] = ""
            self.errors.pop("email", None)
        return said


def asked_anew(answers: Answers) -> dict[str, Any]:
    """What goes when a person changes to the other version, whose choices are others."""
    if not answers.get("sort"):
        return {}
    done = [name for name in answers.get(DONE, []) if name in NOT_LED_TO]
    return {"sort": "", "kind": "", "harm": "", "complaint": "", "asked": {}, DONE: done}


def lines_of(text: str) -> list[str]:
    """Each line that says something, once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _without(
    choices: Mapping[str, str | Promise], name: str, *, unless: bool
) -> dict[str, str | Promise]:
    return {one: says for one, says in choices.items() if unless or one != name}


def _choices(form: forms.Form, name: str, choices: Mapping[str, str | Promise]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices.items())


# Whom each concerns


def _has_no_link(answers: Answers, _desk: Desk) -> bool:
    return not (answers.get("subjects") or answers.get("about"))


def _is_adult_who_named_a_sort(answers: Answers, _desk: Desk) -> bool:
    return answers.get("version") != "child" and answers.get("sort") in {w.LAW, w.CHILDREN}


def _complains(answers: Answers, _desk: Desk) -> bool:
    return answers.get("sort") == w.COMPLAINT


def _appeals(answers: Answers, _desk: Desk) -> bool:
    return _complains(answers, _desk) and answers.get("complaint") == w.APPEAL


def may_add_files(*, kind: str, harm: str) -> bool:
    """Nobody is asked for a picture where the picture itself is what must not be passed on."""
    known = HARMS.get(harm)
    return kind not in OF_PRIVATE_PICTURES and not (known and known.restricted)


def helped_with(*, kind: str, harm: str) -> str:
    """The kind of harm whose helpers are named: of a complaint, that of the report it is about."""
    return "iia" if kind == Kind.EXPEDITED else harm


def _may_add_files(answers: Answers, _desk: Desk) -> bool:
    return may_add_files(kind=answers.get("kind", ""), harm=answers.get("harm", ""))


def _can_block(answers: Answers, desk: Desk) -> bool:
    return desk.offers_block and bool(answers.get("author"))


def _is_no_complaint_about_a_report(answers: Answers, _desk: Desk) -> bool:
    return not answers.get("about")


# How each is shown where answers are checked


def _says_words(answers: Answers) -> list[tuple[str, str]]:
    return [(str(_("What is wrong")), answers.get("words", ""))]


def _says_places(answers: Answers) -> list[tuple[str, str]]:
    return [(str(_("Where it is")), answers.get("places", ""))]


def _says_sort(answers: Answers) -> list[tuple[str, str]]:
    words = {**w.SORTS_FOR_CHILD, **w.SORTS}
    return [(str(_("What it is about")), str(words.get(answers.get("sort", ""), "")))]


def _says_harm(answers: Answers) -> list[tuple[str, str]]:
    return [(str(_("What kind")), str(w.harm_name(answers.get("harm", "")) or _("I do not know")))]


def _says_complaint(answers: Answers) -> list[tuple[str, str]]:
    return [(str(_("Your complaint")), str(w.COMPLAINTS.get(answers.get("complaint", ""), "")))]


def _says_nothing(_answers: Answers) -> list[tuple[str, str]]:
    return []


def _says_block(answers: Answers) -> list[tuple[str, str]]:
    wish = _("Yes") if answers.get("block") == "yes" else _("No")
    return [(str(_("Block the account")), str(wish))]


def _says_reply(answers: Answers) -> list[tuple[str, str]]:
    return [(str(_("How we tell you")), answers.get("email") or str(_("Only on my private page")))]


WORDS = Step("words", WordsForm, "public/report/words.html", _says_words)
PLACES = Step("places", PlacesForm, "public/report/places.html", _says_places, _has_no_link)
SORT = Step(
    "kind", SortForm, "public/report/kind.html", _says_sort, _is_no_complaint_about_a_report
)
HARM = Step("harm", HarmForm, "public/report/harm.html", _says_harm, _is_adult_who_named_a_sort)
COMPLAINT = Step(
    "complaint", ComplaintForm, "public/report/complaint.html", _says_complaint, _complains
)
APPEAL = Step("appeal", AppealForm, "public/report/appeal.html", _says_nothing, _appeals)
FILES = Step("files", FilesForm, "public/report/files.html", _says_nothing, _may_add_files)
BLOCK = Step("block", BlockForm, "public/report/block.html", _says_block, _can_block)
REPLY = Step("reply", ReplyForm, "public/report/reply.html", _says_reply)
