"""What a board reads: one page in plain words, and behind it each measure with its figures.

It says what Ofcom's Codes recommend and what the records show. It never says that a service meets
the law.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dutybound.evidence.board_details import details
from dutybound.evidence.charts import counts_of, status_bars
from dutybound.evidence.in_print import at_minute, on_day, period_of
from dutybound.evidence.overview import Heard, Measure, Overview, Residual
from dutybound.evidence.status import STATUS_WORDS, WORST_FIRST, Status
from dutybound.risk.record_basis import cited
from dutybound.risk.record_parts import (
    Bullets,
    Note,
    Paragraph,
    Part,
    Record,
    Section,
    Table,
    capitalised,
    counted,
    listed,
)

WORST_SHOWN, LEFT_SHOWN, CHANGES_SHOWN, DECISIONS_SHOWN = 5, 3, 3, 4
LONGEST_CELL, LONGEST_NAME = 140, 80
BAD = (Status.NOT_MET, Status.AT_RISK, Status.STALE)


@dataclass(frozen=True, slots=True)
class Before:
    """What the last report said, as far as this one compares: measure → status, harm → level."""

    made_at: datetime
    statuses: Mapping[str, str]
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Board:
    """The content of a board report. `asks`: what people ask of the board, a sentence each."""

    overview: Overview
    before: Before | None
    asks: tuple[str, ...] = ()


def before_of(overview: Overview) -> Before:
    """What the next report compares itself with."""
    statuses = {one.id: str(one.status or "") for one in overview.measures}
    return Before(overview.made_at, statuses, {one.harm: one.level for one in overview.residual})


def board_report(board: Board) -> Record:
    """The report: its first page alone says what is at risk, done, left and asked."""
    overview = board.overview
    return Record(
        title="Report to the board on online safety",
        about=overview.service,
        standing=f"Figures as of {at_minute(overview.made_at)}",
        dated=overview.made_at.date(),
        sections=(_first_page(board), *_lists_in_full(board), *details(overview)),
    )


def _first_page(board: Board) -> Section:
    overview = board.overview
    parts: list[Part] = [
        Paragraph(
            f"{period_of(overview)} Computed at {overview.head.says}. {overview.head.witnesses}"
        ),
        status_bars(overview.measures),
        Paragraph(_in_short(overview.measures)),
    ]
    for title, items, most in _lists(board):
        shown = tuple(_cut(item) for item in items[:most])
        parts += [Note(title, ""), Bullets((*shown, *_more(len(items), most)))]
    parts.insert(3, _worst(overview.measures))
    return Section("summary", "On one page", tuple(parts))


def _lists(board: Board) -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """What the first page lists: a title, all there is, and how many of it that page holds."""
    return (
        ("What is left", _left(board.overview.residual), LEFT_SHOWN),
        ("Changed since the last report", changes(board), CHANGES_SHOWN),
        ("What the board is asked to decide", decisions(board), DECISIONS_SHOWN),
    )


def _lists_in_full(board: Board) -> tuple[Section, ...]:
    """The lists that the first page has no room for."""
    parts: list[Part] = []
    for title, items, most in _lists(board):
        if len(items) > most or any(len(item) > LONGEST_CELL for item in items):
            parts += [Note(title, ""), Bullets(items)]
    return (Section("lists", "The first page's lists in full", tuple(parts)),) if parts else ()


def _in_short(measures: Sequence[Measure]) -> str:
    counts = counts_of(measures)
    looked = sum(counts.values())
    others = len(measures) - looked
    maybe = sum(not one.applies for one in measures)
    watched = f"{counted(looked, 'measure')} here that {'is' if looked == 1 else 'are'} watched"
    told = [f"Ofcom's Codes recommend {watched}. The records bear out {counts[Status.MET]}."]
    if others:
        told.append(f"Besides, {others} {'is' if others == 1 else 'are'} not taken, with a reason.")
    if maybe:
        told.append(f"Of {maybe} it is not known whether they apply.")
    told.append("This does not say that the service meets the law.")
    return " ".join(told)


def worst_first(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures that do not stand well, the worst and the longest first."""
    bad = [one for one in measures if one.status in BAD]
    order = {status: place for place, status in enumerate(WORST_FIRST)}
    return tuple(
        sorted(bad, key=lambda one: (order[one.status or Status.MET], str(one.since), one.id))
    )


