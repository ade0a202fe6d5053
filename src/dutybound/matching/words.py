"""Text brought to forms in which a phrase is found however it was dressed up.

A text is looked at in a few views, and a phrase found in any of them is found. *Plain*: compatible
characters unified (NFKC), invisible ones gone, marks piled on letters gone, lower case. *Unmasked*:
letters of other scripts that look like Latin ones replaced by them before that. Two views, since a
Russian word must stay Russian to be found in capitals. Each also with punctuation read as spaces,
so that `zonk-zonk` is `zonk zonk`, and, where a bank asks for it, with leetspeak read as letters.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_EVERY_MARK = "".join(
    chr(c) for c in range(0x300, 0x20000) if unicodedata.category(chr(c)) in ("Mn", "Me")
)
# Letters of Latin, Greek and Cyrillic, where marks of any script only decorate; elsewhere marks
# are vowels.
_MARKS_ON_LETTERS = re.compile(rf"(?<=[\u0000-\u052f])[{_EVERY_MARK}]+")
# What stands behind the override is shown from its end to its beginning.
_OVERRIDDEN = re.compile("\u202e([^\u202a-\u202e\\n]*)[\u202a-\u202d]?")
# Letters in a ring, a box or with a stroke, which Unicode takes for no other letter.
_NAMES_OF_LETTERS = re.compile(
    "(?:NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER|REGIONAL INDICATOR SYMBOL LETTER"
    "|PARENTHESIZED LATIN (?:CAPITAL|SMALL) LETTER|LATIN LETTER SMALL CAPITAL"
    "|LATIN (?P<case>CAPITAL|SMALL) LETTER) (?P<letter>[A-Z])(?(case) WITH .+)"
)
# All but those that are shown as a space.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+")
# In leetspeak i and l share the 1, so they become one letter on both sides.
_LEET_DIGITS = str.maketrans("0134578l", "oieastbi")
_LEET_SIGNS = str.maketrans("@$!|+", "asiit")
# At the end of a word ! is an exclamation mark.
_LEET_SIGN = re.compile(r"[@$]|[!|+](?=[^\W_])")
# Scripts that write words without spaces between them.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


def clean_phrase(value: str) -> str:
    """A phrase in its plain form, as stored; ValueError when nothing of it can be seen."""
    phrase = plain(value)
    if not any(unicodedata.category(character)[0] in "LNPS" for character in phrase):
        raise ValueError(f"expected a word or phrase, got {value[:80]!r}")
    return phrase


def plain(text: str) -> str:
    """The text in lower case, without invisible characters, piled marks and odd spaces."""
    return _folded(unicodedata.normalize("NFKC", _as_shown(text)))


def unmasked(text: str) -> str:
    """The plain text with letters that only look Latin replaced by the Latin ones."""
    lettered = unicodedata.normalize("NFKC", _as_shown(text).translate(_letters_by_name()))
    return _folded(lettered.translate(_lookalikes())).translate(_lookalikes())


def views(text: str, *, leetspeak: bool) -> tuple[str, ...]:
    """Every form of a text in which phrases are looked for."""
    written = dict.fromkeys((plain(text), unmasked(text)))
    if leetspeak:
        # A sign can be a letter or a sign: `@z0nk!` and `$uch`.
        digits_read = [view.translate(_LEET_DIGITS) for view in written]
        written |= dict.fromkeys([*digits_read, *map(_with_signs_read, digits_read)])
    worded = dict.fromkeys(_worded(view) for view in written)
    return tuple(written | worded)


def forms_of_phrase(phrase: str, *, leetspeak: bool) -> Iterator[str]:
    """The forms in which a stored phrase may stand in a text's views."""
    forms = dict.fromkeys((phrase, unmasked(phrase)))
    if leetspeak:
        digits_read = [form.translate(_LEET_DIGITS) for form in forms]
        forms |= dict.fromkeys([*digits_read, *map(_with_signs_read, digits_read)])
    return iter(forms)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what was found at start:end is whole words, not a piece of longer ones."""
    return _is_border(text, start) and _is_border(text, end)


def _is_border(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if not (_is_of_word(before) and _is_of_word(after)):
        return True
    return bool(_UNSPACED.match(before) or _UNSPACED.match(after))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _as_shown(text: str) -> str:
    """The text without control characters, in the order in which it is read."""
    text = _CONTROLS.sub("", text)
    return _OVERRIDDEN.sub(lambda found: found[1][::-1], text)


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_invisible()))
        text = unicodedata.normalize("NFC", _MARKS_ON_LETTERS.sub("", text))
    return " ".join(text.casefold().split())


def _worded(text: str) -> str:
    return _not_words().sub(" ", text).strip()


def _with_signs_read(text: str) -> str:
    return _LEET_SIGN.sub(lambda found: found[0].translate(_LEET_SIGNS), text)


@cache
def _not_words() -> re.Pattern[str]:
    r"""What stands between words. Python's \w leaves out marks, which in Hindi are vowels."""
    marks = (chr(c) for c in range(0x300, 0x20000) if unicodedata.category(chr(c))[0] == "M")
    return re.compile(rf"(?:[^\w{''.join(marks)}]|_)+")


@cache
def _invisible() -> dict[int, None]:
    """Format characters, variation selectors and fillers: nothing of them is seen."""
    odd = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10))
    every = (*range(0x80, 0x20000), *range(0xE0000, 0xE0200))
    return dict.fromkeys([*odd, *(c for c in every if unicodedata.category(chr(c)) == "Cf")])


@cache
def _letters_by_name() -> dict[int, str]:
    """Characters whose name says which ASCII letter is dressed up in them."""
    found = {}
    for code in (*range(0x80, 0x3000), *range(0xA720, 0xA800), *range(0x1F100, 0x1F200)):
        name = _NAMES_OF_LETTERS.fullmatch(unicodedata.name(chr(code), ""))
        if name and unicodedata.normalize("NFD", chr(code)) == chr(code):
            small = name["case"] != "CAPITAL"
            found[code] = name["letter"].lower() if small else name["letter"]
    return found


@cache
def _lookalikes() -> dict[int, str]:
    """Characters that look like an ASCII letter, by Unicode's confusables (UTS 39)."""
    source = files("confusable_homoglyphs").joinpath("confusables.json")
    known: dict[str, list[dict[str, str]]] = json.loads(source.read_text(encoding="utf-8"))
    found = {}
    for character, alike in known.items():
        letters = [a["c"] for a in alike if re.fullmatch("[A-Za-z]", a["c"])]
        if letters and len(character) == 1 and not character.isascii():
            # A capital is read as a capital: the Greek capital iota as I, not as l.
            of_its_case = [each for each in letters if each.isupper() == character.isupper()]
            found[ord(character)] = min(of_its_case or letters)
    return found
