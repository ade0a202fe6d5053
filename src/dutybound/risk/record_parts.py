"""What a written record is made of: titled sections of plain parts, for a page or a PDF."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, TypeGuard

NOT_YET = "Not recorded yet."

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must not miss. `label` says what it is, such as "Not finished"."""

    kind: ClassVar[str] = "note"
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """Names, and what is recorded under each."""

    kind: ClassVar[str] = "definitions"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list in no order that matters."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of a row names it."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """How many there are of each: a name, a count and a tone (see `TONES`), the first on top."""

    kind: ClassVar[str] = "bars"
    caption: str
    alt: str
    rows: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Strips:
    """How each stood over time. A row has a name and stretches: from, to, a tone and a word.

    Places are per cent of the width; `marks` are places with words below them.
    """

    kind: ClassVar[str] = "strips"
    caption: str
    alt: str
    marks: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, tuple[tuple[float, float, str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Spans:
    """How long things took: a name, the places of the median, of the slow end, of the target."""

    kind: ClassVar[str] = "spans"
    caption: str
    alt: str
    marks: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, float, float | None, float | None, str], ...]


TONES = ("red", "amber", "green", "slate", "violet")
"""What a chart may be coloured by; a word or a letter always stands beside."""

Part = Paragraph | Note | Definitions | Bullets | Table | Bars | Strips | Spans


@dataclass(frozen=True, slots=True)
class Section:
    """A titled section. `id` is fit for an address or a bookmark, and one of a kind in a record."""

    id: str
    title: str
    parts: tuple[Part, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A whole document. Its first section is its first page; `dated` is the day it speaks of.

    `standing` says in a few words what it is, such as "Draft, not approved".
    """

    title: str
    about: str
    standing: str
    dated: date
    sections: tuple[Section, ...]

    def walk(self) -> Iterator[tuple[int, Section]]:
        """Every section with its depth, from 1, in the order of reading."""
        stack = [(1, section) for section in reversed(self.sections)]
        while stack:
            depth, section = stack.pop()
            yield depth, section
            stack += [(depth + 1, inner) for inner in reversed(section.sections)]

    def as_dict(self) -> dict[str, Any]:
        """The record as JSON has it; each part names its `kind`."""
        return {
            "title": self.title,
            "about": self.about,
            "standing": self.standing,
            "dated": self.dated.isoformat(),
            "sections": [
                {
                    "id": section.id,
                    "title": section.title,
                    "depth": depth,
                    "parts": [{"kind": part.kind} | asdict(part) for part in section.parts],
                }
                for depth, section in self.walk()
            ],
        }


def in_words(day: date | None) -> str:
    """A day as people write it, such as 5 November 2026."""
    return NOT_YET if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def is_writable(day: date | None) -> TypeGuard[date]:
    """Whether PDF and OSCAL can hold the day: its year has four digits and begins with 19 or 2."""
    return day is not None and 1900 <= day.year <= 2999


def said(text: str) -> str:
    """What somebody wrote, or that nobody has."""
    return text.strip() or NOT_YET


def capitalised(words: str) -> str:
    """The words with a capital first, and the rest as it is."""
    return f"{words[:1].upper()}{words[1:]}"


def sentence(words: str) -> str:
    """Words that complete "because", as a sentence of their own."""
    return f"{capitalised(words)}." if words else ""


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts, such as 1 kind, or 2 kinds."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def sentences(*texts: str) -> str:
    """Texts one after the other, each with a full stop where it has no end of its own."""
    stripped = (text.strip() for text in texts)
    return " ".join(t if t.endswith((".", "!", "?", ":")) else f"{t}." for t in stripped if t)


def listed(words: Sequence[str], *, none: str = "None") -> str:
    """Words with commas between, or what is said where there are none."""
    return ", ".join(words) or none
