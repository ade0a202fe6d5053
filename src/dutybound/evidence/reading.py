"""How many years of school a text asks for, and what that says of the terms (ICU and PCU G3)."""

import re
from dataclasses import dataclass

from dutybound.evidence.documents import DOCUMENTS, SOON_DAYS
from dutybound.evidence.figures import Figure, Unit, count, days
from dutybound.evidence.probe import Given, Judged, Probe, Query
from dutybound.evidence.status import Status

SHORTEST_SENTENCE = 4
"""Headings and labels of a word or two would flatter a text."""
FEWEST_WORDS = 100
"""Of a shorter text the grade says little."""
SUITS, TOO_HARD = 8.0, 10.0
"""Who is 13, and may agree to terms without a parent, has about eight years of school."""
TERMS, TERMS_USE = "terms", "terms_accessibility"
"""Kinds of documents: the terms themselves, and how it was checked that all can find and use
them."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?:;])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
# Written and not spoken: an e at the end but for "le", and that of most -ed, -es, -ely and -ement.
_SILENT = re.compile(
    r"(?<![aeiouy])(?<!\bth)(?<!\bh)(?<!\bw)(?<!\bm)(?<!\bb)(?<!\bsh)(?<![^aeiouy]l)e$"
    r"|(?<![aeioutd])ed$|(?<![aeiouscxz])(?<!sh)(?<!ch)(?<!g)(?<![^aeiouy]l)es$|(?<=[^aeiouy])e(?=ly$|ment)"
)
# Vowels that stand together and are spoken apart.
_APART = re.compile(
    r"(?<![tscg])i[ao](?!u)|(?<![tcg])ious|i[ue]m|(?<![pg])eo(?!u)|(?<![gq])ua(?=[lt])|ying"
    r"|(?<=[^aeiouc])iet|[rlnd]ier|(?<=[cdlr])ien[ct]|\bcrea|\barea|idea|\brea[ld]i|uous"
)


def grade_of(text: str) -> float | None:
    """The Flesch-Kincaid grade of an English text; None where it is too short to say.

    Syllables are counted by rules, not from a dictionary: for a page or more that comes within
    a grade of what a dictionary says.
    """
    sentences = [_WORD.findall(one) for one in _SENTENCE_ENDS.split(text)]
    sentences = [words for words in sentences if len(words) >= SHORTEST_SENTENCE]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < FEWEST_WORDS:
        return None
    syllables = sum(syllables_in(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return round(max(grade, 0.0), 1)


def syllables_in(word: str) -> int:
    """About how many syllables an English word has; one at least."""
    word = word.lower().replace("\u2019", "'").removesuffix("'s")
    stem = _SILENT.sub("", word)
    return max(len(_VOWELS.findall(stem)) + len(_APART.findall(stem)), 1)


@dataclass(frozen=True, slots=True)
class TermsText:
    """The newest terms that are held: `grade` is None where their text could not be read."""

    held: bool
    grade: float | None
    days_left: int | None


TERMS_TEXT = Query(
    "terms_text",
    TermsText,
    "The newest version of the terms that is held: the years of school its text asks for, counted "
    "when it came, and when it is to be looked at again.",
    ("governance documents",),
)


def _terms_text(given: Given) -> Judged:
    seen = given[TERMS_TEXT]
    checked = next((one for one in given[DOCUMENTS].held if one.kind == TERMS_USE), None)
    figures = (
        Figure("Reading grade", seen.grade, Unit.GRADE, TERMS_TEXT.name),
        days("Until the terms are looked at again", seen.days_left, query=TERMS_TEXT.name),
        count("Checks that all can use them", int(checked is not None), query=DOCUMENTS.name),
    )
    status, says = _reading_status(seen)
    if status is not Status.MET:
        return Judged(status, says, figures)
    if checked is None:
        says = f"{says} Nothing is held on whether all can find and use them."
        return Judged(Status.NOT_ENOUGH, says, figures)
    if checked.days_left < 0:
        says = f"{says} The check that all can find and use them is past its day."
        return Judged(Status.STALE, says, figures)
    if checked.days_left <= SOON_DAYS or not checked.has_owner:
        says = f"{says} The check that all can find and use them ends soon, or has no owner."
        return Judged(Status.AT_RISK, says, figures)
    return Judged(status, says, figures)


def _reading_status(seen: TermsText) -> tuple[Status, str]:
    if not seen.held:
        return Status.NOT_ENOUGH, "The terms are not held here, so that nobody has read them."
    if seen.grade is None:
        return Status.NOT_ENOUGH, "The terms are held, and their text could not be measured."
    says = f"The terms ask for {seen.grade:.1f} years of school; 13-year-olds have about 8."
    if seen.grade > TOO_HARD:
        return Status.NOT_MET, says
    if seen.days_left is not None and seen.days_left < 0:
        return Status.STALE, f"{says} They are past the day on which they were to be looked at."
    if seen.grade > SUITS:
        return Status.AT_RISK, says
    return Status.MET, says


READING: tuple[Probe, ...] = (
    Probe(
        id="terms_reading_level",
        version=1,
        measures=("ICU G3", "PCU G3"),
        asks="Whether the terms can be read by the youngest who may agree to them, and found and "
        "used by all.",
        met="They ask for at most 8 years of school, and a check that all can find and use them "
        "is held, owned and in date.",
        at_risk="They ask for 8 to 10 years of school, or the check ends soon.",
        not_met="They ask for more than 10 years of school.",
        not_enough="They are not held, could not be measured, or nothing is held on their use.",
        reads=(TERMS_TEXT, DOCUMENTS),
        judge=_terms_text,
        documents=(TERMS, TERMS_USE),
    ),
)
