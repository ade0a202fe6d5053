"""Clocks, times and shares of what people tell us; a word stands beside every shape."""

from collections.abc import Sized
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dutybound.cases.kinds import KINDS, Kind
from dutybound.cases.priority import lasting
from dutybound.cases.times import Share, Spread
from dutybound_server.casework.models import Concern, ConcernEvent
from dutybound_server.console.clocks import concern_clock

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


ASKED = {
    "role": "Who reports",
    "is_intimate": "It is intimate",
    "no_consent": "Nobody agreed to it",
    "sent_by": "Sent by",
}
SAID = {
    True: "yes",
    False: "no",
    "subject": "the person it shows",
    "agent": "somebody who acts for the person it shows",
}


@register.filter
def asked(name: str) -> str:
    """What the form asked, as staff read it."""
    return ASKED.get(name, name.replace("_", " ").capitalize())


@register.filter
def answered(value: object) -> object:
    """What the person chose, in words."""
    return SAID.get(value, value) if isinstance(value, bool | str) else value


@register.filter
def kind_name(kind: str) -> str:
    """A kind of concern as we call it."""
    return KINDS[Kind(kind)].name


@register.filter
def told_outcome(outcome: str) -> str:
    """What became of a concern, in words."""
    return OUTCOMES.get(outcome, outcome)


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


EVENTS = {
    "added": "added something",
    "changed": "The outcome changed",
    "decided": "decided it",
    "block_asked": "The person asked to block the account",
    "file_opened": "opened a file",
    "found": "The picture was found in a post",
    "let_through": "let it go before others",
    "looked_for": "The picture is looked for everywhere",
    "opted_in": "Messages are wanted again",
    "opted_out": "No messages are wanted any more",
    "paused": "let the clock stand still",
    "pointed": "said what it is about",
    "checked": "looked again whether it was rightly disregarded",
    "read": "The person read what we wrote",
    "refused": "refused it",
    "taken_back": "took the outcome back",
    "reopened": "took the refusal back",
    "resumed": "let the clock run again",
    "told": "A letter was written",
    "withdrawn": "The person took it back",
}


@register.filter
def concern_event(event: ConcernEvent) -> str:
    """What happened to a concern, to stand behind the name of who did it."""
    if event.kind == "stage":
        stage = event.facts.get("stage", 0)
        return "Its target has passed" if stage >= 100 else f"{stage} % of its time is used"
    if event.kind == "told":
        return f"A letter was written: {str(event.facts.get('letter', '')).replace('_', ' ')}"
    words = EVENTS.get(event.kind, event.kind.replace("_", " "))
    return words if event.by_id else words[0].upper() + words[1:]


@register.simple_tag
def clock(concern: Concern, now: datetime | None = None) -> SafeString:
    """How much time is left, in words and colour."""
    found = concern_clock(concern, now=now or timezone.now())
    return format_html('<span class="nowrap {}">{}</span>', found.colour, found.words)
