"""Verdicts come by the thousand, so the journal gets one entry for a batch of them."""

from datetime import datetime

from django.db import transaction

from dutybound.ledger.tree import root_of
from dutybound_server.intake.verdicts import KIND, SHOWN_DIGITS, verdict_leaf
from dutybound_server.items.actions import note_verdicts_entry
from dutybound_server.items.models import Item
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM

BATCH = 500


def journal_verdicts(*, now: datetime) -> int:
    """Give every verdict that has none its place in the journal; says how many there were."""
    done = 0
    while batch := _journal_batch(now):
        done += batch
    return done


@transaction.atomic
def _journal_batch(now: datetime) -> int:
    # Those another worker holds are in its entry.
    pending = Item.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        verdict_entry__isnull=True
    )
    first = pending.only("id", "service_id").order_by("id").first()
    if first is None:
        return 0
    batch = list(
        pending.filter(service=first.service_id)
        .select_related("service")
        .defer("text", "links", "context")
        .order_by("id")[:BATCH]
    )
    leaves = {item.pk: verdict_leaf(item) for item in batch}
    entry = append(
        kind=KIND,
        service=batch[0].service.slug,
        subject=f"items:{batch[0].pk}-{batch[-1].pk}",
        actor=SYSTEM,
        now=now,
        facts={
            "count": len(batch),
            "root": root_of(list(leaves.values())).hex(),
            "verdicts": [[item, leaf.hex()[:SHOWN_DIGITS]] for item, leaf in leaves.items()],
        },
    )
    note_verdicts_entry(items=list(leaves), entry=entry.pk)
    return len(batch)
