"""How pages of the assessment say how sure we are, how things stand, and who did something."""

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dutybound.evidence.residual import Works
from dutybound.register.book import register as law
from dutybound.risk.document import ControlState
from dutybound.risk.levels import Rule
from dutybound.risk.record_basis import STATES, cited
from dutybound_server.console.assessment_sections import Section
from dutybound_server.console.assessment_words import (
    RULES,
    STATE_COLOURS,
    sentence,
)
from dutybound_server.console.navigation import PLACES

register = template.Library()
register.filter("sentence", sentence)
register.filter("cited", cited)

CONFIDENCE = {
    "verified": ("green", "verified", "Read in a source that quotes the text."),
    "partial": (
        "amber",
        "partly verified",
        "A part was read in a source, the rest is from memory.",
    ),
    "recalled": (
        "slate",
        "from memory",
        "Not checked against the text. Check before you rely on it.",
    ),
}
WORKS = {
    Works.BORNE_OUT: ("green", "borne out"),
    Works.UNPROVEN: ("slate", "not borne out"),
    Works.FAILS: ("red", "not met"),
    Works.NOT_THERE: ("slate", "not in place"),
}
LEVEL_COLOURS = {"negligible": "slate", "low": "green", "medium": "amber", "high": "red"}
APPLIES_COLOURS = {"applies": "green", "does not apply": "slate", "unknown": "amber"}


@register.simple_tag
def confidence(level: str) -> SafeString:
    """How sure the register is of an entry, as a word; what it means on hover."""
    colour, word, meaning = CONFIDENCE[level]
    return format_html(
        '<span class="tag tag-{}" title="{}"><span class="visually-hidden">The entry is </span>'
        "{}</span>",
        colour,
        meaning,
        word,
    )


@register.simple_tag
def level(name: str | None) -> SafeString:
    """A level of risk, or that there is none yet."""
    if not name:
        return format_html('<span class="tag tag-slate">{}</span>', "no level yet")
    return format_html('<span class="tag tag-{}">{}</span>', LEVEL_COLOURS.get(name, "slate"), name)


@register.simple_tag
def applies(answer: str) -> SafeString:
    return format_html('<span class="tag tag-{}">{}</span>', APPLIES_COLOURS[answer], answer)


@register.simple_tag(takes_context=True)
def where_it_runs(context: Context, where: str) -> SafeString | str:
    """Where a control runs: a page of the console, an address elsewhere, or words."""
    places = {place.view: place.name for place in PLACES}
    if where in places:
        address = reverse(where, args=[context["request"].service.slug])
        return format_html('<a href="{}">{}</a>, in this console', address, places[where])
    if where.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', where, where)
    return where


@register.simple_tag
def control_state(state: str) -> SafeString:
    return format_html(
        '<span class="tag tag-{}">{}</span>', STATE_COLOURS[state], STATES[ControlState(state)]
    )


@register.simple_tag
def works(found: Works) -> SafeString:
    """What the records say of a control."""
    colour, word = WORKS[found]
    return format_html('<span class="tag tag-{}">{}</span>', colour, word)


@register.simple_tag
def progress(section: Section) -> SafeString:
    """How far a section is, as a word."""
    colour, words = {
        "done": ("green", "Done"),
        "started": ("amber", f"{section.done} of {section.total}"),
        "waiting": ("slate", "Not started"),
    }[section.state]
    return format_html('<span class="tag tag-{}">{}</span>', colour, section.says or words)


@register.filter
def rule_words(rule: Rule) -> str:
    """A rule for levels, and whose it is."""
    return RULES[rule]


@register.filter
def lowered(words: str) -> str:
    """The words as they stand inside a sentence."""
    return f"{words[:1].lower()}{words[1:]}"


@register.filter
def fact_words(id_: str) -> str:
    """What a fact says when it holds."""
    fact = law().facts.get(id_)
    return fact.yes if fact else id_
