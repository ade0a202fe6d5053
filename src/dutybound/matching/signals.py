"""What identifies known content: kinds of signals, and the banks that hold them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from dutybound.matching import links, patterns, words


class SignalKind(StrEnum):
    """What a signal's value is, and so what it is compared with."""

    PDQ = "pdq"
    SHA256 = "sha256"
    MD5 = "md5"
    PHRASE = "phrase"
    PATTERN = "pattern"
    URL = "url"
    URL_PREFIX = "url_prefix"
    HOST = "host"
    DOMAIN = "domain"


class Effect(StrEnum):
    """What a match does to an item. NEVER marks known good content: it removes other matches."""

    BLOCK = "block"
    HOLD = "hold"
    FLAG = "flag"
    NEVER = "never"


class BadSignal(ValueError):
    """A value cannot be a signal of its kind; the message says what was expected."""


MAX_THRESHOLD = 48
"""Beyond 48 of 256 bits, PDQ finds pictures that have nothing in common."""

MAX_VALUE_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class Bank:
    """What a set of signals stands for, and what a match with one of them does."""

    name: str
    source: str
    harm: str
    effect: Effect
    threshold: int = 31
    any_orientation: bool = True
    leetspeak: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """One hash, link or phrase, in the form `clean_value` gives it.

    With `flag_only` its matches only flag, whatever its bank's effect; in a bank of known good
    content it then does nothing.
    """

    id: int
    kind: SignalKind
    value: str
    source_record: str = ""
    tags: tuple[str, ...] = ()
    flag_only: bool = False


_HEX_DIGITS = {SignalKind.PDQ: 64, SignalKind.SHA256: 64, SignalKind.MD5: 32}
_CLEAN_LINK = {
    SignalKind.URL: links.canonical,
    SignalKind.URL_PREFIX: links.clean_prefix,
    SignalKind.HOST: links.clean_host,
    SignalKind.DOMAIN: links.clean_domain,
}


def clean_value(
    kind: SignalKind,
    value: str,
    *,
    leetspeak: bool = False,  # noqa: ARG001 - see below
) -> str:
    """The one form in which a value is stored, or BadSignal that says what was expected.

    It is the same with leetspeak or without, so that a bank can switch it on and off; callers say
    which they mean, should the two ever have to differ.
    """
    if len(value) > MAX_VALUE_CHARACTERS:
        raise BadSignal(f"expected at most {MAX_VALUE_CHARACTERS} characters, got {len(value)}")
    if "\0" in value or not _is_encodable(value):
        raise BadSignal(f"expected text in UTF-8 without NUL, got {value[:80]!r}")
    if kind in _HEX_DIGITS:
        return _clean_hex(value, digits=_HEX_DIGITS[kind])
    try:
        if kind is SignalKind.PHRASE:
            cleaned = words.clean_phrase(value)
        elif kind is SignalKind.PATTERN:
            cleaned = patterns.clean_pattern(value)
        else:
            cleaned = _CLEAN_LINK[kind](value)
    except ValueError as error:
        raise BadSignal(str(error)) from None
    # Folding can lengthen a value: one ligature becomes up to eighteen letters.
    if len(cleaned) > MAX_VALUE_CHARACTERS:
        raise BadSignal(f"expected at most {MAX_VALUE_CHARACTERS} characters, got {len(cleaned)}")
    return cleaned


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _clean_hex(value: str, *, digits: int) -> str:
    cleaned = value.strip().lower()
    if not re.fullmatch(f"[0-9a-f]{{{digits}}}", cleaned):
        raise BadSignal(f"expected {digits} hex digits, got {value[:80]!r}")
    return cleaned
