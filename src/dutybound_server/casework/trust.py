"""What a flagger is trusted with: for which harms its agreed time and its priority count."""

from django.db.models import Exists, Expression, OuterRef, Q, Value

from dutybound_server.casework.models import ConcernSubject, Flagger
from dutybound_server.people.models import Service


def trusted_with(flagger: Flagger | None, harm: str) -> Flagger | None:
    """The flagger, if it is trusted for that kind of harm; else its report is anybody's."""
    if flagger is None or flagger.ended_at is not None:
        return None
    return flagger if not flagger.harms or harm in flagger.harms else None


def goes_first(service: Service) -> Expression | Exists:
    """Whether a case has an unanswered report that the service's policy puts before others.

    An expression over cases of the service; it costs nothing where no flagger goes first.
    """
    first = Flagger.objects.filter(service=service, first_in_queue=True, ended_at__isnull=True)
    reported = Q()
    for flagger in first:
        by_it = Q(concern__flagger=flagger)
        reported |= by_it & Q(concern__harm__in=flagger.harms) if flagger.harms else by_it
    if not reported:
        return Value(value=False)
    waiting = Q(concern__decided_at__isnull=True, concern__withdrawn_at__isnull=True)
    return Exists(ConcernSubject.objects.filter(waiting & reported, case=OuterRef("pk")))
