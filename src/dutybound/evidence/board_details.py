"""What stands behind the first page: measures, tasks, times, quality, risks, the journal."""

from collections.abc import Callable

from dutybound.evidence.charts import time_spans, turn_strips
from dutybound.evidence.figures import share
from dutybound.evidence.in_print import at_minute, figures_table, on_day, spread_in_words
from dutybound.evidence.overview import Measure, Overview
from dutybound.evidence.status import STATUS_WORDS
from dutybound.risk.record_basis import cited
from dutybound.risk.record_parts import (
    Definitions,
    Note,
    Paragraph,
    Part,
    Section,
    Table,
    capitalised,
    counted,
)

HEARD = "heard_in_period"
QUALITY = "quality"
STANDINGS = "standings"
RESIDUAL = "residual"
TASKS = "tasks"
REVIEWS = "reviews"
PAPERS = "documents_held"
ROWS = 25
"""As many as a chart holds: a page is not broken within one."""


def details(overview: Overview) -> tuple[Section, ...]:
    """The pages behind the first."""
    return tuple(section_of(overview) for section_of in _SECTIONS)


def _turned(overview: Overview) -> Section:
    turned = [one for one in overview.measures if len(one.turns) > 1]
    parts: tuple[Part, ...] = (
        Paragraph("No measure turned in the period, as far as findings were kept."),
    )
    if turned:
        rest = len(overview.measures) - len(turned)
        charts = (
            turn_strips(turned[first : first + ROWS], since=overview.since, until=overview.until)
            for first in range(0, len(turned), ROWS)
        )
        said = f"{counted(rest, 'other measure')} did not turn in the period."
        parts = (*charts, Paragraph(said))
    return Section("turned", "What turned, and when", parts)


def _measures(overview: Overview) -> Section:
    columns = ("Measure", "Status", "Since", "Owner")
    rows = tuple(
        (
            f"{cited(one.id)}: {one.title}",
            STATUS_WORDS[one.status] if one.status else "Not taken",
            on_day(one.since),
            one.owner or "Nobody",
        )
        for one in overview.measures
    )
    return Section(
        "measures",
        "How each measure stands",
        (Table(f"All measures (query: {STANDINGS})", columns, rows),),
        tuple(_measure(one) for one in overview.measures),
    )


def _measure(one: Measure) -> Section:
    name = f"{cited(one.id)}: {one.title}"
    told = [("Status", STATUS_WORDS[one.status] if one.status else "Not taken")]
    if not one.applies:
        told.append(("Does it apply?", "It is not known whether it applies"))
    if one.instead:
        told.append(("Instead", one.instead))
    if one.status:
        told += [
            ("What the records show", one.says),
            ("Since", on_day(one.since) or "Not looked at yet"),
            ("Owner", one.owner or "Nobody"),
            ("Probe", one.probe),
        ]
    if one.digest:
        told.append(("Finding (SHA-256)", one.digest))
        told.append(("Kept at", _kept(one.checkpoint)))
    told.append(("Register entry", capitalised(one.register_says)))
    parts: list[Part] = [Definitions(tuple(told))]
    if one.figures:
        parts.append(figures_table(f"Figures of {cited(one.id)}", one.figures))
    return Section(f"measure-{_slug(one.id)}", name, tuple(parts))


def _kept(size: int) -> str:
    return (
        f"Checkpoint {size:,} of the journal" if size else "Before the journal's first checkpoint"
    )


def _tasks(overview: Overview) -> Section:
    still_open = [one for one in overview.tasks if one.closed_at is None]
    rows = tuple(
        (cited(one.measure), one.says, on_day(one.opened_at), one.owner or "Nobody")
        for one in still_open
    )
    columns = ("Measure", "What turned", "Open since", "Owner")
    closed = len(overview.tasks) - len(still_open)
    done = Paragraph(f"{counted(closed, 'other task')} closed in the period (query: {TASKS}).")
    table = Table(f"Open tasks (query: {TASKS})", columns, rows)
    return Section(
        "tasks",
        "Tasks that are open",
        (table if rows else Paragraph("No task is open."), *((done,) if closed else ())),
    )


