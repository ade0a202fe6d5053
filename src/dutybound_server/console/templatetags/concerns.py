"""Clocks, times and shares of what people tell us; a word stands beside every shape."""

from collections.abc import Sized
from datetime import timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dutybound.cases.kinds import KINDS, Kind
from dutybound.cases.priority import lasting
from dutybound.cases.times import Share, Spread

register = template.Library()

NAMES_WIDTH, WIDTH, ROW = 250, 490, 34
OUTCOMES = {
    "acted": "Something was done",
    "partly": "Done for some of it",
    "no_action": "Nothing to be done",
    "refused": "Refused",
    "overturned": "They were right",
    "upheld": "The decision stays",
    "not_ours": "Not on this service",
    "unfounded": "Disregarded under the policy",
    "withdrawn": "Taken back",
}


@register.filter
def kind_name(kind: str) -> str:
    """A kind of concern as we call it."""
    return KINDS[Kind(kind)].name


@register.filter
def told_outcome(outcome: str) -> str:
    """What became of a concern, in words."""
    return OUTCOMES.get(outcome, outcome)


@register.filter
def length_words(length: timedelta) -> str:
    """“12 min”, “31 h”, “9 days”."""
    return lasting(length)


@register.simple_tag
def spread(found: Spread | None) -> SafeString:
    """A median, and the high percentiles that can be given."""
    if found is None:
        return format_html('<span class="muted">{}</span>', "none yet")
    rest = [
        f"{name} {lasting(time)}"
        for name, time in (("90th", found.p90), ("95th", found.p95))
        if time
    ]
    return format_html(
        '<span class="nowrap">{}</span>{}<span class="small muted">{}</span>',
        lasting(found.median),
        SafeString("<br>") if rest else "",
        ", ".join(rest),
    )


@register.simple_tag
def share(found: Share | None) -> SafeString:
    """A share with what it may truly be; a bare count where there are too few."""
    if found is None:
        return format_html('<span class="muted">{}</span>', "nothing decided yet")
    return format_html(
        '<span class="nowrap">{} of {}</span><br>'
        '<span class="small muted nowrap">{} to {} %</span>',
        f"{found.count:,}",
        f"{found.of:,}",
        round(100 * found.low),
        round(100 * found.high),
    )


@register.filter
def times_x(percent: float) -> float:
    """A place on the picture's scale, in its own units."""
    return round(NAMES_WIDTH + WIDTH * percent / 100, 1)


@register.filter
def times_y(number: int) -> int:
    return ROW // 2 + number * ROW


@register.filter
def times_height(lines: Sized) -> int:
    return len(lines) * ROW + 28
