"""The one door to cases for whoever asks: what they may not see does not exist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models import Case as Conditional

from dutybound.cases.judgement import EnforcementKind, state_at_first
from dutybound.cases.priority import AT_RISK, HEAD_START, URGENT_FROM
from dutybound.cases.status import WAITING, EventKind, Status
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import (
    Appeal,
    Case,
    CaseEvent,
    ConcernSubject,
    Decision,
    Enforcement,
    Match,
    Notice,
    Queue,
    Reveal,
    SanctionTold,
    SecondLook,
)
from dutybound_server.casework.refusals import CaseNotFound
from dutybound_server.casework.subjects import ITEM
from dutybound_server.casework.trust import goes_first
from dutybound_server.items.models import Item, Media
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

SQLITE_EPOCH = "CAST(strftime('%%%%s', %(expressions)s) AS REAL)"
POSTGRESQL_EPOCH = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS double precision)"

RESTRICTED_HARMS = tuple(harm.id for harm in HARMS.values() if harm.restricted)
LOOK_LASTS = timedelta(minutes=2)
"""So long after a logged reveal the bytes of a medium may be fetched."""

MOST_AT_ONCE = 500
"""Cases in one bulk decision. More would keep others from deciding for seconds."""

# Cases


def visible_cases(user: User | AnonymousUser, service: Service) -> QuerySet[Case]:
    """The cases of the service that the person may see; none without a role there."""
    cases = Case.objects.filter(service=service).select_related(
        "service", "item", "account", "queue", "claimed_by"
    )
    if not may(user, service, May.LOOK):
        return cases.none()
    # Whoever judges a case anew must not read what was decided, wherever it stands.
    cases = cases.exclude(
        pk__in=SecondLook.objects.filter(by=user.pk, answered_at=None).values("case")
    )
    if not may(user, service, May.SEE_RESTRICTED):
        # Also what a bank in a dry run says is restricted: its media would be shown with the case.
        cases = cases.filter(restricted=False).exclude(
            subject_kind=ITEM, subject__in=_met_restricted(service)
        )
    return cases


def case_for(user: User | AnonymousUser, service: Service, reference: str) -> Case:
    """The case, or CaseNotFound: the same for absent, of another service, and restricted."""
    try:
        return visible_cases(user, service).get(reference=reference)
    except Case.DoesNotExist:
        raise CaseNotFound from None


def open_queue(
    user: User | AnonymousUser, service: Service, queue: Queue | None, now: datetime
) -> QuerySet[Case]:
    """Cases that wait, the next to be decided first; slice it to page.

    First come the grave ones at risk of being late, then severity × reach × age. A case that
    stands only on what came too often from one place wins nothing by its age, and is urgent only
    once it is late. What a trusted flagger reported goes, where its policy says so, before others
    of the same severity. Each case has `is_urgent`, `is_queued`, `score` and `goes_first`.
    """
    cases = _waiting(_to_work_on(user, service), service, now=now)
    return cases.filter(queue=queue) if queue is not None else cases


def claimed_by(user: User, service: Service, now: datetime) -> QuerySet[Case]:
    """The cases the person holds now."""
    cases = _waiting(visible_cases(user, service), service, now=now)
    return cases.filter(claimed_by=user, claimed_until__gt=now)


def at_risk(user: User | AnonymousUser, service: Service, now: datetime) -> QuerySet[Case]:
    """Cases that are late or soon will be, whichever their severity."""
    return _waiting(_to_work_on(user, service), service, now=now).filter(due_at__lte=now + AT_RISK)


def decided_cases(user: User | AnonymousUser, service: Service) -> QuerySet[Case]:
    """Cases that rest, the last decided first; each has `decided_at`."""
    last = Decision.objects.filter(case=OuterRef("pk")).order_by("-id")
    cases = visible_cases(user, service).filter(status=Status.DECIDED)
    return cases.annotate(decided_at=Subquery(last.values("decided_at")[:1])).order_by(
        "-decided_at", "-id"
    )


def _to_work_on(user: User | AnonymousUser, service: Service) -> QuerySet[Case]:
    """The cases the person may see, without appeals that a different person has to answer."""
    own = Appeal.objects.filter(
        outcome=None, decision__by=user.pk, decision__case__service=service
    ).values("decision__case")
    return visible_cases(user, service).exclude(status=Status.APPEALED, pk__in=own)


def _waiting(cases: QuerySet[Case], service: Service, *, now: datetime) -> QuerySet[Case]:
    late_soon = Q(due_at__lte=now + AT_RISK, is_queued=False) | Q(due_at__lte=now)
    waited = Value(now.timestamp() + HEAD_START.total_seconds()) - _epoch("waiting_since")
    counted = Conditional(
        When(is_queued=True, then=Value(HEAD_START.total_seconds())),
        default=waited,
        output_field=FloatField(),
    )
    return (
        cases.filter(status__in=WAITING)
        .annotate(is_queued=ExpressionWrapper(_is_queued(), output_field=BooleanField()))
        .annotate(
            is_urgent=ExpressionWrapper(
                late_soon & Q(severity__gte=URGENT_FROM), output_field=BooleanField()
            ),
            score=ExpressionWrapper(F("weight") * counted, output_field=FloatField()),
            goes_first=goes_first(service),
        )
        .annotate(place=_place())
        .order_by("-is_urgent", "-place", "-goes_first", "-score", "id")
    )


def _place() -> Conditional:
    """The score, or for what a flagger's policy puts first the highest score of its severity."""
    highest = Window(Max("score"), partition_by=[F("is_urgent"), F("severity")])
    return Conditional(
        When(goes_first=True, then=highest), default=F("score"), output_field=FloatField()
    )


