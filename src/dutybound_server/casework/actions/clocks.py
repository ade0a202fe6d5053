"""Clocks run whether or not anyone looks: each mark they pass is raised, and a breach recorded."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from dutybound.cases.clocks import Stage, stage_at
from dutybound_server.casework.actions.concern_events import concern_happened, locked_concern
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.concern_queries import is_restricted
from dutybound_server.casework.messages import (
    CONCERN_AT_RISK,
    CONCERN_BREACHED,
    concern_message,
)
from dutybound_server.casework.models import Concern

MOST_AT_ONCE = 500
"""Marks raised in one round; the next round, seconds later, goes on."""


def watch_clocks(*, now: datetime) -> int:
    """Raise every clock that passed half, three quarters, nine tenths or all of its time.

    The answer is how many were raised. What passed several marks at once, because no worker ran,
    is raised once, at the last of them; a breach counts from when the time was over.
    """
    raised = 0
    for concern_id in _passed_a_mark(now):
        raised += _raise(concern_id, now=now)
        if raised == MOST_AT_ONCE:
            break
    return raised


def _passed_a_mark(now: datetime) -> Iterator[int]:
    running = Concern.objects.filter(
        decided_at__isnull=True,
        withdrawn_at__isnull=True,
        paused_at__isnull=True,
        stage__lt=Stage.BREACHED,
    )
    rows = running.order_by("due_at").values_list(
        "id", "stage", "received_at", "paused_for", "due_at"
    )
    for concern_id, stage, received_at, paused_for, due_at in rows:
        reached = stage_at(now=now, received=received_at, due=due_at, paused_for=paused_for)
        if reached > stage:
            yield concern_id


@transaction.atomic
def _raise(concern_id: int, *, now: datetime) -> int:
    concern = locked_concern(concern_id)
    stage = stage_at(
        now=now,
        received=concern.received_at,
        due=concern.due_at,
        paused_for=concern.paused_for,
    )
    if not concern.is_open or concern.paused_at is not None or stage <= concern.stage:
        return 0
    concern.stage = stage
    if stage is Stage.BREACHED:
        concern.breached_at = concern.due_at
    concern.save(update_fields=["stage", "breached_at"])
    facts = {"stage": int(stage), "due_at": concern.due_at.isoformat()}
    concern_happened(concern, "stage", by=None, now=now, facts=facts)
    _tell_service(concern, stage, now=now)
    return 1


def _tell_service(concern: Concern, stage: Stage, *, now: datetime) -> None:
    message = concern_message(concern, restricted=is_restricted(concern))
    put_out(
        service=concern.service,
        event=CONCERN_BREACHED if stage is Stage.BREACHED else CONCERN_AT_RISK,
        message_id=f"msg_clock_{concern.pk}_{stage:d}",
        lane=f"concern:{concern.reference}",
        message={**message, "used_per_cent": int(stage)},
        now=now,
    )
