"""Personal data in free text: e-mail addresses, phone numbers, handles and the like.

It errs on the side of finding: what is published cannot be taken back, and a person can write
the same sentence without. Names of people it cannot know; the form says so.
"""

import re
import unicodedata
from dataclasses import dataclass

LEAST_DIGITS = 7
"""A phone number has as many; helplines such as 116 123 have fewer and are nobody's."""
MOST_DIGITS = 15
MARK = "[…]"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Where in a text somebody could be found by, and what it is."""

    start: int
    end: int
    words: str
    """`an e-mail address`, `a phone number`, `a handle` or `an address of the network`."""
    text: str


_EMAIL = re.compile(
    r"(?<![\w@])[\w.+'-]{1,64}\s?(?:@|\(at\)|\[at\]|\sat\s)\s?[\w-]{1,63}(?:\s?(?:\.|\(dot\)|\[dot\]|\sdot\s)\s?[\w-]{2,63})+",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}"
    r"|(?<![\w:])[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::[0-9a-f]{0,4}(?::[0-9a-f]{1,4}){0,6}",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@/.])@(?=[\w.]{2})[\w.]*\w(?:@[\w.-]+\w)?|(?<!\w)u/\w{3,}", re.IGNORECASE
)
_PROFILE = re.compile(
    r"(?:https?://|www\.)\S{0,300}?/(?:@|u/|user/|users/|profile/|in/)[\w.-]+", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w.,/-])\+?\(?\d(?:[\s().-]{0,3}\d){6,14}(?!\w)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4}")
_SORTS = (
    (_EMAIL, "an e-mail address"),
    (_PROFILE, "the address of a profile"),
    (_NETWORK, "an address of the network"),
    (_HANDLE, "a handle"),
    (_PHONE, "a phone number"),
)


def personal_data_in(text: str) -> list[Found]:
    """Everything of that kind in the text, in order, none inside another."""
    # What is invisible is left out, so that it parts no address; each character keeps its place.
    seen = [place for place, one in enumerate(text) if unicodedata.category(one) != "Cf"]
    plain = "".join(_plain(text[place]) for place in seen)
    found: list[Found] = []
    taken = bytearray(len(text))
    for pattern, words in _SORTS:
        for hit in pattern.finditer(plain):
            start, end = seen[hit.start()], seen[hit.end() - 1] + 1
            if not any(taken[start:end]) and _counts(words, hit.group()):
                taken[start:end] = b"\1" * (end - start)
                found.append(Found(start, end, words, text[start:end]))
    return sorted(found)


def without_personal_data(text: str) -> str:
    """The text with a mark in place of each; a draft for a person to read over."""
    for one in reversed(personal_data_in(text)):
        text = text[: one.start] + MARK + text[one.end :]
    return text


def _plain(character: str) -> str:
    """A full-width @ or a digit of another script as the ordinary one; always one character."""
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return character
    return str(unicodedata.digit(plain)) if plain.isdigit() else plain


def _counts(words: str, text: str) -> bool:
    if words == "an address of the network" and ":" not in text:
        return all(int(part) < 256 for part in text.split("."))
    if words != "a phone number":
        return True
    return LEAST_DIGITS <= sum(map(str.isdigit, text)) <= MOST_DIGITS and not _is_days(text)


def _is_days(text: str) -> bool:
    return not any(map(str.isdigit, _DAY.sub("", text)))


def longest_within(text: str, length: int) -> str:
    """The text cut to a length at a space, with a mark where it was cut."""
    if len(text) <= length:
        return text
    cut = text[: length - 2].rsplit(None, 1)[0]
    return f"{cut} …"
