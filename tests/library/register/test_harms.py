"""The kinds of harm are read whole, or not at all."""

import pytest

from dutybound.register.harms import HARMS, BadRegister, read_harms

ONE = """
[[harm]]
id = "fraud"
number = "11"
name = "Fraud"
kind = "illegal"
restricted = false
confidence = "recalled"
"""


def test_every_priority_kind_of_the_act_is_there() -> None:
    numbers = {harm.number for harm in HARMS.values() if harm.kind == "illegal"}

    assert {str(number) for number in range(1, 19)} <= numbers
    assert sum(harm.kind == "children" for harm in HARMS.values()) == 15


def test_only_child_sexual_abuse_and_its_kinds_are_restricted() -> None:
    restricted = {harm.id for harm in HARMS.values() if harm.restricted}

    assert restricted == {"csea", "csea_grooming", "csea_image_csam", "csea_csam_urls"}


def test_a_harm_keeps_its_words_and_its_confidence() -> None:
    assert HARMS["iia"].name == "Intimate image abuse"
    assert HARMS["cyberflashing"].confidence == "verified"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (ONE + 'colour = "red"\n', "harm 1: missing or unknown: colour"),
        (ONE.replace('name = "Fraud"\n', ""), "harm 1: missing or unknown: name"),
        (ONE + ONE, "harm 2: fraud is there twice"),
        (ONE.replace("false", '"no"'), "harm 1: restricted is 'no'"),
        (ONE.replace("illegal", "odd"), "harm 1: kind 'odd'"),
        (ONE + "[law]\n", r"only \[\[harm\]\] tables, got law"),
    ],
)
def test_a_register_with_a_fault_is_refused_by_name(text: str, complaint: str) -> None:
    with pytest.raises(BadRegister, match=complaint):
        read_harms(text)
