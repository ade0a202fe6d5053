"""How good decisions are, read: second looks, agreement, golden items, and what was overturned."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Q, QuerySet

from dutybound.cases.agreement import Agreement, cohens_kappa, krippendorffs_alpha
from dutybound.cases.judgement import IN_FAVOUR
from dutybound.cases.times import Share, share_of
from dutybound.register.harms import HARMS
from dutybound_server.casework.concern_queries import unrestricted
from dutybound_server.casework.models import (
    Appeal,
    Calibration,
    Case,
    CaseEvent,
    Concern,
    Decision,
    GoldenItem,
    SecondLook,
)
from dutybound_server.casework.queries import visible_cases
from dutybound_server.casework.refusals import LookNotFound
from dutybound_server.items.models import Item
from dutybound_server.people.actors import name_of
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

LEFT_UP = "leave_up"

# Second looks


def waiting_looks(user: User, service: Service) -> QuerySet[SecondLook]:
    """Second looks that the person could take: of cases they may see and had no hand in."""
    if not may(user, service, May.DECIDE):
        return SecondLook.objects.none()
    own = Decision.objects.filter(Q(by=user) | Q(undone_by=user), case__service=service)
    known = CaseEvent.objects.filter(by=user, case__service=service)
    seen = visible_cases(user, service)
    waiting = SecondLook.objects.filter(service=service, by=None, case__in=seen)
    return (
        waiting.exclude(case__in=own.values("case"))
        .exclude(case__in=known.values("case"))
        .exclude(decision__undone_at__isnull=False)
        .exclude(case__item__erased_at__isnull=False)
        .order_by("asked_at", "id")
    )


def waiting_golden(user: User, service: Service) -> QuerySet[GoldenItem]:
    """Golden items that the person has not judged yet and had no hand in."""
    if not may(user, service, May.DECIDE):
        return GoldenItem.objects.none()
    asked = SecondLook.objects.filter(by=user, golden__isnull=False).values("golden")
    known = CaseEvent.objects.filter(by=user, case__service=service).values("case__subject")
    golden = GoldenItem.objects.filter(service=service, retired_at=None, item__erased_at=None)
    if not may(user, service, May.SEE_RESTRICTED):
        hidden = Case.objects.filter(service=service, restricted=True).values("subject")
        golden = golden.exclude(item__external_id__in=hidden)
    return (
        golden.exclude(id__in=asked)
        .exclude(agreed_by=user)
        .exclude(item__external_id__in=known)
        .order_by("id")
    )


def look_of(user: User, service: Service) -> SecondLook | None:
    """The second look that the person has taken and not answered."""
    taken = SecondLook.objects.filter(service=service, by=user, answered_at=None)
    return taken.select_related("case__item", "decision", "golden__item").first()


def look_for(user: User, service: Service, look_id: int) -> SecondLook:
    """The person's own open look; raises LookNotFound for any other."""
    look = look_of(user, service)
    if look is None or look.pk != look_id or look.case is None:
        raise LookNotFound
    if look.case.restricted and not may(user, service, May.SEE_RESTRICTED):
        raise LookNotFound
    return look


def subjects_judged_anew(user: User, service: Service) -> frozenset[str]:
    """What the journal calls that which the person has an open look at, and may not read of."""
    looks = SecondLook.objects.filter(service=service, by=user, answered_at=None)
    about = Q(subjects__case__in=looks.values("case"))
    about |= Q(about__subjects__case__in=looks.values("case"))
    told = Concern.objects.filter(about, service=service).distinct()
    found = {f"concern:{one}" for one in told.values_list("reference", flat=True)}
    for look in looks.select_related("case"):
        found |= {f"look:{look.pk}", f"golden:{look.golden_id}"}
        found |= {f"case:{look.case.reference}"} if look.case else set()
    return frozenset(found)


def shown_item(look: SecondLook) -> Item | None:
    """The revision that was decided about, so that both judge the same content."""
    if look.golden is not None:
        return look.golden.item
    if look.case is None or look.decision is None:
        return None
    revisions = Item.objects.filter(
        service=look.service_id,
        external_id=look.case.subject,
        received_at__lte=look.decision.decided_at,
    )
    return revisions.order_by("-revision").first()


def told_before(user: User, look: SecondLook) -> QuerySet[Concern]:
    """What people said of the content before it was first decided, as far as the person may see.

    Not by `visible_concerns`, which hides all of it from whoever has the look.
    """
    told = Concern.objects.filter(subjects__case=look.case_id).order_by("id")
    if look.decision is not None:
        told = told.filter(received_at__lte=look.decision.decided_at)
    return told if may(user, look.service, May.SEE_RESTRICTED) else unrestricted(told)


def calibrations(user: User | AnonymousUser, service: Service) -> QuerySet[Calibration]:
    """Disagreements of the service that the person may see, the open ones first."""
    found = Calibration.objects.filter(
        look__service=service, look__case__in=visible_cases(user, service)
    ).select_related(
        "look__by", "look__case", "look__decision__by", "look__golden__item", "closed_by"
    )
    if not may(user, service, May.OVERTURN) and not may(user, service, May.AUDIT):
        found = found.filter(Q(look__by=user.pk) | Q(look__decision__by=user.pk))
    return found.order_by(F("closed_at").desc(nulls_first=True), "-id")


# Agreement


