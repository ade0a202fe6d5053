"""What people told us, as each stood at a moment: open, decided, late, though much came after."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    FloatField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from dutybound.cases.kinds import PUT_RIGHT
from dutybound.evidence.complaints_heard import LONGEST_DAYS
from dutybound_server.assurance.measuring.epochs import epoch
from dutybound_server.casework.models import Concern, ConcernEvent, Pause
from dutybound_server.people.models import Service

SLOW = timedelta(days=LONGEST_DAYS)
TOO_LONG = SLOW + timedelta(days=5)
"""Decided after this is late, whatever was its target or stopped its clock: 20 working days and the
holidays among them are less."""
DECIDED, CHANGED, TAKEN_BACK, REOPENED = "decided", "changed", "taken_back", "reopened"
ANYBODY = Q()

NUMBERS = (
    "received", "in_time", "late", "waiting", "waiting_late", "slow", "untold", "put_right",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What became of several concerns; `oldest` is when the oldest that waits came."""

    received: int = 0
    in_time: int = 0
    late: int = 0
    waiting: int = 0
    waiting_late: int = 0
    slow: int = 0
    untold: int = 0
    put_right: int = 0
    oldest: datetime | None = None

    @property
    def due(self) -> int:
        return self.in_time + self.late + self.waiting_late

    def add(self, other: Mapping[str, Any]) -> None:
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + other[name])
        if other["oldest"] is not None:
            self.oldest = min(self.oldest or other["oldest"], other["oldest"])


def tally_by_kind(
    service: Service, as_of: datetime, *, window: timedelta, only: Q = ANYBODY
) -> Mapping[str, Tally]:
    """What became of each kind that came in the window before the moment, or still waited then.

    What was withdrawn by then is left out, but for what was late before: the service may have the
    person's own address, and could withdraw it for them. The database counts those that nothing
    unusual happened to; those whose clock stood still, or whose answer did not stand, are few, and
    are looked at one by one.
    """
    since = as_of - window
    came = Concern.objects.filter(only, service=service, received_at__lte=as_of)
    came = came.exclude(withdrawn_at__lte=as_of, due_at__gte=F("withdrawn_at"))
    counted = Q(received_at__gt=since) | _waits(as_of)
    found: dict[str, Tally] = {}
    for row in _counted(came.filter(counted).exclude(_unusual()), as_of):
        found.setdefault(row["kind"], Tally()).add(row)
    # Of an older one the answer may have been taken back, so that it waits again.
    turned = ConcernEvent.objects.filter(
        concern__service=service, kind__in=(TAKEN_BACK, REOPENED)
    ).values("concern")
    unusual = came.filter(counted | Q(pk__in=turned)).filter(_unusual())
    for concern, row in _one_by_one(unusual, as_of):
        if row["waiting"] or concern.received_at > since:
            found.setdefault(concern.kind, Tally()).add(row)
    return found


def tally(service: Service, as_of: datetime, *, window: timedelta, only: Q = ANYBODY) -> Tally:
    """The same of all kinds together."""
    total = Tally()
    for one in tally_by_kind(service, as_of, window=window, only=only).values():
        total.add({name: getattr(one, name) for name in (*NUMBERS, "oldest")})
    return total


def _waits(as_of: datetime) -> Q:
    undecided = Q(decided_at__isnull=True) | Q(decided_at__gt=as_of)
    return undecided & (Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=as_of))


def _unusual() -> Q:
    # Sets rather than questions about each row: the database finds both once, by their indexes.
    turns = ConcernEvent.objects.filter(kind__in=(TAKEN_BACK, CHANGED, REOPENED))
    return Q(pk__in=turns.values("concern")) | Q(pk__in=Pause.objects.values("concern"))


def _counted(concerns: QuerySet[Concern], as_of: datetime) -> Iterable[Mapping[str, Any]]:
    decided, waits = Q(decided_at__lte=as_of), _waits(as_of)
    took = ExpressionWrapper(epoch("decided_at") - epoch("received_at"), output_field=FloatField())
    late = Q(decided_at__gt=F("due_at")) | Q(took__gt=TOO_LONG.total_seconds())
    return (
        concerns.annotate(took=took)
        .values("kind")
        .annotate(
            received=Count("id"),
            in_time=Count("id", filter=decided & ~late),
            late=Count("id", filter=decided & late | Q(withdrawn_at__lte=as_of)),
            waiting=Count("id", filter=waits),
            waiting_late=Count("id", filter=waits & Q(due_at__lt=as_of)),
            slow=Count("id", filter=waits & Q(received_at__lt=as_of - SLOW)),
            untold=Count("id", filter=decided & (Q(told_at__isnull=True) | Q(told_at__gt=as_of))),
            put_right=Count("id", filter=decided & Q(outcome__in=PUT_RIGHT)),
            oldest=Min(Case(When(waits, then="received_at"), output_field=DateTimeField())),
        )
    )


def _one_by_one(
    concerns: QuerySet[Concern], as_of: datetime
) -> Iterator[tuple[Concern, dict[str, Any]]]:
    past = ConcernEvent.objects.filter(concern=OuterRef("pk"), at__lte=as_of).order_by("-id")
    turns = past.filter(kind__in=(DECIDED, TAKEN_BACK, CHANGED, REOPENED))
    answers = past.filter(kind__in=(DECIDED, CHANGED))
    rows = concerns.annotate(
        turn=Subquery(turns.values("kind")[:1]),
        answered_at=Subquery(past.filter(kind=DECIDED).values("at")[:1]),
        answer=Subquery(answers.values("facts__outcome")[:1]),
    ).prefetch_related("pauses")
    for concern in rows.only("kind", "received_at", "due_at", "withdrawn_at"):
        yield concern, _stood(concern, as_of)


def _stood(concern: Any, as_of: datetime) -> dict[str, Any]:  # noqa: ANN401 - an annotated row
    """How one with a history of its own stood. What is decided is told in the same moment."""
    pauses = [(one.at, one.ended_at) for one in concern.pauses.all()]
    stood_still = any(at <= as_of and (end is None or end > as_of) for at, end in pauses)
    later = [end - at for at, end in pauses if end is not None and end > as_of]
    due = concern.due_at - sum(later, timedelta())
    is_gone = concern.withdrawn_at is not None and concern.withdrawn_at <= as_of
    unanswered = concern.answered_at is None or concern.turn in {TAKEN_BACK, REOPENED}
    waits = unanswered and not is_gone
    last = min(due, concern.received_at + TOO_LONG)
    in_time = not unanswered and concern.answered_at <= last
    return {
        "received": 1,
        "in_time": int(in_time),
        "late": int(not waits and not in_time),
        "waiting": int(waits),
        "waiting_late": int(waits and not stood_still and due < as_of),
        "slow": int(waits and as_of - concern.received_at > SLOW),
        "untold": 0,
        "put_right": int(not unanswered and concern.answer in PUT_RIGHT),
        "oldest": concern.received_at if waits else None,
    }
