"""The form a case is decided with, and its first filling."""

from collections.abc import Iterable

from django import forms

from dutybound.cases.judgement import (
    IN_FAVOUR,
    LONGEST_RULE,
    LONGEST_WORDS,
    EnforcementKind,
    Ground,
    to_enforce,
)
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Case, Decision, Match
from dutybound_server.casework.queries import case_state
from dutybound_server.casework.statements import draft_statement

OUTCOMES = (
    (EnforcementKind.TAKE_DOWN, "Take down"),
    (EnforcementKind.RESTRICT, "Restrict"),
    (EnforcementKind.LABEL, "Label"),
    (EnforcementKind.RESTORE, "Restore"),
    (EnforcementKind.NONE, "Nothing wrong"),
)
GROUNDS = ((Ground.LAW, "The law"), (Ground.TERMS, "Our terms"))
LATEST_DECISIONS = 200  # of the same harm, whose rules are offered
MOST_RULES = 10
KINDS_OF_HARM = {"illegal": "Illegal content", "children": "Harmful to children"}


def harm_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind of harm of the register, under the two headings of the Act."""
    return [
        (heading, [(harm.id, harm.name) for harm in HARMS.values() if harm.kind == kind])
        for kind, heading in KINDS_OF_HARM.items()
    ]


def harm_choices_unchosen() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """The same for somebody who suspects: none is suspected before they say so."""
    return [("", "Choose one"), *harm_choices()]


class DecisionForm(forms.Form):
    """What a moderator decides; the words are theirs to change before they are sent."""

    # The outcomes stand apart from the other questions, at the foot of the screen.
    enforcement_kind = forms.ChoiceField(
        label="Outcome",
        choices=OUTCOMES,
        widget=forms.RadioSelect(attrs={"form": "decide"}),
        error_messages={"required": "Choose an outcome."},
    )
    # Nothing that accuses is chosen or written beforehand: the author would read it as our word.
    ground = forms.ChoiceField(
        label="It goes against", choices=GROUNDS, widget=forms.RadioSelect, required=False
    )
    harm = forms.ChoiceField(label="Kind of harm", choices=harm_choices)
    rule = forms.CharField(
        label="Which section or rule",
        help_text="As the author will read it.",
        max_length=LONGEST_RULE,
        required=False,
        widget=forms.TextInput(attrs={"list": "rules", "autocomplete": "off"}),
    )
    reasons = forms.CharField(
        label="Reasons, for colleagues and auditors",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in a sentence why, for colleagues and auditors."},
    )
    statement = forms.CharField(
        label="What the author is told",
        help_text="Drafted from your choices and the rule until you change it.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 7}),
        required=False,
    )
    drafted = forms.CharField(widget=forms.HiddenInput, required=False)
    """The draft as it was put into `statement`: if the two differ, a person wrote there."""

    def clean(self) -> dict[str, str]:
        cleaned: dict[str, str] = super().clean() or self.cleaned_data
        if cleaned.get("enforcement_kind") in IN_FAVOUR:
            # Nothing is taken away, so whatever ground was left ticked does not count.
            cleaned |= {"ground": Ground.NONE, "rule": ""}
            return cleaned
        if not cleaned.get("ground"):
            self.add_error("ground", "Say whether this rests on the law or on our terms.")
        if not cleaned.get("rule"):
            self.add_error("rule", "Name the section of the law or the rule of our terms.")
        return cleaned

    def judgement(self) -> dict[str, str]:
        """The cleaned answers, named as the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "drafted"}


def first_answers(case: Case, matches: Iterable[Match]) -> dict[str, str]:
    """What the form holds before anyone has touched it."""
    return {"harm": case.harm, "reasons": _reasons_from(matches)}


def rules_used(case: Case) -> list[str]:
    """Rules that were named for the same harm here, the last first: offered, never filled in."""
    alike = Decision.objects.filter(case__service=case.service, harm=case.harm, undone_at=None)
    named = alike.exclude(rule="").order_by("-id").values_list("rule", flat=True)[:LATEST_DECISIONS]
    return list(dict.fromkeys(named))[:MOST_RULES]


def draft_for(case: Case, answers: dict[str, str]) -> dict[str, str]:
    """The answers with the statement written anew, unless a person has changed it."""
    is_untouched = answers.get("statement", "").split() == answers.get("drafted", "").split()
    if not is_untouched and "anew" not in answers:
        return answers
    words = _drafted(case, answers)
    return answers | {"statement": words, "drafted": words}


def _drafted(case: Case, answers: dict[str, str]) -> str:
    """The statement for these choices; empty while they do not make a decision yet."""
    # A draft needs no reasons: those are for colleagues.
    form = DecisionForm(answers | {"reasons": "-", "statement": ""})
    if not form.is_valid():
        return ""
    chosen = form.cleaned_data
    kind = EnforcementKind(chosen["enforcement_kind"])
    return draft_statement(
        case=case,
        # What is kept from view comes back where nothing is wrong, and the words say so.
        enforcement_kind=to_enforce(kind, state=case_state(case)),
        ground=chosen["ground"],
        rule=chosen["rule"],
        harm=chosen["harm"],
    )


def _reasons_from(matches: Iterable[Match]) -> str:
    telling = [match for match in matches if not (match.set_aside or match.dry_run)]
    banks = sorted({match.signal.bank.name for match in telling})
    return f"Meets {', '.join(banks)}." if banks else ""
