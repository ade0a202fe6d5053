"""How long things took, and how many were in time: medians, high percentiles, honest shares."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

FEWEST_FOR_90TH = 10
FEWEST_FOR_95TH = 20
"""With fewer times a high percentile is only the slowest of them, so none is given."""
Z95 = 1.959963984540054
"""How many standard deviations hold 95 per cent of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long a number of things took."""

    count: int
    median: timedelta
    p90: timedelta | None
    p95: timedelta | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval of the rate behind them (Wilson 1927)."""

    count: int
    of: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.count / self.of


def spread_of(times: Iterable[timedelta]) -> Spread | None:
    """The spread of some times, each percentile by nearest rank; None of none."""
    ranked = sorted(times)
    if not ranked:
        return None
    return Spread(
        count=len(ranked),
        median=_ranked(ranked, 0.5),
        p90=_ranked(ranked, 0.9) if len(ranked) >= FEWEST_FOR_90TH else None,
        p95=_ranked(ranked, 0.95) if len(ranked) >= FEWEST_FOR_95TH else None,
    )


def share_of(count: int, *, of: int) -> Share | None:
    """A share with its interval; None where there is nothing to have a share of."""
    if of == 0:
        return None
    low, high = wilson(count, of=of)
    return Share(count, of, low, high)


def wilson(part: float, *, of: int) -> tuple[float, float]:
    """The 95 % interval of a share of some things (Wilson 1927)."""
    rate, squared = part / of, Z95**2
    middle = rate + squared / (2 * of)
    width = Z95 * math.sqrt(rate * (1 - rate) / of + squared / (4 * of * of))
    scale = 1 + squared / of
    return max((middle - width) / scale, 0.0), min((middle + width) / scale, 1.0)


def _ranked(ranked: list[timedelta], quantile: float) -> timedelta:
    return ranked[max(math.ceil(quantile * len(ranked)) - 1, 0)]
