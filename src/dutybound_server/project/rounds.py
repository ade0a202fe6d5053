"""How duties are done: again and again, each in a thread of its own.

A duty takes its rows by compare-and-set, so a kill at any moment leaves them for the next start,
and two workers never do one thing twice. docs/why/worker.md says why this is not a task queue.
"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event

from django.db import close_old_connections
from django.utils import timezone

from dutybound_server.lib.metrics import DUTY_DONE, DUTY_FAILED
from dutybound_server.project.worker import Duty

LONGEST_PAUSE_SECONDS = 60.0
GLANCE_SECONDS = 0.2

_log = logging.getLogger("dutybound.worker")


class Rounds:
    """When a duty is due next: at once while it finds work, later and later while it fails."""

    def __init__(self, duty: Duty) -> None:
        self.duty = duty
        self.failures = 0
        self.due_at = 0.0

    def ended(self, *, done: int, now: float) -> None:
        self.failures = 0
        self.due_at = now if done else now + self.duty.every_seconds

    def failed(self, *, now: float) -> None:
        self.failures += 1
        pause = max(self.duty.every_seconds, 1) * 2 ** min(self.failures - 1, 10)
        self.due_at = now + min(pause, max(LONGEST_PAUSE_SECONDS, self.duty.every_seconds))


def work(duties: Sequence[Duty], *, stop: Event) -> None:
    """Do the duties until `stop` is set; a duty in progress is finished."""
    resting = [Rounds(duty) for duty in duties]
    running: dict[Future[int], Rounds] = {}
    with ThreadPoolExecutor(max_workers=len(resting), thread_name_prefix="duty") as pool:
        while not stop.is_set():
            now = time.monotonic()
            for rounds in [one for one in resting if one.due_at <= now]:
                resting.remove(rounds)
                running[pool.submit(_round, rounds.duty)] = rounds
            if not running:
                stop.wait(_glance(resting, now=now))
                continue
            ended, _ = wait(running, _glance(resting, now=now), FIRST_COMPLETED)
            resting += [_settle(running.pop(future), future) for future in ended]


def _glance(resting: Sequence[Rounds], *, now: float) -> float:
    """How long nothing can fall due; short, so that a signal to stop is seen soon."""
    due = min((one.due_at for one in resting), default=now + GLANCE_SECONDS)
    return min(max(due - now, 0.001), GLANCE_SECONDS)


def _round(duty: Duty) -> int:
    # Each thread has a connection of its own; one that broke is replaced before and after.
    close_old_connections()
    try:
        return duty.do(now=timezone.now())
    finally:
        close_old_connections()


def _settle(rounds: Rounds, future: Future[int]) -> Rounds:
    problem, now = future.exception(), time.monotonic()
    if problem is None:
        done = future.result()
        DUTY_DONE.labels(rounds.duty.name).inc(done)
        rounds.ended(done=done, now=now)
    else:
        DUTY_FAILED.labels(rounds.duty.name).inc()
        rounds.failed(now=now)
        _log.error(
            "duty %s failed, next in %.0f s",
            rounds.duty.name,
            rounds.due_at - now,
            exc_info=problem,
        )
    return rounds
