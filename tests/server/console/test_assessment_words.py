"""What the pages of the assessment say is short, and plain enough for a child of fourteen."""

import re
import statistics
import sys
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from django.forms import Field, Form

from dutybound_server import console
from dutybound_server.console import assessment_forms, assessment_risk_forms

# textstat imports it, and reading grades need nothing of it; new setuptools no longer bring it.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))
import textstat  # type: ignore[import-untyped]  # noqa: E402

MOST_WORDS = 25
HIGHEST_GRADE = 9
PAGES = sorted(
    (Path(console.__path__[0]) / "templates/console/assessment").glob("*.html"),
)
OR = re.compile(r"{% (?:else|elif .*?) %}")
NOT_SAID = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)
BLOCKS = re.compile(r"</?(?:p|li|h\d|dt|dd|th|td|div|section|summary|button|option|label)\b[^>]*>")


def sentences_of(page: Path) -> list[str]:
    """What a page itself says, sentence by sentence; `x` stands for what it is filled with."""
    text = re.sub(r"{{.*?}}", "x", NOT_SAID.sub(" ", OR.sub("<p>", page.read_text())))
    pieces = [re.sub(r"<[^>]+>", " ", piece) for piece in BLOCKS.split(text)]
    whole = [re.split(r"(?<=[.?!:])\s", unescape(piece)) for piece in pieces]
    return [" ".join(one.split()) for sentences in whole for one in sentences if one.strip()]


def fields() -> list[Field]:
    """Every question of every form."""
    modules = (assessment_forms, assessment_risk_forms)
    found = [value for module in modules for value in vars(module).values()]
    forms = [one for one in found if isinstance(one, type) and issubclass(one, Form)]
    return [field for form in forms for field in form.base_fields.values()]


def asked() -> list[str]:
    """Labels, hints and choices of every question."""
    choices = [
        str(words)
        for field in fields()
        if isinstance(listed := getattr(field, "choices", []), list)
        for _, words in listed
    ]
    told = [str(text) for field in fields() for text in (field.label, field.help_text) if text]
    return [*dict.fromkeys([*told, *choices])]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_sentence_of_a_page_is_long(page: Path) -> None:
    assert [one for one in sentences_of(page) if len(one.split()) > MOST_WORDS] == []


def test_no_sentence_of_a_question_is_long() -> None:
    sentences = [one for text in asked() for one in re.split(r"(?<=[.?!:])\s", text)]
    assert len(sentences) > 50
    assert [one for one in sentences if len(one.split()) > MOST_WORDS] == []


def test_questions_and_pages_can_be_read_at_fourteen() -> None:
    pages = [". ".join(one.rstrip(".?!:") for one in sentences_of(page)) for page in PAGES]
    grades = [textstat.flesch_kincaid_grade(text) for text in pages if len(text.split()) > 40]

    assert textstat.flesch_kincaid_grade(" ".join(asked())) <= HIGHEST_GRADE
    assert statistics.mean(grades) <= HIGHEST_GRADE
    assert max(grades) <= HIGHEST_GRADE
