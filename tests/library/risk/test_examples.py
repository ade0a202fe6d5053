"""Five services, and what the Codes recommend for each: worked out by hand from the register."""

from datetime import date
from pathlib import Path

import pytest

from dutybound.register.applies import Answer, Applies, measures_for
from dutybound.register.entries import Standing
from dutybound.risk.access import access_of
from dutybound.risk.document import Assessment
from dutybound.risk.known import known
from dutybound.risk.levels import objections
from dutybound.risk.profiles import read_profile
from dutybound.risk.questions import progress
from dutybound.risk.scope import scope_of

TODAY = date(2026, 11, 25)
EXAMPLES = Path(__file__).parents[3] / "examples"

# Everybody's measures; D9 is for those that are neither large nor multi-risk, D8 for the others.
EVERYBODY = "ICU A2 C1 C2 D1 D2 D7 D10 D11 D12 D13 G1 G3 H1"
CHILDREN_COME = "PCU A2 C1 C2 D1 D2 D7 D10 D13 D14 G1 G3"

EXPECTED = {
    # 140 people, all low: nothing but what everybody has, the two D9, and PCU D12.
    "village-forum": "ICU D9 PCU D9 D12",
    # Harassment and CSEA at medium make it multi-risk: A3, A5 to A7, C3 to C8 and D8. A medium kind
    # brings D4 and D6; D3 and D5 only where children come, whom its record says no to.
    "university-matrix-homeserver": "ICU A3 A5 A6 A7 C3 C4 C5 C6 C7 C8 D4 D6 D8",
    # Multi-risk as well. Files of any kind, high for CSAM and for intimate images: C9 and C14
    # at any size, since it stores and shares files. Nobody posts text, so no C10.
    "file-sharing-site": "ICU A3 A5 A6 A7 C3 C4 C5 C6 C7 C8 C9 C14 D4 D6 D8",
    # Multi-risk. High for intimate images with over 700,000 users: C14; CSAM is low, so no C9.
    # A badge (J3) and blocking (J1) are asked of large services only.
    "dating-app": "ICU A3 A5 A6 A7 C3 C4 C5 C6 C7 C8 C14 D4 D6 D8",
    # Large, multi-risk in both Codes, children come: all of them, but D9 and PCU D9 and D12; no age
    # gate by PCU B2 to B5, since it is not there for such content, forbids all of it and can take
    # it down. C15, C16 and PCU C11 are before Parliament. Category 1: both G2.
    "video-platform": (
        "ICU A1 A3 A4 A5 A6 A7 C3 C4 C5 C6 C7 C8 C9 C10 C14 D3 D4 D5 D6 D8 D14 "
        "ICU E1 F1 F2 G2 J1 J2 J3 "
        "PCU A1 A3 A4 A5 A6 A7 B1 B6 B7 C3 C4 C5 C6 C7 C8 D3 D4 D5 D6 D8 D11 E1 E2 E3 G2 "
        "PCU-UNVERIFIED F1 F2 F3 F4 F5 J1 J2 J3"
    ),
}
CHILDREN_DO_NOT_COME = ("university-matrix-homeserver", "file-sharing-site", "dating-app")
IDLE = {
    "village-forum": {"ICU D11"},  # no software looks for anything
    "university-matrix-homeserver": {"ICU D11"},
    "file-sharing-site": {"ICU C8", "ICU H1"},  # no volunteers, and no accounts
    "dating-app": {"ICU C8"},
    "video-platform": {"ICU C8", "PCU C8"},
}


def example(name: str) -> Assessment:
    path = EXAMPLES / name / "profile.toml"
    return read_profile(path.read_text("utf-8"), file=str(path))


def in_force(assessment: Assessment) -> list[Answer]:
    answers = measures_for(known(assessment, as_of=TODAY), TODAY)
    return [answer for answer in answers if answer.standing is Standing.IN_FORCE]


def ids(short: str) -> set[str]:
    """`ICU A1 A2 PCU A1` as the ids they stand for."""
    found, code = set(), ""
    for word in short.split():
        if word in ("ICU", "PCU", "PCU-UNVERIFIED"):
            code = f"{word}-" if word.endswith("UNVERIFIED") else f"{word} "
        else:
            found.add(code + word)
    return found


def test_every_example_is_expected_here() -> None:
    assert {path.parent.name for path in EXAMPLES.glob("*/profile.toml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_has_the_measures_that_its_words_and_the_codes_come_to(name: str) -> None:
    children = "" if name in CHILDREN_DO_NOT_COME else CHILDREN_COME
    expected = ids(EXPECTED[name]) | ids(EVERYBODY) | ids(children)

    applying = [each for each in in_force(example(name)) if each.applies is Applies.YES]

    assert {answer.provision.id for answer in applying} == expected
    assert {answer.provision.id for answer in applying if answer.idle} == IDLE[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_leaves_nothing_open_and_goes_against_no_rule(name: str) -> None:
    assessment = example(name)
    asked = progress(assessment, as_of=TODAY)

    assert [a.provision.id for a in in_force(assessment) if a.applies is Applies.UNKNOWN] == []
    assert objections(assessment, as_of=TODAY) == ()
    assert asked.answered == asked.asked
    assert scope_of(assessment).in_scope
    comes = access_of(assessment, as_of=TODAY).treated_as_likely
    assert comes is (name not in CHILDREN_DO_NOT_COME)
