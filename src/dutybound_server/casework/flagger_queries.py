"""The one door to flaggers, their reports and their record, for whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from statistics import median

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Max, Q, QuerySet

from dutybound.cases.flagging import Accuracy
from dutybound.cases.judgement import AGAINST
from dutybound.cases.status import WAITING
from dutybound_server.casework.actions.flaggers import note_flagger_key_use
from dutybound_server.casework.models import (
    Concern,
    ConcernSubject,
    Decision,
    Flagger,
    FlaggerKey,
    FlaggerPerson,
)
from dutybound_server.people.models import Membership, Service
from dutybound_server.people.queries import BadKey, may
from dutybound_server.people.roles import May, Role
from dutybound_server.people.tokens import FLAGGER_MARK, SERVICE_MARK, key_text

WAITS, NO_ACTION = "waiting", "no_action"
RECORD_OF = timedelta(days=365)
LONGEST_RECORD = 5_000
"""So many things, the newest, a record is made of."""


class FlaggerNotFound(Exception):
    """There is no such flagger, or none for whoever asks; which of the two is not told."""


# For staff


def visible_flaggers(user: User | AnonymousUser, service: Service) -> QuerySet[Flagger]:
    """The flaggers of the service, for its staff; those that ended come last."""
    flaggers = Flagger.objects.filter(service=service).select_related("service")
    if not may(user, service, May.LOOK):
        return flaggers.none()
    return flaggers.annotate(last_report=Max("concerns__received_at")).order_by("ended_at", "name")


def flagger_for_staff(user: User | AnonymousUser, service: Service, slug: str) -> Flagger:
    """The flagger, or FlaggerNotFound: the same for absent and of another service."""
    try:
        return visible_flaggers(user, service).get(slug=slug)
    except Flagger.DoesNotExist:
        raise FlaggerNotFound from None


def rules_over_flaggers_of(administrator: User, person: User) -> bool:
    """Whether the administrator administers every service that the person signs in to flag for.

    Only then may they make a new way in for the person.
    """
    flags_for = FlaggerPerson.objects.filter(user=person).values("flagger__service")
    administered = Membership.objects.filter(
        user=administrator, user__is_active=True, role=Role.ADMINISTRATOR
    ).values("service")
    return not flags_for.exclude(flagger__service__in=administered).exists()


# For everybody


def public_flaggers(service: Service) -> QuerySet[Flagger]:
    """Who has a channel of their own at the service, and why: anybody may know."""
    return Flagger.objects.filter(service=service, ended_at__isnull=True).order_by("name")


# For the flagger's own people and systems


def desks_for(user: User | AnonymousUser) -> QuerySet[FlaggerPerson]:
    """The flaggers that the person signs in for; nobody who is staff of a service here."""
    if not user.is_active or Membership.objects.filter(user=user.pk).exists():
        return FlaggerPerson.objects.none()
    here = FlaggerPerson.objects.filter(
        user=user.pk, ended_at__isnull=True, flagger__ended_at__isnull=True
    )
    return here.select_related("flagger__service").order_by("flagger__service__name")


def desk_for(user: User | AnonymousUser, *, service: str, flagger: str) -> Flagger:
    """The flagger that the person signs in for; raises FlaggerNotFound for anybody else."""
    try:
        found = desks_for(user).get(flagger__slug=flagger, flagger__service__slug=service)
    except FlaggerPerson.DoesNotExist:
        raise FlaggerNotFound from None
    return found.flagger


def flagger_key_for(token: str, *, now: datetime) -> FlaggerKey:
    """The live key whose text this is, its flagger with it; raises BadKey."""
    text = key_text(token, FLAGGER_MARK)
    if text is None:
        if key_text(token, SERVICE_MARK) is not None:
            raise BadKey("This is the key of a service; a trusted flagger's begins with dbf_.")
        raise BadKey("A key looks like dbf_, ten hex digits, an underscore and 43 characters.")
    keys = FlaggerKey.objects.select_related("flagger__service")
    key = keys.filter(prefix=text.prefix).first()
    if key is None or not compare_digest(key.digest, text.digest):
        raise BadKey("No flagger has this key.")
    if key.flagger.ended_at is not None:
        raise BadKey(f"The arrangement with {key.flagger.name} has ended.")
    if key.revoked_at is not None:
        raise BadKey(f"The key {key.name!r} was revoked; use a new one.")
    note_flagger_key_use(key=key, now=now)
    return key


def reports_of(flagger: Flagger) -> QuerySet[Concern]:
    """What the flagger reported, the newest first."""
    return (
        Concern.objects.filter(flagger=flagger, channel="flagger")
        .select_related("service")
        .prefetch_related("subjects__case")
        .order_by("-id")
    )


def report_of(flagger: Flagger, reference: str) -> Concern:
    """One report of the flagger's own; raises FlaggerNotFound for any other."""
    try:
        return reports_of(flagger).get(reference=reference)
    except Concern.DoesNotExist:
        raise FlaggerNotFound from None