def _worst(measures: Sequence[Measure]) -> Part:
    bad = worst_first(measures)
    if not bad:
        return Paragraph("No measure is known to be at risk or not met.")
    groups = _siblings(bad)
    rows = tuple(
        (
            _cut(f"{listed([cited(one.id) for one in group])}: {group[0].title}", LONGEST_NAME),
            STATUS_WORDS[group[0].status] if group[0].status else "",
            _cut(group[0].says),
            on_day(group[0].since),
        )
        for group in groups[:WORST_SHOWN]
    )
    caption = f"What is at risk: the worst {len(rows)} of {len(groups)}"
    return Table(caption, ("Measure", "Status", "What the records show", "Since"), rows)


def _siblings(bad: Sequence[Measure]) -> tuple[tuple[Measure, ...], ...]:
    """Measures of both Codes that one probe found the same of, told once."""
    groups: dict[tuple[str, str, str], list[Measure]] = {}
    for one in bad:
        groups.setdefault((one.probe, str(one.status), one.says), []).append(one)
    return tuple(tuple(group) for group in groups.values())


def _left(residual: Sequence[Residual]) -> tuple[str, ...]:
    against = [f"{one.name}: {one.says}" for one in residual if one.contradicts]
    for level in ("high", "medium"):
        left = [one.name for one in residual if one.left == level and not one.contradicts]
        against += [f"{capitalised(level)} risk is left of: {listed(left)}."] if left else []
    if not residual:
        return ("No residual risk was worked out from the records.",)
    return tuple(against) or ("No more than low risk is left of any kind of harm.",)


def changes(board: Board) -> tuple[str, ...]:
    """What turned since the last report, a sentence each; the worse first."""
    before = board.before
    if before is None:
        return ("This is the first report.",)
    turned: dict[tuple[str, str], list[str]] = {}
    for one in board.overview.measures:
        was, now = before.statuses.get(one.id, ""), str(one.status or "")
        if was and now and was != now:
            turned.setdefault((was, now), []).append(cited(one.id))
    order = {str(status): place for place, status in enumerate(WORST_FIRST)}
    told = [
        f"From {_word(was)} to {_word(now)}: {listed(names)}."
        for (was, now), names in sorted(turned.items(), key=lambda row: order[row[0][1]])
    ]
    for risk in board.overview.residual:
        level = before.levels.get(risk.harm)
        if level and level != risk.level:
            told.append(f"{risk.name}: assessed as {level} before, and as {risk.level} now.")
    return tuple(told) or (f"Nothing turned since {on_day(before.made_at)}.",)


def decisions(board: Board) -> tuple[str, ...]:
    """What the board is asked: in people's words first, then what the records lead to."""
    overview = board.overview
    told = [*board.asks]
    failing = [one for one in overview.measures if one.status is Status.NOT_MET]
    if failing:
        told.append(f"What is done about what is not met, and by when: {_ids(failing)}.")
    ownerless = [one for one in overview.measures if one.status in BAD and not one.owner]
    if ownerless:
        told.append(f"Who looks after what has no owner: {_ids(ownerless)}.")
    against = [one.name for one in overview.residual if one.contradicts]
    if against:
        told.append(f"Whether the level assessed still holds: {listed(against)}.")
    waiting = [one for one in overview.reviews if one.closed_at is None]
    if waiting:
        open_now = counted(len(waiting), "reason")
        told.append(f"When the assessment is looked at again: {open_now} for it.")
    late = [one for one in overview.by_kind if one.late]
    if late:
        told.append(f"Whether there are enough people: {_late(late)}.")
    return tuple(told) or ("Nothing is asked.",)


def _late(late: Sequence[Heard]) -> str:
    return "; ".join(f"{one.late:,} late of {one.name.lower()}" for one in late)


def _ids(measures: Sequence[Measure]) -> str:
    shown = [cited(one.id) for one in measures[:8]]
    return listed(shown) + (f" and {len(measures) - 8} more" if len(measures) > 8 else "")


def _word(status: str) -> str:
    return STATUS_WORDS[Status(status)].lower()


def _more(there: int, most: int) -> tuple[str, ...]:
    return (f"And {there - most} more on the next pages.",) if there > most else ()


def _cut(text: str, most: int = LONGEST_CELL) -> str:
    """The beginning of a text, as much as the first page has room for; it is whole behind."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
