"""Words of the pages about publications."""

from collections.abc import Sequence
from datetime import timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dutybound.evidence.figures import Figure, in_words
from dutybound.evidence.status import WORST_FIRST
from dutybound.evidence.transparency import Effect, Row, Times
from dutybound.risk.record_basis import cited

register = template.Library()

SOON_DAYS = 7


@register.simple_tag
def due_tag(days: int) -> SafeString:
    """How long is left until a day, with the colour of how near it is."""
    if days < 0:
        gone = f"{-days} {'day' if days == -1 else 'days'}"
        return format_html('<span class="tag tag-red">{} late</span>', gone)
    words = "Due today" if days == 0 else f"{days} {'day' if days == 1 else 'days'} left"
    tone = "amber" if days <= SOON_DAYS else "slate"
    return format_html('<span class="tag tag-{}">{}</span>', tone, words)


@register.filter
def file_words(name: str) -> str:
    """A file as its button names it: PDF, CSV, its content as JSON."""
    if name == "content.json":
        return "What it is made from"
    stem, _, end = name.rpartition(".")
    return {"pdf": "PDF", "zip": "All in one file (ZIP)"}.get(
        end, f"{stem.replace('-', ' ').capitalize()} ({end.upper()})"
    )


@register.filter
def or_withheld(count: int | None) -> str:
    """A count, or that it is withheld."""
    return "—" if count is None else f"{count:,}"


@register.filter
def figure_or_withheld(figure: Figure | None) -> str:
    return "—" if figure is None else figure.says


@register.filter
def times_words(times: Times | None) -> str:
    """Half within an hour; nearly all within a day."""
    if times is None:
        return "—"
    slow = times.p95 or times.p90
    told = [f"half within {in_words(timedelta(seconds=times.median))}"]
    told += [f"nearly all within {in_words(timedelta(seconds=slow))}"] if slow else []
    return "; ".join(told)


@register.filter
def by_status(measures: Sequence[Effect]) -> list[list[Effect]]:
    """The measures of each status that one has, the worst first."""
    groups = [[one for one in measures if one.status == status] for status in WORST_FIRST]
    return [group for group in groups if group]


@register.filter
def told_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows of which anything is told."""
    return [row for row in rows if not _is_withheld(row)]


@register.filter
def withheld_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows of which everything is withheld, or has nothing to measure."""
    return [row for row in rows if _is_withheld(row)]


def _is_withheld(row: Row) -> bool:
    return (row.received, row.share_acted, row.share_in_time, row.decision) == (None,) * 4


@register.filter
def measure_cited(measure: str) -> str:
    """A measure as people cite it, with a question mark where the number is not checked."""
    return cited(measure)
