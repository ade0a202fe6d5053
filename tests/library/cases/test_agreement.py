"""Agreement beyond chance, against published examples and against chance itself."""

import random

import pytest

from dutybound.cases.agreement import cohens_kappa, krippendorffs_alpha


def test_nothing_judged_twice_has_no_agreement() -> None:
    assert cohens_kappa([]).value is None
    assert krippendorffs_alpha([["a"], ["b"]]).value is None


def test_people_who_always_say_the_same_show_nothing_beyond_chance() -> None:
    found = cohens_kappa([("none", "none")] * 20)

    assert (found.observed, found.value) == (1.0, None)
    assert krippendorffs_alpha([["none", "none"]] * 20).value is None


def test_kappa_of_the_textbook() -> None:
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

    found = cohens_kappa(pairs)

    assert found.observed == pytest.approx(0.7)
    assert found.value == pytest.approx(0.4)


def test_alpha_of_krippendorffs_own_example_with_gaps() -> None:
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C.
    by_person = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    units = [[value for value in unit if value != "."] for unit in zip(*by_person, strict=True)]

    assert krippendorffs_alpha(units).value == pytest.approx(0.743, abs=0.0005)


def test_a_few_who_agree_on_everything_are_no_certainty() -> None:
    found = cohens_kappa([("a", "a"), ("b", "b"), ("a", "a")])

    assert found.value == 1
    assert found.low is not None
    assert found.low < 0.2


def test_people_who_never_agree_are_below_chance() -> None:
    found = cohens_kappa([("a", "b"), ("b", "a")])

    assert found.value == -1
    assert found.low == -1


@pytest.mark.parametrize("size", [40, 200])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(size: int) -> None:
    chance = random.Random(7)
    held = {"kappa": 0, "alpha": 0}
    for _ in range(600):
        # Of two kinds, each as likely, the second person repeats the first in 8 of 10.
        firsts = [chance.choice("ab") for _ in range(size)]
        pairs = [(one, one if chance.random() < 0.8 else "ab"[one == "a"]) for one in firsts]
        for name, found in (
            ("kappa", cohens_kappa(pairs)),
            ("alpha", krippendorffs_alpha(pairs)),
        ):
            assert found.low is not None
            assert found.high is not None
            held[name] += found.low <= 0.6 <= found.high

    assert min(held.values()) / 600 > 0.92
