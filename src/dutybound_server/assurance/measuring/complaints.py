"""How people were heard, counted."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from dutybound.cases.times import spread_of
from dutybound.evidence.complaints import ACKNOWLEDGED, QUARTER, Acknowledged
from dutybound_server.casework.models import Concern
from dutybound_server.people.models import Service

ACKNOWLEDGED_WITHIN = timedelta(minutes=5)


def acknowledged(service: Service, as_of: datetime) -> Acknowledged:
    """When those who told us something in the last 90 days had it acknowledged."""
    received = Concern.objects.filter(
        service=service, received_at__gt=as_of - QUARTER, received_at__lte=as_of
    )
    waits = []
    waiting = waiting_late = 0
    for received_at, told_at in received.values_list("received_at", "acknowledged_at"):
        if told_at is not None and told_at <= as_of:
            waits.append(told_at - received_at)
        else:
            waiting += 1
            waiting_late += as_of - received_at > ACKNOWLEDGED_WITHIN
    in_time = sum(wait <= ACKNOWLEDGED_WITHIN for wait in waits)
    spread = spread_of(waits)
    return Acknowledged(
        received=len(waits) + waiting,
        in_time=in_time,
        late=len(waits) - in_time,
        waiting_late=waiting_late,
        within_seconds=int(ACKNOWLEDGED_WITHIN.total_seconds()),
        median_seconds=spread.median.total_seconds() if spread else None,
    )


COMPLAINTS: Mapping[str, Callable[[Service, datetime], object]] = {ACKNOWLEDGED.name: acknowledged}
