"""Messages are written with what they tell of, in one transaction; a worker sends them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dutybound_server.casework.models import Delivery
from dutybound_server.casework.retries import RETRY_FOR
from dutybound_server.people.models import Service

LONGEST_LANE = 210


def put_out(
    *,
    service: Service,
    event: str,
    message_id: str,
    lane: str,
    message: Mapping[str, Any],
    now: datetime,
) -> None:
    """Put one message for each of the service's enabled endpoints where the worker finds it."""
    body = {"type": event, "timestamp": now.isoformat(), "data": message}
    payload = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    Delivery.objects.bulk_create(
        Delivery(
            endpoint=endpoint,
            message_id=message_id,
            event=event,
            # Of two long addresses that begin alike, one at most waits for the other.
            lane=lane[:LONGEST_LANE],
            payload=payload,
            created_at=now,
            next_attempt_at=now,
            give_up_at=now + RETRY_FOR,
        )
        for endpoint in service.endpoints.filter(enabled=True)
    )
