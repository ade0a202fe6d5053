"""Statuses of measures in words, each with a shape and a colour beside the word."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dutybound.evidence.document_kinds import DOCUMENT_KINDS
from dutybound.evidence.figures import in_words
from dutybound.evidence.status import STATUS_WORDS, Status
from dutybound.risk.controls import control_id

register = template.Library()

COLOURS = {
    Status.MET: "green",
    Status.AT_RISK: "amber",
    Status.NOT_ENOUGH: "slate",
    Status.STALE: "slate",
    Status.NOT_MET: "red",
}
SHAPES = {
    Status.MET: "✓",
    Status.AT_RISK: "◐",
    Status.NOT_ENOUGH: "?",
    Status.STALE: "…",
    Status.NOT_MET: "✕",
}
MEANS = {
    Status.NOT_MET: "The records show that it does not work. Act now.",
    Status.AT_RISK: "It works in part, or is about to fail.",
    Status.STALE: "Nobody has looked for too long, or a document is past its day.",
    Status.NOT_ENOUGH: "Too little has happened, or is recorded, to say that it works.",
    Status.MET: "The records bear it out.",
}


@register.filter
def status_words(status: str) -> str:
    return STATUS_WORDS[Status(status)]


@register.filter
def status_means(status: str) -> str:
    return MEANS[Status(status)]


@register.filter
def status_colour(status: str) -> str:
    return COLOURS[Status(status)]


@register.filter
def measure_slug(measure: str) -> str:
    """A measure's number as it stands in an address."""
    return control_id(measure)


@register.filter
def document_kind(kind: str) -> str:
    """What a kind of governance document is called."""
    found = DOCUMENT_KINDS.get(kind)
    return found.name if found else kind


@register.filter
def measured_ago(moment: datetime | None) -> str:
    """How long ago, in words."""
    return "never" if moment is None else f"{in_words(timezone.now() - moment)} ago"


@register.simple_tag
def status_tag(status: str) -> SafeString:
    """A status as a word with its shape and colour."""
    found = Status(status)
    return format_html(
        '<span class="tag tag-{}"><span aria-hidden="true">{}</span> {}</span>',
        COLOURS[found],
        SHAPES[found],
        STATUS_WORDS[found],
    )
