"""How soon content went, from the first notice of it to the service's word that it was gone.

Most cases were told of, decided and enforced once: the database computes their times. The others
are walked through by `removals`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import Case as Conditional

from dutybound.cases.judgement import AGAINST, EnforcementKind, Ground
from dutybound.cases.kinds import Kind
from dutybound.evidence.probe import QUARTER
from dutybound.evidence.takedown import CLAIMS, INTIMATE_WITHIN, TAKEN_DOWN, Claims, TakenDown
from dutybound_server.assurance.measuring.epochs import epoch
from dutybound_server.assurance.measuring.moderation import (
    codes_of,
    first_decisions,
    is_illegal,
    reported_for_children,
)
from dutybound_server.assurance.measuring.removals import (
    KEPT_AT_FIRST,
    Removal,
    tallied,
    walked_through,
)
from dutybound_server.assurance.queries import document_of, versions_of
from dutybound_server.casework.intimate import INTIMATE
from dutybound_server.casework.messages import ENFORCEMENT_CREATED
from dutybound_server.casework.models import (
    Concern,
    ConcernSubject,
    Decision,
    Delivery,
    Enforcement,
)
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.people.models import Service

T = TypeVar("T")
AT_ONCE = 500
"""Rows asked for by their ids in one query."""


def taken_down(service: Service, as_of: datetime) -> TakenDown:
    """What was decided against in the last 90 days, and when it was gone."""
    found: dict[bool, list[Removal]] = {True: [], False: []}
    for removal in _removals(service, as_of):
        for illegal in codes_of(removal.harm, for_children=removal.for_children):
            if not illegal or removal.kind == EnforcementKind.TAKE_DOWN:
                found[illegal].append(removal)
    lost = _undelivered(service, as_of)
    return TakenDown(
        illegal=tallied(
            found[True],
            as_of=as_of,
            undelivered=lost[True],
            intimate_open=_intimate_open(service, as_of),
            left_up=_left_up(service, as_of),
        ),
        children=tallied(found[False], as_of=as_of, undelivered=lost[False]),
    )


def _removals(service: Service, as_of: datetime) -> Iterator[Removal]:
    reported = _intimate_cases(service, as_of)
    decisions = _standing(service, as_of)
    others: set[int] = set()
    for row in _computed(decisions, as_of):
        pk, case_id, harm, kind, notice, told, done, hidden, children, revision, newest, more = row
        # What the case is about now is not what was decided about, or more has happened to it.
        if more or revision != newest or told is None:
            others.add(pk)
        else:
            is_intimate = harm == INTIMATE or case_id in reported
            yield Removal(harm, kind, notice, told, done, bool(hidden), is_intimate, children)
    for some in batched(sorted(others), AT_ONCE):
        rows = Decision.objects.filter(pk__in=some)
        yield from walked_through(rows, as_of=as_of, intimate=reported)


def _standing(service: Service, as_of: datetime) -> QuerySet[Decision]:
    """Decisions against content that had not been taken back by then."""
    against = first_decisions(service, as_of).filter(enforcement_kind__in=AGAINST)
    return against.exclude(undone_at__lte=as_of).exclude(case__subject_kind=ACCOUNT)


def _computed(decisions: QuerySet[Decision], as_of: datetime) -> Iterable[tuple[Any, ...]]:
    """A row for each: moments as seconds since 1970, and whether there is more to its case.

    Where it was decided once and told once, the case's opening was the first notice.
    """
    kept = Q(
        case__item__verdict__in=KEPT_AT_FIRST, case__item__received_at__lte=F("case__opened_at")
    )
    done = Conditional(
        When(enforcements__acknowledged_at__lte=as_of, then=F("enforcements__acknowledged_at"))
    )
    again = Decision.objects.filter(case=OuterRef("case")).exclude(pk=OuterRef("pk"))
    told = Enforcement.objects.filter(case=OuterRef("case")).exclude(
        decision=OuterRef("pk"), undoes__isnull=True
    )
    return (
        decisions.order_by()
        .annotate(
            notice=epoch("case__opened_at"),
            told=epoch("enforcements__created_at"),
            done=epoch(done),
            hidden=Conditional(When(kept, then=Value(1)), default=Value(0)),
            children=reported_for_children(as_of, case="case"),
            revision=F("enforcements__revision"),
            newest=F("case__item__revision"),
            more=ExpressionWrapper(Exists(again) | Exists(told), output_field=BooleanField()),
        )
        .values_list(
            *("pk", "case_id", "harm", "enforcement_kind", "notice", "told", "done"),
            *("hidden", "children", "revision", "newest", "more"),
        )
    )


def _intimate_cases(service: Service, as_of: datetime) -> frozenset[int]:
    """Cases that a report of an intimate image is about."""
    told = ConcernSubject.objects.filter(
        concern__service=service,
        concern__kind=Kind.INTIMATE_IMAGE,
        concern__received_at__gt=as_of - 2 * QUARTER,
        added_at__lte=as_of,
        case__isnull=False,
    )
    return frozenset(told.values_list("case_id", flat=True))


def _intimate_open(service: Service, as_of: datetime) -> int:
    """Reports of intimate images that waited for longer than the Act allows, and still do."""
    # What was withdrawn later had waited too long all the same.
    in_time = Q(withdrawn_at__lte=F("received_at") + INTIMATE_WITHIN)
    answered = Q(decided_at__lte=as_of) | (Q(withdrawn_at__lte=as_of) & in_time)
    reports = Concern.objects.filter(
        service=service,
        kind=Kind.INTIMATE_IMAGE,
        received_at__gt=as_of - QUARTER,
        received_at__lt=as_of - INTIMATE_WITHIN,
    )
    return reports.exclude(answered).count()


def _left_up(service: Service, as_of: datetime) -> int:
    """Things judged illegal by law, and restricted or labelled instead of taken down."""
    rows = _standing(service, as_of).filter(ground=Ground.LAW)
    rows = rows.exclude(enforcement_kind=EnforcementKind.TAKE_DOWN)
    counted = rows.order_by().values_list("harm").annotate(Count("pk"))
    return sum(number for harm, number in counted if is_illegal(harm))


def _undelivered(service: Service, as_of: datetime) -> Mapping[bool, int]:
    """Enforcements whose message died at every endpoint, and that the service has not confirmed."""
    arrived = Delivery.objects.filter(
        message_id=OuterRef("message_id"),
        endpoint__service=service,
        delivered_at__lte=as_of,
    )
    dead = Delivery.objects.filter(
        ~Exists(arrived),
        endpoint__service=service,
        event=ENFORCEMENT_CREATED,
        dead_at__gt=as_of - QUARTER,
        dead_at__lte=as_of,
    )
    named = set(dead.values_list("message_id", flat=True))
    uuids = [UUID(name.removeprefix("msg_enforcement_")) for name in named]
    told = _in_parts(uuids, service, as_of)
    counts: dict[bool, int] = defaultdict(int)
    for harm in told:
        counts[is_illegal(harm)] += 1
    return counts


def _in_parts(uuids: Sequence[UUID], service: Service, as_of: datetime) -> Iterator[str]:
    """The harm of each of these that is not confirmed."""
    for some in batched(uuids, AT_ONCE):
        told = Enforcement.objects.filter(service=service, uuid__in=some)
        told = told.exclude(acknowledged_at__lte=as_of).select_related("decision", "case")
        yield from (one.decision.harm if one.decision else one.case.harm for one in told)


def batched(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (things[start : start + size] for start in range(0, len(things), size))


# Where content cannot be taken down


def claims(service: Service, as_of: datetime) -> Claims:
    """What the assessment that was approved by then says cannot be taken down."""
    version = versions_of(service).filter(approved_at__lte=as_of).first()
    surfaces = document_of(version).service.surfaces if version else ()
    cannot = [surface for surface in surfaces if surface.takedown_feasible is False]
    days = [surface.claim.expires_on for surface in cannot if surface.claim]
    in_force = sum(day >= as_of.date() for day in days)
    return Claims(
        surfaces=len(surfaces),
        infeasible=len(cannot),
        claimed=in_force,
        expired=len(days) - in_force,
    )


TAKEDOWN: Mapping[str, Callable[[Service, datetime], object]] = {
    TAKEN_DOWN.name: taken_down,
    CLAIMS.name: claims,
}
