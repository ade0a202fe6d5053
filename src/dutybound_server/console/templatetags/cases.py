"""Shapes and bars of the cases' screens; a word always stands beside them."""

from typing import Any

from django import template

from dutybound.cases.guide_files import guide_called
from dutybound.cases.guides import Answer, Verdict
from dutybound.cases.status import EventKind, Status
from dutybound.matching import MAX_THRESHOLD
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Case, CaseEvent, Match

register = template.Library()

SEVERITY_WORDS = {5: "Critical", 4: "Severe", 3: "Serious", 2: "Moderate", 1: "Minor"}


@register.inclusion_tag("console/cases/_severity.html")
def severity(number: int) -> dict[str, Any]:
    """A severity as shape, colour and word."""
    return {"number": number, "word": SEVERITY_WORDS[number]}


@register.filter
def harm_name(harm: str) -> str:
    """A kind of harm as the register names it."""
    return HARMS[harm].name if harm in HARMS else harm


@register.inclusion_tag("console/cases/_meter.html")
def meter(share: float, limit: float | None = None) -> dict[str, Any]:
    """A bar filled to a share from 0 to 1, perhaps with a mark at a limit; for eyes only."""
    return {
        "width": round(100 * min(max(share, 0), 1), 1),
        "limit": None if limit is None else round(100 * min(limit, 1), 1),
    }


@register.inclusion_tag("console/cases/_distance.html")
def distance(match: Match) -> dict[str, Any]:
    """How far a match is from its signal, as a bar against the threshold and in words.

    The bar is as long as the widest threshold that a bank may have.
    """
    return {
        "match": match,
        "share": match.distance / MAX_THRESHOLD,
        "limit": match.threshold / MAX_THRESHOLD,
    }


SIGNAL_WORDS = {
    "pdq": "looks like a known picture",
    "sha256": "is the very file of a signal (SHA-256)",
    "md5": "is the very file of a signal (MD5)",
    "phrase": "has the phrase",
    "pattern": "fits the pattern",
    "url": "links to the address",
    "url_prefix": "links to an address below",
    "host": "links to the host",
    "domain": "links to the domain",
}


@register.filter
def signal_words(kind: str) -> str:
    """What it means to meet a signal of that kind."""
    return SIGNAL_WORDS[kind]


OUTCOME_WORDS = {
    "take_down": "Taken down",
    "restrict": "Restricted",
    "label": "Labelled",
    "restore": "Restored",
    "none": "Nothing wrong",
    "hold": "Held until decided again",
}
GROUND_WORDS = {"law": "The law", "terms": "Our terms", "none": "None: nothing is taken away"}


@register.filter
def outcome_words(kind: str) -> str:
    """What was done to the item, in words."""
    return OUTCOME_WORDS[kind]


@register.filter
def ground_words(ground: str) -> str:
    """What the decision rests on, in words."""
    return GROUND_WORDS[ground]


EVENT_WORDS = {
    EventKind.OPENED: "opened the case",
    EventKind.MATCHED: "found new matches",
    EventKind.RAISED: "asked for another look",
    EventKind.CLAIMED: "claimed it",
    EventKind.RELEASED: "gave it back",
    EventKind.HANDED_OVER: "handed it over",
    EventKind.NOTED: "noted",
    EventKind.REVEALED: "looked at a picture",
    EventKind.DECIDED: "decided",
    EventKind.UNDONE: "undid the decision",
    EventKind.APPEALED: "The author appealed",
}


@register.filter
def event_words(event: CaseEvent) -> str:
    """What happened, to stand behind the name of who did it."""
    words = EVENT_WORDS[EventKind(event.kind)]
    outcome = event.facts.get("enforcement_kind")
    if event.kind == EventKind.DECIDED and outcome:
        words = f"{words}: {OUTCOME_WORDS[outcome].lower()}"
    banks = event.facts.get("banks")
    if banks:
        words = f"{words} ({', '.join(banks)})"
    return words if event.by_id else words[0].upper() + words[1:]


@register.filter
def last_words(case: Case) -> str:
    """How an earlier case ended, or that it is still open."""
    standing = [decision for decision in case.decisions.all() if decision.undone_at is None]
    last = max(standing, key=lambda decision: decision.pk, default=None)
    if case.status != Status.DECIDED or last is None:
        return case.status
    return OUTCOME_WORDS[last.enforcement_kind].lower()


VERDICT_WORDS = {
    Verdict.ILLEGAL: "Illegal content, by these answers",
    Verdict.NOT_ILLEGAL: "Not illegal, by these answers",
    Verdict.TERMS: "It breaks our terms, by these answers",
    Verdict.NO_BREACH: "It breaks no rule of our terms, by these answers",
    Verdict.HARMFUL: "Harmful to children, by these answers",
    Verdict.NOT_HARMFUL: "Not harmful to children in the sense of the Act, by these answers",
    Verdict.UNSURE: "Not enough to say yet",
}
VERDICT_COLOURS = {
    Verdict.ILLEGAL: "notice-red",
    Verdict.NOT_ILLEGAL: "notice-green",
    Verdict.TERMS: "notice-amber",
    Verdict.NO_BREACH: "notice-green",
    Verdict.HARMFUL: "notice-amber",
    Verdict.NOT_HARMFUL: "notice-green",
}
ANSWER_WORDS = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "Cannot tell"}
MARK_WORDS = {Answer.YES: "there", Answer.NO: "not there", Answer.UNKNOWN: "open"}
DEFENCE_MARKS = {Answer.YES: "one may succeed", Answer.NO: "none to infer", Answer.UNKNOWN: "open"}


@register.filter
def verdict_words(verdict: str) -> str:
    """What guided answers give, in words."""
    return VERDICT_WORDS[Verdict(verdict)]


@register.filter
def verdict_colour(verdict: str) -> str:
    """The class that colours it, with the space before it; none where nothing is known yet."""
    colour = VERDICT_COLOURS.get(Verdict(verdict))
    return f" {colour}" if colour else ""


@register.filter
def answer_words(answer: str) -> str:
    """An answer as it was ticked."""
    return ANSWER_WORDS[Answer(answer)]


@register.filter
def mark_words(state: str, part: str) -> str:
    """How one part of an offence stands."""
    return (DEFENCE_MARKS if part == "Defences" else MARK_WORDS)[Answer(state)]


@register.filter
def guide_title(guide: str) -> str:
    """What the questions were about; the id where a later version has no such guide."""
    found = guide_called(guide)
    return found.title if found else guide
