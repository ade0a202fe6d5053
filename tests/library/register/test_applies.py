"""What applies to a service: known answers, and what is not known is never answered."""

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from dutybound.register.applies import Applies, duties_for, measures_for
from dutybound.register.book import Edition, register
from dutybound.register.conditions import All, Fact, Not
from dutybound.register.entries import Standing
from dutybound.register.profile import Profile, Span, levels_as_risks

TODAY = date(2026, 11, 25)
PPC = ("pornography", "suicide", "self_harm", "eating_disorder")


def rated(level: str = "low", **others: str) -> dict[str, Span]:
    """Every kind of harm at `level`, but for those named."""
    levels = dict.fromkeys(register().on(TODAY).harms, level) | others
    return levels_as_risks(levels, sub_kinds=register().sub_kinds)


def small(
    *,
    facts: Mapping[str, bool] | None = None,
    uk_users: tuple[int, int] = (500, 500),
    risks: Mapping[str, Span] | None = None,
) -> Profile:
    """A small service where everything is low, which children use, as published records have it."""
    usual = dict.fromkeys(
        (fact.id for fact in register().facts.values() if fact.derived is None), False
    )
    usual |= dict.fromkeys(("child_users", "attracts_children", "takedown_feasible"), True)
    usual |= dict.fromkeys((f"prohibits_{kind}" for kind in PPC), True)
    return Profile(usual if facts is None else facts, uk_users, risks or rated())


def applying(profile: Profile, *, as_of: date = TODAY) -> list[str]:
    """Ids of what applies and is in force."""
    return [
        answer.provision.id
        for answer in measures_for(profile, as_of)
        if answer.applies is Applies.YES and answer.standing is Standing.IN_FORCE
    ]


def test_a_small_service_at_low_risk_has_the_measures_of_published_records() -> None:
    ids = applying(small())

    assert " ".join(ids) == (
        "ICU A2 ICU C1 ICU C2 ICU D1 ICU D2 ICU D7 ICU D9 ICU D10 ICU D11 ICU D12 ICU D13 "
        "ICU G1 ICU G3 ICU H1 "
        "PCU A2 PCU C1 PCU C2 PCU D1 PCU D2 PCU D7 PCU D9 PCU D10 PCU D12 PCU D13 PCU D14 "
        "PCU G1 PCU G3"
    )


@pytest.mark.parametrize(("users", "is_large"), [(7_000_000, False), (7_000_001, True)])
def test_exactly_seven_million_users_are_not_large(users: int, is_large: bool) -> None:
    ids = applying(small(uk_users=(users, users)))

    assert ("ICU A1" in ids) is is_large


def test_sub_kinds_alone_make_no_service_multi_risk_and_csea_counts_once() -> None:
    three = {"csea_grooming": "medium", "csea_image_csam": "medium", "csea_csam_urls": "medium"}

    alone = applying(small(risks=rated(**three)))
    with_fraud = applying(small(risks=rated(fraud="medium", **three)))

    assert "ICU A3" not in alone
    assert "ICU A3" in with_fraud


def test_nothing_known_is_unknown_and_never_does_not_apply() -> None:
    answers = measures_for(Profile(), TODAY)

    assert {answer.applies for answer in answers} == {Applies.YES, Applies.UNKNOWN}
    assert all(answer.missing for answer in answers if answer.applies is Applies.UNKNOWN)


def test_a_band_of_users_is_enough_where_it_decides() -> None:
    answers = {a.provision.id: a for a in measures_for(small(uk_users=(0, 699_999)), TODAY)}

    assert answers["ICU A1"].applies is Applies.NO
    assert answers["ICU A1"].why == "the service is not large"


def test_an_answer_says_the_clause_that_decided_it() -> None:
    facts = {**small().facts, "posting_images_videos": True, "file_storage_sharing": True}
    profile = small(facts=facts, risks=rated(csea_image_csam="high"))

    answer = {a.provision.id: a for a in measures_for(profile, TODAY)}["ICU C9"]

    assert answer.applies is Applies.YES
    assert answer.why == (
        "users can share images or videos, the risk of image-based CSAM is high"
        " and it stores files and shares them by link"
    )


def test_volunteers_materials_are_idle_where_none_moderate() -> None:
    profile = small(uk_users=(8_000_000, 8_000_000))

    answer = {a.provision.id: a for a in measures_for(profile, TODAY)}["ICU C8"]

    assert (answer.applies, answer.idle) == (Applies.YES, True)


def test_the_law_of_an_earlier_day_is_answered_by_that_day() -> None:
    facts = {**small().facts, "posting_images_videos": True, "file_storage_sharing": True}
    profile = small(facts=facts, risks=rated(iia="high"))

    before, after = date(2026, 9, 29), date(2026, 9, 30)

    assert "ICU C14" not in applying(profile, as_of=before)
    assert "ICU C14" in applying(profile, as_of=after)
    assert measures_for(profile, date(2023, 1, 1)) == ()


def test_cyberflashing_counts_from_the_day_it_was_a_kind_of_its_own() -> None:
    profile = small(risks=rated(cyberflashing="medium", fraud="medium"))

    assert "ICU A3" not in applying(profile, as_of=date(2026, 6, 24))
    assert "ICU A3" in applying(profile, as_of=date(2026, 6, 25))


def test_duties_are_told_as_measures_are() -> None:
    answers = {answer.provision.id: answer for answer in duties_for(small(), TODAY)}

    assert answers["OSA-10-3A"].applies is Applies.YES
    assert answers["OSA-77"].applies is Applies.NO
    assert answers["OSA-77"].standing is Standing.PROPOSED


def test_an_answer_names_the_kinds_of_harm_that_decided_it() -> None:
    risks = rated(fraud="medium", hate="high", drugs="medium")

    answers = {a.provision.id: a for a in measures_for(small(risks=risks), TODAY)}

    assert answers["ICU A3"].why == "the service is multi-risk (hate and fraud)"
    assert answers["ICU D4"].why == (
        "at least one kind of illegal harm is at medium or high risk (hate)"
    )


def test_too_few_kinds_that_are_known_are_not_named_as_what_is_not_known() -> None:
    risks = rated(hate="high")
    del risks["drugs"]
    facts = {**small().facts, "content_recommender": True, "recommender_tests": True}

    answer = {a.provision.id: a for a in measures_for(small(facts=facts, risks=risks), TODAY)}

    assert answer["ICU E1"].why.startswith("it is not known whether at least two of terrorism,")
    assert answer["ICU E1"].missing == ("drugs",)


def test_every_answer_of_every_day_has_a_reason() -> None:
    for day in (date(2023, 11, 9), date(2024, 6, 1), date(2025, 1, 1), date(2026, 6, 24), TODAY):
        for profile in (Profile(), small(), small(risks=rated("high"))):
            for answer in (*measures_for(profile, day), *duties_for(profile, day)):
                assert answer.why


def test_threads_that_ask_new_things_at_once_get_each_their_own_answer() -> None:
    facts = [fact.id for fact in register().facts.values() if fact.derived is None][:30]
    service = Profile(facts={fact: place % 2 == 0 for place, fact in enumerate(facts)})
    asked = [All((Fact(a), Not(Fact(b)))) for a in facts for b in facts]
    program = Edition(register(), TODAY).program

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    with ThreadPoolExecutor(8) as threads:
        places = list(threads.map(program.add, asked))
    sys.setswitchinterval(usual)

    told = program.run(service)
    known = service.facts
    expected = [known[a] and not known[b] for a in facts for b in facts]
    assert [told[place] for place in places] == expected
