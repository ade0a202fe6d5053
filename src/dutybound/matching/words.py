"""Text brought to forms in which a phrase is found however it was dressed up.

A text is looked at in a few views, and a phrase found in any of them is found. *Plain*: compatible
characters unified (NFKC), invisible ones gone, marks piled on letters gone, lower case. *Unmasked*:
letters of other scripts that look like Latin ones replaced by them before that. Two views, since a
Russian word must stay Russian to be found in capitals. Each also with punctuation read as spaces,
so that `zonk-zonk` is `zonk zonk`; with words that are spelled out, as `z o n k`, put together;
and, where a bank asks for it, with leetspeak read as letters.

Views are keys to compare by, and never shown: people see a phrase and a text as they were written.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

_BEYOND_FIRST_PLANE = re.compile("[\U00010000-\U0010ffff]")


class _Characters:
    """A pattern with a set of characters in it.

    The engine looks each character up at once among those of the first plane, as long as the set
    has no others; else it compares it with every range of them, which takes fifty times as long.
    """

    def __init__(self, characters: Iterable[str], pattern: str = "[{0}]+") -> None:
        every = "".join(characters)
        self._beyond = frozenset(_BEYOND_FIRST_PLANE.findall(every))
        self._all = re.compile(pattern.format(every))
        self._of_first_plane = re.compile(pattern.format(_BEYOND_FIRST_PLANE.sub("", every)))

    def pattern_for(self, text: str) -> re.Pattern[str]:
        """The pattern that finds in this text what all of it would find."""
        has_none = self._beyond.isdisjoint(_BEYOND_FIRST_PLANE.findall(text))
        return self._of_first_plane if has_none else self._all

    def replaced(self, text: str, *, by: str) -> str:
        """The text with whatever fits the pattern replaced."""
        return self.pattern_for(text).sub(by, text)


_EVERY_MARK = [
    chr(c) for c in range(0x300, 0x20000) if unicodedata.category(chr(c)) in ("Mn", "Me")
]
# Letters of Latin, Greek and Cyrillic, where marks of any script only decorate; elsewhere marks
# are vowels. It begins with a mark, which the engine looks for quickly.
_MARKS_ON_LETTERS = _Characters(_EVERY_MARK, "[{0}](?<=[\u0000-\u052f][{0}])[{0}]*")
# Putting marks in order takes time by the square of their number. UAX 15 (stream-safe text) knows
# no word with more than 30 on a letter.
_TOO_MANY_MARKS = _Characters(_EVERY_MARK, "([{0}]{{30}})[{0}]+")
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
# What changes the direction of what stands beside it.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]+")
# In leetspeak i and l share the 1, so they become one letter on both sides.
_LEET_DIGITS = str.maketrans("0134578l", "oieastbi")
_LEET_SIGNS = str.maketrans("@$!|+", "asiit")
# At the end of a word ! is an exclamation mark.
_LEET_SIGN = re.compile(r"[@$!|+](?:(?<=[@$])|(?=[^\W_]))")
# Three letters or more, each a word.
_SPELLED_OUT = re.compile(r" (?:[^\W\d_] ){3,}")
_EVERY_ASCII = bytes(range(128))
_ASCII_CONTROLS = bytes(c for c in _EVERY_ASCII if _CONTROLS.match(chr(c)))
_ASCII_LOWER = _EVERY_ASCII.lower().ljust(256)
_ASCII_WORDS = bytes(c if chr(c).isalnum() else 32 for c in _EVERY_ASCII).ljust(256)
# Scripts that write words without spaces between them.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


def clean_phrase(value: str) -> str:
    """A phrase as it is stored and shown: as written, but for controls and odd spaces.

    ValueError when nothing of it can be seen.
    """
    phrase = _DIRECTIONS.sub("", _in_order_of_reading(value))
    phrase = " ".join(unicodedata.normalize("NFC", phrase).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in plain(phrase)):
        raise ValueError(f"expected a word or phrase, got {value[:80]!r}")
    return phrase


def plain(text: str) -> str:
    """The text in lower case, without invisible characters, piled marks and odd spaces."""
    return forms(text)[0]


def unmasked(text: str) -> str:
    """The plain text with letters that only look Latin replaced by the Latin ones."""
    return forms(text)[1]


def forms(text: str) -> tuple[str, str]:
    """The text plain and unmasked: in most texts they are the same."""
    if text.isascii():
        form = _spaced_once(text.encode().translate(_ASCII_LOWER, _ASCII_CONTROLS).decode())
        return form, form
    shown = _as_shown(text)
    unified = unicodedata.normalize("NFKC", shown)
    lettered = _translated(shown, *_letters_by_name())
    relettered = unified if lettered == shown else unicodedata.normalize("NFKC", lettered)
    alike = _translated(relettered, *_lookalikes())
    plain = _folded(unified)
    unmasked = plain if alike == unified else _folded(alike)
    return plain, _translated(unmasked, *_lookalikes())


def views(plain: str, unmasked: str, *, leetspeak: bool) -> tuple[str, ...]:
    """Every form of a text in which phrases are looked for, from its first two."""
    written = dict.fromkeys((plain, unmasked))
    if leetspeak:
        # A sign can be a letter or a sign: `@z0nk!` and `$uch`.
        digits_read = [view.translate(_LEET_DIGITS) for view in written]
        written |= dict.fromkeys([*digits_read, *map(_with_signs_read, digits_read)])
    worded = dict.fromkeys(map(_worded, written))
    spelled_out = dict.fromkeys(filter(None, map(_put_together, worded)))
    return tuple(written | worded | spelled_out)


def forms_of_phrase(phrase: str, *, leetspeak: bool) -> Iterator[str]:
    """The forms in which a stored phrase may stand in a text's views."""
    found = dict.fromkeys(forms(phrase))
    if leetspeak:
        digits_read = [form.translate(_LEET_DIGITS) for form in found]
        found |= dict.fromkeys([*digits_read, *map(_with_signs_read, digits_read)])
    return iter(found)


