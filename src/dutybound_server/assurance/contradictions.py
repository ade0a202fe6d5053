"""Answers that cannot both be true, in words for the person who has just given the second."""

from collections.abc import Iterator
from datetime import date

from dutybound.register.book import register
from dutybound.register.words import Words
from dutybound.risk.combinations import impossible
from dutybound.risk.document import Assessment
from dutybound.risk.known import known


def contradictions(before: Assessment, after: Assessment, *, today: date) -> tuple[str, ...]:
    """What an answer would bring in: a sentence for each; what was there before is not told."""
    old = {trouble.path for trouble in impossible(before, as_of=today)}
    new = [one.path for one in impossible(after, as_of=today) if one.path not in old]
    facts = [str(path[1]) for path in new if path[0] == "facts"]
    return tuple(_sentences(facts, after, today=today))


def _sentences(facts: list[str], document: Assessment, *, today: date) -> Iterator[str]:
    edition = register().on(today)
    words = Words(edition, known(document, as_of=today))
    for name in facts:
        fact = edition.register.facts[name]
        says = fact.yes if document.facts[name] else fact.no
        against = fact.needs if document.facts[name] and fact.needs else fact.derived
        if against is not None:
            yield f"You say that {says}, and that {words.because(against)}. Both cannot be true."
