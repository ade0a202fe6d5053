"""Cases of the governance tasks. Most are never short of evidence."""

from collections.abc import Mapping
from dataclasses import replace

from dutybound.evidence.documents import DOCUMENTS, Documents, Held
from dutybound.evidence.governance import GOVERNANCE
from dutybound.evidence.governance_records import (
    ACCOUNTABLE,
    ASSESSED,
    AUDITS_DONE,
    BOARD_REPORTS,
    DUTIES_TRAINED,
    POLICE_CHANNELS,
    Accountable,
    Assessed,
    AuditsDone,
    BoardReports,
    DutiesTrained,
    PoliceChannels,
)
from dutybound.evidence.probe import Probe
from tests.library.evidence.cases import Answers, Cases

IT_IS_THERE_OR_NOT = "A document is there, or it is not."

GOOD: Answers = {
    ACCOUNTABLE.name: Accountable(1),
    BOARD_REPORTS.name: BoardReports(made=2, days_since_last=40),
    AUDITS_DONE.name: AuditsDone(1),
    DUTIES_TRAINED.name: DutiesTrained(people=7, trained=7, joined_lately=0, expiring=0),
    POLICE_CHANNELS.name: PoliceChannels(agreed=1, open=1, overdue=0),
    ASSESSED.name: Assessed(days_since=100),
}
TOO_LITTLE: Answers = {
    DUTIES_TRAINED.name: DutiesTrained(people=0, trained=0, joined_lately=0, expiring=0),
    ASSESSED.name: Assessed(days_since=None),
}


def held(kind: str, **changes: object) -> Held:
    """A document in good order, or what `changes` say."""
    good = Held(kind, version=1, days_left=200, has_owner=True, days_old=20, by_another=True)
    return replace(good, **changes)  # type: ignore[arg-type]


def held_of(probe: Probe, **changes: object) -> Documents:
    """Every document that the task wants."""
    return Documents(tuple(held(kind, **changes) for kind in probe.documents))


def cases_of(probe: Probe) -> Cases:
    good: Answers = {query.name: GOOD[query.name] for query in probe.reads if query.name in GOOD}
    met: Answers = {**good, DOCUMENTS.name: held_of(probe)}
    short = _not_enough(probe, met)
    return Cases(
        not_met={**good, DOCUMENTS.name: Documents(held_of(probe).held[1:])},
        not_enough=short,
        met=met,
        at_risk={**good, DOCUMENTS.name: held_of(probe, days_left=30)},
        why_never_short="" if short else IT_IS_THERE_OR_NOT,
        others=(("stale", {**good, DOCUMENTS.name: held_of(probe, days_left=-1)}),),
    )


def _not_enough(probe: Probe, met: Answers) -> Answers | None:
    few: Answers = {
        query.name: TOO_LITTLE[query.name] for query in probe.reads if query.name in TOO_LITTLE
    }
    if few:
        return {**met, **few}
    if any(kind.endswith("_test") for kind in probe.documents):
        return {**met, DOCUMENTS.name: held_of(probe, by_another=False)}
    return None


CASES: Mapping[str, Cases] = {probe.id: cases_of(probe) for probe in GOVERNANCE}