def _times(overview: Overview) -> Section:
    if not overview.by_kind:
        return Section("times", "How soon people were heard", (Paragraph("Nobody told anything."),))
    parts: list[Part] = []
    if any(one.decision for one in overview.by_kind):
        parts.append(time_spans(overview.by_kind))
    rows = []
    for one in overview.by_kind:
        due = one.in_time + one.late
        in_time = share("", one.in_time, of=due, query=HEARD).says if due else "none due yet"
        counts = f"{one.received:,}, {one.waiting:,} waiting"
        decision, told = spread_in_words(one.decision), spread_in_words(one.told)
        rows.append((f"{one.name} ({one.where})", counts, decision, told, in_time))
    columns = ("Kind", "Received", "Until decided", "Until told", "In time")
    parts.append(Table(f"Reports, complaints and appeals (query: {HEARD})", columns, tuple(rows)))
    return Section("times", "How soon people were heard", tuple(parts))


def _quality(overview: Overview) -> Section:
    table = figures_table("Second looks, golden items and appeals", overview.quality)
    return Section("quality", "How good decisions are", (table,))


def _residual(overview: Overview) -> Section:
    rows = tuple(
        (
            one.name,
            capitalised(one.level),
            capitalised(one.left),
            one.says,
            "Yes" if one.contradicts else "No",
        )
        for one in overview.residual
    )
    columns = ("Kind of harm", "Assessed", "Left", "Why", "Look again?")
    table = Table(f"Residual risk (query: {RESIDUAL})", columns, rows)
    none = Paragraph("No residual risk was worked out from the records.")
    return Section("residual", "What is left of each risk", (table if rows else none,))


def _assessment(overview: Overview) -> Section:
    version = overview.assessment
    parts: list[Part] = [
        Definitions(
            (
                ("Version in force", str(version.number)),
                ("Approved", at_minute(version.approved_at)),
                ("Digest (SHA-256)", version.digest),
            )
        )
        if version
        else Note("Not finished", "No assessment is approved.")
    ]
    rows = tuple(
        (one.says, on_day(one.opened_at), on_day(one.closed_at) or "Open", one.note)
        for one in overview.reviews
    )
    if rows:
        columns = ("Why it was to be looked at again", "Since", "Closed", "What was done")
        parts.append(Table(f"Reviews (query: {REVIEWS})", columns, rows))
    return Section("assessment", "The assessment", tuple(parts))


def _papers(overview: Overview) -> Section:
    rows = tuple(
        (f"{one.title} ({one.version})", one.dated, one.expires_on, one.owner or "Nobody")
        for one in overview.papers
    )
    columns = ("Document and version", "Dated", "To be looked at again", "Owner")
    table = Table(f"Governance documents (query: {PAPERS})", columns, rows)
    none = Paragraph("No governance document is held.")
    return Section("papers", "Documents held", (table if rows else none,))


def _journal(overview: Overview) -> Section:
    head = overview.head
    told = (
        ("Journal", head.origin or "None yet"),
        ("Entries under the head", f"{head.size:,}"),
        ("Root (SHA-256)", head.root or "None yet"),
        ("Witnesses", head.witnesses),
    )
    how = (
        "Each finding's digest stands in the journal. Whoever has the journal's files checks them "
        "with `dutybound verify-journal`, on any machine. A log that nobody else signs cannot show "
        "that its keeper did not write it anew."
    )
    return Section("journal", "The journal behind the figures", (Definitions(told), Paragraph(how)))


def _queries(overview: Overview) -> Section:
    rows = tuple(
        (one.name, one.says, ", ".join(one.records), f"{one.days} days" if one.days else "Now")
        for one in overview.queries
    )
    columns = ("Query", "What it counts", "Records", "Looks back")
    made_at, head = at_minute(overview.made_at), overview.head
    computed = Paragraph(f"All were computed on {made_at}, at {head.says}.")
    parts = (computed, Table("Queries", columns, rows))
    return Section("queries", "What each figure counts", parts)


def _slug(measure: str) -> str:
    return measure.lower().replace(" ", "-")


_SECTIONS: tuple[Callable[[Overview], Section], ...] = (
    _turned,
    _tasks,
    _times,
    _quality,
    _residual,
    _assessment,
    _papers,
    _journal,
    _measures,
    _queries,
)
