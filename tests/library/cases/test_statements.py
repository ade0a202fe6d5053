"""A statement of reasons: its shape, and that its free text names nobody."""

from time import process_time
from typing import Any

import pytest

from dutybound.cases.personal import MARK, longest_within, personal_data_in, without_personal_data
from dutybound.cases.priority import SEVERITY
from dutybound.cases.statements import (
    CATEGORIES,
    EEA,
    category_of,
    check_statement,
    check_statements,
)

GOOD: dict[str, Any] = {
    "puid": "ridge-1",
    "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "incompatible_content_ground": "Be kind",
    "incompatible_content_explanation": "It calls a person zonk.",
    "content_type": ["CONTENT_TYPE_TEXT"],
    "category": "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    "territorial_scope": list(EEA),
    "content_date": "2026-11-20",
    "application_date": "2026-11-23",
    "decision_facts": "A person reported it.",
    "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
    "automated_detection": "No",
    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
}


def fields(**changes: object) -> list[str]:
    statement = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return [trouble.field for trouble in check_statement(statement)]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"puid": "ridge 1"}, ["puid"]),
        ({"puid": None}, ["puid"]),
        ({"decision_visibility": None}, ["statement"]),
        ({"decision_visibility": []}, ["decision_visibility"]),
        ({"decision_visibility": ["DECISION_VISIBILITY_OTHER"]}, ["decision_visibility_other"]),
        ({"decision_visibility_other": "smaller"}, ["decision_visibility_other"]),
        ({"illegal_content_legal_ground": "s.1"}, ["illegal_content_legal_ground"]),
        ({"incompatible_content_ground": None}, ["incompatible_content_ground"]),
        ({"category": "STATEMENT_CATEGORY_PORNOGRAPHY_OR_SEXUALIZED_CONTENT"}, ["category"]),
        ({"content_date": "1999-12-31"}, ["content_date"]),
        ({"application_date": "2019-12-31"}, ["application_date"]),
        ({"application_date": "2026-02-30"}, ["application_date"]),
        ({"end_date_account_restriction": "2026-11-22"}, ["end_date_account_restriction"]),
        ({"decision_facts": "z" * 5001}, ["decision_facts"]),
        ({"decision_facts": " \n"}, ["decision_facts"]),
        ({"territorial_scope": ["GB"]}, ["territorial_scope[0]"]),
        ({"content_type": ["CONTENT_TYPE_OTHER"]}, ["content_type_other"]),
        ({"category_specification_other": "zonk"}, ["category_specification"]),
        ({"colour": "red"}, ["colour"]),
        ({"decision_facts": "Ask bram@example.com."}, ["decision_facts"]),
    ],
)
def test_what_is_wrong_is_found_in_its_field(changes: dict[str, object], wrong: list[str]) -> None:
    assert fields(**changes) == wrong


@pytest.mark.parametrize("thing", [None, 7, "zonk", [GOOD], {}])
def test_what_is_no_statement_is_wrong_and_breaks_nothing(thing: object) -> None:
    assert check_statement(thing)


def test_a_statement_in_order_has_no_trouble() -> None:
    assert check_statement(GOOD) == []


def test_two_statements_do_not_share_an_id() -> None:
    troubles = check_statements([GOOD, {**GOOD, "puid": "ridge-2"}, GOOD])

    assert [(place, trouble.field) for place, trouble in troubles] == [(0, "puid"), (2, "puid")]


def test_every_kind_of_harm_has_a_category_that_the_schema_knows() -> None:
    assert set(CATEGORIES) == set(SEVERITY)
    for harm in CATEGORIES:
        assert fields(**category_of(harm)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Write to bram.o'hill@mail.example.com now", "an e-mail address"),
        ("bram (at) example (dot) com", "an e-mail address"),
        ("bram\uff20example.com", "an e-mail address"),
        ("b\u200bram@exam\u200bple.com", "an e-mail address"),
        ("Ring 07700 900123 today", "a phone number"),
        ("+44 (0)20 7946 0018", "a phone number"),
        ("call 020-7946-0018.", "a phone number"),
        ("It was @bram_the_zonk again", "a handle"),
        ("(@bram@social.example)", "a handle"),
        ("posted by u/bramhill", "a handle"),
        ("see https://forum.example/user/bram for it", "the address of a profile"),
        ("from 192.0.2.17 at night", "an address of the network"),
        ("from 2001:db8:0:0:0:0:0:1", "an address of the network"),
        ("from 2001:db8::17 at night", "an address of the network"),
    ],
)
def test_what_a_person_can_be_found_by_is_found(text: str, what: str) -> None:
    assert [found.words for found in personal_data_in(text)] == [what]
    assert personal_data_in(without_personal_data(text)) == []
    assert MARK in without_personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "We took down your post because it breaks our rules (Be kind).",
        "Public Order Act 1986, section 5; see s.127(1) of the Act of 2003.",
        "On 23 November 2026 at 14:05 and on 2026-11-23 and 23/11/2026.",
        "Call 116 123 at any time, or 999 in danger.",
        "It was seen 1,200 times in 24 h, 12.5 % of them by children.",
        "Rule 4.1.2 of our terms; version 2.0",
        "email your friends @ home",
        "See: it was at 14:05, in case abc: nothing",
    ],
)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert personal_data_in(text) == []
    assert without_personal_data(text) == text


def test_a_text_that_is_too_long_is_cut_between_words() -> None:
    assert longest_within("one two three", 13) == "one two three"
    assert longest_within("one two three four", 13) == "one two …"


@pytest.mark.parametrize("piece", ["a.", "a@", "http://", "1 ", "a at ", "a@b.", "(1", "\u200b"])
def test_no_text_keeps_the_check_busy(piece: str) -> None:
    begun = process_time()

    personal_data_in(piece * (20_000 // len(piece)))

    assert process_time() - begun < 2
