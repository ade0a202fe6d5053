"""What was looked at and decided, how soon, and how right."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import NamedTuple

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from dutybound.cases.judgement import IN_FAVOUR
from dutybound.cases.kinds import Kind
from dutybound.cases.priority import DECIDE_WITHIN, severity_of
from dutybound.cases.status import Status
from dutybound.evidence.moderation import CASES, CasesSeen, OfSeverity
from dutybound.evidence.moderation_targets import (
    ACCURACY,
    CLOCKS,
    TARGETS,
    Accuracies,
    Accuracy,
    Clock,
    Clocks,
    TargetsSet,
)
from dutybound.evidence.probe import QUARTER
from dutybound.register.harms import HARMS
from dutybound_server.assurance.measuring.as_it_was import desk_then
from dutybound_server.assurance.measuring.cases_then import moved, unmoved
from dutybound_server.assurance.measuring.epochs import epoch
from dutybound_server.casework.models import (
    Appeal,
    Case,
    Concern,
    ConcernSubject,
    Decision,
    SecondLook,
)
from dutybound_server.people.models import Service

OF_ILLEGAL = (Kind.ILLEGAL_CONTENT, Kind.INTIMATE_IMAGE)
"""Kinds of report that are about illegal content."""

# Cases


def cases(service: Service, as_of: datetime) -> CasesSeen:
    """The cases of the last 90 days and those that wait, by severity."""
    found: dict[bool, dict[int, _Tally]] = {True: defaultdict(_Tally), False: defaultdict(_Tally)}
    for harm, for_children, took in _decided(service, as_of):
        for illegal in codes_of(harm, for_children=for_children):
            found[illegal][severity_of(harm)].add_opened(took)
    for waiting in _waiting(service, as_of):
        for illegal in codes_of(waiting.harm, for_children=waiting.for_children):
            found[illegal][severity_of(waiting.harm)].add_waiting(waiting, as_of)
    return CasesSeen(illegal=_rows(found[True]), children=_rows(found[False]))


def is_illegal(harm: str) -> bool:
    """Whether a kind of harm is illegal content; otherwise it is harmful to children."""
    return HARMS[harm].kind == "illegal"


def codes_of(harm: str, *, for_children: bool) -> frozenset[bool]:
    """Which Codes it is about: True the one of illegal content, False the one for children.

    `for_children`: somebody reported it as harmful to children, whatever else it may be.
    """
    return frozenset({is_illegal(harm), not for_children and is_illegal(harm)})


def reported_for_children(as_of: datetime, *, case: str = "pk") -> Exists:
    """Whether somebody had reported what a case is about as harmful to children."""
    told = ConcernSubject.objects.filter(
        case=OuterRef(case), concern__kind=Kind.HARMFUL_TO_CHILDREN, added_at__lte=as_of
    )
    return Exists(told)


class Waiting(NamedTuple):
    """Cases of one kind of harm that wait for a first decision."""

    harm: str
    for_children: bool
    cases: int
    late: int
    oldest: datetime
    first_due: datetime


@dataclass
class _Tally:
    """What is counted of one severity. `took`: seconds to the first decisions."""

    opened: int = 0
    took: list[float] = field(default_factory=list)
    waiting: int = 0
    late: int = 0
    oldest_seconds: float | None = None
    overdue_seconds: float | None = None

    def add_opened(self, took: float | None) -> None:
        self.opened += 1
        if took is not None:
            self.took.append(took)

    def add_waiting(self, found: Waiting, as_of: datetime) -> None:
        self.waiting += found.cases
        self.late += found.late
        waited = (as_of - found.oldest).total_seconds()
        self.oldest_seconds = max(waited, self.oldest_seconds or 0.0)
        if found.late:
            overdue = (as_of - found.first_due).total_seconds()
            self.overdue_seconds = max(overdue, self.overdue_seconds or 0.0)

    def row(self, severity: int) -> OfSeverity:
        within = DECIDE_WITHIN[severity].total_seconds()
        in_time = sum(took <= within for took in self.took)
        return OfSeverity(
            severity=severity,
            opened=self.opened,
            in_time=in_time,
            late=len(self.took) - in_time,
            waiting=self.waiting,
            waiting_late=self.late,
            oldest_seconds=self.oldest_seconds,
            overdue_seconds=self.overdue_seconds,
            median_seconds=ranked(self.took, 0.5),
        )


def ranked(values: Iterable[float], quantile: float) -> float | None:
    """The value at a quantile, by nearest rank; None of none."""
    in_order = sorted(values)
    return in_order[max(ceil(quantile * len(in_order)) - 1, 0)] if in_order else None


def _rows(tallies: Mapping[int, _Tally]) -> tuple[OfSeverity, ...]:
    return tuple(tallies[severity].row(severity) for severity in sorted(tallies, reverse=True))


def _decided(service: Service, as_of: datetime) -> Iterator[tuple[str, bool, float | None]]:
    """Each case opened in the window: its harm, and the seconds to its first decision, if any."""
    opened = Case.objects.filter(opened_at__gt=as_of - QUARTER)
    rows = unmoved(_with_first(opened, as_of), service, as_of)
    yield from rows.annotate(
        for_children=reported_for_children(as_of), took=epoch("first") - epoch("opened_at")
    ).values_list("harm", "for_children", "took")
    then = {one.pk: one for one in moved(opened, service, as_of)}
    if then:
        decided = Decision.objects.filter(case__in=then, decided_at__lte=as_of)
        firsts = dict(decided.order_by("-id").values_list("case_id", "decided_at"))
        children = _among(then, as_of)
        for pk, one in then.items():
            took = firsts[pk] - one.opened_at if pk in firsts else None
            yield one.harm, pk in children, None if took is None else took.total_seconds()


def _among(cases: Iterable[int], as_of: datetime) -> frozenset[int]:
    """Those of the cases that were reported as harmful to children."""
    rows = Case.objects.filter(reported_for_children(as_of), pk__in=list(cases))
    return frozenset(rows.values_list("pk", flat=True))


def _with_first(cases: QuerySet[Case], as_of: datetime) -> QuerySet[Case]:
    """Each case's first decision by then. One that was undone has been taken all the same."""
    decisions = Decision.objects.filter(case=OuterRef("pk"), decided_at__lte=as_of)
    return cases.annotate(first=Subquery(decisions.order_by("id").values("decided_at")[:1]))


