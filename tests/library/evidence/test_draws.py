"""The auditor's own sample: what follows from a seed, and that nobody can steer it."""

import random
from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.evidence.draws import (
    BadDraw,
    checked_commitment,
    commitment_of,
    draw,
    new_seed,
    population_digest,
)

SEED = bytes(range(32)).hex()
POPULATION = tuple(f"case-{number:02}" for number in range(10))


def test_the_vectors_of_the_documentation_hold() -> None:
    assert commitment_of(SEED) == (
        "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
    )
    assert population_digest(POPULATION) == (
        "64be37bd1dc9da6d8aa887b69bc38af6fe77a316eee1715a2906763966ec9037"
    )
    assert draw(POPULATION, seed=SEED, wanted=4) == (
        "case-05",
        "case-09",
        "case-07",
        "case-06",
    )


def test_a_seed_is_32_random_bytes_and_its_commitment_hides_it() -> None:
    seed = new_seed(bytes)

    assert seed == "00" * 32
    assert commitment_of(seed) == sha256(bytes(32)).hexdigest()


def test_more_than_there_are_gives_all_and_more_wanted_only_adds() -> None:
    drawn = draw(POPULATION, seed=SEED, wanted=99)

    assert sorted(drawn) == list(POPULATION)
    assert [draw(POPULATION, seed=SEED, wanted=many) for many in (1, 5)] == [drawn[:1], drawn[:5]]
    assert draw((), seed=SEED, wanted=3) == ()


@pytest.mark.parametrize(
    ("population", "seed", "wanted", "said"),
    [
        (POPULATION, SEED[1:], 1, "expected a seed of 64 hex digits"),
        (POPULATION, "z" * 64, 1, "expected a seed of 64 hex digits"),
        (POPULATION, SEED, 0, "expected one or more, got 0"),
        (("b", "a"), SEED, 1, "each reference once, in order"),
        (("a", "a"), SEED, 1, "each reference once, in order"),
        (("a b",), SEED, 1, "references without spaces"),
        (("a\nb",), SEED, 1, "references without spaces"),
        (("",), SEED, 1, "references without spaces"),
    ],
)
def test_what_is_no_draw_is_refused(
    population: tuple[str, ...], seed: str, wanted: int, said: str
) -> None:
    with pytest.raises(BadDraw, match=said):
        draw(population, seed=seed, wanted=wanted)


def test_a_commitment_is_kept_in_one_way_of_writing() -> None:
    assert checked_commitment(f" {'AB' * 32}\n") == "ab" * 32
    with pytest.raises(BadDraw, match="expected a commitment of 64 hex digits"):
        checked_commitment("ab")


@given(
    numbers=st.sets(st.integers(0, 10**9)),
    seed=st.binary(min_size=32, max_size=32),
    wanted=st.integers(1, 30),
)
def test_a_sample_agrees_with_one_drawn_step_by_step(
    numbers: set[int], seed: bytes, wanted: int
) -> None:
    """The slow twin takes the smallest that is left, one after another."""
    population = sorted(f"{number:x}" for number in numbers)
    left = list(population)
    digest = sha256("".join(one + "\n" for one in left).encode()).digest()
    slow: list[str] = []
    while left and len(slow) < wanted:
        smallest = min(left, key=lambda one: sha256(seed + digest + one.encode()).hexdigest())
        slow.append(smallest)
        left.remove(smallest)

    assert draw(population, seed=seed.hex(), wanted=wanted) == tuple(slow)


def test_each_case_is_drawn_as_often_as_any_other() -> None:
    """4,000 draws of 5 of 20: each is expected 1,000 times, with a deviation of 27."""
    randomness = random.Random(20261130)
    population = tuple(f"{number:02}" for number in range(20))
    drawn: Counter[str] = Counter()

    for _ in range(4_000):
        drawn.update(draw(population, seed=randomness.randbytes(32).hex(), wanted=5))

    # 19 degrees of freedom: more than 43.8 comes once in 1,000.
    assert sum((drawn[one] - 1_000) ** 2 / 750 for one in population) < 43.8


def test_one_case_more_in_the_population_gives_another_order() -> None:
    drawn = draw(POPULATION, seed=SEED, wanted=10)
    more = draw((*POPULATION, "case-99"), seed=SEED, wanted=11)

    assert [one for one in more if one != "case-99"] != list(drawn)
