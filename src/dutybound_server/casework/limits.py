"""More than a person sends waits behind others; nothing is refused, for it may be illegal."""

from datetime import datetime, timedelta

from django.db.models import Q

from dutybound_server.casework.models import Concern, Letter
from dutybound_server.people.models import Service

WINDOW = timedelta(hours=1)
MOST_FROM_A_NETWORK = 30
"""A school, a village or a phone company may share one; a flood comes from few."""
MOST_FROM_A_PERSON = 15


def comes_too_often(*, service: Service, network: str, teller: str, now: datetime) -> bool:
    """Whether so much came from the same network or person within the hour that it is queued.

    Both are digests; an empty one stands for nobody and is not counted.
    """
    lately = Concern.objects.filter(service=service, received_at__gt=now - WINDOW)
    limits = (
        (Q(network_digest=network), MOST_FROM_A_NETWORK, network),
        (Q(teller_digest=teller), MOST_FROM_A_PERSON, teller),
    )
    return any(
        digest and lately.filter(same)[:most].count() >= most for same, most, digest in limits
    )


def mails_too_often(concern: Concern, *, now: datetime) -> bool:
    """Whether so many letters were mailed to whoever made it within the hour that no more are.

    Their page tells them all the same. Flaggers report for many, and appeals come one a decision.
    """
    if concern.flagger_id is not None or concern.appeal_id is not None:
        return False
    is_mailed = Q(mail_due_at__isnull=False) | Q(mailed_at__isnull=False)
    lately = Letter.objects.filter(
        is_mailed,
        concern__service=concern.service_id,
        concern__teller_digest=concern.teller_digest,
        created_at__gt=now - WINDOW,
    )
    return lately[:MOST_FROM_A_PERSON].count() >= MOST_FROM_A_PERSON