def _waiting(service: Service, as_of: datetime) -> Iterator[Waiting]:
    """Cases that wait for a decision, but for appealed ones, of which one was taken."""
    rows = unmoved(Case.objects.filter(status=Status.OPEN), service, as_of)
    counted = (
        rows.order_by()
        .annotate(for_children=reported_for_children(as_of))
        .values_list("harm", "for_children")
        .annotate(
            cases=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=as_of)),
            oldest=Min("waiting_since"),
            first_due=Min("due_at"),
        )
    )
    yield from (Waiting(*row) for row in counted)
    then = [one for one in moved(Case.objects.all(), service, as_of) if one.status is Status.OPEN]
    children = _among([one.pk for one in then], as_of)
    for one in then:
        late = int(one.due_at < as_of)
        yield Waiting(one.harm, one.pk in children, 1, late, one.waiting_since, one.due_at)


# Targets and accuracy


def targets(service: Service, as_of: datetime) -> TargetsSet:
    """The service's own targets, as its desk was at the moment."""
    # A target is of a kind, or of a kind and a severity: "illegal_content:4".
    kinds = [key.partition(":")[0] for key in desk_then(service, as_of).targets]
    return TargetsSet(
        illegal=sum(kind in OF_ILLEGAL for kind in kinds),
        children=kinds.count(Kind.HARMFUL_TO_CHILDREN),
    )