def _is_queued() -> Q:
    """Whether nothing but concerns that came too often from one place stands behind a case.

    Whatever else raised it counts: nobody can push a case back by reporting it often.
    """
    told = ConcernSubject.objects.filter(case=OuterRef("pk"))
    otherwise = CaseEvent.objects.filter(
        case=OuterRef("pk"), kind__in=(EventKind.OPENED, EventKind.RAISED)
    ).exclude(facts__has_key="concern")
    met = Match.objects.filter(item=OuterRef("item"), dry_run=False, set_aside=False)
    return (
        Q(Exists(told.filter(concern__queued=True)))
        & ~Q(Exists(told.filter(concern__queued=False)))
        & ~Q(Exists(met))
        & ~Q(Exists(otherwise))
    )


def _epoch(column: str) -> Func:
    """A moment as seconds since 1970."""
    template = SQLITE_EPOCH if connection.vendor == "sqlite" else POSTGRESQL_EPOCH
    return Func(column, template=template, output_field=FloatField())


# Queues and people


@dataclass(frozen=True, slots=True)
class QueueCount:
    """A queue, and how many of its cases wait."""

    queue: Queue
    waiting: int
    at_risk: int


def queues_for(user: User | AnonymousUser, service: Service, now: datetime) -> list[QueueCount]:
    """The queues the person may work in. A service has none before its first case."""
    waiting = _to_work_on(user, service).filter(status__in=WAITING).values("queue").order_by()
    counts = {
        count["queue"]: count
        for count in waiting.annotate(
            waiting=Count("id"), at_risk=Count("id", filter=Q(due_at__lte=now + AT_RISK))
        )
    }
    nothing = {"waiting": 0, "at_risk": 0}
    found = ((queue, counts.get(queue.pk, nothing)) for queue in _visible_queues(user, service))
    return [QueueCount(queue, count["waiting"], count["at_risk"]) for queue, count in found]


def _visible_queues(user: User | AnonymousUser, service: Service) -> QuerySet[Queue]:
    queues = Queue.objects.filter(service=service)
    if not may(user, service, May.LOOK):
        return queues.none()
    return queues if may(user, service, May.SEE_RESTRICTED) else queues.filter(restricted=False)


def reveals_since(user: User, since: datetime) -> int:
    """How many media the person has looked at since then: for their own sake."""
    return Reveal.objects.filter(by=user, at__gte=since).count()


def looked_lately(case: Case, media_id: int, *, by: User, now: datetime) -> bool:
    """Whether the person has just chosen to look at the medium, so that its bytes may be sent."""
    looks = Reveal.objects.filter(case=case, media=media_id, by=by)
    return looks.filter(at__gt=now - LOOK_LASTS, at__lte=now).exists()


# Items


def visible_items(user: User | AnonymousUser, service: Service) -> QuerySet[Item]:
    """The items of the service that the person may see.

    What meets a restricted harm, or is the subject of a restricted case in any revision, is
    there only for staff with that role.
    """
    items = Item.objects.filter(service=service).select_related("account", "service")
    if not may(user, service, May.LOOK):
        return items.none()
    if may(user, service, May.SEE_RESTRICTED):
        return items
    restricted = Case.objects.filter(service=service, subject_kind=ITEM, restricted=True)
    return items.exclude(external_id__in=restricted.values("subject")).exclude(
        external_id__in=_met_restricted(service)
    )


def _met_restricted(service: Service) -> QuerySet[Match, str]:
    """The service's ids of items that meet a restricted harm in any revision."""
    met = Match.objects.filter(item__service=service, harm__in=RESTRICTED_HARMS)
    return met.values_list("item__external_id", flat=True)


