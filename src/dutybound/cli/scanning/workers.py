"""Who does the work: processes of this machine here, the workers of a Ray cluster in `cluster.py`.

Both give a future for each batch, and both lose a worker now and then: to the kernel when memory
runs out, or to a file that breaks its decoder. Then its batch is done again, alone and in ever
smaller parts, until the one file that does it is found, told, and passed over.
"""

import gc
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import Protocol

from dutybound.cli.match import matcher_of
from dutybound.cli.scanning.subjects import Batch, Place, Subject
from dutybound.cli.scanning.work import Told, compare, compare_fast, lost
from dutybound.matching import Matcher

BATCHES_AHEAD = 8
"""For each worker. One slow file lets the others work on so far, and no further: memory ends."""

Subjects = Sequence[Subject]

_loaded: dict[tuple[Path, ...], Matcher] = {}
"""The banks of the scan at work. Processes that are forked share them; others load them again."""


class Workers(Protocol):
    """Takes batches and gives futures; raises one of `losses` where a worker was lost."""

    count: int
    losses: tuple[type[Exception], ...]

    def submit(self, subjects: Subjects) -> "Future[Told]":
        """Begin with a batch."""

    def alone(self, subjects: Subjects) -> Told:
        """Do a batch with nothing beside it that could suffer."""


def answers(batches: Iterable[Batch], workers: Workers) -> Iterator[tuple[Told, Place]]:
    """What came of each batch, in the order of the batches, and the place once it is done."""
    begun: deque[tuple[Batch, Future[Told]]] = deque()
    for batch in batches:
        begun.append((batch, workers.submit(batch.subjects)))
        if len(begun) >= BATCHES_AHEAD * workers.count:
            yield _first(begun, workers)
    while begun:
        yield _first(begun, workers)


def _first(begun: deque[tuple[Batch, "Future[Told]"]], workers: Workers) -> tuple[Told, Place]:
    batch, future = begun.popleft()
    try:
        return future.result(), batch.end
    except workers.losses:
        return _apart(batch.subjects, workers), batch.end


def _apart(subjects: Subjects, workers: Workers) -> Told:
    try:
        return workers.alone(subjects)
    except workers.losses:
        if len(subjects) == 1:
            return lost(subjects[0])
        half = len(subjects) // 2
        return _apart(subjects[:half], workers) + _apart(subjects[half:], workers)


# Processes of this machine


@contextmanager
def processes(
    banks: tuple[Path, ...], *, count: int, is_fast: bool = False
) -> Iterator["Processes"]:
    """Workers on this machine; they end with the process that started them, however that ends."""
    _loaded[banks] = matcher_of(banks)
    # What is collected is written to, and what is written to is no longer shared.
    gc.freeze()
    workers = Processes(banks, count=count, is_fast=is_fast)
    try:
        yield workers
    finally:
        workers.stop()
        del _loaded[banks]


class Processes:
    """A pool that is begun anew when one of its processes died."""

    losses: tuple[type[Exception], ...] = (BrokenProcessPool,)

    def __init__(self, banks: tuple[Path, ...], *, count: int, is_fast: bool) -> None:
        self.count = count
        self._is_fast = is_fast
        self._banks = banks
        self._pool = _pool(count)

    def submit(self, subjects: Subjects) -> "Future[Told]":
        """Begin with a batch."""
        try:
            return self._pool.submit(_compare_here, subjects, self._banks, is_fast=self._is_fast)
        except BrokenProcessPool:
            self._pool = _pool(self.count)
            return self._pool.submit(_compare_here, subjects, self._banks, is_fast=self._is_fast)

    def alone(self, subjects: Subjects) -> Told:
        """Do a batch in a process of its own."""
        with _pool(1) as pool:
            return pool.submit(_compare_here, subjects, self._banks, is_fast=self._is_fast).result()

    def stop(self) -> None:
        """End the processes; what they had begun is done by whoever goes on with the scan."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _pool(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, initializer=_begin_worker)


def _begin_worker() -> None:
    # Ctrl-C reaches every process of a terminal; the one that writes decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _compare_here(subjects: Subjects, banks: tuple[Path, ...], *, is_fast: bool) -> Told:
    if banks not in _loaded:
        _loaded[banks] = matcher_of(banks)
    return (compare_fast if is_fast else compare)(subjects, _loaded[banks])
