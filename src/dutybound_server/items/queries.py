"""What stands about an item's content."""

from datetime import datetime

from dutybound_server.items.models import Hold, Item


def hold_on(item: Item, *, now: datetime) -> Hold | None:
    """The hold in force on an item's content, if there is one."""
    holds = Hold.objects.filter(
        service=item.service_id,
        external_id=item.external_id,
        until__gt=now,
        ended_at__isnull=True,
    )
    return holds.select_related("by").first()
