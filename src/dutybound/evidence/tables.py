"""Overviews and figures as CSV and JSON files, the same bytes for the same content."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from dutybound.evidence.board_details import HEARD, STANDINGS
from dutybound.evidence.figures import Figure
from dutybound.evidence.overview import Heard, Overview, Review, Spread, Task, written
from dutybound.evidence.transparency import COUNTS, DICTIONARY, Row, Times, Transparency

Cell = str | float | None
TIMES = ("first_look", "decision", "told")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file (RFC 4180). Words that a spreadsheet would take for a formula begin with a '."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def as_json(content: object) -> bytes:
    """A JSON file for people and programs."""
    return (json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return f"{cell:.6f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)


# Findings of an overview


def figures_csv(overview: Overview) -> bytes:
    """Each measure's figures, with the query and the finding they are from."""
    columns = (
        "measure", "status", "figure", "value", "of", "low", "high", "unit", "query", "finding",
        "checkpoint",
    )  # fmt: skip
    return as_csv(
        columns,
        (
            (one.id, one.status, *_of(figure), figure.query, one.digest, one.checkpoint)
            for one in overview.measures
            for figure in one.figures
        ),
    )


def turns_csv(overview: Overview) -> bytes:
    """When each measure turned in the period, with the digest of each finding."""
    rows = (
        (one.id, turn.at.isoformat(), turn.status, turn.digest)
        for one in overview.measures
        for turn in one.turns
    )
    return as_csv(("measure", "from", "status", "finding"), rows)


def heard_csv(overview: Overview) -> bytes:
    """What people told, by kind and by kind of harm, every count as it is."""
    columns = (
        "table", "id", "name", "received", "acted", "not_acted", "waiting", "withdrawn", "in_time",
        "late", *(f"{name}_{part}" for name in TIMES for part in ("of", "median", "p90", "p95")),
    )  # fmt: skip
    rows = (
        (table, *_heard(one))
        for table, told in (("kind", overview.by_kind), ("harm", overview.by_harm))
        for one in told
    )
    return as_csv(columns, rows)


def papers_csv(overview: Overview) -> bytes:
    """The documents that are held, each with the digest of its file."""
    columns = ("kind", "title", "version", "file", "sha256", "dated", "look_again", "owner")
    rows = (
        (one.kind, one.title, one.version, one.name, one.sha256, one.dated, one.expires_on,
         one.owner)
        for one in overview.papers
    )  # fmt: skip
    return as_csv(columns, rows)


def tasks_csv(overview: Overview) -> bytes:
    """Tasks of measures and reviews of the assessment: what is open, or was closed since."""
    tasks = (
        ("measure", one.measure, one.says, *_days(one), one.note, one.owner)
        for one in overview.tasks
    )
    reviews = (("review", "", one.says, *_days(one), one.note, "") for one in overview.reviews)
    columns = ("kind", "measure", "why", "opened", "closed", "what_was_done", "owner")
    return as_csv(columns, (*tasks, *reviews))


def _days(one: Task | Review) -> tuple[str, str]:
    return one.opened_at.isoformat(), one.closed_at.isoformat() if one.closed_at else ""


def _of(figure: Figure) -> tuple[Cell, ...]:
    return (figure.name, figure.value, figure.of, figure.low, figure.high, figure.unit)


def _heard(one: Heard) -> tuple[Cell, ...]:
    counts = (one.received, one.acted, one.not_acted, one.waiting, one.withdrawn, one.in_time)
    spreads = (part for name in TIMES for part in _spread(getattr(one, name)))
    return (one.id, one.name, *counts, one.late, *spreads)


def _spread(spread: Spread | None) -> tuple[Cell, ...]:
    if spread is None:
        return (None,) * 4
    return (spread.count, spread.median, spread.p90, spread.p95)


# Figures for everyone


def transparency_csv(figures: Transparency) -> bytes:
    """One figure a row, each with its query and the journal's head."""
    columns = (
        "table", "id", "name", "where", "figure", "value", "of", "low", "high", "unit", "withheld",
        "query", "checkpoint", "root",
    )  # fmt: skip
    head = (figures.head.size, figures.head.root)
    return as_csv(columns, ((*row, *head) for row in _transparency_rows(figures)))


def transparency_json(figures: Transparency) -> bytes:
    """The same as JSON, with what each name means."""
    return as_json({**written(figures), "dictionary": dict(DICTIONARY)})


def dictionary_csv() -> bytes:
    """What each column and figure means."""
    return as_csv(("name", "means"), DICTIONARY.items())


def _transparency_rows(figures: Transparency) -> Iterator[tuple[Cell, ...]]:
    yield "total", "", "All of it", "", *_count("received", figures.received)
    for one in figures.by_kind:
        yield from _row("kind", one, COUNTS)
    for one in figures.by_harm:
        yield from _row("harm", one, ("received",))
    for effect in figures.measures:
        about: tuple[Cell, ...] = ("measure", effect.id, effect.title, effect.code)
        yield *about, "status", effect.status, None, None, None, "", "no", STANDINGS
        for figure in effect.figures:
            yield *about, *_of(figure), "no", figure.query


def _row(table: str, one: Row, counts: Iterable[str]) -> Iterator[tuple[Cell, ...]]:
    about: tuple[Cell, ...] = (table, one.id, one.name, one.where)
    for name in counts:
        yield *about, *_count(name, getattr(one, name))
    for name in ("share_acted", "share_in_time"):
        figure: Figure | None = getattr(one, name)
        if figure is not None:
            yield *about, name, *_of(figure)[1:], "no", figure.query
    for name in TIMES:
        times: Times | None = getattr(one, name)
        for part in ("median", "p90", "p95") if times else ():
            value = getattr(times, part)
            if value is not None:
                yield *about, f"{name}_{part}", value, None, None, None, "seconds", "no", HEARD


def _count(name: str, value: int | None) -> tuple[Cell, ...]:
    return (name, value, None, None, None, "count", "yes" if value is None else "no", HEARD)
