"""The one door to what people told us, for whoever asks: what they may not see does not exist."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from dutybound.cases.kinds import PUT_RIGHT, Outcome
from dutybound_server.casework.hearing import ConcernNotFound
from dutybound_server.casework.models import (
    Attachment,
    Case,
    Concern,
    ConcernEvent,
    ConcernSubject,
    Disregard,
    Match,
    UnfoundedPolicy,
)
from dutybound_server.casework.queries import LOOK_LASTS, RESTRICTED_HARMS
from dutybound_server.casework.subjects import CONCERN, ITEM
from dutybound_server.casework.tellers import token_digest
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

FILE_OPENED = "file_opened"


def visible_concerns(user: User | AnonymousUser, service: Service) -> QuerySet[Concern]:
    """The concerns of the service that the person may see; none without a role there."""
    concerns = Concern.objects.filter(service=service).select_related(
        "service", "account", "flagger", "about", "owner", "decided_by"
    )
    if not may(user, service, May.LOOK):
        return concerns.none()
    # Whoever judges a case anew must not read what people were told of it.
    judged = ConcernSubject.objects.filter(
        case__second_looks__by=user.pk, case__second_looks__answered_at=None
    )
    concerns = concerns.exclude(
        Exists(judged.filter(concern=OuterRef("pk")))
        | Exists(judged.filter(concern=OuterRef("about")))
    )
    return concerns if may(user, service, May.SEE_RESTRICTED) else unrestricted(concerns)


def concern_for(user: User | AnonymousUser, service: Service, reference: str) -> Concern:
    """The concern, or ConcernNotFound: the same for absent, of another service, and restricted."""
    try:
        return visible_concerns(user, service).get(reference=reference)
    except Concern.DoesNotExist:
        raise ConcernNotFound from None


def attachment_of(concern: Concern, file_id: int) -> Attachment:
    """A file that was added to it and is still there; raises ConcernNotFound."""
    try:
        return concern.attachments.exclude(blob="").get(pk=file_id)
    except Attachment.DoesNotExist:
        raise ConcernNotFound from None


def opened_lately(attachment: Attachment, *, by: User, now: datetime) -> bool:
    """Whether the person has just chosen to look at the file, so that its picture may be sent."""
    looks = attachment.concern.events.filter(kind=FILE_OPENED, by=by, facts__file=attachment.pk)
    return looks.filter(at__gt=now - LOOK_LASTS, at__lte=now).exists()


def concern_of_token(token: str) -> Concern:
    """The concern whose status page has that secret; raises ConcernNotFound."""
    try:
        return Concern.objects.select_related("service", "account", "about").get(
            token_digest=token_digest(token)
        )
    except Concern.DoesNotExist:
        raise ConcernNotFound from None


def concerns_about(user: User | AnonymousUser, case: Case) -> QuerySet[Concern]:
    """What people told us of the case's subject, the first first, as far as the person may see."""
    told = ConcernSubject.objects.filter(case=case, concern=OuterRef("pk"))
    return visible_concerns(user, case.service).filter(Exists(told)).order_by("id")


def named_at_first(concern: Concern) -> set[tuple[str, str]]:
    """What the person named when they told us, by kind and id; not what came to it later."""
    named = concern.subjects.filter(added_at=concern.received_at).exclude(subject_kind=CONCERN)
    return set(named.values_list("subject_kind", "subject"))


def told_to_service(service: Service) -> QuerySet[Concern]:
    """What a service's own programs may know of: nothing restricted but what they passed on."""
    concerns = Concern.objects.filter(service=service).select_related("service", "account")
    return unrestricted(concerns) | concerns.filter(channel="api")


def waiting_for_an_answer(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """Those not answered yet, and those of which the answer was taken back and none stands."""
    open_ones = Q(decided_at__isnull=True, withdrawn_at__isnull=True)
    return with_last_turn(concerns).filter(open_ones | Q(last_turn="taken_back"))


def with_last_turn(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """`last_turn`: whether the answer was taken back or changed last; None where neither."""
    turns = ConcernEvent.objects.filter(concern=OuterRef("pk"), kind__in=("taken_back", "changed"))
    return concerns.annotate(last_turn=Subquery(turns.order_by("-id").values("kind")[:1]))


def is_restricted(concern: Concern) -> bool:
    """Whether only staff who may see restricted harms may know of it."""
    return not unrestricted(Concern.objects.filter(pk=concern.pk)).exists()


def unrestricted(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """Without those that touch a restricted harm, or complain about one that does."""
    return concerns.exclude(_touches_restricted("pk")).exclude(
        Q(about__isnull=False) & _touches_restricted("about")
    )


def _touches_restricted(concern: str) -> Q:
    met = Match.objects.filter(
        item__service=OuterRef("concern__service"),
        item__external_id=OuterRef("subject"),
        harm__in=RESTRICTED_HARMS,
    )
    subjects = ConcernSubject.objects.filter(concern=OuterRef(concern))
    held_apart = subjects.filter(Q(case__restricted=True) | Q(Exists(met), subject_kind=ITEM))
    harm = "harm" if concern == "pk" else f"{concern}__harm"
    return Q(**{f"{harm}__in": RESTRICTED_HARMS}) | Q(Exists(held_apart))


@dataclass(frozen=True, slots=True)
class TellerRecord:
    """What became of all that the same person told the service; counted, never held against
    what they tell us next."""

    told: int
    decided: int
    acted: int
    no_action: int
    unfounded: int


def teller_record(concern: Concern) -> TellerRecord:
    """The record of whoever made the concern; of itself alone where nothing links it to others."""
    same = Concern.objects.filter(service=concern.service_id)
    same = (
        same.filter(teller_digest=concern.teller_digest)
        if concern.teller_digest
        else same.filter(pk=concern.pk)
    )
    counts = same.aggregate(
        told=Count("id"),
        decided=Count("id", filter=Q(decided_at__isnull=False)),
        acted=Count("id", filter=Q(outcome__in=PUT_RIGHT)),
        no_action=Count("id", filter=Q(outcome__in=(Outcome.NO_ACTION, Outcome.UPHELD))),
        unfounded=Count("id", filter=Q(outcome=Outcome.UNFOUNDED)),
    )
    return TellerRecord(**counts)


def policy_in_force(service: Service, *, now: datetime) -> UnfoundedPolicy | None:
    """The policy under which something may be disregarded; none once its review is due."""
    policies = service.unfounded_policies.filter(ended_at__isnull=True, review_by__gt=now.date())
    return policies.select_related("service").order_by("-number").first()


def visible_disregards(user: User | AnonymousUser, service: Service) -> QuerySet[Disregard]:
    """What was disregarded, the newest first, as far as the person may see the concerns."""
    disregards = Disregard.objects.filter(concern__in=visible_concerns(user, service))
    return disregards.select_related("concern", "policy", "by", "checked_by").order_by("-id")


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """How a policy was used, and how often wrongly as far as somebody looked again."""

    used: int
    checked: int
    wrong: int


def policy_record(service: Service) -> PolicyRecord:
    """Over all versions of the service's policy."""
    counts = Disregard.objects.filter(policy__service=service).aggregate(
        used=Count("id"),
        checked=Count("id", filter=Q(checked_at__isnull=False)),
        wrong=Count("id", filter=Q(was_right=False)),
    )
    return PolicyRecord(**counts)
