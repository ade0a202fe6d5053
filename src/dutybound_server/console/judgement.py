"""The form a case is decided with, and its first filling."""

from collections.abc import Iterable
from typing import Any

from django import forms

from dutybound.cases.judgement import (
    IN_FAVOUR,
    LONGEST_RULE,
    LONGEST_WORDS,
    EnforcementKind,
    Ground,
    to_enforce,
)
from dutybound.cases.sanctions import LENGTHS_DAYS, ForAccount, SanctionKind
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Case, Decision, Match
from dutybound_server.casework.queries import case_state
from dutybound_server.casework.statements import draft_statement
from dutybound_server.casework.subjects import ACCOUNT

OUTCOMES = (
    (EnforcementKind.TAKE_DOWN, "Take down"),
    (EnforcementKind.RESTRICT, "Restrict"),
    (EnforcementKind.LABEL, "Label"),
    (EnforcementKind.RESTORE, "Restore"),
    (EnforcementKind.NONE, "Nothing wrong"),
)
NOTHING = "nothing"
IF_ACCOUNT = (("", "It counts against it, as decisions do"), (NOTHING, "It does not count"))
SANCTIONS = (
    *IF_ACCOUNT,
    (SanctionKind.WARN, "It counts, and we warn the account"),
    (SanctionKind.LIMIT, "It counts, and we limit what the account can do"),
    (SanctionKind.SUSPEND, "It counts, and we suspend the account"),
    (SanctionKind.CLOSE, "It counts, and we close the account"),
)
LENGTHS = (
    ("", "Until somebody lifts it"),
    *((days, "1 day" if days == 1 else f"{days} days") for days in LENGTHS_DAYS),
)
GROUNDS = ((Ground.LAW, "The law"), (Ground.TERMS, "Our terms"))
LATEST_DECISIONS = 200  # of the same harm, whose rules are offered
MOST_RULES = 10
OF_ACCOUNT = ("sanction", "days")
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
    sanction = forms.ChoiceField(
        label="For the author's account",
        help_text="Leave it as it is to change nothing that counts already.",
        choices=SANCTIONS,
        required=False,
    )
    days = forms.TypedChoiceField(
        label="For how long", choices=LENGTHS, coerce=int, empty_value=None, required=False
    )
    drafted = forms.CharField(widget=forms.HiddenInput, required=False)
    """The draft as it was put into `statement`: if the two differ, a person wrote there."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("enforcement_kind") in IN_FAVOUR:
            # Nothing is taken away, so whatever ground was left ticked does not count.
            cleaned |= {"ground": Ground.NONE, "rule": ""}
            return cleaned
        if not cleaned.get("ground"):
            self.add_error("ground", "Say whether this rests on the law or on our terms.")
        if not cleaned.get("rule"):
            self.add_error("rule", "Name the section of the law or the rule of our terms.")
        return cleaned

    def judgement(self) -> dict[str, Any]:
        """The cleaned answers, named as the action takes them."""
        told = {k: v for k, v in self.cleaned_data.items() if k not in {"drafted", *OF_ACCOUNT}}
        takes_away = told["enforcement_kind"] not in IN_FAVOUR
        return {**told, "for_account": self.for_account() if takes_away else None}

    def for_account(self) -> ForAccount | None:
        """What is chosen for the account so far; None leaves it as it is, or as usual."""
        sanction, days = (self[name].value() for name in OF_ACCOUNT)
        sanction = sanction if sanction in {NOTHING, *SanctionKind} else ""
        lasts = int(days) if days in {str(one) for one in LENGTHS_DAYS} else None
        if not sanction and lasts is None:
            return None
        kind = SanctionKind(sanction) if sanction not in {"", NOTHING} else None
        return ForAccount(strike=sanction != NOTHING, sanction=kind, days=lasts)

    def fit(self, case: Case) -> None:
        """Offer what fits the case: about an account as a whole, the outcome is the sanction."""
        if case.subject_kind == ACCOUNT:
            self.fields["sanction"].widget.choices = IF_ACCOUNT


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
        suspends=bool(chosen["days"]),
    )


def _reasons_from(matches: Iterable[Match]) -> str:
    telling = [match for match in matches if not (match.set_aside or match.dry_run)]
    banks = sorted({match.signal.bank.name for match in telling})
    return f"Meets {', '.join(banks)}." if banks else ""
