"""The questions of the banks pages, in the words of somebody who has to answer them."""

from typing import Any, cast

from django import forms

from dutybound.matching import MAX_THRESHOLD, Effect, SignalKind
from dutybound_server.banks.actions import WrongRows
from dutybound_server.banks.checks import BankSettings
from dutybound_server.banks.models import Bank
from dutybound_server.console.judgement import harm_choices

KNOWN_TO_BE_FINE = (
    "Never match: what is in this bank is known to be fine, so other banks leave the same picture "
    "or text alone"
)
EFFECTS = (
    (Effect.BLOCK, "Block: the item is refused before anybody sees it"),
    (Effect.HOLD, "Hold: nobody sees the item until a moderator has decided"),
    (Effect.FLAG, "Flag: the item appears, and a moderator looks at it"),
    (Effect.NEVER, KNOWN_TO_BE_FINE),
)
KINDS = (
    (SignalKind.PHRASE, "Words or phrases"),
    (SignalKind.PATTERN, "Patterns (regular expressions)"),
    (SignalKind.URL, "Exact web addresses"),
    (SignalKind.URL_PREFIX, "Everything under a web address"),
    (SignalKind.HOST, "Hosts, such as images.example.com"),
    (SignalKind.DOMAIN, "Domains with all their hosts, such as example.com"),
    (SignalKind.PDQ, "PDQ hashes of pictures (64 hex digits)"),
    (SignalKind.SHA256, "SHA-256 of files (64 hex digits)"),
    (SignalKind.MD5, "MD5 of files (32 hex digits)"),
)
KIND_NAMES = {
    SignalKind.PHRASE: "phrase",
    SignalKind.PATTERN: "pattern",
    SignalKind.URL: "address",
    SignalKind.URL_PREFIX: "start of address",
    SignalKind.HOST: "host",
    SignalKind.DOMAIN: "domain",
    SignalKind.PDQ: "picture (PDQ)",
    SignalKind.SHA256: "file (SHA-256)",
    SignalKind.MD5: "file (MD5)",
}


class Why(forms.Form):
    """Every change of a bank says why; the answer stays in its history."""

    why = forms.CharField(
        label="Why?",
        max_length=2000,
        help_text="Stays in the bank's history, for colleagues and auditors.",
    )


class Settings(Why):
    effect = forms.ChoiceField(
        label="When something matches", choices=EFFECTS, widget=forms.RadioSelect, initial="hold"
    )
    threshold = forms.IntegerField(
        label="How different a picture may be",
        min_value=0,
        max_value=MAX_THRESHOLD,
        initial=31,
        help_text="Bits of 256 in which its PDQ hash may differ from a signal's.",
    )
    any_orientation = forms.BooleanField(
        label="Also match mirrored and turned pictures", required=False, initial=True
    )
    leetspeak = forms.BooleanField(
        label="Also match leetspeak: z0nk for zonk",
        required=False,
        help_text="Finds more disguised words, and now and then a harmless one.",
    )
    dry_run = forms.BooleanField(
        label="Dry run",
        required=False,
        help_text="Matches are recorded and shown; no item is blocked or held because of them.",
    )
    flood_percent = forms.FloatField(
        label="Flood guard, in per cent of recent items",
        min_value=0.01,
        max_value=100,
        initial=5,
        help_text="A signal that matches more than this may only flag, until somebody has looked.",
    )
    description = forms.CharField(
        label="What is in this bank",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order: tuple[str, ...] = (
        "effect",
        "threshold",
        "any_orientation",
        "leetspeak",
        "flood_percent",
        "dry_run",
        "enabled",
        "description",
        "why",
    )

    def settings(self) -> BankSettings:
        """What was answered, as the actions take it."""
        answers = {name: self.cleaned_data[name] for name in self.fields if name in _SETTINGS}
        answers["flood_share"] = round(self.cleaned_data["flood_percent"] / 100, 6)
        return cast("BankSettings", answers)


_SETTINGS = BankSettings.__annotations__.keys() - {"flood_share"}


class ChangeBank(Settings):
    enabled = forms.BooleanField(
        label="Enabled",
        required=False,
        help_text="While it is not, the bank keeps its signals and matches nothing.",
    )

    @classmethod
    def of(cls, bank: Bank, answers: Any = None) -> "ChangeBank":  # noqa: ANN401 - a QueryDict
        """The form as it stands for the bank."""
        initial = {name: getattr(bank, name) for name in _SETTINGS}
        return cls(answers, initial={**initial, "flood_percent": f"{bank.flood_share * 100:.6g}"})


class CreateBank(Settings):
    name = forms.SlugField(
        label="Name",
        max_length=64,
        help_text="Small letters, digits and hyphens. It appears in every answer and stays.",
    )
    source = forms.CharField(
        label="Who vouches for it",
        max_length=100,
        help_text="Your own moderators, or the organisation that gave you the list.",
    )
    harm = forms.ChoiceField(
        label="Kind of harm",
        choices=lambda: [("", "Choose one"), *harm_choices()],
        help_text="Decides who may see its matches and how urgent its cases are.",
    )

    field_order = ("name", "source", "harm", *Settings.field_order)


class PasteSignals(Why):
    kind = forms.ChoiceField(label="What are they?", choices=KINDS)
    lines = forms.CharField(label="One on each line", widget=forms.Textarea(attrs={"rows": 8}))

    field_order = ("kind", "lines", "why")

    def values(self) -> list[str]:
        lines: str = self.cleaned_data["lines"]
        return [line.strip() for line in lines.splitlines() if line.strip()]


class PictureSignal(Why):
    picture = forms.FileField(
        label="Picture",
        help_text="It is compared here and not kept; only its hash goes into the bank.",
    )
    look_alikes = forms.TypedChoiceField(
        label="What should match?",
        choices=(
            ("yes", "The picture and edited copies of it"),
            ("no", "Only this very file, byte for byte"),
        ),
        coerce=lambda answer: answer == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )

    field_order = ("picture", "look_alikes", "why")


class ImportSignals(Why):
    file = forms.FileField(
        label="File",
        help_text="CSV, JSON, an export of HMA, or a bank file of the dutybound command.",
    )
    kind = forms.TypedChoiceField(
        label="What are rows that do not say it?",
        choices=(("", "Every row says what it is"), *KINDS),
        required=False,
        coerce=SignalKind,
        empty_value=None,
    )
    wrong_rows = forms.TypedChoiceField(
        label="If a row is wrong",
        choices=(
            (WrongRows.REFUSE_ALL, "Take nothing, and say which rows"),
            (WrongRows.LEAVE_OUT, "Leave wrong rows out, and list them"),
        ),
        coerce=WrongRows,
        initial=WrongRows.REFUSE_ALL,
        widget=forms.RadioSelect,
    )

    field_order = ("file", "kind", "wrong_rows", "why")
