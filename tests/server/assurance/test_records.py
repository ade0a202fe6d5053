"""The server's own records propose answers, with figures; they never say no."""

import pytest

from dutybound.risk.document import Assessment
from dutybound_server.assurance.records import (
    as_evidence,
    figures_of,
    harm_figures,
    harms_seen_since,
    mismatches,
)
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import TODAY

pytestmark = pytest.mark.django_db


def test_without_items_there_is_nothing_to_say(cast: Cast) -> None:
    assert figures_of(cast.ridge, now=NOW) == {}


def test_figures_stand_beside_what_they_propose(cast: Cast) -> None:
    make.media(make.item(cast.ridge))
    make.item(cast.ridge, text="words alone")
    linked = make.item(cast.ridge)
    linked.links = '["https://a.example/"]'
    linked.save()
    make.item(cast.harbour, text="of somebody else")

    figures = figures_of(cast.ridge, now=NOW)

    says = {fact: figure.says for fact, figure in figures.items()}
    assert says["posting_images_videos"] == (
        "In the last 30 days 1 of 3 items had pictures or videos."
    )
    assert says["posting_text_or_links"] == "In the last 30 days 1 of 3 items had text."
    assert says["hyperlinking"] == "In the last 30 days 1 of 3 items had links."
    assert not figures["livestreaming"].shows_it


def test_a_bank_that_matches_is_proactive_technology(cast: Cast) -> None:
    make.bank(cast.ridge, "empty")
    assert "proactive_technology" not in figures_of(cast.ridge, now=NOW)

    make.bank(cast.ridge, "slurs", phrases=["zonk"])

    assert figures_of(cast.ridge, now=NOW)["proactive_technology"].count == 1


def test_a_no_against_the_records_is_flagged_and_an_unknown_is_not(cast: Cast) -> None:
    make.media(make.item(cast.ridge))
    figures = figures_of(cast.ridge, now=NOW)

    declared = Assessment(facts={"posting_images_videos": False, "hyperlinking": False})
    found = mismatches(declared, figures)

    assert [mismatch.fact for mismatch in found] == ["posting_images_videos"]
    assert "1 of 1 items" in found[0].says
    assert mismatches(Assessment(facts={"posting_images_videos": None}), figures) == ()


def test_kinds_of_harm_are_counted_with_their_days(cast: Cast) -> None:
    make.decided_case(cast.ridge, by=cast.mo)
    make.case(cast.ridge, harm="fraud")

    figures = harm_figures(cast.ridge, now=NOW)

    assert set(figures) == {"harassment", "fraud"}
    assert (figures["harassment"].cases, figures["harassment"].upheld) == (1, 1)
    assert (figures["fraud"].cases, figures["fraud"].upheld) == (1, 0)
    assert figures["fraud"].first == figures["fraud"].last == TODAY


def test_only_what_people_decided_shows_a_harm(cast: Cast) -> None:
    make.decided_case(cast.ridge, by=cast.mo)
    make.case(cast.ridge, harm="fraud")
    figures = harm_figures(cast.ridge, now=NOW)

    assert as_evidence(figures["harassment"], today=TODAY)["shows_harm"] is True
    assert as_evidence(figures["fraud"], today=TODAY)["shows_harm"] is False
    assert harms_seen_since(cast.ridge, since=NOW) == ("harassment",)
