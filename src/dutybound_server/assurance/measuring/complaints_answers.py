"""How complaints are answered, counted: by kind, by whom, and what people were told."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from dutybound.cases.kinds import BY_SEVERITY, KINDS, Kind
from dutybound.evidence.complaints_answers import ANSWERERS, RIGHTS_TOLD, Answerers, RightsTold
from dutybound.evidence.complaints_heard import HEARD, Heard, HeardOf
from dutybound.evidence.probe import QUARTER
from dutybound_server.assurance.measuring.as_it_was import desk_then
from dutybound_server.assurance.measuring.concerns_then import ANYBODY, Tally, tally_by_kind
from dutybound_server.assurance.measuring.staff import Worker, staff_at
from dutybound_server.casework.letters import says_right_to_claim
from dutybound_server.casework.models import Concern, Desk, Letter
from dutybound_server.casework.targets import target_of
from dutybound_server.people.models import Service

A_DAY = timedelta(days=1)
DAYS_OF_A_WORKING_DAY = 7 / 5
MOST_READ = 60
"""Letters that are opened to see what they say; the newest."""


def heard(service: Service, as_of: datetime) -> Heard:
    """Each kind that came in the last 90 days or still waits, in the order of the kinds."""
    found = tally_by_kind(service, as_of, window=QUARTER)
    desk = desk_then(service, as_of)
    return Heard(tuple(_of(kind, found[kind], desk, as_of) for kind in Kind if kind in found))


def answerers(service: Service, as_of: datetime) -> Answerers:
    """Who answers complaints about duties and ages: who is named, and who has the role for it."""
    desk, staff = desk_then(service, as_of), staff_at(service, as_of)
    return Answerers(
        duties_named=_is_named(desk, Kind.DUTIES, staff),
        duties_by_role=_with_role_for(Kind.DUTIES, staff),
        age_named=_is_named(desk, Kind.AGE, staff),
        age_by_role=_with_role_for(Kind.AGE, staff),
        age_target_set=str(Kind.AGE) in desk.targets,
    )


def rights_told(service: Service, as_of: datetime) -> RightsTold:
    """What the newest acknowledgements say to those who complain about automatic checks."""
    letters = newest_acknowledgements(service, as_of, only=Q(kind=Kind.PROACTIVE_TECHNOLOGY))
    said = [says_right_to_claim(letter) for letter in letters]
    return RightsTold(read=len(said), say_right=sum(said))


def newest_acknowledgements(
    service: Service, as_of: datetime, *, only: Q = ANYBODY
) -> list[Letter]:
    """Those of the 60 who told us something last in 90 days; their words are opened one by one."""
    told = Concern.objects.filter(
        only, service=service, received_at__gt=as_of - QUARTER, received_at__lte=as_of
    ).order_by("-received_at", "-id")
    newest = list(told.values_list("id", flat=True)[:MOST_READ])
    letters = Letter.objects.filter(kind="acknowledged", concern__in=newest)
    return list(letters.select_related("concern__flagger"))


def longest_target_days(desk: Desk, kind: Kind) -> float:
    """The longest that the service allows itself for one kind, in days of the calendar."""
    targets = [
        target_of(desk, kind=kind, severity=severity, flagger=None) for severity in BY_SEVERITY
    ]
    return max(
        target.within / A_DAY * (DAYS_OF_A_WORKING_DAY if target.working else 1)
        for target in targets
    )


def _of(kind: Kind, found: Tally, desk: Desk, as_of: datetime) -> HeardOf:
    oldest = (as_of - found.oldest).total_seconds() if found.oldest else None
    return HeardOf(
        kind=str(kind),
        received=found.received,
        in_time=found.in_time,
        late=found.late,
        waiting=found.waiting,
        waiting_late=found.waiting_late,
        slow=found.slow,
        untold=found.untold,
        put_right=found.put_right,
        oldest_seconds=oldest,
        target_days=longest_target_days(desk, kind),
        is_statutory=KINDS[kind].is_statutory,
    )


def _is_named(desk: Desk, kind: Kind, staff: Mapping[str, Worker]) -> bool:
    return f"staff:{desk.owners.get(str(kind))}" in staff


def _with_role_for(kind: Kind, staff: Mapping[str, Worker]) -> int:
    return sum(KINDS[kind].owner in worker.roles for worker in staff.values())


ANSWERS: Mapping[str, Callable[[Service, datetime], object]] = {
    HEARD.name: heard,
    ANSWERERS.name: answerers,
    RIGHTS_TOLD.name: rights_told,
}
