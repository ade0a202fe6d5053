"""What names or reaches a person is taken out of words before they leave the house.

It finds what has a shape: addresses, numbers, handles, links. Names in plain words it cannot
know; whoever gives words away reads them first, and names what else to leave out.
"""

import re
from collections.abc import Iterable

_SHAPES = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), "[e-mail address]"),
    (re.compile(r"\b(?:https?://|www\.)[^\s<>\"']{1,2000}", re.IGNORECASE), "[link]"),
    (re.compile(r"(?<![\w@/])@[^\W_][\w.-]{0,99}"), "[handle]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "[network address]"),
    (re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().-]{0,2}\d){8,14}(?!\w)"), "[number]"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"), "[postcode]"),
)
LEFT_OUT = "[left out]"
SHORTEST = 2
"""A single letter left out would eat words up and tell nobody anything."""


def redacted(words: str, *, leave_out: Iterable[str] = ()) -> str:
    """The words without what has the shape of a person's address, and without these."""
    named = sorted({one.strip() for one in leave_out}, key=len, reverse=True)
    for one in named:
        if len(one) >= SHORTEST:
            words = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", LEFT_OUT, words, flags=re.IGNORECASE)
    for shape, label in _SHAPES:
        words = shape.sub(label, words)
    return words
