"""How fast people are heard: times and shares by kind, from the records and from nothing else."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dutybound.cases.kinds import KINDS, PUT_RIGHT, Kind, KindOf
from dutybound.cases.times import Share, Spread, share_of, spread_of
from dutybound_server.casework.concern_queries import with_last_turn
from dutybound_server.casework.models import Concern
from dutybound_server.people.models import Service

WINDOW = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class KindFigures:
    """What became of what people told us of one kind, in a window of receipt."""

    kind: KindOf
    received: int
    waiting: int
    withdrawn: int
    oldest_wait: timedelta | None
    """Of those that wait now; their times are in no median yet."""
    first_look: Spread | None
    decision: Spread | None
    told: Spread | None
    in_time: Share | None
    """Of those decided or past their target: how many were decided before it."""
    breached: int
    acted: Share | None
    """Of those decided: how often something was done or put right."""


def figures_by_kind(
    service: Service, *, now: datetime, window: timedelta = WINDOW
) -> tuple[KindFigures, ...]:
    """The figures of each kind that anything was received of, in the order of the kinds."""
    found: dict[str, list[Concern]] = defaultdict(list)
    received = Concern.objects.filter(service=service, received_at__gt=now - window)
    # Only what is counted: what people wrote stays sealed.
    for concern in with_last_turn(received.only(*_COUNTED)).iterator():
        if getattr(concern, "last_turn", None) == "taken_back":
            # Nothing stands of what they were told: they wait for an answer again.
            concern.decided_at = concern.told_at = None
        found[concern.kind].append(concern)
    return tuple(_figures(KINDS[kind], found[kind], now=now) for kind in Kind if found[kind])


_COUNTED = (
    "kind",
    "received_at",
    "looked_at",
    "decided_at",
    "told_at",
    "withdrawn_at",
    "due_at",
    "breached_at",
    "paused_at",
    "outcome",
)


def _figures(kind: KindOf, concerns: list[Concern], *, now: datetime) -> KindFigures:
    kept = [one for one in concerns if one.withdrawn_at is None]
    decided = [one for one in kept if one.decided_at is not None]
    waiting = [one for one in kept if one.decided_at is None]
    late = [one for one in waiting if one.paused_at is None and one.due_at < now]
    in_time = sum(1 for one in decided if one.decided_at and one.decided_at <= one.due_at)
    return KindFigures(
        kind=kind,
        received=len(concerns),
        waiting=len(waiting),
        withdrawn=len(concerns) - len(kept),
        oldest_wait=max((now - one.received_at for one in waiting), default=None),
        first_look=_spread((one.received_at, one.looked_at) for one in kept),
        decision=_spread((one.received_at, one.decided_at) for one in kept),
        told=_spread((one.received_at, one.told_at) for one in kept),
        in_time=share_of(in_time, of=len(decided) + len(late)),
        breached=len(late) + len(decided) - in_time,
        acted=share_of(sum(1 for one in decided if one.outcome in PUT_RIGHT), of=len(decided)),
    )


def _spread(spans: Iterable[tuple[datetime, datetime | None]]) -> Spread | None:
    return spread_of(end - start for start, end in spans if end is not None)
