"""What the settings of a bank may be, and how a change of them is told in words."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypedDict

from dutybound.matching import MAX_THRESHOLD, Effect
from dutybound.register.harms import HARMS

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class BankSettings(TypedDict, total=False):
    """What may be changed after a bank is made."""

    effect: str
    threshold: int
    any_orientation: bool
    leetspeak: bool
    enabled: bool
    dry_run: bool
    flood_share: float
    description: str


class BadBank(ValueError):
    """A setting of a bank is not what it may be; `field` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def check_new(*, name: str, source: str, harm: str) -> None:
    """Raise BadBank unless a bank may be made with these."""
    if not NAME.fullmatch(name):
        raise BadBank("name", f"expected small letters, digits and hyphens, got {name[:80]!r}")
    if not is_text(source, longest=100) or not source.strip():
        raise BadBank("source", "expected who vouches for these signals, in 1 to 100 characters")
    if harm not in HARMS:
        raise BadBank("harm", f"expected one of {', '.join(HARMS)}; got {harm[:80]!r}")


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raise BadBank at the first setting that is unknown or out of bounds."""
    for field, value in settings.items():
        if field not in _EXPECTED:
            raise BadBank(field, f"expected one of {', '.join(_EXPECTED)}; got {field[:80]!r}")
        expected, fits = _EXPECTED[field]
        if not fits(value):
            raise BadBank(field, f"expected {expected}, got {value!r:.80}")


def check_why(why: str) -> None:
    """Raise BadBank unless a reason is given: a change nobody can explain is not made."""
    if not is_text(why, longest=2000) or not why.strip():
        raise BadBank("why", "expected the reason in words, in 1 to 2,000 characters")


def is_text(value: object, *, longest: int) -> bool:
    """Whether every database can keep it: PostgreSQL takes no NUL, and UTF-8 no half characters."""
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        return False
    # JSON may name one half of a pair of surrogates, which is no character.
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


def change_in_words(*, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """One sentence: "Threshold from 31 to 24; dry run from no to yes."."""
    parts = [
        f"{_LABEL[field]} from {_in_words(before[field])} to {_in_words(value)}"
        for field, value in after.items()
    ]
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if value == "":
        return "nothing"
    return f"“{value}”" if " " in str(value) else str(value)


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_threshold(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_THRESHOLD


def _is_share(value: object) -> bool:
    return type(value) in {int, float} and 0 < value <= 1  # type: ignore[operator]


_YES_OR_NO: tuple[str, Callable[[Any], bool]] = ("yes or no (true or false)", _is_yes_or_no)
_EXPECTED: Mapping[str, tuple[str, Callable[[Any], bool]]] = MappingProxyType(
    {
        "effect": (f"one of {', '.join(Effect)}", lambda value: value in set(Effect)),
        "threshold": (f"a whole number from 0 to {MAX_THRESHOLD}", _is_threshold),
        "any_orientation": _YES_OR_NO,
        "leetspeak": _YES_OR_NO,
        "enabled": _YES_OR_NO,
        "dry_run": _YES_OR_NO,
        "flood_share": ("a share above 0 and up to 1", _is_share),
        "description": (
            "text of at most 2,000 characters",
            lambda value: is_text(value, longest=2000),
        ),
    }
)
_LABEL = MappingProxyType(
    {
        "effect": "effect",
        "threshold": "threshold",
        "any_orientation": "mirrored and turned pictures",
        "leetspeak": "leetspeak",
        "enabled": "enabled",
        "dry_run": "dry run",
        "flood_share": "flood guard share",
        "description": "description",
    }
)
