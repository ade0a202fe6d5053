"""A written record as PDF: tagged (PDF/UA-1), and the same bytes for the same record.

typst sets it, with the fonts it brings and no others, so that every machine gives the same file.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from dutybound.risk.record_parts import Record

_LONG_WORD = re.compile(r"\b[0-9a-f]{64}\b|\S{16}(?=\S{8})")
"""Longer words may break after so many letters, so that none runs out of its column. A digest fits
on a line, and whoever copies it must not copy marks that they do not see."""

_LATIN = ((0x20, 0x7E), (0xA0, 0xFF))
_SHOWN = (
    *_LATIN, (0x100, 0x377), (0x384, 0x38A), (0x38E, 0x3A1), (0x3A3, 0x484), (0x487, 0x4FF),
    (0x591, 0x5C7), (0x5D0, 0x5EA), (0x606, 0x60C), (0x61F, 0x61F), (0x621, 0x63A),
    (0x640, 0x64A), (0x660, 0x66D), (0x1E00, 0x1F15), (0x2000, 0x200B), (0x2010, 0x2029),
    (0x202F, 0x2040), (0x20A0, 0x20C0), (0x2100, 0x211E), (0x2122, 0x2122), (0x2153, 0x2184),
    (0x2190, 0x23FF), (0x2500, 0x2606),
)  # fmt: skip
"""Characters that typst's own fonts have. What has no glyph would not be read out either, so
PDF/UA forbids it; marks that turn the direction of what follows are named as well."""

_DROPPED = "\u200c\u200d\ufe0e\ufe0f\ufeff"  # joiners and variants of what is named one by one


class CannotBeSet(ValueError):
    """The record cannot be set as PDF."""


def as_pdf(record: Record) -> bytes:
    """The record as a PDF/UA-1 file. It depends on the record alone: on no clock, no locale and
    no font of the machine. Raises `CannotBeSet`.
    """
    try:
        return _compiled(record, shown=_SHOWN)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise CannotBeSet(error.message) from error
    # Single characters have glyphs, and a sequence of them does not: name all but Latin ones.
    try:
        return _compiled(record, shown=_LATIN)
    except typst.TypstError as error:
        raise CannotBeSet(error.message) from error


def _compiled(record: Record, *, shown: tuple[tuple[int, int], ...]) -> bytes:
    return typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"record": as_input(record, shown=shown)},
        timestamp=datetime.combine(record.dated, time(), UTC),
    )


def as_input(record: Record, *, shown: tuple[tuple[int, int], ...] = _SHOWN) -> str:
    """What the template reads: the record as JSON, with widths for the columns of its tables."""
    written = record.as_dict()
    named = _with_each_text(written, lambda text: _named(text, shown=shown))
    broken = _with_each_text(named, _breakable)
    for section in broken["sections"]:
        for part in section["parts"]:
            if part["kind"] == "table":
                part["widths"] = _widths((part["columns"], *part["rows"]))
    return json.dumps(broken | {"replaced": json.dumps(named) != json.dumps(written)})


@cache
def _template() -> bytes:
    return files("dutybound.risk").joinpath("data/record.typ").read_bytes()


def _with_each_text(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _with_each_text(inner, change) for key, inner in value.items()}
        case list() | tuple():
            return [_with_each_text(inner, change) for inner in value]
        case _:
            return value


def _named(text: str, *, shown: tuple[tuple[int, int], ...]) -> str:
    """The text with a name in brackets for each character that has no glyph."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown_or_named(char, shown) for char in text)


def _shown_or_named(char: str, shown: tuple[tuple[int, int], ...]) -> str:
    if char == "\n" or any(first <= ord(char) <= last for first, last in shown):
        return char
    if char.isspace():
        return " "
    if char in _DROPPED:
        return ""
    is_sign = unicodedata.category(char)[0] in "SC"
    name = unicodedata.name(char, "").lower() if is_sign else ""
    return f"[{name or f'U+{ord(char):04X}'}]"


def _breakable(text: str) -> str:
    """The text with places to break, which show nothing, inside words that are too long."""
    return _LONG_WORD.sub(lambda word: word[0] if len(word[0]) == 64 else f"{word[0]}\u200b", text)


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """How wide each column is beside the others: what its words need, then what its cells hold."""
    return [_width([row[place] for row in rows]) for place in range(len(rows[0]))]


def _width(cells: Sequence[str]) -> float:
    longest = max(
        (len(word) for cell in cells for word in re.split(r"[\s\u200b]", cell)), default=1
    )
    mean, most = sum(map(len, cells)) / len(cells), max(map(len, cells))
    return round(max(longest * 1.1, min(most, 16), min(mean, 60) * 0.8, 4), 2)
