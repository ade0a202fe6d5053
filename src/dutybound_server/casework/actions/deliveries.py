"""Sending the outbox: each message until it is taken, for three days, then it is dead and seen."""

import random
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from dutybound_server.casework.actions.endpoints import disable_endpoint
from dutybound_server.casework.models import Delivery
from dutybound_server.casework.refusals import ResendRefused
from dutybound_server.casework.retries import RETRY_FOR, wait_before
from dutybound_server.casework.webhooks import Answer, post, signed_request
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM, staff_actor

AT_ONCE = 8
AT_ONCE_PER_ENDPOINT = 2
"""So few that a slow endpoint leaves room for the others."""
LEASE = timedelta(seconds=60)
LOOK_AGAIN_SECONDS = 0.5
ROUND = timedelta(seconds=10)
"""After so long a round takes nothing new, so that a worker asked to stop can."""


def deliver_due(*, now: datetime) -> int:
    """Send until nothing is due, or for some seconds; the answer is how many attempts were made.

    A message is leased for a minute, sent outside any transaction, and then marked. Killed
    between sending and marking, it is sent again once the lease is over, under the same id, by
    which the receiver knows it: better heard twice than never.
    """
    started = time.monotonic()
    attempts = 0
    in_flight: dict[Future[Answer], Delivery] = {}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while True:
            passed = timedelta(seconds=time.monotonic() - started)
            for delivery in _take(in_flight.values(), now=now + passed) if passed < ROUND else []:
                request = signed_request(delivery, now=now + passed)
                in_flight[threads.submit(post, request)] = delivery
                attempts += 1
            if not in_flight:
                return attempts
            done, _ = wait(in_flight, timeout=LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            passed = timedelta(seconds=time.monotonic() - started)
            for future in done:
                _mark(in_flight.pop(future), future.result(), now=now + passed)


@transaction.atomic
def resend_delivery(*, delivery_id: int, by: User, now: datetime) -> Delivery:
    """Send a dead or a delivered message again, under the id it always had.

    Raises ResendRefused while it is still on its way, and for what a later message replaced.
    """
    deliveries = Delivery.objects.select_for_update(of=("self",))
    delivery = deliveries.select_related("endpoint__service").get(id=delivery_id)
    if delivery.next_attempt_at is not None:
        raise ResendRefused("This message is still on its way.")
    later = Delivery.objects.filter(
        endpoint=delivery.endpoint, lane=delivery.lane, event=delivery.event, id__gt=delivery.pk
    )
    if later.filter(delivered_at__isnull=False).exists():
        raise ResendRefused("The service has had a later message about this; it would go back.")

    delivery.attempts = 0
    delivery.next_attempt_at = now
    delivery.give_up_at = now + RETRY_FOR
    delivery.delivered_at = None
    delivery.dead_at = None
    delivery.save()
    _tell(delivery, "delivery.resent", actor=staff_actor(by), now=now)
    return delivery


# Taking


def _take(in_flight: Iterable[Delivery], *, now: datetime) -> list[Delivery]:
    """Lease as many due messages as there is room for."""
    busy = Counter(delivery.endpoint_id for delivery in in_flight)
    taken: list[Delivery] = []
    while busy.total() < AT_ONCE:
        full = [endpoint for endpoint, count in busy.items() if count >= AT_ONCE_PER_ENDPOINT]
        delivery = _due(now).exclude(endpoint__in=full).first()
        if delivery is None:
            break
        if _lease(delivery, now=now):
            busy[delivery.endpoint_id] += 1
            taken.append(delivery)
    return taken


def _due(now: datetime) -> QuerySet[Delivery]:
    """Messages whose time has come, the longest due first.

    What is about one subject arrives in order: none is due while an earlier one of its lane is
    pending. A dead one holds nothing up: the later says better how things stand.
    """
    earlier = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        lane=OuterRef("lane"),
        id__lt=OuterRef("id"),
        next_attempt_at__isnull=False,
    )
    due = Delivery.objects.filter(~Exists(earlier), next_attempt_at__lte=now)
    return (
        due.filter(endpoint__enabled=True)
        .select_related("endpoint__service")
        .order_by("next_attempt_at", "id")
    )


def _lease(delivery: Delivery, *, now: datetime) -> bool:
    """Whether this worker has it now; nothing updated means that another one got there first."""
    until = now + LEASE
    seen = Delivery.objects.filter(id=delivery.pk, next_attempt_at=delivery.next_attempt_at)
    is_ours = seen.update(next_attempt_at=until, attempts=F("attempts") + 1) == 1
    if is_ours:
        delivery.next_attempt_at = until
        delivery.attempts += 1
    return is_ours


# Marking


def _mark(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    if answer.is_taken:
        _mark_delivered(delivery, answer, now=now)
    elif answer.is_gone:
        _mark_gone(delivery, answer, now=now)
    elif now >= delivery.give_up_at:
        _mark_dead(delivery, answer, now=now)
    else:
        # Chance is for spreading load here, not for secrets.
        wait_for = wait_before(delivery.attempts, chance=random.random())  # noqa: S311
        at = min(now + wait_for, delivery.give_up_at)
        _ours(delivery).update(next_attempt_at=at, last_answer=answer.words[:200])


def _ours(delivery: Delivery) -> QuerySet[Delivery]:
    # After a lease ran out another worker may have it, and what it found counts.
    return Delivery.objects.filter(id=delivery.pk, next_attempt_at=delivery.next_attempt_at)


@transaction.atomic
def _mark_delivered(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    # Taken is taken, whoever holds the lease by now.
    pending = Delivery.objects.filter(id=delivery.pk, next_attempt_at__isnull=False)
    if pending.update(next_attempt_at=None, delivered_at=now, last_answer=answer.words) == 1:
        _tell(delivery, "delivery.delivered", actor=SYSTEM, now=now)


@transaction.atomic
def _mark_dead(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    words = answer.words[:200]
    if _ours(delivery).update(next_attempt_at=None, dead_at=now, last_answer=words) == 1:
        _tell(delivery, "delivery.died", actor=SYSTEM, now=now)


@transaction.atomic
def _mark_gone(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    """410 Gone: the receiver wants nothing any more. The message waits, should it come back."""
    if _ours(delivery).update(next_attempt_at=now, last_answer=answer.words) == 1:
        why = "The endpoint answered 410 Gone."
        disable_endpoint(endpoint=delivery.endpoint, why=why, by=SYSTEM, now=now)


def _tell(delivery: Delivery, kind: str, *, actor: str, now: datetime) -> None:
    append(
        kind=kind,
        service=delivery.endpoint.service.slug,
        subject=f"delivery:{delivery.pk}",
        actor=actor,
        now=now,
        facts={
            "attempts": delivery.attempts,
            "endpoint": delivery.endpoint_id,
            "event": delivery.event,
            "message": delivery.message_id,
        },
    )
