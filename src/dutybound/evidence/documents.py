"""Governance measures: documents that somebody wrote, owns, and looks at again in time."""

from dataclasses import dataclass

from dutybound.evidence.figures import count, days
from dutybound.evidence.probe import Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

SOON_DAYS = 30
"""A document that expires within so many days is at risk of doing so."""


@dataclass(frozen=True, slots=True)
class Held:
    """The newest version of a document: its kind, its number, days until it expires."""

    kind: str
    version: int
    days_left: int
    has_owner: bool


@dataclass(frozen=True, slots=True)
class Documents:
    held: tuple[Held, ...]


DOCUMENTS = Query(
    "documents",
    Documents,
    "The governance documents that are held now: version, owner, and when each is to be looked at "
    "again.",
    ("governance documents",),
)

KINDS: dict[str, str] = {
    "accountable_person": "Who answers for safety, in writing",
}
"""Kinds of documents, by id, as people call them."""


def judge_documents(given: Given, wanted: tuple[str, ...]) -> Judged:
    """Met where each wanted kind is held, owned and not expired."""
    held = {one.kind: one for one in given[DOCUMENTS].held if one.kind in wanted}
    figures = (
        count("Documents held", len(held), query=DOCUMENTS.name),
        count("Documents wanted", len(wanted), query=DOCUMENTS.name),
        days(
            "Until the first expires",
            min((one.days_left for one in held.values()), default=None),
            query=DOCUMENTS.name,
        ),
    )
    missing = [KINDS[kind] for kind in wanted if kind not in held]
    if missing:
        return Judged(Status.NOT_MET, f"Nothing is held of: {'; '.join(missing)}.", figures)
    status = worst_of(_status(one) for one in held.values())
    return Judged(status, _says(status, tuple(held.values())), figures)


def _status(held: Held) -> Status:
    if held.days_left < 0:
        return Status.STALE
    return Status.AT_RISK if held.days_left <= SOON_DAYS or not held.has_owner else Status.MET


def _says(status: Status, held: tuple[Held, ...]) -> str:
    named = "; ".join(KINDS[one.kind] for one in held if _status(one) is status)
    match status:
        case Status.STALE:
            return f"Past the day on which it was to be looked at again: {named}."
        case Status.AT_RISK:
            return f"To be looked at again within {SOON_DAYS} days, or without an owner: {named}."
        case _:
            return f"Held, owned and in date: {named}."


def governance_task(
    name: str, *, measures: tuple[str, ...], asks: str, documents: tuple[str, ...]
) -> Probe:
    """A task that is done while its documents are held, owned and in date."""
    return Probe(
        id=name,
        version=1,
        measures=measures,
        asks=asks,
        met="Each document is held, has an owner, and is not past its day.",
        at_risk=f"A document is past its day within {SOON_DAYS} days, or has no owner.",
        not_met="A document is missing.",
        not_enough="Never: a document is there, or it is not.",
        reads=(DOCUMENTS,),
        judge=lambda given: judge_documents(given, documents),
        documents=documents,
    )