# What became of it


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that was reported, and how it stands."""

    kind: str
    id: str
    state: str
    """waiting, no_action, or what was done: take_down, restrict, label."""


def things_of(concerns: Iterable[Concern]) -> dict[int, list[Thing]]:
    """What each report is about and what became of it, by the report's row."""
    subjects = [one for concern in concerns for one in concern.subjects.all()]
    states = _states(subjects)
    found: dict[int, list[Thing]] = {}
    for one in subjects:
        thing = Thing(one.subject_kind, one.subject, states[one.pk])
        found.setdefault(one.concern_id, []).append(thing)
    return found


def _states(subjects: Iterable[ConcernSubject]) -> dict[int, str]:
    """How each thing stands now: an appeal or an undo changes it, as it should."""
    subjects = list(subjects)
    standing = Decision.objects.filter(
        case__in={one.case_id for one in subjects}, undone_at__isnull=True
    )
    # The newest of each case is the one that is left.
    last = dict(standing.order_by("id").values_list("case_id", "enforcement_kind"))
    return {one.pk: _state(one, last) for one in subjects}


def _state(subject: ConcernSubject, last: dict[int, str]) -> str:
    case = subject.case
    if case is None or case.status in WAITING or case.pk not in last:
        return WAITS
    return last[case.pk] if last[case.pk] in AGAINST else NO_ACTION


@dataclass(frozen=True, slots=True)
class Record:
    """How a flagger's reports went, as it sees it itself."""

    since: datetime
    accuracy: Accuracy
    reports: int
    answered: int
    """Reports about which everything is decided."""
    answered_in_time: int
    """Of those, within what was agreed."""
    late_and_waiting: int
    usual_time: timedelta | None
    """The median, from report to answer."""


def record_of(flagger: Flagger, *, now: datetime) -> Record:
    """The flagger's record of the last year; what it withdrew does not count."""
    since = now - RECORD_OF
    reports = Concern.objects.filter(
        flagger=flagger, channel="flagger", withdrawn_at__isnull=True, received_at__gte=since
    )
    subjects = ConcernSubject.objects.filter(concern__in=reports).select_related("case")
    states = list(_states(subjects.order_by("-id")[:LONGEST_RECORD]).values())
    decided = [one for one in states if one != WAITS]
    answered = list(
        reports.filter(decided_at__isnull=False).values_list("received_at", "decided_at", "due_at")
    )
    took = [(at - received).total_seconds() for received, at, _ in answered if at]
    return Record(
        since=since,
        accuracy=Accuracy(
            reported=len(states),
            decided=len(decided),
            right=sum(1 for one in decided if one != NO_ACTION),
        ),
        reports=reports.count(),
        answered=len(answered),
        answered_in_time=sum(1 for _, at, due in answered if at and at <= due),
        late_and_waiting=reports.filter(Q(decided_at__isnull=True, due_at__lt=now)).count(),
        usual_time=timedelta(seconds=median(took)) if took else None,
    )