# The same content elsewhere


def identical_open_cases(case: Case, user: User | AnonymousUser) -> QuerySet[Case]:
    """Open cases of the service about the same file or the same words, this one not among them.

    The oldest come first, and no more than are decided at once with this one. Appealed ones are
    left out: each appeal is heard for itself.
    """
    cases = visible_cases(user, case.service).filter(status=Status.OPEN, subject_kind=ITEM)
    return (
        cases.filter(_like(case)).exclude(pk=case.pk).distinct().order_by("id")[: MOST_AT_ONCE - 1]
    )


def decided_alike(case: Case, user: User | AnonymousUser) -> QuerySet[Decision]:
    """What was decided before about this subject or the very same content, the newest first.

    Only of cases that the person may see; what was undone is among them.
    """
    alike = visible_cases(user, case.service).filter(Q(pk=case.pk) | _like(case)).values("pk")
    found = Decision.objects.filter(case__in=alike).select_related("case", "by")
    return found.order_by("-id")


def are_identical(cases: Sequence[Case]) -> bool:
    """Whether all the cases share a file or their words with the first."""
    like_first = Case.objects.filter(_like(cases[0]), pk__in=[case.pk for case in cases])
    return like_first.values("pk").distinct().count() == len(cases)


def _like(case: Case) -> Q:
    files = Media.objects.filter(item=case.item_id).exclude(sha256="").values("sha256")
    same = Q(item__media__sha256__in=list(files.values_list("sha256", flat=True)))
    if case.text_digest:
        same |= Q(text_digest=case.text_digest)
    return same


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision over several cases will do, shown before it is taken."""

    cases: Sequence[Case]
    items: int
    accounts: int
    by_mail: int
    """Of the accounts, how many are e-mailed; the others read it where the service shows it."""
    untold: int
    """Items whose author the service never named."""


def preview_decision(cases: Iterable[Case]) -> Preview:
    """What deciding all these cases alike would do: every author is told the same statement."""
    cases = list(cases)
    accounts = {case.account for case in cases if case.account is not None}
    return Preview(
        cases=cases,
        items=len(cases),
        accounts=len(accounts),
        by_mail=sum(1 for account in accounts if account.email),
        untold=sum(1 for case in cases if case.account is None),
    )


# What stands


def last_decision(case: Case) -> Decision | None:
    """The newest decision about the case that was not undone."""
    return case.decisions.filter(undone_at__isnull=True).order_by("-id").first()


def case_state(case: Case) -> EnforcementKind:
    """How the service shows the subject as far as we told it; `restore` means in full view.

    A new revision starts from its own verdict: what was decided was about the old one.
    """
    revision = case.item.revision if case.item else None
    told = Enforcement.objects.filter(
        case=case,
        decision__undone_at__isnull=True,
        undoes__isnull=True,
        revision=revision,
    )
    last = told.order_by("-id").first()
    if last is not None:
        return EnforcementKind(last.kind)
    return state_at_first(case.item.verdict) if case.item else EnforcementKind.RESTORE


def open_appeals(case: Case) -> QuerySet[Appeal]:
    """Appeals of the case that wait for an answer."""
    appeals = Appeal.objects.filter(decision__case=case, outcome__isnull=True)
    return appeals.select_related("decision", "notice").order_by("id")


def answers_to_another(case: Case, user: User) -> bool:
    """Whether an open appeal is against the person's own decision, so that another answers it."""
    return open_appeals(case).filter(decision__by=user).exists()


def visible_enforcements(user: User | AnonymousUser, service: Service) -> QuerySet[Enforcement]:
    """What the service was told to do, in the cases that the person may see; the newest first."""
    told = Enforcement.objects.filter(case__in=visible_cases(user, service))
    return told.select_related("case", "decision").order_by("-id")


# What a service pulls


def enforcements_after(service: Service, after: int) -> QuerySet[Enforcement]:
    """What the service was told to do since that number, in the order it was told."""
    told = Enforcement.objects.filter(service=service, id__gt=after).order_by("id")
    return told.select_related("case", "decision", "undoes")


def sanctions_after(service: Service, after: int) -> QuerySet[SanctionTold]:
    """What the service was told of sanctions since that number, in the order it was told."""
    told = SanctionTold.objects.filter(service=service, id__gt=after).order_by("id")
    return told.select_related("sanction__account", "sanction__decision__case")


def notices_after(service: Service, after: int) -> QuerySet[Notice]:
    """What accounts of the service were told since that number, in that order."""
    told = Notice.objects.filter(service=service, id__gt=after).order_by("id")
    return told.select_related("account", "decision__case")
