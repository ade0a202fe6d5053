"""How many services a second can be assessed: `python -m benchmarks.assess [COUNT]`.

Every measure of today's law is answered for COUNT services drawn by lot, on one core, each with a
tenth of its facts and levels unknown. The peer answers the same entries with two values only:
plain Python that is written by hand for each of them (tests/library/register/oracle.py), which
knows no unknown, no dates and no reasons. Runs alternate; figures are medians of rounds.
"""

import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from statistics import median
from time import perf_counter
from typing import TypeVar

from dutybound.register.applies import Applies, measures_for
from dutybound.register.book import read_register, register
from dutybound.register.loading import pages_under
from dutybound.register.profile import Profile
from tests.library.register import days, oracle
from tests.library.register.comparing import TODAY
from tests.library.register.services import Service, by_lot

COUNT = 100_000
A_ROUND = 5_000
UNKNOWN = 0.1


def main(count: int) -> None:
    size = min(A_ROUND, count)
    rates: dict[str, list[float]] = {"measures_for": [], "by hand, two values": []}
    told: dict[Applies, int] = dict.fromkeys(Applies, 0)
    for number in range(max(1, count // size)):
        services = list(by_lot(size, seed=number))
        profiles = [partly_unknown(each, draw=Random(number)) for each in services]
        rates["measures_for"].append(rate(profiles, answer))
        rates["by hand, two values"].append(rate(services, answer_by_hand))
        for outcome in (each.applies for each in measures_for(profiles[0], TODAY)):
            told[outcome] += 1
    ours = median(rates["measures_for"])
    done = size * len(rates["measures_for"])
    print(f"{done:,} services, {len(measures())} measures each, one core")
    for name, found in rates.items():
        middle = median(found)
        spread = f"{min(found):,.0f} to {max(found):,.0f}"
        print(f"{name:22} {middle:9,.0f} services/s ({spread})   {ours / middle:5.2f}")
    print("of the answers: " + ", ".join(f"{outcome} {n}" for outcome, n in told.items()))
    print(f"{'the register is read in':22} {median(map(read_once, range(9))) * 1000:9,.0f} ms")


def partly_unknown(service: Service, *, draw: Random) -> Profile:
    """What is known of a service where a tenth is not."""
    whole = service.profile()
    facts = {fact: known for fact, known in whole.facts.items() if draw.random() > UNKNOWN}
    risks = {kind: span for kind, span in whole.risks.items() if draw.random() > UNKNOWN}
    users = whole.uk_users if draw.random() > UNKNOWN else (0, None)
    return Profile(facts, users, risks)


def answer(profile: Profile) -> object:
    return measures_for(profile, TODAY)


def answer_by_hand(service: Service) -> object:
    asked = oracle.Asked(service, days.kinds(TODAY))
    return [says(asked) for says in measures()]


@cache
def measures() -> Sequence[Callable[[oracle.Asked], bool]]:
    return [oracle.MEASURES[line.provision.id] for line in register().on(TODAY).measures]


Each = TypeVar("Each")


def rate(asked: Sequence[Each], answer: Callable[[Each], object]) -> float:
    start = perf_counter()
    for each in asked:
        answer(each)
    return len(asked) / (perf_counter() - start)


def read_once(_: int) -> float:
    folder = files("dutybound.register").joinpath("data")
    start = perf_counter()
    read_register(pages_under(folder), schema=folder.joinpath("schema.json").read_text("utf-8"))
    return perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else COUNT)
