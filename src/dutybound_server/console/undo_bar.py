"""The bar that offers to take one's last decision back, while it is fresh."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from dutybound.cases.status import Status
from dutybound_server.casework.models import Decision
from dutybound_server.casework.queries import visible_cases
from dutybound_server.people.models import Service

FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Undoable:
    """What one decided last: one case, or several at once."""

    decision: Decision
    cases: int


def undoable(user: User, service: Service, *, now: datetime) -> Undoable | None:
    """The person's last decision with all that was decided together with it."""
    lately = Decision.objects.filter(by=user, case__service=service, decided_at__gte=now - FRESH)
    last = lately.order_by("id").select_related("case").last()
    if last is None:
        return None
    together = (
        Decision.objects.filter(batch=last.batch) if last.batch else lately.filter(pk=last.pk)
    )
    # Undone, appealed or matched again since, it is no longer a slip to be taken back.
    standing = together.filter(
        undone_at=None, case__status=Status.DECIDED, case__in=visible_cases(user, service)
    )
    found = list(standing.order_by("-id").select_related("case"))
    return Undoable(found[0], cases=len(found)) if found else None
