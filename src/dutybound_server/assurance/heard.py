"""What people told us in a period, counted by kind and by kind of harm; nobody is named."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from dutybound.cases.kinds import KINDS, PUT_RIGHT, Kind
from dutybound.cases.times import spread_of
from dutybound.evidence.overview import Heard, Spread
from dutybound.register.harms import HARMS
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.concern_queries import with_last_turn
from dutybound_server.casework.models import Concern, Desk
from dutybound_server.casework.targets import target_of
from dutybound_server.people.models import Service

NOT_SAID = "not_said"


class _One(NamedTuple):
    """What is counted of a concern."""

    kind: str
    harm: str
    received_at: datetime
    looked_at: datetime | None
    decided_at: datetime | None
    told_at: datetime | None
    withdrawn_at: datetime | None
    due_at: datetime
    paused_at: datetime | None
    outcome: str
    last_turn: str | None


@dataclass(slots=True)
class _Tally:
    """Counts of some concerns, and how long each step took."""

    received: int = 0
    acted: int = 0
    not_acted: int = 0
    waiting: int = 0
    withdrawn: int = 0
    in_time: int = 0
    late: int = 0
    first_look: list[timedelta] = field(default_factory=list)
    decision: list[timedelta] = field(default_factory=list)
    told: list[timedelta] = field(default_factory=list)

    def add(self, one: _One, *, now: datetime) -> None:
        self.received += 1
        if one.withdrawn_at is not None:
            self.withdrawn += 1
            return
        for times, end in (
            (self.first_look, one.looked_at),
            (self.decision, one.decided_at),
            (self.told, one.told_at),
        ):
            if end is not None:
                times.append(end - one.received_at)
        self._add_end(one, now=now)

    def _add_end(self, one: _One, *, now: datetime) -> None:
        if one.decided_at is None:
            self.waiting += 1
            self.late += one.paused_at is None and one.due_at < now
            return
        self.acted += one.outcome in PUT_RIGHT
        self.not_acted += one.outcome not in PUT_RIGHT
        self.in_time += one.decided_at <= one.due_at
        self.late += one.decided_at > one.due_at


@dataclass(frozen=True, slots=True)
class HeardInPeriod:
    """By kind and by kind of harm, each in its own order."""

    by_kind: tuple[Heard, ...]
    by_harm: tuple[Heard, ...]


def heard(service: Service, *, since: datetime, until: datetime, now: datetime) -> HeardInPeriod:
    """What was received from `since` until `until`, and what came of it by `now`."""
    kinds: dict[str, _Tally] = defaultdict(_Tally)
    harms: dict[str, _Tally] = defaultdict(_Tally)
    for one in _concerns(service, since=since, until=until):
        kinds[one.kind].add(one, now=now)
        harms[one.harm or NOT_SAID].add(one, now=now)
    desk = desk_of(service)
    named = {harm: (HARMS[harm].name, HARMS[harm].kind) for harm in HARMS}
    named[NOT_SAID] = ("Whoever told us did not say", "not said")
    return HeardInPeriod(
        tuple(_of_kind(kind, kinds[kind], desk=desk) for kind in Kind if kind in kinds),
        tuple(_heard(harm, *named[harm], harms[harm]) for harm in named if harm in harms),
    )


def _concerns(service: Service, *, since: datetime, until: datetime) -> Iterator[_One]:
    received = Concern.objects.filter(
        service=service, received_at__gte=since, received_at__lt=until
    )
    # Only what is counted, and no rows as objects: what people wrote stays sealed.
    rows = with_last_turn(received).values_list(*_One._fields)
    for row in rows.iterator(chunk_size=5_000):
        one = _One(*row)
        # Nothing stands of what they were told then: they wait for an answer again.
        taken_back = one.last_turn == "taken_back"
        yield one._replace(decided_at=None, told_at=None) if taken_back else one


def _of_kind(kind: Kind, tally: _Tally, *, desk: Desk) -> Heard:
    one = KINDS[kind]
    # Targets of the others go by how grave the harm is.
    target = None
    if one.target is not None:
        target = target_of(desk, kind=kind, severity=3, flagger=None).within.total_seconds()
    return _heard(str(kind), one.name, one.section, tally, target=target)


def _heard(id_: str, name: str, where: str, tally: _Tally, target: float | None = None) -> Heard:
    return Heard(
        id=id_,
        name=name,
        where=where,
        received=tally.received,
        acted=tally.acted,
        not_acted=tally.not_acted,
        waiting=tally.waiting,
        withdrawn=tally.withdrawn,
        in_time=tally.in_time,
        late=tally.late,
        first_look=_spread(tally.first_look),
        decision=_spread(tally.decision),
        told=_spread(tally.told),
        target_seconds=target,
    )


def _spread(times: list[timedelta]) -> Spread | None:
    found = spread_of(times)
    if found is None:
        return None
    high = [slow.total_seconds() if slow else None for slow in (found.p90, found.p95)]
    return Spread(found.count, found.median.total_seconds(), *high)
