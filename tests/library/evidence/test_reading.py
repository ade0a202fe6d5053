"""How hard a text is to read is counted by rules, near enough to what a dictionary says."""

import sys
from types import ModuleType

import pytest

from dutybound.evidence.reading import FEWEST_WORDS, grade_of, syllables_in

# textstat imports it, and reading grades need nothing of it; new setuptools no longer bring it.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))
import textstat  # type: ignore[import-untyped]  # noqa: E402

PLAIN = "You can tell us when you see a post that is wrong. A person will look at it soon. "
HARD = (
    "Notwithstanding the aforementioned provisions, the organisation reserves the unconditional "
    "entitlement to discontinue, without prior notification, any functionality whatsoever, "
    "irrespective of contractual obligations communicated previously to individual subscribers. "
)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "the be he we me she made rules scored moved used these friend page asked looked"),
        (2, "table people wanted added science client really create even likely safely cities"),
        (3, "idea video area decided usual media radio agreement however various serious"),
        (4, "usually information material experience variety illegally"),
    ],
)
def test_the_syllables_of_common_words_are_those_of_a_dictionary(count: int, words: str) -> None:
    assert {word: syllables_in(word) for word in words.split()} == dict.fromkeys(
        words.split(), count
    )


def test_what_is_too_short_has_no_grade() -> None:
    assert grade_of("") is None
    assert grade_of("word " * (FEWEST_WORDS - 1)) is None
    # Headings alone are no text, however many.
    assert grade_of("Our rules\n" * 100) is None


def test_headings_and_list_marks_do_not_make_a_text_easier() -> None:
    with_headings = "".join(f"Rule {number}\n\n{HARD}\n" for number in range(9))

    assert grade_of(with_headings) == grade_of(HARD * 9)


@pytest.mark.parametrize("text", [PLAIN * 9, HARD * 9, (PLAIN + HARD) * 9])
def test_the_grade_is_near_that_of_another_program(text: str) -> None:
    grade = grade_of(text)

    assert grade == pytest.approx(max(textstat.flesch_kincaid_grade(text), 0.0), abs=1.5)


def test_plain_words_ask_for_few_years_of_school_and_long_ones_for_many() -> None:
    plain, hard = grade_of(PLAIN * 9), grade_of(HARD * 9)

    assert plain is not None
    assert hard is not None
    assert plain < 5 < 20 < hard
