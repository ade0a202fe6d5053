"""Cases as they stood at a moment. What has moved since is replayed from the case's history."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dutybound.cases.priority import DECIDE_WITHIN, severity_of
from dutybound.cases.status import WAITING, EventKind, Status, after
from dutybound_server.casework.models import Case, CaseEvent, ConcernSubject
from dutybound_server.people.models import Service

MOVING = (
    EventKind.OPENED,
    EventKind.MATCHED,
    EventKind.RAISED,
    EventKind.DECIDED,
    EventKind.UNDONE,
    EventKind.APPEALED,
)
"""Events that change how a case stands, how grave it is, or when it is due."""


@dataclass(frozen=True, slots=True)
class CaseThen:
    """How a case stood: its fields of the same names."""

    pk: int
    harm: str
    status: Status
    opened_at: datetime
    waiting_since: datetime
    due_at: datetime


def unmoved(cases: QuerySet[Case], service: Service, as_of: datetime) -> QuerySet[Case]:
    """Those opened by then whose rows still say how they stood; nearly always all of them."""
    cases = cases.filter(service=service, opened_at__lte=as_of)
    moved = _moved_since(service, as_of)
    return cases.exclude(pk__in=moved.values("case")) if moved.exists() else cases


def moved(cases: QuerySet[Case], service: Service, as_of: datetime) -> Iterator[CaseThen]:
    """Those that have moved since, as their histories say they stood."""
    since = _moved_since(service, as_of)
    if since.exists():
        cases = cases.filter(service=service, opened_at__lte=as_of, pk__in=since.values("case"))
        yield from as_told(cases, as_of)


def as_told(cases: QuerySet[Case], as_of: datetime) -> Iterator[CaseThen]:
    """How cases opened by then stood, from nothing but their histories."""
    events = CaseEvent.objects.filter(case__in=cases, at__lte=as_of, kind__in=MOVING)
    told = events.order_by("case_id", "id").values_list("case_id", "kind", "at", "facts")
    histories: dict[int, list[_Event]] = defaultdict(list)
    for case_id, kind, at, facts in told.iterator():
        histories[case_id].append(_Event(EventKind(kind), at, facts))
    for case_id, sooner in _concerns(cases, as_of).items():
        if case_id in histories:
            histories[case_id] += sooner
    for case_id, history in histories.items():
        yield _replayed(case_id, history)


@dataclass(frozen=True, slots=True)
class _Event:
    """What moved a case: an event, or, without a kind, a concern to be answered by `due_at`."""

    kind: EventKind | None
    at: datetime
    facts: dict[str, Any]
    due_at: datetime | None = None

    @property
    def harms(self) -> list[str]:
        return self.facts.get("harms") or [
            self.facts[name] for name in ("harm",) if name in self.facts
        ]


def _moved_since(service: Service, as_of: datetime) -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(case__service=service, at__gt=as_of, kind__in=MOVING)


def _concerns(cases: QuerySet[Case], as_of: datetime) -> dict[int, list[_Event]]:
    told = ConcernSubject.objects.filter(case__in=cases, added_at__lte=as_of)
    found: dict[int, list[_Event]] = defaultdict(list)
    for case_id, added_at, due_at in told.order_by("id").values_list(
        "case_id", "added_at", "concern__due_at"
    ):
        found[case_id].append(_Event(None, added_at, {}, due_at))
    return found


def _replayed(pk: int, history: Iterable[_Event]) -> CaseThen:
    """The case after its history; what `casework` writes at each event is done again."""
    # A concern comes with the event of the same moment, and after it.
    first, *rest = sorted(history, key=lambda event: (event.at, event.kind is None))
    harm = _gravest(first.harms)
    status, since = Status.OPEN, first.at
    due = first.at + DECIDE_WITHIN[severity_of(harm)]
    for event in rest:
        if event.kind is None:
            due = min(due, event.due_at or due)
            continue
        harm = _gravest([harm, *sorted(event.harms)])
        within = DECIDE_WITHIN[severity_of(harm)]
        due, before = min(due, since + within), status
        status = after(status, event.kind)
        waits_anew = status != before and status in WAITING and event.kind is not EventKind.UNDONE
        if waits_anew and not event.facts.get("reopened"):
            since, due = event.at, event.at + within
    return CaseThen(pk, harm, status, first.at, since, due)


def _gravest(harms: Iterable[str]) -> str:
    return max(harms, key=severity_of)
