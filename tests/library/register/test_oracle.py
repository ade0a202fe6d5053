"""What applies, held against an oracle written by hand from the words of each entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from random import Random

import pytest

from dutybound.register.applies import Answer, Applies
from dutybound.register.book import Register, register
from dutybound.register.profile import LEVELS, Profile, levels_as_risks
from tests.library.register import days, oracle
from tests.library.register.comparing import (
    CHECKS,
    SENTENCES,
    TODAY,
    YES_OR_NO,
    answers,
)
from tests.library.register.services import ANSWERS, KINDS, SUB_KINDS, Service, by_lot

USERS = "uk_users"
EXTREMES = {USERS: (0, 40_000_000)} | dict.fromkeys(KINDS, (0, 3))
"""No condition turns back between its ends, so the ends show whether it can turn at all."""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_register_says_what_a_person_reads_in_the_words(
    check: Callable[[Register], Iterator[str]],
) -> None:
    assert next(check(register()), None) is None


def test_facts_and_kinds_of_harm_are_those_that_the_oracle_knows() -> None:
    facts = register().facts.values()

    assert {each.id for each in facts if each.derived is None} == set(ANSWERS)
    assert {each.id for each in facts if each.derived is not None} == oracle.WORKED_OUT.keys()
    assert {harm.id for harm in register().harms} == set(KINDS)


@dataclass(frozen=True)
class Partial:
    """A service of which some is forgotten: what is known, and how it may turn out to be."""

    service: Service
    forgotten: tuple[str, ...]

    def profile(self) -> Profile:
        facts = {k: v for k, v in self.service.facts.items() if k not in self.forgotten}
        levels = {k: v for k, v in self.service.levels.items() if k not in self.forgotten}
        users = self.service.users
        return Profile(
            facts,
            (0, None) if USERS in self.forgotten else (users, users),
            levels_as_risks({k: LEVELS[v] for k, v in levels.items()}, sub_kinds=SUB_KINDS),
        )

    def turned_out(self, **found: int) -> Service:
        """The service, with what was forgotten as it was found to be."""
        facts = {item: bool(value) for item, value in found.items() if item in ANSWERS}
        levels = {item: value for item, value in found.items() if item in KINDS}
        known = replace(self.service, users=found.get(USERS, self.service.users))
        return known.with_facts(**facts).with_levels(**levels)

    def by_lot(self, draw: Random) -> Service:
        return self.turned_out(
            **{item: draw.choice(EXTREMES.get(item, (0, 1))) for item in self.forgotten}
        )

    def at_every_extreme(self, items: tuple[str, ...]) -> Iterator[Service]:
        for values in product(*(EXTREMES.get(item, (0, 1)) for item in items)):
            yield self.turned_out(**dict(zip(items, values, strict=True)))


def partials(count: int, *, seed: int, most: int) -> Iterator[Partial]:
    draw = Random(seed)
    for service in by_lot(count, seed=seed):
        forgotten = draw.sample((*ANSWERS, *KINDS, USERS), draw.randint(1, most))
        yield Partial(service, tuple(forgotten))


def asked(service: Service) -> oracle.Asked:
    return oracle.Asked(service, days.kinds(TODAY))


def told(partial: Partial) -> tuple[Answer, ...]:
    return answers(partial.profile(), TODAY, law=register())


def test_what_is_answered_holds_however_the_rest_turns_out() -> None:
    draw = Random(11)
    for partial in partials(60, seed=12, most=101):
        settled = [each for each in told(partial) if each.applies is not Applies.UNKNOWN]
        for service in (partial.service, *(partial.by_lot(draw) for _ in range(4))):
            facts = asked(service)
            for answer in settled:
                expected = YES_OR_NO[SENTENCES[answer.provision.id](facts)]
                assert answer.applies is expected, (answer.provision.id, service)


def test_unknown_is_only_what_could_yet_turn_out_either_way() -> None:
    for partial in partials(80, seed=13, most=6):
        outcomes = cache(lambda items, partial=partial: [*partial.at_every_extreme(items)])
        for answer in told(partial):
            if answer.applies is Applies.UNKNOWN:
                says = SENTENCES[answer.provision.id]
                found = {says(asked(service)) for service in outcomes(answer.missing)}
                assert set(answer.missing) <= set(partial.forgotten)
                assert found == {True, False}, (answer.provision.id, answer.missing)


def test_what_is_idle_is_not_known_while_its_fact_is_not() -> None:
    nothing = {a.provision.id: a.idle for a in answers(Profile(), TODAY, law=register())}

    assert {entry for entry, idle in nothing.items() if idle is None} == oracle.IDLE.keys()
    assert {idle for entry, idle in nothing.items() if entry not in oracle.IDLE} == {False}


def test_what_is_missing_is_enough_for_an_answer() -> None:
    draw = Random(17)
    for partial in partials(40, seed=18, most=101):
        unknown = [each for each in told(partial) if each.applies is Applies.UNKNOWN]
        for answer in draw.sample(unknown, min(3, len(unknown))):
            found = {item: draw.choice(EXTREMES.get(item, (0, 1))) for item in answer.missing}
            rest = tuple(item for item in partial.forgotten if item not in found)
            now = Partial(partial.turned_out(**found), rest)

            again = next(each for each in told(now) if each.provision == answer.provision)

            assert again.applies is not Applies.UNKNOWN, (answer.provision.id, answer.missing)


def test_of_a_kind_with_sub_kinds_those_are_missing_that_may_still_raise_it() -> None:
    levels = {"csea": "low", "csea_grooming": "low", "csea_image_csam": "low", "fraud": "medium"}
    others = {kind: "low" for kind in KINDS if kind not in {*levels, "csea_csam_urls"}}
    risks = levels_as_risks({**levels, **others}, sub_kinds=SUB_KINDS)

    found = {a.provision.id: a for a in answers(Profile({}, (9, 9), risks), TODAY, law=register())}

    assert found["ICU A3"].applies is Applies.UNKNOWN
    assert found["ICU A3"].missing == ("csea_csam_urls",)


def test_neither_large_nor_multi_risk_is_unknown_while_levels_are() -> None:
    found = {a.provision.id: a for a in answers(Profile({}, (9, 9)), TODAY, law=register())}

    assert found["ICU D9"].applies is Applies.UNKNOWN
    assert found["ICU D8"].applies is Applies.UNKNOWN
