"""Figures for everyone: counts, times and shares with their intervals, and no small count.

They are made from an overview, name nobody, and quote no sentence that holds a count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from dutybound.evidence.board_details import HEARD, STANDINGS
from dutybound.evidence.figures import Figure, Unit, share
from dutybound.evidence.overview import Asked, Head, Heard, Measure, Overview, Spread
from dutybound.evidence.status import STATUS_WORDS
from dutybound.evidence.suppression import THRESHOLD, suppress

COUNTS = (
    "received", "acted", "not_acted", "waiting", "withdrawn", "in_time", "late", "not_due",
)  # fmt: skip


OF_NOBODY = frozenset({"governance documents"})
"""Records that tell of no person: a query that reads no other is told however small it is."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, in seconds. Of how many is not told: it would tell other counts."""

    median: float
    p90: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """What people told of one kind; None for what is withheld, or for nothing to measure.

    `acted`, `not_acted`, `waiting` and `withdrawn` add up to `received`, as do `in_time`, `late`
    and `not_due`: not decided yet within their target, or withdrawn.
    """

    id: str
    name: str
    where: str
    received: int | None
    acted: int | None = None
    not_acted: int | None = None
    waiting: int | None = None
    withdrawn: int | None = None
    in_time: int | None = None
    late: int | None = None
    not_due: int | None = None
    share_acted: Figure | None = None
    share_in_time: Figure | None = None
    first_look: Times | None = None
    decision: Times | None = None
    told: Times | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """How a measure did: its status, and the figures that are not small."""

    id: str
    title: str
    code: str
    status: str
    says: str
    figures: tuple[Figure, ...]
    withheld: int


@dataclass(frozen=True, slots=True)
class Transparency:
    """Figures of a period as everyone may have them. By harm, only counts and times are given."""

    service: str
    first_day: date
    last_day: date
    since: datetime
    until: datetime
    made_at: datetime
    head: Head
    threshold: int
    received: int | None
    by_kind: tuple[Row, ...]
    by_harm: tuple[Row, ...]
    measures: tuple[Effect, ...]
    queries: tuple[Asked, ...]


def transparency(overview: Overview, *, threshold: int = THRESHOLD) -> Transparency:
    """The overview without whatever is small or would give something small away."""
    kinds = suppress({one.id: one.received for one in overview.by_kind}, threshold=threshold)
    harms = suppress({one.id: one.received for one in overview.by_harm}, threshold=threshold)
    figures = [figure for one in overview.measures for figure in one.figures]
    of_nobody = {one.name for one in overview.queries if set(one.records) <= OF_NOBODY}
    of_people = [figure for figure in figures if figure.query not in of_nobody]
    kept_back = queries_kept_back(of_people, threshold=threshold)
    measures = tuple(_effect(one, kept_back=kept_back) for one in overview.measures if one.status)
    named = {HEARD, STANDINGS, *(f.query for one in measures for f in one.figures)}
    return Transparency(
        service=overview.service,
        first_day=overview.first_day,
        last_day=overview.last_day,
        since=overview.since,
        until=overview.until,
        made_at=overview.made_at,
        head=overview.head,
        threshold=threshold,
        received=kinds.total,
        by_kind=tuple(
            _row(one, kinds.counts[one.id], threshold=threshold) for one in overview.by_kind
        ),
        by_harm=tuple(
            _times_alone(one, harms.counts[one.id], threshold=threshold) for one in overview.by_harm
        ),
        measures=measures,
        queries=tuple(one for one in overview.queries if one.name in named),
    )


def _times_alone(one: Heard, received: int | None, *, threshold: int) -> Row:
    """A row without what came of each: beside the kinds, that would give theirs away."""
    row = Row(one.id, one.name, one.where, received)
    if received is None:
        return row
    return replace(
        row,
        first_look=_enough(one.first_look, threshold),
        decision=_enough(one.decision, threshold),
        told=_enough(one.told, threshold),
    )


