"""The worker looks at every measure again and again, and keeps what turned."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from dutybound.evidence.probe import Finding as Found
from dutybound.evidence.probe import find
from dutybound.evidence.probes import PROBES
from dutybound_server.assurance.actions.measure_tasks import tell_of_turns
from dutybound_server.assurance.measuring.readers import READERS
from dutybound_server.assurance.models import Finding, Look, Standing
from dutybound_server.assurance.standing_queries import KEEP_EVERY, stale_since
from dutybound_server.assurance.watched import watched
from dutybound_server.journal.actions import append
from dutybound_server.journal.queries import newest_head
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.models import Service


def look_at_measures(*, now: datetime) -> int:
    """Look at every measure of every service; it counts as nothing done, so that it pauses."""
    for service in Service.objects.order_by("id"):
        look_at(service=service, now=now)
    return 0


def look_at(*, service: Service, now: datetime) -> int:
    """Look at the measures of one service as of `now`; how many turned.

    All is counted before the transaction. A look that fails leaves the one before, which soon
    counts as stale.
    """
    began = timezone.now()
    those = watched(service, today=timezone.localdate(now))
    measures = [one.measure for one in those]
    # What may not even apply, or is left out for a recorded reason, is nobody's task.
    asked = frozenset(one.measure for one in those if one.is_taken and not one.is_unsure)
    answers = _answers(service, measures, as_of=now)
    found = [find(PROBES[name], name, answers) for name in measures if name in PROBES]
    return _keep(service, found, asked=asked, now=now, took=timezone.now() - began)


def _answers(service: Service, measures: Iterable[str], *, as_of: datetime) -> Mapping[str, object]:
    """Each query once, however many measures ask it."""
    names = {query.name for name in measures if name in PROBES for query in PROBES[name].reads}
    return {name: READERS[name](service, as_of) for name in sorted(names)}


@transaction.atomic
def _keep(
    service: Service,
    found: list[Found],
    *,
    asked: frozenset[str],
    now: datetime,
    took: timedelta,
) -> int:
    # Of two workers that look at once the second waits here, and sees what the first wrote.
    Service.objects.select_for_update().get(pk=service.pk)
    unlooked = stale_since(service, now=now)
    Look.objects.update_or_create(service=service, defaults={"at": now, "took": took})
    rows = Standing.objects.filter(service=service).select_related("finding")
    before = {row.measure: row for row in rows}
    due = [one for one in found if _is_to_be_kept(one, before.get(one.measure), now=now)]
    kept = {one.measure: _as_row(service, one, now=now) for one in due}
    if due:
        _journal(service, due, now=now, unlooked=unlooked)
    turned = 0
    for one in found:
        turned += _stand(service, one, before.get(one.measure), kept.get(one.measure), now=now)
    tell_of_turns(service=service, before=before, asked=asked, now=now)
    gone = set(before) - {one.measure for one in found}
    # What does not apply any more stands nowhere; its findings are kept.
    Standing.objects.filter(service=service, measure__in=gone).delete()
    return turned


def _is_to_be_kept(found: Found, before: Standing | None, *, now: datetime) -> bool:
    if before is None or before.status != found.status:
        return True
    return now - before.finding.at >= KEEP_EVERY


def _as_row(service: Service, found: Found, *, now: datetime) -> Finding:
    head = newest_head()
    return Finding.objects.create(
        service=service,
        digest=found.digest,
        at=now,
        checkpoint_size=head.size if head else None,
        checkpoint_root=head.root.hex() if head else "",
        **found.as_json(),
    )


def _stand(
    service: Service, found: Found, before: Standing | None, kept: Finding | None, *, now: datetime
) -> bool:
    """Write how it stands; whether it turned."""
    turned = before is None or before.status != found.status
    changes: dict[str, Any] = {
        "probe": found.probe,
        "status": str(found.status),
        "says": found.says,
        "figures": found.as_json()["figures"],
    }
    if turned:
        changes["since"] = now
    if kept is not None:
        changes["finding"] = kept
    Standing.objects.update_or_create(service=service, measure=found.measure, defaults=changes)
    return turned


def _journal(
    service: Service, due: list[Found], *, now: datetime, unlooked: datetime | None
) -> None:
    """One entry for all that is kept of a look: each status, and the digest of each finding."""
    facts: dict[str, Any] = {
        "findings": {one.measure: [str(one.status), one.digest] for one in due}
    }
    if unlooked is not None:
        facts["not_looked_since"] = unlooked.isoformat()
    append(
        kind="measures.found",
        service=service.slug,
        subject=f"measures:{service.slug}",
        actor=SYSTEM,
        now=now,
        facts=facts,
    )