@dataclass(frozen=True, slots=True)
class AgreementOf:
    """How far a queue, or a person, agrees with those who looked a second time."""

    name: str
    kappa: Agreement
    alpha: Agreement
    golden: Share | None
    """Of golden items: how often the agreed answer was given."""


@dataclass(frozen=True, slots=True)
class Agreements:
    """Of a service: as a whole, by queue, and by person."""

    whole: AgreementOf
    queues: tuple[AgreementOf, ...]
    people: tuple[AgreementOf, ...]


def agreement_of(service: Service, since: datetime, *, with_restricted: bool = False) -> Agreements:
    """Agreement in the second looks answered since then.

    Kappa compares a first decision with the second look at it, for a person those they decided
    first. Alpha counts also who judged the same golden item.
    """
    looks = SecondLook.objects.filter(service=service, answered_at__gte=since)
    if not with_restricted:
        looks = looks.exclude(case__restricted=True)
    names = dict(service.queues.values_list("slug", "name"))
    answered = list(looks.select_related("decision__by", "golden", "by").order_by("id"))
    return Agreements(
        whole=_agreement("", answered),
        queues=_grouped(answered, lambda look: [names.get(look.queue, look.queue)]),
        people=_grouped(answered, _people_in),
    )


def judged(enforcement_kind: str) -> str:
    """What a decision says of the content; leaving up and showing again are the same."""
    return LEFT_UP if enforcement_kind in IN_FAVOUR else enforcement_kind


def _people_in(look: SecondLook) -> list[str]:
    """Whose judgement the look tests: who decided first, or who judged the golden item."""
    tested = look.decision.by if look.decision else look.by
    return [name_of(tested)] if tested else []


def _grouped(
    looks: Iterable[SecondLook], names_of: Callable[[SecondLook], list[str]]
) -> tuple[AgreementOf, ...]:
    groups = defaultdict(list)
    for look in looks:
        for name in names_of(look):
            groups[name].append(look)
    return tuple(_agreement(name, groups[name]) for name in sorted(groups))


def _agreement(name: str, looks: Sequence[SecondLook]) -> AgreementOf:
    pairs = [
        (judged(look.decision.enforcement_kind), judged(look.enforcement_kind))
        for look in looks
        if look.decision
    ]
    golden = defaultdict(list)
    for look in looks:
        if look.golden:
            golden[look.golden.pk].append(judged(look.enforcement_kind))
    asked = [look for look in looks if look.golden]
    return AgreementOf(
        name=name,
        kappa=cohens_kappa(pairs),
        alpha=krippendorffs_alpha([*pairs, *golden.values()]),
        golden=share_of(sum(1 for look in asked if look.agrees), of=len(asked)),
    )


# What was overturned


@dataclass(frozen=True, slots=True)
class Overturned:
    """Of decisions against content or accounts: how many were appealed, and how that ended."""

    name: str
    decided: int
    appealed: int
    answered: int
    overturned: int
    """Answered in favour of the person."""
    eased: int
    """Answered by something milder."""
    undone: int
    """Taken back without an appeal."""

    @property
    def of_answered(self) -> Share | None:
        """The share of answered appeals that the person won."""
        return share_of(self.overturned, of=self.answered)


@dataclass(frozen=True, slots=True)
class Overturns:
    """What was overturned, as a whole and by what it was decided for."""

    whole: Overturned
    by_harm: tuple[Overturned, ...]
    by_rule: tuple[Overturned, ...]
    by_queue: tuple[Overturned, ...]


def overturns(service: Service, since: datetime, *, with_restricted: bool = False) -> Overturns:
    """What became of the decisions taken since then."""
    decisions = Decision.objects.filter(case__service=service, decided_at__gte=since)
    if not with_restricted:
        decisions = decisions.exclude(case__restricted=True)
    # The answer to an appeal says again what was decided first, which is counted already.
    first = decisions.filter(appeals_answered=None)
    against = list(first.exclude(enforcement_kind__in=IN_FAVOUR).select_related("case__queue"))
    appeals = Appeal.objects.filter(
        decision__case__service=service, decision__decided_at__gte=since
    )
    ends = {appeal.decision_id: appeal for appeal in appeals.select_related("outcome")}
    return Overturns(
        whole=_overturned("", against, ends),
        by_harm=_by(lambda one: HARMS[one.harm].name, against, ends),
        by_rule=_by(lambda one: one.rule, against, ends),
        by_queue=_by(lambda one: one.case.queue.name, against, ends),
    )


def _by(
    name_of_one: Callable[[Decision], str],
    decisions: Iterable[Decision],
    ends: Mapping[int, Appeal],
) -> tuple[Overturned, ...]:
    groups = defaultdict(list)
    for decision in decisions:
        groups[name_of_one(decision)].append(decision)
    found = [_overturned(name, group, ends) for name, group in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.appealed, -one.decided, one.name)))


def _overturned(name: str, decisions: Sequence[Decision], ends: Mapping[int, Appeal]) -> Overturned:
    appealed = [one for one in decisions if one.pk in ends]
    answers = [(one, outcome) for one in appealed if (outcome := ends[one.pk].outcome) is not None]
    won = sum(1 for _, outcome in answers if outcome.enforcement_kind in IN_FAVOUR)
    other = sum(1 for one, outcome in answers if outcome.enforcement_kind != one.enforcement_kind)
    return Overturned(
        name=name,
        decided=len(decisions),
        appealed=len(appealed),
        answered=len(answers),
        overturned=won,
        eased=other - won,
        undone=sum(1 for one in decisions if one.undone_at is not None),
    )
