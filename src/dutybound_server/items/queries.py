"""What stands about an item's content."""

from datetime import datetime

from dutybound_server.items.models import Hold, Item
from dutybound_server.people.models import Service


def hold_on(item: Item, *, now: datetime) -> Hold | None:
    """The hold in force on an item's content, if there is one."""
    holds = Hold.objects.filter(
        service=item.service_id,
        external_id=item.external_id,
        until__gt=now,
        ended_at__isnull=True,
    )
    return holds.select_related("by").first()


def newest_revision(service: Service, external_id: str) -> Item | None:
    """The last revision of an item the service sent us, if it ever sent one."""
    items = Item.objects.filter(service=service, external_id=external_id)
    return items.select_related("service", "account").order_by("-revision").first()


def newest_revision_id(service: Service, external_id: str) -> int | None:
    """The id of the last revision, for whoever needs nothing that it says."""
    items = Item.objects.filter(service=service, external_id=external_id)
    return items.order_by("-revision").values_list("pk", flat=True).first()
