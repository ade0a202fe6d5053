"""Waiting for what is true in the end, and no longer than it takes."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 40.0
BETWEEN_LOOKS_SECONDS = 0.02


class TookTooLong(AssertionError):
    """What was waited for did not come true."""


def wait_for(answer: Callable[[], T | None], *, what: str) -> T:
    """Ask again and again until there is an answer."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    pause = Event()
    while (found := answer()) is None:
        if time.monotonic() > give_up:
            raise TookTooLong(f"after {PATIENCE_SECONDS:.0f} s this is still not so: {what}")
        pause.wait(BETWEEN_LOOKS_SECONDS)
    return found


def wait_until(is_so: Callable[[], bool], *, what: str) -> None:
    wait_for(lambda: is_so() or None, what=what)
