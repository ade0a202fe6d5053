"""Places within charts, written as SVG takes them whatever the language of the page."""

from collections.abc import Sequence

from django import template

register = template.Library()


@register.filter
def place(per_cent: float) -> str:
    """A place on the width, in per cent."""
    return f"{per_cent:.2f}"


@register.simple_tag
def between(start: float, end: float) -> str:
    """How wide a stretch is."""
    return f"{end - start:.2f}"


@register.simple_tag
def of_most(count: int, rows: Sequence[tuple[str, int, str]]) -> str:
    """How long a bar is beside the longest."""
    most = max((row[1] for row in rows), default=0)
    return f"{100 * count / most if most else 0:.2f}"
