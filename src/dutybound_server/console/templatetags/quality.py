"""Shares and coefficients in words, each with the range that a sample of its size leaves open."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dutybound.cases.agreement import Agreement
from dutybound.cases.times import Share
from dutybound_server.console.templatetags.console import per_cent

register = template.Library()
NOTHING = "\N{EN DASH}"


@register.filter
def percent(value: float | None) -> str:
    """`83 %`, or a dash where there is nothing to tell."""
    return NOTHING if value is None else per_cent(value)


@register.simple_tag
def part(found: Share | None) -> SafeString | str:
    """`3 of 4` above its rate and range."""
    if found is None:
        return NOTHING
    return format_html(
        '{} of {} <div class="muted small">{}, {} to {}</div>',
        found.count,
        found.of,
        per_cent(found.rate),
        per_cent(found.low),
        per_cent(found.high),
    )


@register.simple_tag
def coefficient(found: Agreement) -> SafeString | str:
    """`0.62` with its range; what there is to say where there is none."""
    if not found.units:
        return NOTHING
    if found.value is None:
        return format_html('<span class="muted small">{}</span>', "none: all said the same")
    return format_html(
        '{} <div class="muted small">{} to {}</div>',
        f"{found.value:.2f}",
        f"{found.low:.2f}",
        f"{found.high:.2f}",
    )
