"""The parts and values of an assessment as people say them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dutybound.register.book import register
from dutybound.register.entries import FactEntry, Question
from dutybound.risk.document import Assessment
from dutybound.risk.levels import Rule
from dutybound_server.assurance.parts import Value

ANSWERS = {True: "Yes", False: "No", None: "I don't know"}
STATE_COLOURS = {
    "in_place": "green",
    "task": "amber",
    "alternative": "green",
    "refused": "red",
    "idle": "slate",
    "declined": "slate",
    "unknown": "slate",
}
RULES = {
    Rule.UNRATED: "A kind of harm without a level is unknown, and never low.",
    Rule.INCONCLUSIVE: "Ofcom: where the evidence does not settle it, take the higher level.",
    Rule.SIZE: "Ofcom: small size is never a reason for negligible.",
    Rule.STRUCTURAL: "Ofcom: negligible needs a reason in how the service is built.",
    Rule.EVIDENCE: "Ofcom: a harm that was seen here speaks for at least medium.",
    Rule.SUB_KIND: "Ofcom: the whole is at least as high as its highest sub-kind.",
    Rule.CONTROLS: "Ofcom: low because of controls needs one that is shown to work.",
    Rule.TABLE: "Our simple form of Ofcom's table of levels, from memory.",
    Rule.AGE: "The level of all is at least that of each age.",
    Rule.REASONS: "Our own: a level below the proposed one has a reason.",
}
_TITLES = {
    "about": "About the service",
    "users": "How many people use it",
    "surfaces": "What you can take down",
    "people": "Who answers for it",
    "days": "Dates",
    "characteristics": "What is particular about the service",
    "all": "The whole assessment, imported",
}
_NAMES = {
    "least": "At least",
    "most": "At most",
    "counted": "How it was counted",
    "takedown_feasible": "Can be taken down",
    "is_inconclusive": "The evidence does not settle it",
    "structural": "Why it cannot happen here",
    "argued": "Why it is low all the same",
    "shown_to_work": "How you know that it works",
}
_PEOPLE_AND_DAYS = {
    "completed_by": "Filled in by",
    "responsible": "Answers for it",
    "approved_by": "Approved by",
    "reported_to": "Reported to",
    "completed": "Completed on",
    "updated": "Last updated on",
    "approved": "Approved on",
    "reported": "Reported on",
    "next_review": "Next review",
}


def sentence(words: str) -> str:
    """Words with a capital first and one full stop."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""


def question_named(id_: str) -> Question | None:
    return next((one for one in register().questions if one.id == id_), None)


def question_of_fact(fact: str) -> Question | None:
    return question_named(register().facts[fact].question)


def label_of(fact: FactEntry) -> str:
    """What a fact is called beside a tick."""
    return fact.label or f"{fact.yes[:1].upper()}{fact.yes[1:]}"


def title_of(part: str, *, document: Assessment, today: date) -> str:
    """What a part is called."""
    kind, _, key = part.partition("/")
    law = register()
    match kind:
        case "question":
            question = question_named(key)
            return question.ask if question else key
        case "risk":
            harm = law.on(today).harms.get(key)
            return f"Risk: {harm.name if harm else key}"
        case "scope":
            return next((test.ask for test in law.scope_tests if test.id == key), "Why, or why not")
        case "exemption":
            return law.exemptions[key].title if key in law.exemptions else key
        case "control":
            titles = (one.title for one in document.controls if one.id == key)
            return f"Control: {next(titles, key)}"
        case "evidence":
            return "Evidence"
        case "accepted":
            return "A risk that is accepted"
    return _TITLES.get(kind, kind)


def place_of(path: str, *, document: Assessment, today: date) -> str:
    """Where in the document something differs, such as `risks.fraud.level`, in words."""
    head, *rest = path.split(".")
    law = register()
    name = rest[0] if rest else ""
    known = {
        "facts": label_of(law.facts[name]) if name in law.facts else "",
        "reasons": f"Why: {label_of(law.facts[name])}" if name in law.facts else "",
        "risks": title_of(f"risk/{name}", document=document, today=today),
        "controls": title_of(f"control/{name}", document=document, today=today),
        "people": _PEOPLE_AND_DAYS.get(name, ""),
        "days": _PEOPLE_AND_DAYS.get(name, ""),
        "law_as_of": "The day of the law",
    }
    first = known.get(head) or " ".join(word.capitalize() for word in (head, name) if word)
    return ", ".join([first, *(step.replace("_", " ") for step in rest[1:])])


def rows_of(part: str, value: Value) -> list[tuple[str, str]]:
    """A saved value as names and words beside each other."""
    if value is None:
        return [("", "Nothing yet")]
    if part.startswith("question/"):
        return list(_fact_rows(value))
    if not isinstance(value, dict | list):
        return [("", _said(value))]
    return list(_rows(value))


def _fact_rows(value: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    facts = register().facts
    for id_, answer in value.get("facts", {}).items():
        yield (label_of(facts[id_]) if id_ in facts else id_), ANSWERS[answer]
    for reason in value.get("reasons", {}).values():
        yield "Why", reason


def _rows(value: Value, before: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "id":
                words = _NAMES.get(name, name.replace("_", " ").capitalize())
                yield from _rows(inner, f"{before}, {words.lower()}" if before else words)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            if isinstance(inner, dict):
                yield from _rows(inner, f"{before} {number}".strip())
            else:
                yield before, _said(inner)
    else:
        yield before, _said(value)


def _said(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ANSWERS[value]
    return f"{value:,}" if isinstance(value, int) else str(value).replace("_", " ")
