"""Audits, for whoever asks: an auditor has theirs while it lasts, and nothing before or after."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet

from dutybound_server.assurance.models import Audit
from dutybound_server.casework.models import Case, CaseEvent, Concern, FlaggerPerson
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Membership, Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May, Role


class AuditNotFound(Exception):
    """There is no such audit, it is not this person's, or it is not its time."""


# For the service


def audits_of(user: User | AnonymousUser, service: Service) -> QuerySet[Audit]:
    """All audits of the service, the newest first; none for who may not read of them."""
    audits = Audit.objects.filter(service=service).select_related("auditor", "opened_by", "service")
    return audits.order_by("-opened_at", "-id") if may(user, service, May.AUDIT) else audits.none()


def is_independent(user: User, service: Service) -> bool:
    """Whether the person has no part in what would be audited.

    An auditor of the service's own has none either: they read and do nothing.
    """
    works_here = Membership.objects.filter(user=user, service=service).exclude(role=Role.AUDITOR)
    flags_here = FlaggerPerson.objects.filter(user=user, flagger__service=service, ended_at=None)
    return not works_here.exists() and not flags_here.exists()


def rules_over_audits_of(administrator: User, person: User) -> bool:
    """Whether the administrator opens audits at every service that the person audits.

    Only then may they make a new way in for the person.
    """
    audited = Service.objects.filter(audits__auditor=person).distinct()
    return all(may(administrator, service, May.OPEN_AUDITS) for service in audited)


# For the auditor


def open_audits(user: User | AnonymousUser, *, now: datetime) -> list[Audit]:
    """The audits that the person may work on at this moment.

    Whoever was given a part in the service since is its auditor no longer.
    """
    audits = Audit.objects.filter(auditor=user.pk, auditor__is_active=True, ended_at=None)
    audits = audits.filter(starts_at__lte=now, ends_at__gt=now).order_by("ends_at", "id")
    lasting = audits.select_related("service", "auditor")
    return [audit for audit in lasting if is_independent(audit.auditor, audit.service)]


def audit_for(user: User | AnonymousUser, *, service: str, reference: str, now: datetime) -> Audit:
    """The person's audit while it lasts; AuditNotFound is the same for all else."""
    for audit in open_audits(user, now=now):
        if (audit.service.slug, audit.reference) == (service, reference):
            return audit
    raise AuditNotFound


def population_of(audit: Audit) -> list[str]:
    """References of the cases in which anything happened in the period, in order."""
    happened = CaseEvent.objects.filter(
        case__service=audit.service, at__gte=audit.period_from, at__lt=audit.period_until
    )
    references = Case.objects.filter(pk__in=happened.values("case")).values_list(
        "reference", flat=True
    )
    # In the order of the letters' codes, whatever order the database's language has.
    return sorted(references)


def sampled_case(audit: Audit, reference: str) -> Case:
    """A case that chance drew; raises AuditNotFound for any other."""
    if reference not in audit.sample:
        raise AuditNotFound
    cases = Case.objects.select_related("service", "item", "account", "claimed_by")
    return cases.get(service=audit.service, reference=reference)


def concerns_of(case: Case) -> QuerySet[Concern]:
    """What people told us of the case, appeals against its decisions among it."""
    told = Concern.objects.filter(Q(subjects__case=case) | Q(appeal__decision__case=case))
    return told.select_related("account", "service").distinct().order_by("id")


def entries_of_case(case: Case, concerns: Iterable[Concern]) -> QuerySet[Entry]:
    """The sealed entries that tell of the case and of what people told us about it."""
    subjects = [f"case:{case.reference}", *(f"concern:{one.reference}" for one in concerns)]
    sealed = Entry.objects.filter(service=case.service.slug, subject__in=subjects)
    return sealed.exclude(number=None).order_by("number")


def entry_in(audit: Audit, number: int) -> Entry:
    """An entry that the auditor met in the audit; raises AuditNotFound for any other."""
    found = Entry.objects.filter(number=number, service=audit.service.slug).first()
    if found is None or not _is_met(audit, found.subject):
        raise AuditNotFound
    return found


def _is_met(audit: Audit, subject: str) -> bool:
    if subject in {f"audit:{audit.reference}", f"measures:{audit.service.slug}"}:
        return True
    kind, _, reference = subject.partition(":")
    if kind == "case":
        return reference in audit.sample
    if kind != "concern":
        return False
    sampled = Case.objects.filter(service=audit.service, reference__in=audit.sample)
    about = Q(subjects__case__in=sampled) | Q(appeal__decision__case__in=sampled)
    return Concern.objects.filter(about, reference=reference).exists()
