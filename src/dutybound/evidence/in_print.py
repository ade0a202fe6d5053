"""How days, times and figures are written in what is printed: in full, and in UTC."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dutybound.evidence.figures import Figure, in_words
from dutybound.evidence.overview import Overview, Spread
from dutybound.risk.record_parts import Table
from dutybound.risk.record_parts import in_words as day_in_words


def on_day(at: datetime | None) -> str:
    """5 November 2026."""
    return "" if at is None else day_in_words(at.date())


def at_minute(at: datetime) -> str:
    """5 November 2026, 10:00 UTC."""
    return f"{day_in_words(at.date())}, {at:%H:%M} UTC"


def period_of(overview: Overview) -> str:
    """The period, as a sentence."""
    return f"From {day_in_words(overview.first_day)} to {day_in_words(overview.last_day)}."


def spread_in_words(spread: Spread | None) -> str:
    """Median and high percentiles in words."""
    if spread is None:
        return "none yet"
    told = [f"half within {in_words(timedelta(seconds=spread.median))}"]
    for name, slow in (("90 of 100", spread.p90), ("95 of 100", spread.p95)):
        told += [f"{name} within {in_words(timedelta(seconds=slow))}"] if slow is not None else []
    return f"{'; '.join(told)} (of {spread.count:,})"


def figures_table(caption: str, figures: Iterable[Figure]) -> Table:
    """Figures beside the query of each."""
    rows = tuple((one.name, one.says, one.query) for one in figures)
    return Table(caption, ("Figure", "Value", "Query"), rows)
