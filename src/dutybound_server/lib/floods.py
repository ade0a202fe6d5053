"""Too much from one sender at once, counted in the memory of this process alone.

A flood must not cost a write to the database for each of its requests. So every process of the
installation counts for itself, forgets when it ends, and lets through up to `most` each.
"""

import time
from math import ceil
from threading import Lock
from weakref import WeakSet

MOST_SENDERS = 10_000
"""Remembered at once: who floods from many more addresses must be stopped before us."""


class Floods:
    """Lets each sender through so many times within a window, and then says how long to wait."""

    def __init__(self, most: int, *, seconds: float = 60.0) -> None:
        self.most, self.seconds = most, seconds
        self._lock = Lock()
        self._since: dict[str, tuple[float, int]] = {}
        _ALL.add(self)

    def seconds_to_wait(self, sender: str, *, now: float | None = None) -> int:
        """Count one more from the sender; 0 lets it through. Nobody known is never counted."""
        if not sender:
            return 0
        now = time.monotonic() if now is None else now
        with self._lock:
            began, count = self._since.pop(sender, (now, 0))
            if now - began >= self.seconds:
                began, count = now, 0
            # The newest stands last, so that what goes first is what came least lately.
            self._since[sender] = began, count + 1
            if len(self._since) > MOST_SENDERS:
                self._since.pop(next(iter(self._since)))
        return ceil(began + self.seconds - now) if count >= self.most else 0

    def forget(self) -> None:
        with self._lock:
            self._since.clear()


_ALL: WeakSet[Floods] = WeakSet()


def forget_all() -> None:
    """Count from nothing again, as a process that has just begun does."""
    for floods in _ALL:
        floods.forget()
