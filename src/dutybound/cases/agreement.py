"""How far people who judged the same content agree, beyond what chance alone would give."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dutybound.cases.times import wilson


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient with its 95 % interval: 1 is full agreement, 0 is what chance gives.

    `value` is None where it has none: nothing was judged twice, or everybody always said the same,
    so that chance alone explains it all. Then `observed` is what there is to read.
    """

    units: int
    """Contents that at least two people judged."""
    observed: float | None
    """How often two of them said the same."""
    value: float | None
    low: float | None
    high: float | None


NOTHING = Agreement(units=0, observed=None, value=None, low=None, high=None)


def cohens_kappa(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Cohen's kappa (1960) of a first and a second judgement of the same contents."""
    counted = Counter(pairs)
    units = counted.total()
    if not units:
        return NOTHING
    firsts, seconds = Counter[str](), Counter[str]()
    for (first, second), times in counted.items():
        firsts[first] += times
        seconds[second] += times
    same = sum(times for (first, second), times in counted.items() if first == second)
    by_chance = sum(firsts[one] * seconds[one] for one in firsts) / units**2
    return _beyond_chance(same / units, by_chance=by_chance, units=units)


def krippendorffs_alpha(units: Iterable[Sequence[str]]) -> Agreement:
    """Krippendorff's alpha for names (2011): any number of judgements of each content.

    What only one person judged says nothing about agreement, and is left out.
    """
    judged = [Counter(unit) for unit in units if len(unit) > 1]
    if not judged:
        return NOTHING
    totals = sum(judged, Counter[str]())
    values = totals.total()
    # Each value's chance of meeting the same value, beside itself, in its own unit.
    same = sum(
        sum(times * (times - 1) for times in unit.values()) / (unit.total() - 1) for unit in judged
    )
    by_chance = sum(times * (times - 1) for times in totals.values()) / (values * (values - 1))
    return _beyond_chance(same / values, by_chance=by_chance, units=len(judged))


def _beyond_chance(observed: float, *, by_chance: float, units: int) -> Agreement:
    """The coefficient, and its interval: Wilson's of what was observed, chance held as it is.

    Cohen's own standard error holds chance too; Wilson's interval does not shrink to nothing
    where a few people happened to agree on everything.
    """
    if by_chance >= 1:
        return Agreement(units=units, observed=observed, value=None, low=None, high=None)
    value, low, high = (
        max(-1.0, (share - by_chance) / (1 - by_chance))
        for share in (observed, *wilson(observed * units, of=units))
    )
    return Agreement(units=units, observed=observed, value=value, low=low, high=high)
