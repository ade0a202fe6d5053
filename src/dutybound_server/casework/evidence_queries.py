"""The one door to evidence for whoever asks: what they may not see does not exist."""

from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Q, QuerySet

from dutybound_server.casework.concern_queries import unrestricted
from dutybound_server.casework.models import Case, Concern, ConcernSubject, Match
from dutybound_server.casework.queries import RESTRICTED_HARMS, visible_items
from dutybound_server.casework.subjects import ACCOUNT, ITEM
from dutybound_server.evidence.models import (
    AuthorityReport,
    LegalHold,
    Preservation,
    Snapshot,
    SnapshotFile,
)
from dutybound_server.evidence.queries import holds_about
from dutybound_server.items.models import Item
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

Row = TypeVar("Row", Snapshot, LegalHold)


class EvidenceNotFound(Exception):
    """There is none, or none for whoever asks; which of the two is not told."""


def visible_snapshots(user: User | AnonymousUser, service: Service) -> QuerySet[Snapshot]:
    """The snapshots of the service that the person may know of, the newest first.

    Not only what was restricted when it was sealed: also what has become so since.
    """
    found = Snapshot.objects.filter(service=service).select_related("item", "service")
    if not may(user, service, May.LOOK):
        return found.none()
    if not may(user, service, May.SEE_RESTRICTED):
        found = _open_to_all(found.filter(restricted=False), user, service)
        found = found.exclude(concern__in=_restricted_concerns(service))
    return found.order_by("-taken_at", "-id")


def snapshot_for(user: User | AnonymousUser, service: Service, snapshot_id: int) -> Snapshot:
    """The snapshot, or EvidenceNotFound: the same for absent, elsewhere and restricted."""
    try:
        return visible_snapshots(user, service).get(pk=snapshot_id)
    except Snapshot.DoesNotExist:
        raise EvidenceNotFound from None


def file_for(
    user: User | AnonymousUser, service: Service, snapshot_id: int, file_id: int
) -> SnapshotFile:
    """One copied file of a snapshot the person may see; raises EvidenceNotFound."""
    snapshot = snapshot_for(user, service, snapshot_id)
    found = snapshot.files.exclude(blob="").filter(pk=file_id).first()
    if found is None:
        raise EvidenceNotFound
    return found


def visible_holds(user: User | AnonymousUser, service: Service) -> QuerySet[LegalHold]:
    """The legal holds the person may know of, the newest first.

    A hold for the NCA, or on anything restricted, would tell what it is about.
    """
    found = LegalHold.objects.filter(service=service).select_related("by", "ended_by")
    if not may(user, service, May.LOOK):
        return found.none()
    if not may(user, service, May.SEE_RESTRICTED):
        restricted = Snapshot.objects.filter(authority_reports=OuterRef("authority_report"))
        found = _open_to_all(found.exclude(kind="csea"), user, service)
        found = found.exclude(Exists(restricted.filter(restricted=True)))
    return found.order_by("-placed_at", "-id")


def hold_for(user: User | AnonymousUser, service: Service, hold_id: int) -> LegalHold:
    try:
        return visible_holds(user, service).get(pk=hold_id)
    except LegalHold.DoesNotExist:
        raise EvidenceNotFound from None


def visible_preservations(user: User | AnonymousUser, service: Service) -> QuerySet[Preservation]:
    """Data preservation notices, for staff who keep evidence."""
    found = Preservation.objects.filter(service=service).select_related("by", "ended_by")
    return found.order_by("-received_at", "-id") if may(user, service, May.KEEP) else found.none()


def preservation_for(
    user: User | AnonymousUser, service: Service, preservation_id: int
) -> Preservation:
    try:
        return visible_preservations(user, service).get(pk=preservation_id)
    except Preservation.DoesNotExist:
        raise EvidenceNotFound from None


def visible_authority_reports(
    user: User | AnonymousUser, service: Service
) -> QuerySet[AuthorityReport]:
    """Reports to authorities about what the person may see, for staff who keep evidence."""
    found = AuthorityReport.objects.filter(service=service).select_related("snapshot", "by")
    if not may(user, service, May.KEEP):
        return found.none()
    seen = visible_snapshots(user, service).order_by()
    return found.filter(snapshot__in=seen.values("pk")).order_by("-begun_at", "-id")


def authority_report_for(
    user: User | AnonymousUser, service: Service, report_id: int
) -> AuthorityReport:
    try:
        return visible_authority_reports(user, service).get(pk=report_id)
    except AuthorityReport.DoesNotExist:
        raise EvidenceNotFound from None


def told_about(snapshot: Snapshot) -> QuerySet[Concern]:
    """What people told us about the subject of a snapshot, for whoever may see that.

    Who told us of something restricted besides is left out of what is open to all staff.
    """
    subjects = ConcernSubject.objects.filter(
        concern__service=snapshot.service,
        subject_kind=snapshot.subject_kind,
        subject=snapshot.subject,
    )
    told = Concern.objects.filter(pk__in=subjects.values("concern")).order_by("id")
    return told if is_restricted_now(snapshot) else unrestricted(told)


def holds_to_name(snapshot: Snapshot, *, now: datetime) -> QuerySet[LegalHold]:
    """The holds on a snapshot's subject, and on the account behind it, that may be told with it.

    Beside what is open to all staff none is named that tells of something restricted.
    """
    account = snapshot.item.account if snapshot.item else None
    holds = holds_about(
        service=snapshot.service,
        subject_kind=snapshot.subject_kind,
        subject=snapshot.subject,
        account=account.external_id if account else "",
        now=now,
    )
    if is_restricted_now(snapshot):
        return holds
    behind = Case.objects.filter(
        service=snapshot.service, restricted=True, account__external_id=OuterRef("subject")
    )
    told = holds.exclude(kind="csea").exclude(authority_report__snapshot__restricted=True)
    return told.exclude(Exists(behind), subject_kind=ACCOUNT)


def is_restricted_now(snapshot: Snapshot) -> bool:
    """Whether it is about something restricted: since it was sealed, or by what came since."""
    case = case_about(snapshot)
    if snapshot.restricted or (case is not None and case.restricted):
        return True
    if snapshot.subject_kind != ITEM:
        return False
    met = Match.objects.filter(item__service=snapshot.service, harm__in=RESTRICTED_HARMS)
    return met.filter(item__external_id=snapshot.subject).exists()


def case_about(snapshot: Snapshot) -> Case | None:
    """The case that looks into the subject of a snapshot."""
    cases = Case.objects.filter(service=snapshot.service, subject_kind=snapshot.subject_kind)
    return cases.filter(subject=snapshot.subject).first()


def _open_to_all(
    found: QuerySet[Row], user: User | AnonymousUser, service: Service
) -> QuerySet[Row]:
    """Without what is about a restricted case, a hidden item, or an account behind either."""
    restricted = Case.objects.filter(service=service, restricted=True)
    same = restricted.filter(subject_kind=OuterRef("subject_kind"), subject=OuterRef("subject"))
    behind = restricted.filter(account__external_id=OuterRef("subject"))
    shown = visible_items(user, service)
    hidden = Item.objects.filter(service=service, external_id=OuterRef("subject")).exclude(
        pk__in=shown.values("pk")
    )
    return found.exclude(
        Exists(same)
        | (Q(subject_kind=ACCOUNT) & Q(Exists(behind)))
        | (Q(subject_kind=ITEM) & Q(Exists(hidden)))
    )


def _restricted_concerns(service: Service) -> QuerySet[Concern, str]:
    restricted = Concern.objects.filter(service=service, harm__in=RESTRICTED_HARMS)
    return restricted.values_list("reference", flat=True)
