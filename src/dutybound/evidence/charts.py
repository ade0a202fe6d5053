"""Charts of an overview, as parts of a record: each says the same in words beside its colours."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from dutybound.evidence.figures import in_words
from dutybound.evidence.overview import Heard, Measure, Turn
from dutybound.evidence.status import STATUS_WORDS, Status
from dutybound.risk.record_parts import Bars, Spans, Strips, counted

TONES: Mapping[Status, str] = MappingProxyType(
    {
        Status.NOT_MET: "red",
        Status.AT_RISK: "amber",
        Status.STALE: "violet",
        Status.NOT_ENOUGH: "slate",
        Status.MET: "green",
    }
)
SHORT: Mapping[Status, str] = MappingProxyType({**STATUS_WORDS, Status.NOT_ENOUGH: "Not enough"})
MARKS = (
    (timedelta(minutes=10), "10 min"),
    (timedelta(hours=1), "1 h"),
    (timedelta(hours=6), "6 h"),
    (timedelta(days=1), "1 day"),
    (timedelta(days=7), "7 days"),
    (timedelta(days=28), "28 days"),
)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=60)
NARROW = 9.0
"""A stretch of fewer per cent holds no word."""


def counts_of(measures: Iterable[Measure]) -> dict[Status, int]:
    """How many measures have each status, the worst first; what is not taken has none."""
    found = Counter(one.status for one in measures if one.status is not None)
    return {status: found[status] for status in STATUS_WORDS}


def status_bars(measures: Iterable[Measure]) -> Bars:
    """How many measures stand how."""
    counts = counts_of(measures)
    told = ", ".join(f"{STATUS_WORDS[one]} {count}" for one, count in counts.items())
    return Bars(
        "How many measures stand how (query: standings)",
        f"Bars. Measures by status: {told}.",
        tuple((STATUS_WORDS[one], count, TONES[one]) for one, count in counts.items()),
    )


def turn_strips(measures: Sequence[Measure], *, since: datetime, until: datetime) -> Strips:
    """How the measures stood over the period, those given alone."""
    rows = tuple((one.id, _stretches(one.turns, since, until)) for one in measures)
    middle = since + (until - since) / 2
    marks = tuple(
        (place, f"{day.day} {day:%b} {day.year}")
        for place, day in ((0.0, since), (50.0, middle), (100.0, until))
    )
    told = "; ".join(f"{one.id}: {_told(one.turns)}" for one in measures)
    return Strips(
        "When measures turned", f"Strips, one a measure, over the period. {told}.", marks, rows
    )


def time_spans(heard: Iterable[Heard]) -> Spans:
    """How long until a decision, by kind: the median, the slow end, and the target."""
    rows = tuple(
        (
            one.name,
            place(one.decision.median),
            place(slow) if (slow := one.decision.p95 or one.decision.p90) else None,
            place(one.target_seconds) if one.target_seconds else None,
            _spread_words(one),
        )
        for one in heard
        if one.decision
    )
    return Spans(
        "Time to a decision. ● half were decided by then; ○ nearly all were; ┃ the target",
        f"Dots on a scale of time. {'; '.join(f'{row[0]}: {row[4]}' for row in rows)}.",
        tuple((place(length.total_seconds()), words) for length, words in MARKS),
        rows,
    )


def place(seconds: float) -> float:
    """Where a length of time stands on the scale, from 0 to 100; the scale is a logarithm."""
    shortest, longest = SHORTEST.total_seconds(), LONGEST.total_seconds()
    bounded = min(max(seconds, shortest), longest)
    return round(100 * math.log(bounded / shortest) / math.log(longest / shortest), 2)


def _spread_words(one: Heard) -> str:
    assert one.decision is not None
    slow = one.decision.p95 or one.decision.p90
    told = [f"median {in_words(timedelta(seconds=one.decision.median))}"]
    told += [f"nearly all within {in_words(timedelta(seconds=slow))}"] if slow else []
    if one.target_seconds:
        told.append(f"target {in_words(timedelta(seconds=one.target_seconds))}")
    return ", ".join(told)


def _stretches(
    turns: Sequence[Turn], since: datetime, until: datetime
) -> tuple[tuple[float, float, str, str], ...]:
    ends = [*(turn.at for turn in turns[1:]), until]
    found = []
    for turn, end in zip(turns, ends, strict=True):
        start, stop = _share(turn.at, since, until), _share(end, since, until)
        word = SHORT[turn.status] if stop - start >= NARROW else ""
        if stop > start:
            found.append((start, stop, TONES[turn.status], word))
    return tuple(found)


def _share(at: datetime, since: datetime, until: datetime) -> float:
    length = (until - since).total_seconds() or 1.0
    return round(100 * min(max((at - since).total_seconds() / length, 0.0), 1.0), 2)


def _told(turns: Sequence[Turn]) -> str:
    first, *others = turns
    told = [STATUS_WORDS[first.status].lower()]
    told += [f"{STATUS_WORDS[one.status].lower()} from {one.at:%d %b %Y}" for one in others[:6]]
    if len(others) > 6:
        told.append(f"and {counted(len(others) - 6, 'more turn')}")
    return ", ".join(told)
