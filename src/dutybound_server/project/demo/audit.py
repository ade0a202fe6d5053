"""Grace has let Ode audit the week; the seed is still hers to make."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from dutybound_server.assurance.actions.audits import open_audit
from dutybound_server.people.models import Service

LASTS = timedelta(days=14)


def let_audit(service: Service, *, auditor: User, by: User, since: datetime, now: datetime) -> None:
    """Open an audit of all that happened since then."""
    open_audit(
        service=service,
        email=auditor.email,
        name=auditor.first_name,
        purpose="How reports and appeals were handled in the first week",
        period_from=since,
        period_until=now,
        starts_at=now,
        ends_at=now + LASTS,
        sees_personal=False,
        by=by,
        now=now,
    )
