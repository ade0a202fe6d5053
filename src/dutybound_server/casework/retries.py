"""How long we go on trying to reach somebody, and how often."""

from datetime import timedelta

RETRY_FOR = timedelta(days=3)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)


def wait_before(attempt: int, *, chance: float) -> timedelta:
    """How long to wait before the next attempt, after so many: doubling, with ±20 % by chance.

    The chance keeps receivers that came back from meeting everything at one instant.
    """
    doublings = min(attempt - 1, 20)
    doubled: timedelta = FIRST_WAIT * (1 << doublings)
    return min(doubled, LONGEST_WAIT) * (0.8 + 0.4 * chance)
