"""Governance measures: documents that somebody wrote, owns, and looks at again in time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from dutybound.evidence.document_kinds import DOCUMENT_KINDS
from dutybound.evidence.figures import count, days
from dutybound.evidence.probe import Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

SOON_DAYS = 30
"""A document that expires within so many days is at risk of doing so."""
NOT_JUDGED = "What they say is not judged here."


@dataclass(frozen=True, slots=True)
class Held:
    """The newest version of a document: its kind, its number, days until it expires.

    `has_owner`: its owner works at the service. `days_old`: since the day it bears.
    `by_another`: somebody else than its owner added it.
    """

    kind: str
    version: int
    days_left: int
    has_owner: bool
    days_old: int = 0
    by_another: bool = False


@dataclass(frozen=True, slots=True)
class Documents:
    held: tuple[Held, ...]

    def of(self, kind: str) -> Held | None:
        return next((one for one in self.held if one.kind == kind), None)


DOCUMENTS = Query(
    "documents",
    Documents,
    "The governance documents that are held now: version, owner, the day each bears, and when it "
    "is to be looked at again.",
    ("governance documents",),
)


@dataclass(frozen=True, slots=True)
class Also:
    """What records must say besides the documents, and when that is which, for people."""

    reads: tuple[Query[Any], ...]
    judge: Callable[[Given], Judged]
    met: str
    at_risk: str = ""
    not_met: str = ""
    not_enough: str = ""


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
    missing = [DOCUMENT_KINDS[kind].name for kind in wanted if kind not in held]
    if missing:
        return Judged(Status.NOT_MET, f"Nothing is held of: {'; '.join(missing)}.", figures)
    status = worst_of(_status(one) for one in held.values())
    return Judged(status, _says(status, tuple(held.values())), figures)


def _status(held: Held) -> Status:
    if held.days_left < 0:
        return Status.STALE
    return Status.AT_RISK if held.days_left <= SOON_DAYS or not held.has_owner else Status.MET


def _says(status: Status, held: tuple[Held, ...]) -> str:
    match status:
        case Status.STALE:
            late = _named(one for one in held if one.days_left < 0)
            return f"Past the day on which it was to be looked at again: {late}."
        case Status.AT_RISK:
            due = _named(one for one in held if 0 <= one.days_left <= SOON_DAYS)
            unowned = _named(one for one in held if not one.has_owner)
            return _joined(
                due and f"To be looked at again within {SOON_DAYS} days: {due}.",
                unowned and f"Nobody who works here looks after: {unowned}.",
            )
        case _:
            return f"Held, owned and in date: {_named(held)}. {NOT_JUDGED}"


def _named(held: Iterable[Held]) -> str:
    return "; ".join(DOCUMENT_KINDS[one.kind].name for one in held)


def governance_task(
    name: str,
    *,
    measures: tuple[str, ...],
    asks: str,
    documents: tuple[str, ...],
    also: Also | None = None,
) -> Probe:
    """A task that is done while its documents are held, owned and in date, and `also` is so."""
    besides = also or Also((), lambda _: Judged(Status.MET, ""), "")
    queries = {query.name: query for query in (DOCUMENTS, *besides.reads)}

    def judge(given: Given) -> Judged:
        return _both(judge_documents(given, documents), besides.judge(given))

    return Probe(
        id=name,
        version=1,
        measures=measures,
        asks=asks,
        met=_joined("Each document is held, has an owner, and is not past its day.", besides.met),
        at_risk=_joined(
            f"A document is past its day within {SOON_DAYS} days, or its owner does not work here.",
            besides.at_risk,
        ),
        not_met=_joined("A document is missing.", besides.not_met),
        not_enough=besides.not_enough or "Never: a document is there, or it is not.",
        reads=tuple(queries.values()),
        judge=judge,
        documents=documents,
    )


def _both(written: Judged, lived: Judged) -> Judged:
    """The worse of the two, and what either of them lacks; what is well is said if all is."""
    status = worst_of((written.status, lived.status))
    both = (written, lived)
    lacking = [one.says for one in both if one.status is not Status.MET]
    says = _joined(*(lacking or (one.says for one in both)))
    return Judged(status, says, (*written.figures, *lived.figures))


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
