"""What became of an item, for the service that sent it."""

from typing import Any

from dutybound_server.casework.models import Case, Match
from dutybound_server.casework.subjects import ITEM
from dutybound_server.items.models import Item
from dutybound_server.people.models import Service


class ItemNotFound(Exception):
    """The service sent no such item, or not this revision of it."""


def item_state(service: Service, external_id: str, *, revision: int | None) -> dict[str, Any]:
    """The stored answer of one revision, by default the newest, with what came after it."""
    items = Item.objects.filter(service=service, external_id=external_id)
    if revision is not None:
        items = items.filter(revision=revision)
    item = items.order_by("-revision").first()
    if item is None:
        raise ItemNotFound(f"No item {external_id!r:.220} was received.")
    case = Case.objects.filter(service=service, subject_kind=ITEM, subject=external_id).first()
    return {
        **item.answer,
        "case": case.reference if case else item.answer["case"],
        "kind": item.kind,
        "visibility": item.visibility,
        "received_at": item.received_at,
        "erased_at": item.erased_at,
        "later_matches": [_described(match) for match in _later(item)],
    }


def _later(item: Item) -> list[Match]:
    matches = Match.objects.filter(item=item, retroactive=True, set_aside=False)
    return list(matches.select_related("signal__bank", "media").order_by("id"))


def _described(match: Match) -> dict[str, Any]:
    return {
        "media": match.media.external_id if match.media else None,
        "bank": match.signal.bank.name,
        "signal": match.signal.value,
        "kind": match.signal.kind,
        "distance": match.distance,
        "threshold": match.threshold,
        "variant": match.variant,
        "harm": match.harm,
        "source": match.signal.bank.source,
        "record": match.signal.source_record,
        "tags": match.signal.tags,
        "effect": match.effect,
        "dry_run": match.dry_run,
    }
