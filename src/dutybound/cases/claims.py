"""A claim keeps a case for one person for a while, and frees it by itself."""

from datetime import datetime, timedelta

CLAIM_LENGTH = timedelta(minutes=15)


def claimed_until(now: datetime) -> datetime:
    return now + CLAIM_LENGTH


def is_claimed(*, until: datetime | None, now: datetime) -> bool:
    """Whether a claim that runs until then still holds."""
    return until is not None and now < until
