"""Evidence and its case: hidden together once reported as CSEA; gone when no case needs it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from dutybound.cases.authority import Authority, Urgency
from dutybound.cases.judgement import APPEAL_WINDOW
from dutybound.cases.status import WAITING
from dutybound_server.casework.models import Case
from dutybound_server.evidence.actions.authority_reports import begin_report
from dutybound_server.evidence.actions.snapshots import erase_snapshots
from dutybound_server.evidence.models import AuthorityReport, Snapshot
from dutybound_server.people.models import Service

AT_ONCE = 100


@transaction.atomic
def begin_authority_report(
    *,
    snapshot: Snapshot,
    authority: Authority,
    urgency: Urgency,
    earlier: str,
    by: User,
    now: datetime,
) -> AuthorityReport:
    """Begin a report; of CSEA, its case too is from now on only for staff who may see that.

    Raises ReportRefused.
    """
    report = begin_report(
        snapshot=snapshot, authority=authority, urgency=urgency, earlier=earlier, by=by, now=now
    )
    if authority.is_for_csea:
        cases = Case.objects.filter(service=snapshot.service, restricted=False)
        cases.filter(subject_kind=snapshot.subject_kind, subject=snapshot.subject).update(
            restricted=True, claimed_by=None, claimed_until=None
        )
    return report


def erase_old_snapshots(*, now: datetime) -> int:
    """Erase what is past its time; how many. What is held is looked at again the next time."""
    erased = 0
    for service in Service.objects.order_by("id"):
        last = 0
        while batch := _past(service, after=last, now=now):
            erased += erase_snapshots(service=service, snapshots=batch, now=now)
            last = batch[-1]
    return erased


def _past(service: Service, *, after: int, now: datetime) -> list[int]:
    needed = Q(status__in=WAITING) | Q(decisions__decided_at__gt=now - APPEAL_WINDOW)
    cases = Case.objects.filter(
        needed,
        service=OuterRef("service"),
        subject_kind=OuterRef("subject_kind"),
        subject=OuterRef("subject"),
    )
    past = Snapshot.objects.filter(
        service=service, keep_until__lte=now, erased_at__isnull=True, pk__gt=after
    )
    found = past.exclude(Exists(cases)).order_by("pk").values_list("pk", flat=True)
    return list(found[:AT_ONCE])
