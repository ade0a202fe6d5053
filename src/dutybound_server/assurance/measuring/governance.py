"""Who answers, who is trained, who was told: what live records say of governance."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from dutybound.cases.flagging import FlaggerKind
from dutybound.evidence.governance_records import (
    ACCOUNTABLE,
    ASSESSED,
    AUDITS_DONE,
    BOARD_REPORTS,
    DUTIES_TRAINED,
    POLICE_CHANNELS,
    SOON_DAYS,
    YEAR,
    Accountable,
    Assessed,
    AuditsDone,
    BoardReports,
    DutiesTrained,
    PoliceChannels,
)
from dutybound_server.assurance.measuring.flaggers_then import (
    flaggers_then,
    is_agreed,
    reachable,
)
from dutybound_server.assurance.measuring.staff import staff_at, trained_at
from dutybound_server.assurance.models import Audit, Publication, Version
from dutybound_server.assurance.training import DUTIES
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Role

SOON = timedelta(days=SOON_DAYS)
NEEDS_NO_TRAINING = frozenset({Role.AUDITOR})


def accountable_people(service: Service, as_of: datetime) -> Accountable:
    staff = staff_at(service, as_of).values()
    return Accountable(sum(Role.ACCOUNTABLE in worker.roles for worker in staff))


def board_reports(service: Service, as_of: datetime) -> BoardReports:
    made = (
        Publication.objects.filter(service=service, kind="board")
        .filter(made_at__gt=as_of - YEAR, made_at__lte=as_of)
        .exclude(withdrawn_at__lte=as_of)
        .order_by("made_at")
    )
    newest = made.last()
    return BoardReports(made.count(), None if newest is None else (as_of - newest.made_at).days)


def audits_done(service: Service, as_of: datetime) -> AuditsDone:
    drawn = Audit.objects.filter(service=service, drawn_at__gt=as_of - YEAR, drawn_at__lte=as_of)
    return AuditsDone(drawn.count())


def duties_trained(service: Service, as_of: datetime) -> DutiesTrained:
    """Of each who works here, the training that lasts longest."""
    workers = {
        who: worker
        for who, worker in staff_at(service, as_of).items()
        if worker.roles.keys() - NEEDS_NO_TRAINING
    }
    until = trained_at(service, DUTIES, as_of)
    soon = timezone.localdate(as_of) + SOON
    trained = [until[who] for who in workers if who in until]
    untrained = [worker for who, worker in workers.items() if who not in until]
    return DutiesTrained(
        people=len(workers),
        trained=len(trained),
        joined_lately=sum(as_of - worker.since < SOON for worker in untrained),
        expiring=sum(day <= soon for day in trained),
    )


def police_channels(service: Service, as_of: datetime) -> PoliceChannels:
    """Arrangements with the police that stood then."""
    police = flaggers_then(service, FlaggerKind.POLICE, as_of)
    agreed = [one for one in police if is_agreed(one, as_of)]
    today = timezone.localdate(as_of)
    return PoliceChannels(
        agreed=len(agreed),
        open=reachable(agreed, as_of),
        overdue=sum(one.review_by < today for one in agreed),
    )


def assessment_approved(service: Service, as_of: datetime) -> Assessed:
    newest = Version.objects.filter(service=service, approved_at__lte=as_of).order_by("number")
    version = newest.last()
    return Assessed(None if version is None else (as_of - version.approved_at).days)


GOVERNANCE: Mapping[str, Callable[[Service, datetime], object]] = {
    ACCOUNTABLE.name: accountable_people,
    BOARD_REPORTS.name: board_reports,
    AUDITS_DONE.name: audits_done,
    DUTIES_TRAINED.name: duties_trained,
    POLICE_CHANNELS.name: police_channels,
    ASSESSED.name: assessment_approved,
}
