"""What was disregarded, and what bodies with expertise in fraud reported, counted."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from dutybound.cases.flagging import FlaggerKind
from dutybound.cases.kinds import Outcome
from dutybound.evidence.complaints_exceptions import (
    DISREGARDED,
    FRAUD_CHANNEL,
    Disregards,
    FraudChannel,
)
from dutybound.evidence.probe import QUARTER
from dutybound_server.assurance.measuring.concerns_then import tally
from dutybound_server.assurance.measuring.flaggers_then import (
    flaggers_then,
    is_agreed,
    reachable,
)
from dutybound_server.casework.models import Concern, Disregard, UnfoundedPolicy
from dutybound_server.people.models import Service

CHECKED_EVERY = timedelta(days=30)


def disregarded(service: Service, as_of: datetime) -> Disregards:
    """What was disregarded in the last 90 days, and what was checked of it by the moment."""
    since = as_of - QUARTER
    decided = Concern.objects.filter(service=service, decided_at__gt=since, decided_at__lte=as_of)
    uses = list(
        Disregard.objects.filter(concern__service=service, at__gt=since, at__lte=as_of)
        .select_related("policy")
        .only("at", "checked_at", "was_right", "policy__approved_at", "policy__ended_at",
              "policy__review_by")
    )  # fmt: skip
    checked = [one for one in uses if one.checked_at is not None and one.checked_at <= as_of]
    without = decided.filter(outcome=Outcome.UNFOUNDED, disregard__isnull=True).count()
    return Disregards(
        disregarded=len(uses) + without,
        outside=sum(not _was_in_force(one.policy, at=one.at) for one in uses) + without,
        checked=len(checked),
        wrong=sum(one.was_right is False for one in checked),
        unchecked=_unchecked(uses, checked, as_of),
        days_to_review=_days_to_review(service, as_of),
    )


def fraud_channel(service: Service, as_of: datetime) -> FraudChannel:
    """Flaggers with expertise in fraud, as was agreed with them at the moment."""
    flaggers = flaggers_then(service, FlaggerKind.FRAUD, as_of)
    agreed = [one for one in flaggers if is_agreed(one, as_of)]
    heard = tally(service, as_of, window=QUARTER, only=Q(flagger__in=flaggers))
    return FraudChannel(
        agreed=len(agreed),
        unreachable=len(agreed) - reachable(agreed, as_of),
        review_overdue=sum(one.review_by < as_of.date() for one in agreed),
        received=heard.received,
        in_time=heard.in_time,
        late=heard.late,
        waiting_late=heard.waiting_late,
    )


def _was_in_force(policy: UnfoundedPolicy, *, at: datetime) -> bool:
    is_begun = policy.approved_at <= at
    is_over = policy.ended_at is not None and policy.ended_at < at
    return is_begun and not is_over and at.date() < policy.review_by


def _unchecked(uses: list[Disregard], checked: list[Disregard], as_of: datetime) -> int:
    """Those of longer ago that nobody checked, unless somebody has checked any lately."""
    lately = as_of - CHECKED_EVERY
    if any(one.checked_at is not None and one.checked_at > lately for one in checked):
        return 0
    known = {one.pk for one in checked}
    return sum(one.at <= lately and one.pk not in known for one in uses)


def _days_to_review(service: Service, as_of: datetime) -> int | None:
    policies = UnfoundedPolicy.objects.filter(service=service, approved_at__lte=as_of)
    policies = policies.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=as_of))
    newest = policies.order_by("-number").first()
    return (newest.review_by - as_of.date()).days if newest else None


EXCEPTIONS: Mapping[str, Callable[[Service, datetime], object]] = {
    DISREGARDED.name: disregarded,
    FRAUD_CHANNEL.name: fraud_channel,
}
