"""Figures as a finding shows them: a value with its unit, the query it is from, and in words."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dutybound.evidence.intervals import clopper_pearson


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"
    """`value` of `of`, with the exact interval of the rate behind them."""
    SECONDS = "seconds"
    DAYS = "days"
    GRADE = "grade"
    """Years of school that a text asks for."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name in plain words, and the query that computed it.

    `value` is None where there is nothing to measure. Of a share, `value` is the count.
    """

    name: str
    value: float | None
    unit: Unit
    query: str
    of: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def rate(self) -> float | None:
        """The share as a number from 0 to 1; None of nothing."""
        return self.value / self.of if self.value is not None and self.of else None

    @property
    def says(self) -> str:
        """The value in words: "12 of 14 (86 %; 57 to 98)", "3 h 20 min"."""
        match self.unit:
            case _ if self.value is None:
                return "nothing to measure"
            case Unit.SHARE:
                return self._share()
            case Unit.SECONDS:
                return in_words(timedelta(seconds=self.value))
            case Unit.DAYS:
                return f"{self.value:,.0f} {'day' if self.value == 1 else 'days'}"
            case Unit.GRADE:
                return f"{self.value:.1f} years of school"
            case _:
                return f"{self.value:,.0f}"

    def _share(self) -> str:
        if not self.of or self.value is None:
            return "none of none"
        low, high = (round(100 * (bound or 0.0)) for bound in (self.low, self.high))
        percent = round(100 * self.value / self.of)
        return f"{self.value:,.0f} of {self.of:,} ({percent} %; {low} to {high})"


def count(name: str, value: int | None, *, query: str) -> Figure:
    return Figure(name, value, Unit.COUNT, query)


def seconds(name: str, value: float | None, *, query: str) -> Figure:
    return Figure(name, value, Unit.SECONDS, query)


def days(name: str, value: float | None, *, query: str) -> Figure:
    return Figure(name, value, Unit.DAYS, query)


def share(name: str, part: int, *, of: int, query: str) -> Figure:
    """A share with its exact 95 % interval."""
    low, high = clopper_pearson(part, of=of)
    return Figure(name, part, Unit.SHARE, query, of=of, low=low, high=high)


def in_words(length: timedelta) -> str:
    """A length of time in its two largest units: "2 days 4 h", "3 h 20 min", "45 s"."""
    total = max(round(length.total_seconds()), 0)
    days_, rest = divmod(total, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    if days_:
        return f"{days_:,} {'day' if days_ == 1 else 'days'}" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{minutes} min" if minutes else f"{left} s"
