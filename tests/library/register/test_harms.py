"""The kinds of harm, as they are named today."""

from dutybound.register.harms import HARMS


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
    assert HARMS["suicide_self_harm"].name.endswith("serious self-harm")
