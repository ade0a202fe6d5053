"""Drafts for terms, users and the board: nothing is said that the answers do not support."""

import re
import sys
from collections.abc import Callable
from datetime import date
from types import ModuleType

import pytest

from dutybound.register.book import register
from dutybound.risk.document import Assessment
from dutybound.risk.drafts import board_summary, statement_for_users, terms_clauses
from dutybound.risk.drafts_clauses import CHILDREN, TERMS
from dutybound.risk.pdf import as_pdf
from dutybound.risk.record import written_record
from dutybound.risk.record_parts import Bullets, Note, Paragraph, Record, Table
from tests.library.risk.filled import TODAY, adults_only, filled_in, village_forum
from tests.library.risk.test_pdf import opened

# textstat imports it, and reading grades need nothing of it; new setuptools no longer bring it.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))
import textstat  # type: ignore[import-untyped]  # noqa: E402

HARDEST_GRADE = 9
LONGEST_SENTENCE = 25
EVERYTHING = [provision.id for provision in register().provisions]
DRAFTS = {draft.__name__: draft for draft in (terms_clauses, statement_for_users, board_summary)}
Draft = Callable[..., Record]


def with_controls(state: str, measures: object = EVERYTHING, **changes: object) -> Assessment:
    """The village forum with one control, in that state, behind these measures."""
    control = {"id": "all", "title": "We do it", "state": state, "measures": measures}
    return village_forum(controls=[control], **changes)


def with_facts(**facts: object) -> dict[str, object]:
    return {"facts": dict(village_forum().facts) | facts}


def words(record: Record) -> list[str]:
    return [
        part.text
        for _, section in record.walk()
        for part in section.parts
        if isinstance(part, Paragraph)
    ]


def notes(record: Record) -> str:
    found = (p for _, section in record.walk() for p in section.parts if isinstance(p, Note))
    return "\n".join(f"{note.label}: {note.text}" for note in found)


PROMISES = [
    ("ICU C2", "We take down illegal content quickly"),
    ("ICU H1", "We remove accounts that banned terrorist groups run."),
    ("ICU C9", "lists of known abuse images"),
    ("OSA-66", "National Crime Agency"),
    ("OSA-10-3A", "within 48 hours"),
    ("OSA-20A", "within 48 hours"),
    ("ICU D1", "You can report content to us."),
    ("ICU D4", "how long it may take"),
    ("ICU D8 or ICU D9", "you can appeal"),
    ("ICU D10", "put things back"),
    ("PCU C2", "We act quickly on content that harms children."),
]


@pytest.mark.parametrize(("measure", "promise"), PROMISES)
def test_a_promise_is_made_only_if_a_control_in_place_stands_behind_it(
    measure: str, promise: str
) -> None:
    all_but_it = [one for one in EVERYTHING if one not in measure.split(" or ")]

    kept = "\n".join(words(terms_clauses(with_controls("in_place"), as_of=TODAY)))
    broken = "\n".join(words(terms_clauses(with_controls("in_place", all_but_it), as_of=TODAY)))

    assert promise in kept
    assert promise not in broken


@pytest.mark.parametrize("state", ["task", "alternative", "refused", "idle", "declined", "unknown"])
def test_a_control_that_is_not_in_place_promises_nothing(state: str) -> None:
    told = terms_clauses(with_controls(state), as_of=TODAY)

    assert not any(text.startswith("We ") for text in words(told) if "no software" not in text)
    assert "Nothing is in place yet for ICU C2 (Swift take-down)" in notes(told)


def test_where_not_everything_can_be_taken_down_the_parts_are_named() -> None:
    surfaces = [
        {"name": "Posts", "takedown_feasible": True},
        {"name": "Private messages", "takedown_feasible": False},
        {"name": "Calls"},
    ]
    service = {"name": "Ridge Forum", "surfaces": surfaces}
    partly = with_controls("in_place", service=service, **with_facts(takedown_feasible=False))

    (section,) = (s for s in terms_clauses(partly, as_of=TODAY).sections if s.id == "taking-down")

    assert section.parts == (
        Paragraph("We take down illegal content quickly in these parts:"),
        Bullets(("Posts",)),
        Paragraph("We cannot take content down in these parts:"),
        Bullets(("Private messages",)),
    )


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (True, "Software looks for harmful content before anybody reports it."),
        (False, "We use no software that looks for harmful content before it is reported."),
    ],
)
def test_software_that_looks_for_content_is_told_as_answered(fact: bool, said: str) -> None:
    facts = with_facts(proactive_technology=fact)

    told = words(terms_clauses(village_forum(**facts), as_of=TODAY))

    assert [text for text in told if "oftware" in text] == [said]