def clocks(service: Service, as_of: datetime) -> Clocks:
    """Reports of content by the targets they came under."""
    reports = Concern.objects.filter(
        service=service,
        kind__in=(*OF_ILLEGAL, Kind.HARMFUL_TO_CHILDREN),
        received_at__gt=as_of - QUARTER,
        received_at__lte=as_of,
    ).exclude(withdrawn_at__lte=as_of, due_at__gte=F("withdrawn_at"))
    gone = Q(withdrawn_at__lte=as_of)
    waiting = (Q(decided_at=None) | Q(decided_at__gt=as_of)) & ~gone
    paused = Q(paused_at__lte=as_of)
    counted = (
        reports.order_by()
        .values_list("kind")
        .annotate(
            in_time=Count("pk", filter=Q(decided_at__lte=as_of) & Q(decided_at__lte=F("due_at"))),
            late=Count(
                "pk", filter=Q(decided_at__lte=as_of) & Q(decided_at__gt=F("due_at")) | gone
            ),
            waiting_late=Count("pk", filter=waiting & Q(due_at__lt=as_of) & ~paused),
        )
    )
    found: dict[bool, list[int]] = {True: [0, 0, 0], False: [0, 0, 0]}
    for kind, *numbers in counted:
        illegal = kind in OF_ILLEGAL
        found[illegal] = [sum(pair) for pair in zip(found[illegal], numbers, strict=True)]
    return Clocks(illegal=Clock(*found[True]), children=Clock(*found[False]))


def accuracy(service: Service, as_of: datetime) -> Accuracies:
    """How often people who looked again agreed, and how many decisions stood."""
    counts: dict[bool, dict[str, int]] = {True: defaultdict(int), False: defaultdict(int)}
    for harm, *numbers in _looks(service, as_of):
        for name, number in zip(("looked_again", "agreed"), numbers, strict=True):
            counts[is_illegal(harm)][name] += number
    for harm, *numbers in _golden(service, as_of):
        for name, number in zip(("golden", "golden_right"), numbers, strict=True):
            counts[is_illegal(harm)][name] += number
    for harm, *numbers in _against(service, as_of):
        for name, number in zip(("against", "taken_back"), numbers, strict=True):
            counts[is_illegal(harm)][name] += number
    return Accuracies(illegal=Accuracy(**counts[True]), children=Accuracy(**counts[False]))


def _answered(service: Service, as_of: datetime) -> QuerySet[SecondLook]:
    return SecondLook.objects.filter(
        service=service, answered_at__gt=as_of - QUARTER, answered_at__lte=as_of
    ).order_by()


def _looks(service: Service, as_of: datetime) -> Iterable[tuple[str, int, int]]:
    looks = _answered(service, as_of).filter(decision__isnull=False)
    return looks.values_list("decision__harm").annotate(
        Count("pk"), agreed=Count("pk", filter=Q(agrees=True))
    )


def _golden(service: Service, as_of: datetime) -> Iterable[tuple[str, int, int]]:
    looks = _answered(service, as_of).filter(golden__isnull=False)
    return looks.values_list("golden__harm").annotate(
        Count("pk"), agreed=Count("pk", filter=Q(agrees=True))
    )


def _against(service: Service, as_of: datetime) -> Iterable[tuple[str, int, int]]:
    """Decisions against content, without answers to appeals, and how many were taken back."""
    turned = Q(
        appeal__outcome__decided_at__lte=as_of, appeal__outcome__enforcement_kind__in=IN_FAVOUR
    )
    decisions = first_decisions(service, as_of).exclude(enforcement_kind__in=IN_FAVOUR)
    return (
        decisions.order_by()
        .values_list("harm")
        .annotate(
            against=Count("pk"), taken_back=Count("pk", filter=Q(undone_at__lte=as_of) | turned)
        )
    )


def first_decisions(service: Service, as_of: datetime) -> QuerySet[Decision]:
    """Decisions of the last 90 days, without those that answer an appeal against another."""
    answers = Appeal.objects.filter(outcome=OuterRef("pk"))
    return Decision.objects.filter(
        ~Exists(answers),
        case__service=service,
        decided_at__gt=as_of - QUARTER,
        decided_at__lte=as_of,
    )


MODERATION: Mapping[str, Callable[[Service, datetime], object]] = {
    CASES.name: cases,
    CLOCKS.name: clocks,
    TARGETS.name: targets,
    ACCURACY.name: accuracy,
}
