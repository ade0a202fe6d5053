"""Waiting for what is true in the end, and no longer than it takes."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 40.0
BETWEEN_LOOKS_SECONDS = 0.1


class TookTooLong(AssertionError):
    """What was waited for did not come true."""


def wait_for(
    answer: Callable[[], T | None],
    *,
    what: str,
    patience: float = PATIENCE_SECONDS,
    moves: Callable[[], object] = lambda: None,
) -> T:
    """Ask again and again until there is an answer.

    It gives up once `moves` has told the same for all the patience there is.
    """
    seen, give_up = moves(), time.monotonic() + patience
    pause = Event()
    while (found := answer()) is None:
        if (now_seen := moves()) != seen:
            seen, give_up = now_seen, time.monotonic() + patience
        if time.monotonic() > give_up:
            raise TookTooLong(f"after {patience:.0f} s this is still not so: {what}")
        pause.wait(BETWEEN_LOOKS_SECONDS)
    return found


def wait_until(
    is_so: Callable[[], bool],
    *,
    what: str,
    patience: float = PATIENCE_SECONDS,
    moves: Callable[[], object] = lambda: None,
) -> None:
    wait_for(lambda: is_so() or None, what=what, patience=patience, moves=moves)