def test_what_is_not_known_is_asked_and_not_said() -> None:
    told = terms_clauses(
        with_controls("in_place", **with_facts(proactive_technology=None)), as_of=TODAY
    )

    assert not any("oftware" in text for text in words(told))
    assert "It uses proactive technology" in notes(told)


def test_a_declared_lack_of_software_beside_hash_matching_is_a_contradiction() -> None:
    told = terms_clauses(with_controls("in_place"), as_of=TODAY)

    assert "The answers disagree" in notes(told)
    assert not any("no software" in text for text in words(told))


def test_children_have_a_section_unless_they_are_not_there() -> None:
    sections = {
        name: {s.id for s in terms_clauses(document, as_of=TODAY).sections}
        for name, document in (("a", village_forum()), ("b", adults_only()), ("c", Assessment()))
    }

    assert "children" in sections["a"]
    assert "children" not in sections["b"]
    assert "children" in sections["c"]


def test_before_the_48_hours_were_law_the_terms_say_nothing_of_them() -> None:
    before = terms_clauses(with_controls("in_place"), as_of=date(2026, 6, 28))

    assert not any("48 hours" in text for text in words(before))


def test_an_empty_assessment_supports_only_rules_for_users() -> None:
    told = words(terms_clauses(Assessment(), as_of=TODAY))

    assert all(text.startswith("You must not") for text in told)
    assert len(told) == 3


def test_a_level_that_may_turn_out_higher_is_not_told_as_low() -> None:
    levels = dict.fromkeys(village_forum().risks, "low")
    del levels["csea_grooming"]

    (page,) = board_summary(village_forum(risks=levels), as_of=TODAY).sections

    (table,) = (p for p in page.parts if isinstance(p, Table) and p.caption == "What is at risk")
    assert ("Not known", "2", "child sexual exploitation and abuse, grooming") in table.rows


@pytest.mark.parametrize("name", DRAFTS)
def test_every_draft_says_that_it_is_one(name: str) -> None:
    for document in (filled_in(), Assessment()):
        assert "Draft: Check every sentence" in notes(DRAFTS[name](document, as_of=TODAY))


def test_the_board_gets_one_page_whatever_is_open() -> None:
    tasks = [
        {"id": str(n), "title": f"Task {n} " + "that is long " * 12, "state": "task"}
        for n in range(30)
    ]

    for document in (filled_in(), Assessment(), village_forum(controls=tasks)):
        pdf = opened(as_pdf(board_summary(document, as_of=TODAY)))
        assert re.findall(r"/Type/Pages/Count (\d+)", pdf) == ["1"]


def test_no_sentence_is_long_and_none_is_hard_to_read() -> None:
    clauses = [c.text for _, _, clauses in TERMS for c in clauses] + [c.text for c in CHILDREN]
    supported = with_controls("in_place", **with_facts(proactive_technology=True))
    drafted = [
        text
        for draft in DRAFTS.values()
        for document in (filled_in(), supported, Assessment())
        for text in words(draft(document, as_of=TODAY))
    ]
    recorded = [
        text
        for document in (filled_in(), supported, Assessment())
        for record in [written_record(document, as_of=TODAY)]
        for text in (*words(record), *notes(record).split("\n"))
        if not text.startswith(
            ("Ofcom's rules ask", "Our own rules ask")
        )  # a sentence of levels.py
    ]
    for text in (*clauses, *drafted, *recorded):
        longest = max(len(sentence.split()) for sentence in re.split(r"[.!?:]\s", text))
        assert longest <= LONGEST_SENTENCE, text
        assert textstat.flesch_kincaid_grade(text) <= HARDEST_GRADE, text