def letters_alone(text: str) -> str:
    """A key to compare whole texts by: letters as read in leetspeak, and nothing between them."""
    read = _with_signs_read(unmasked(text).translate(_LEET_DIGITS))
    return _worded(read).replace(" ", "")


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


def _in_order_of_reading(text: str) -> str:
    """The text without control characters, in the order in which it is read."""
    text = _CONTROLS.sub("", text)
    return _OVERRIDDEN.sub(lambda found: found[1][::-1], text)


def _as_shown(text: str) -> str:
    """What is seen of a text, in the order in which it is read."""
    text = _invisible().replaced(_in_order_of_reading(text), by="")
    return _TOO_MANY_MARKS.replaced(text, by=r"\1")


def _folded(text: str) -> str:
    if not text.isascii():
        text = _MARKS_ON_LETTERS.replaced(unicodedata.normalize("NFKD", text), by="")
        text = unicodedata.normalize("NFC", text)
    return _spaced_once(text.casefold())


def _spaced_once(text: str) -> str:
    return " ".join(text.split())


def _worded(text: str) -> str:
    """The words of a text, with one space between them."""
    if text.isascii():
        return _spaced_once(text.encode().translate(_ASCII_WORDS).decode())
    return _not_words().replaced(text.replace("_", " "), by=" ").strip()


def _put_together(worded: str) -> str:
    """The words that are spelled out in a text, a line each; empty when none is."""
    return "\n".join(found.replace(" ", "") for found in _SPELLED_OUT.findall(f" {worded} "))


def _with_signs_read(text: str) -> str:
    return _LEET_SIGN.sub(lambda found: found[0].translate(_LEET_SIGNS), text)


def _translated(text: str, characters: _Characters, by: Mapping[int, str]) -> str:
    # To look for any is quicker than to look at each, and in most texts there is none.
    return text.translate(by) if characters.pattern_for(text).search(text) else text


@cache
def _not_words() -> _Characters:
    r"""What stands between words. Python's \w leaves out marks, which in Hindi are vowels."""
    marks = (chr(c) for c in range(0x300, 0x20000) if unicodedata.category(chr(c))[0] == "M")
    return _Characters(marks, r"[^\w{0}]+")


@cache
def _invisible() -> _Characters:
    """Format characters, variation selectors and fillers: nothing of them is seen."""
    odd = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10))
    every = (*range(0x80, 0x20000), *range(0xE0000, 0xE0200))
    formats = (c for c in every if unicodedata.category(chr(c)) == "Cf")
    return _Characters(map(chr, (*odd, *formats)))


@cache
def _letters_by_name() -> tuple[_Characters, Mapping[int, str]]:
    """Characters whose name says which ASCII letter is dressed up in them."""
    found = {}
    for code in (*range(0x80, 0x3000), *range(0xA720, 0xA800), *range(0x1F100, 0x1F200)):
        name = _NAMES_OF_LETTERS.fullmatch(unicodedata.name(chr(code), ""))
        if name and unicodedata.normalize("NFD", chr(code)) == chr(code):
            small = name["case"] != "CAPITAL"
            found[code] = name["letter"].lower() if small else name["letter"]
    return _Characters(map(chr, found)), found


@cache
def _lookalikes() -> tuple[_Characters, Mapping[int, str]]:
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
    return _Characters(map(chr, found)), found
