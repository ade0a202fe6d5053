"""A report of an intimate image (s.20A): who is in it, who reports, what they declare, and how it
is found. The picture stays on the person's device; only its hash, 64 letters and digits, is sent.
"""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dutybound.cases.kinds import Kind
from dutybound.matching.pdq import LEAST_QUALITY
from dutybound_server.casework.intimate import AGENT, SUBJECT
from dutybound_server.casework.models import Desk
from dutybound_server.public.report import words as w
from dutybound_server.public.report.steps import Answers, Step, StepForm

MOST_PICTURES = 10
HASH = re.compile(r"([0-9a-f]{64}) ([0-9]{1,3})")
YES, NO = "yes", "no"
OTHER = "other"
OF_CHILD = "csea_image_csam"
"""A picture of somebody who is or may be under 18 goes to staff who may see restricted harms."""

AGES = {YES: _("Yes"), NO: _("No, or not all"), w.DONT_KNOW: _("I do not know")}
ROLES = {
    SUBJECT: _("It shows me"),
    AGENT: _("I act for the person it shows, and they know"),
    OTHER: _("Neither. I saw it"),
}
BOTH_TRUE = {YES: _("Yes, both are true"), NO: _("No, or I am not sure")}


class _Asking(StepForm):
    """A choice that tells, with the others, what kind of report it is."""

    def answers(self) -> dict[str, Any]:
        asked = {**self.so_far.get("asked", {}), **self.told()}
        return {"asked": asked, **_meant_by(asked)}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AgeForm(_Asking):
    adults = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        choices=list(AGES.items()),
        error_messages={"required": _("Choose one. You can choose that you do not know.")},
    )


class RoleForm(_Asking):
    role = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        choices=list(ROLES.items()),
        error_messages={"required": _("Choose who you are.")},
    )


class DeclareForm(_Asking):
    declared = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        choices=list(BOTH_TRUE.items()),
        error_messages={"required": _("Choose yes or no.")},
    )

    def told(self) -> dict[str, Any]:
        is_true = self.cleaned_data["declared"] == YES
        return {**self.cleaned_data, "is_intimate": is_true, "no_consent": is_true}


class PictureForm(StepForm):
    pictures = forms.CharField(required=False, label="", widget=forms.HiddenInput)
    """A line for each: its hash and its quality."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **options)
        lines = [f"{one['value']} {one['quality']}" for one in self.so_far.get("hashes", [])]
        self.initial["pictures"] = "\n".join(lines)

    def clean_pictures(self) -> list[dict[str, Any]]:
        lines = self.cleaned_data["pictures"].split("\n") if self.cleaned_data["pictures"] else []
        found = {line.strip(): HASH.fullmatch(line.strip()) for line in lines if line.strip()}
        if len(found) > MOST_PICTURES:
            raise forms.ValidationError(
                _("Choose at most %(most)s pictures."), params={"most": MOST_PICTURES}
            )
        hashes = []
        for match in found.values():
            if match is None or not LEAST_QUALITY <= int(match[2]) <= 100:
                raise forms.ValidationError(_("We could not use a picture. Choose it again."))
            hashes.append({"value": match[1], "quality": int(match[2]), "came_from": "device"})
        if not hashes and not _is_placed(self.so_far):
            raise forms.ValidationError(
                _("Choose the picture, or go back and tell us where it is.")
            )
        return hashes

    def answers(self) -> dict[str, Any]:
        return {"hashes": self.cleaned_data["pictures"]}


def _meant_by(asked: Answers) -> dict[str, str]:
    """What these answers make of it. Who may not report under s.20A is heard as anybody is."""
    if asked.get("adults") in {NO, w.DONT_KNOW}:
        return {"kind": str(Kind.ILLEGAL_CONTENT), "harm": OF_CHILD}
    if asked.get("role") == OTHER or asked.get("declared") == NO:
        return {"kind": str(Kind.ILLEGAL_CONTENT), "harm": "iia"}
    return {"kind": str(Kind.INTIMATE_IMAGE), "harm": "iia"}


def _is_placed(answers: Answers) -> bool:
    return bool(answers.get("subjects") or answers.get("places"))


# Whom each concerns


def _of_private_picture(answers: Answers, _desk: Desk) -> bool:
    return answers.get("sort") == w.INTIMATE and answers.get("version") != "child"


def _of_adult(answers: Answers, desk: Desk) -> bool:
    is_adult = answers.get("asked", {}).get("adults") == YES
    return _of_private_picture(answers, desk) and is_adult


def _by_who_may(answers: Answers, desk: Desk) -> bool:
    return _of_adult(answers, desk) and answers["asked"].get("role") in {SUBJECT, AGENT}


def _declared(answers: Answers, desk: Desk) -> bool:
    return _by_who_may(answers, desk) and answers["asked"].get("declared") == YES


# How each is shown where answers are checked


def _says_age(answers: Answers) -> list[tuple[str, str]]:
    return [(str(_("Everyone is 18 or over")), _chosen(AGES, answers, "adults"))]


def _says_role(answers: Answers) -> list[tuple[str, str]]:
    return [(str(_("Who you are")), _chosen(ROLES, answers, "role"))]


def _says_declared(answers: Answers) -> list[tuple[str, str]]:
    return [
        (
            str(_("It is private, and was shared without a yes")),
            _chosen(BOTH_TRUE, answers, "declared"),
        )
    ]


def _says_pictures(answers: Answers) -> list[tuple[str, str]]:
    count = len(answers.get("hashes", []))
    said = str(_("%(count)s, kept on your device")) % {"count": count} if count else str(_("None"))
    return [(str(_("Pictures to look for")), said)]


def _chosen(choices: Any, answers: Answers, name: str) -> str:  # noqa: ANN401 - lazy words
    return str(choices.get(answers.get("asked", {}).get(name), ""))


AGE = Step("age", AgeForm, "public/report/intimate_age.html", _says_age, _of_private_picture)
ROLE = Step("who", RoleForm, "public/report/intimate_who.html", _says_role, _of_adult)
DECLARE = Step(
    "declare", DeclareForm, "public/report/intimate_declare.html", _says_declared, _by_who_may
)
PICTURE = Step(
    "picture", PictureForm, "public/report/intimate_picture.html", _says_pictures, _declared
)
STEPS = (AGE, ROLE, DECLARE, PICTURE)