def _row(one: Heard, received: int | None, *, threshold: int) -> Row:
    row = _times_alone(one, received, threshold=threshold)
    if received is None:
        return row
    ends = suppress(
        {
            "acted": one.acted, "not_acted": one.not_acted, "waiting": one.waiting,
            "withdrawn": one.withdrawn,
        },
        threshold=threshold,
    ).counts  # fmt: skip
    not_due = one.received - one.in_time - one.late
    due = suppress(
        {"in_time": one.in_time, "late": one.late, "not_due": not_due}, threshold=threshold
    ).counts
    return replace(
        row,
        acted=ends["acted"],
        not_acted=ends["not_acted"],
        waiting=ends["waiting"],
        withdrawn=ends["withdrawn"],
        in_time=due["in_time"],
        late=due["late"],
        not_due=due["not_due"],
        share_acted=_share("Something was done", ends["acted"], ends["not_acted"]),
        share_in_time=_share("Decided in time", due["in_time"], due["late"]),
    )


def _share(name: str, part: int | None, rest: int | None) -> Figure | None:
    """The share with its interval; a share of which a part is withheld would tell it."""
    if part is None or rest is None or not part + rest:
        return None
    return share(name, part, of=part + rest, query=HEARD)


def _enough(spread: Spread | None, threshold: int) -> Times | None:
    """Times of fewer would be somebody's."""
    if spread is None or spread.count < threshold:
        return None
    return Times(spread.median, spread.p90, spread.p95)


def _effect(one: Measure, *, kept_back: frozenset[str]) -> Effect:
    shown = tuple(figure for figure in one.figures if figure.query not in kept_back)
    return Effect(
        id=one.id,
        title=one.title,
        code=one.code,
        status=str(one.status),
        says=STATUS_WORDS[one.status] if one.status else "",
        figures=shown,
        withheld=len(one.figures) - len(shown),
    )


def queries_kept_back(figures: Iterable[Figure], *, threshold: int) -> frozenset[str]:
    """Queries of whose figures none is told: one is small, and the others might add up to it.

    A query that only times something is among them: nobody can see how many that was.
    """
    by_query: dict[str, list[Figure]] = {}
    for figure in figures:
        by_query.setdefault(figure.query, []).append(figure)
    return frozenset(
        query for query, told in by_query.items() if not _may_be_told(told, threshold=threshold)
    )


def _may_be_told(figures: Iterable[Figure], *, threshold: int) -> bool:
    counts = [count for figure in figures for count in _counts_in(figure)]
    times = any(one.unit is Unit.SECONDS and one.value is not None for one in figures)
    if any(0 < count < threshold for count in counts):
        return False
    return not times or any(counts)


def _counts_in(figure: Figure) -> tuple[float, ...]:
    part, of = figure.value or 0, figure.of or 0
    match figure.unit:
        case Unit.COUNT:
            return (part,)
        case Unit.SHARE:
            return (part, of - part, of)
        case _:
            return ()


DICTIONARY: Mapping[str, str] = MappingProxyType(
    {
        "table": "kind, harm or measure: what the row is about.",
        "id": "The id of the kind, the kind of harm, or the measure.",
        "name": "The same in words.",
        "where": "Where the Act or a Code asks for it.",
        "figure": "What is counted or timed; see below.",
        "value": "The count, the seconds, or the part of a share. Empty: nothing to measure.",
        "of": "Of a share: of how many.",
        "low": "The lower end of the exact 95 % interval of a share (Clopper and Pearson).",
        "high": "Its upper end.",
        "unit": "count, share, seconds, days or grade (years of school).",
        "withheld": "yes: the value is small, or would give a small one away. Otherwise no.",
        "query": "What computed it; the file has what each counts.",
        "checkpoint": "The number of entries under the journal's head at that moment.",
        "root": "The root of that head, in hexadecimal.",
        "received": "Received in the period.",
        "acted": "Of those: something was taken down, restricted, labelled or put right.",
        "not_acted": "Decided, and nothing was done.",
        "waiting": "Not decided when the figures were computed.",
        "withdrawn": "Taken back by whoever told us.",
        "in_time": "Decided within the target.",
        "late": "Decided after the target, or waiting past it.",
        "not_due": "Waiting within the target, or withdrawn.",
        "share_acted": "acted, of acted and not_acted.",
        "share_in_time": "in_time, of in_time and late.",
        "first_look": "Seconds until a member of staff first looked: median, p90, p95.",
        "decision": "Seconds until a decision: median, p90, p95.",
        "told": "Seconds until the person could read the outcome: median, p90, p95.",
        "status": "How the measure stood: met, at_risk, not_met, not_enough_evidence or stale.",
    }
)
"""What each column and each figure means, for whoever reads the files."""
