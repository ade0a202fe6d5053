"""What names or reaches a person is taken out of words before they leave the house.

It finds what has a shape: addresses, numbers, handles, links. Names in plain words it cannot
know; whoever gives words away reads them first, and names what else to leave out.
"""

import re
from collections.abc import Iterable

from dutybound.cases.personal import personal_data_in

_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']{1,2000}", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
LEFT_OUT = "[left out]"
SHORTEST = 2
"""A single letter left out would eat words up and tell nobody anything."""


def redacted(words: str, *, leave_out: Iterable[str] = ()) -> str:
    """The words without what has the shape of a person's address, and without these."""
    named = sorted({one.strip() for one in leave_out}, key=len, reverse=True)
    for one in named:
        if len(one) >= SHORTEST:
            words = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", LEFT_OUT, words, flags=re.IGNORECASE)
    words = _POSTCODE.sub("[postcode]", _LINK.sub("[link]", words))
    pieces, end = [], 0
    for found in personal_data_in(words):
        label = found.words.removeprefix("an ").removeprefix("a ")
        pieces += [words[end : found.start], f"[{label}]"]
        end = found.end
    return "".join([*pieces, words[end:]])
