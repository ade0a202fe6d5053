"""Signposts: somebody for every kind of harm in every nation, with the day they were checked."""

from datetime import timedelta

import pytest

from dutybound.cases.clocks import NATIONS
from dutybound.cases.signposts import (
    all_signposts,
    emergency,
    harms_listed,
    overdue,
    signposts_for,
)
from dutybound.register.harms import HARMS


def test_a_kind_of_harm_nobody_listed_still_leads_to_somebody() -> None:
    assert [one.id for one in signposts_for("new", nation="ENG", for_child=False)] == [
        "police",
        "samaritans",
        "childline",
    ]


def test_every_kind_of_harm_of_the_register_has_somebody_of_its_own() -> None:
    assert set(HARMS) - harms_listed() == set()


@pytest.mark.parametrize("nation", NATIONS)
def test_every_kind_of_harm_leads_to_somebody_in_every_nation(nation: str) -> None:
    for harm in ("", *HARMS):
        for for_child in (False, True):
            found = signposts_for(harm, nation=nation, for_child=for_child)
            assert found, (harm, for_child)
            assert all(nation in one.nations for one in found)
            assert all(one.for_children for one in found) or not for_child


def test_a_helpline_of_one_nation_is_not_shown_in_another() -> None:
    wales = signposts_for("ccb", nation="WLS", for_child=False)
    ulster = signposts_for("ccb", nation="NIR", for_child=False)

    assert [one.id for one in wales] == ["live_fear_free"]
    assert [one.id for one in ulster] == ["domestic_ni"]


def test_everybody_can_be_reached_and_has_a_name_in_both_languages() -> None:
    for one in all_signposts():
        assert one.phone or one.web, one.id
        assert one.names.keys() == one.does.keys() == {"en", "cy"}, one.id
        assert one.sure in {"seen", "recalled"}
    assert emergency().phone == "999"
    assert emergency().name_in("fr") == emergency().name_in("en")


def test_one_that_nobody_checked_for_a_year_is_told() -> None:
    checked = [one.last_checked for one in all_signposts() if one.last_checked]
    never = {one.id for one in all_signposts() if one.last_checked is None}

    assert {one.id for one in overdue(today=max(checked))} == never
    assert len(overdue(today=max(checked) + timedelta(days=366))) == len(all_signposts())
    assert all((one.sure == "seen") is (one.last_checked is not None) for one in all_signposts())
