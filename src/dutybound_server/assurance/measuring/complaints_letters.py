"""What people are told, counted: acknowledgements, what they say, and wishes for no more."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from dutybound.evidence.complaints_letters import (
    ACKNOWLEDGED,
    ACKNOWLEDGED_WITHIN,
    EXPLAINED,
    Acknowledged,
    Explained,
)
from dutybound.evidence.complaints_opting_out import OPTED_OUT, OptedOut
from dutybound.evidence.probe import QUARTER
from dutybound_server.assurance.measuring.complaints_answers import newest_acknowledgements
from dutybound_server.assurance.measuring.concerns_then import tally
from dutybound_server.casework.letters import says_that_they_hear, says_what_may_come
from dutybound_server.casework.models import ConcernEvent, Letter
from dutybound_server.people.models import Service

OUT, IN = "opted_out", "opted_in"


def acknowledged(service: Service, as_of: datetime) -> Acknowledged:
    """When those who told us something in the last 90 days had it acknowledged.

    A letter whose e-mail was called off before it went, because the person opted out or withdrew,
    counts by its page alone.
    """
    letters = _acknowledgements(service, as_of)
    failed = Q(mail_failed_at__lte=as_of)
    not_yet = Q(mail_due_at__isnull=False) | Q(mailed_at__gt=as_of) | Q(mail_failed_at__gt=as_of)
    there = ~failed & ~not_yet
    # Most are there in the moment of receipt; only of the others a length of time is computed.
    at_once = Q(mailed_at__isnull=True, created_at=F("concern__received_at"))
    in_time = at_once | Q(took__lte=ACKNOWLEDGED_WITHIN)
    waits_long = Q(concern__received_at__lt=as_of - ACKNOWLEDGED_WITHIN)
    counts = letters.aggregate(
        received=Count("id"),
        there=Count("id", filter=there),
        at_once=Count("id", filter=there & at_once),
        in_time=Count("id", filter=there & in_time),
        failed=Count("id", filter=failed),
        waiting_late=Count("id", filter=~failed & not_yet & waits_long),
    )
    middle = (counts["there"] - 1) // 2 - counts["at_once"]
    slower = letters.filter(there).exclude(at_once).order_by("took").values_list("took", flat=True)
    median = slower[middle] if middle >= 0 else timedelta()
    return Acknowledged(
        received=counts["received"],
        in_time=counts["in_time"],
        late=counts["failed"] + counts["there"] - counts["in_time"],
        waiting_late=counts["waiting_late"],
        median_seconds=median.total_seconds() if counts["there"] else None,
    )


def explained(service: Service, as_of: datetime) -> Explained:
    """What the newest acknowledgements say, as they were written."""
    letters = newest_acknowledgements(service, as_of)
    return Explained(
        read=len(letters),
        say_outcomes=sum(says_what_may_come(letter) for letter in letters),
        say_told=sum(says_that_they_hear(letter) for letter in letters),
    )


def opted_out(service: Service, as_of: datetime) -> OptedOut:
    """Who opted out in the last 90 days, what was mailed to them after, and how they fared."""
    wishes = ConcernEvent.objects.filter(concern__service=service, kind=OUT, at__lte=as_of)
    theirs = tally(service, as_of, window=QUARTER, only=Q(pk__in=wishes.values("concern")))
    lately = wishes.filter(at__gt=as_of - QUARTER)
    return OptedOut(
        opted_out=lately.aggregate(many=Count("concern", distinct=True))["many"],
        written_after=_written_after(wishes, as_of),
        due=theirs.due,
        in_time=theirs.in_time,
    )


def _acknowledgements(service: Service, as_of: datetime) -> QuerySet[Any]:
    there_at = Coalesce("mailed_at", "created_at")
    took = ExpressionWrapper(there_at - F("concern__received_at"), output_field=DurationField())
    return Letter.objects.filter(
        kind="acknowledged",
        concern__service=service,
        concern__received_at__gt=as_of - QUARTER,
        concern__received_at__lte=as_of,
    ).annotate(took=took)


def _written_after(wishes: QuerySet[ConcernEvent], as_of: datetime) -> int:
    """Letters that were e-mailed in the last 90 days while the person wished for none."""
    before = ConcernEvent.objects.filter(
        concern=OuterRef("concern"), kind__in=(OUT, IN), at__lt=OuterRef("mailed_at")
    )
    mailed = Letter.objects.filter(
        concern__in=wishes.values("concern"), mailed_at__gt=as_of - QUARTER, mailed_at__lte=as_of
    )
    wish = Subquery(before.order_by("-id").values("kind")[:1])
    return mailed.annotate(wish=wish).filter(wish=OUT).count()


LETTERS: Mapping[str, Callable[[Service, datetime], object]] = {
    ACKNOWLEDGED.name: acknowledged,
    EXPLAINED.name: explained,
    OPTED_OUT.name: opted_out,
}
