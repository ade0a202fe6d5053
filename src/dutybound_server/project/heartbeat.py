"""The worker's sign of life, which /readyz looks for."""

from datetime import datetime, timedelta

from django.core.cache import cache

KEY = "worker.seen"
STALE_AFTER = timedelta(minutes=1)


def beat(*, now: datetime) -> int:
    """Leave a sign of life; it counts as nothing done."""
    cache.set(KEY, now, timeout=None)
    return 0


def is_beating(*, now: datetime) -> bool:
    seen = cache.get(KEY)
    return isinstance(seen, datetime) and now - seen < STALE_AFTER
