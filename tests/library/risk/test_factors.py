"""Risk factors: which are there, and which kinds of harm an edition links them with."""

from datetime import date

from dutybound.register.book import register
from dutybound.risk.document import Assessment
from dutybound.risk.factors import (
    Linked,
    all_factors,
    factors_of,
    factors_present,
    factors_unknown,
    kinds_linked,
)

TODAY = date(2026, 11, 25)


def test_a_factor_that_is_not_known_is_neither_there_nor_absent() -> None:
    facts = {"livestreaming": True, "commenting": False, "reposting": "unknown"}
    assessment = Assessment.model_validate({"facts": facts})

    present = {factor.id for factor in factors_present(assessment, as_of=TODAY)}
    unknown = {factor.id for factor in factors_unknown(assessment, as_of=TODAY)}

    assert present == {"livestreaming"}
    assert "reposting" in unknown
    assert "commenting" not in unknown


def test_a_link_names_the_surest_edition_that_has_it() -> None:
    links = {link.harm: link for link in kinds_linked("user_profiles", as_of=TODAY)}

    assert links["fraud"] == Linked("fraud", "final_2024", "verified")
    assert links["iia" if "iia" in links else "ccb"].confidence == "recalled"


def test_a_list_that_may_be_longer_is_joined_with_what_is_remembered() -> None:
    links = {link.harm: link.confidence for link in kinds_linked("livestreaming", as_of=TODAY)}

    assert links["hate"] == "partial"  # seen in a record
    assert links["terrorism"] == "recalled"  # kept with the kind of harm
    assert links["bullying"] == "recalled"  # of children's kinds nothing surer was seen


def test_kinds_of_a_later_day_are_not_linked() -> None:
    before = {link.harm for link in kinds_linked("direct_messaging", as_of=date(2026, 6, 24))}
    after = {link.harm for link in kinds_linked("direct_messaging", as_of=date(2026, 6, 25))}

    assert after - before == {"cyberflashing"}
    assert "direct_messaging" in factors_of("cyberflashing", as_of=TODAY)


def test_every_factor_is_a_fact_that_is_asked() -> None:
    facts = register().facts

    assert all(facts[factor].question for factor in all_factors())
