"""What is left of each risk of a service, by its assessment and its records."""

from datetime import datetime, timedelta

from django.utils import timezone

from dutybound.evidence.residual import Residual, residual_risks
from dutybound.risk.outcomes import DAYS
from dutybound_server.assurance.records import upheld_since
from dutybound_server.assurance.standing_queries import how_measures_stand
from dutybound_server.assurance.watched import assessment_of
from dutybound_server.people.models import Service


def residual_of(service: Service, now: datetime) -> tuple[Residual, ...]:
    """Each kind of harm of the approved assessment, or of what is answered so far; else none."""
    assessment = assessment_of(service)
    if assessment is None:
        return ()
    return residual_risks(
        assessment,
        as_of=timezone.localdate(now),
        statuses={one.measure: one.status for one in how_measures_stand(service, now=now)},
        upheld=upheld_since(service, since=now - timedelta(days=DAYS)),
    )
