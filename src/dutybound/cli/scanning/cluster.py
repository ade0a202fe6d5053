"""The workers of a Ray cluster; the only place that imports the optional ray."""

import hashlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from dutybound.cli.files import BadInput
from dutybound.cli.match import matcher_of
from dutybound.cli.scanning.subjects import Subject
from dutybound.cli.scanning.work import Told, compare, compare_fast
from dutybound.matching import Matcher

_matchers: dict[str, Matcher] = {}
"""In a worker's process: the banks of its last task, by their digest."""


@contextmanager
def cluster(address: str, banks: tuple[Path, ...], *, is_fast: bool = False) -> Iterator["Cluster"]:
    """Workers of the cluster at an address, who see the same files at the same paths.

    The scan stays the one that keeps order and place; tasks hold nothing, so Ray may do one again.
    """
    # Ray tells its makers about each cluster it starts unless it is told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise BadInput("--ray needs Ray: pip install 'dutybound[bulk]'.") from None
    # Ray prints to standard output what its workers died of, and the answers may go there.
    with redirect_stdout(sys.stderr):
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.WARNING)
        except (OSError, RuntimeError, ValueError) as error:
            raise BadInput(f"No Ray cluster answers at {address}: {error}") from None
        try:
            yield Cluster(ray, banks, is_fast=is_fast)
        finally:
            ray.shutdown()


class Cluster:
    """Batches as tasks of Ray."""

    def __init__(self, ray: Any, banks: tuple[Path, ...], *, is_fast: bool) -> None:  # noqa: ANN401 - a module
        self.count = max(1, int(ray.cluster_resources().get("CPU", 1)))
        self.losses: tuple[type[Exception], ...] = (
            ray.exceptions.WorkerCrashedError,
            ray.exceptions.OutOfMemoryError,
            ray.exceptions.NodeDiedError,
        )
        files = [path.read_bytes() for path in banks]
        self._key = hashlib.sha256(b"".join(hashlib.sha256(f).digest() for f in files)).hexdigest()
        # In a list, or Ray would hand every task the files instead of where they are.
        self._banks = [ray.put(files)]
        self._ray = ray
        self._is_fast = is_fast
        self._task = ray.remote(_compare_there)

    def submit(self, subjects: Sequence[Subject]) -> "Future[Told]":
        """Begin with a batch; Ray gives it to another worker, three times, if one dies."""
        future: Future[Told] = self._begin(self._task, subjects).future()
        return future

    def alone(self, subjects: Sequence[Subject]) -> Told:
        """Do a batch, once."""
        told: Told = self._ray.get(self._begin(self._task.options(max_retries=0), subjects))
        return told

    def _begin(self, task: Any, subjects: Sequence[Subject]) -> Any:  # noqa: ANN401 - Ray's own
        return task.remote(subjects, self._key, self._banks, Path.cwd(), is_fast=self._is_fast)


def _compare_there(
    subjects: Sequence[Subject], key: str, banks: list[Any], folder: Path, *, is_fast: bool
) -> Told:
    # Paths were named from there; a worker does nothing else that could mind.
    os.chdir(folder)
    if key not in _matchers:
        import ray  # noqa: PLC0415 - an optional extra

        _matchers.clear()
        _matchers[key] = _matcher_of_files(ray.get(banks[0]))
    return (compare_fast if is_fast else compare)(subjects, _matchers[key])


def _matcher_of_files(files: list[bytes]) -> Matcher:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, str(number)) for number in range(len(files))]
        for path, content in zip(paths, files, strict=True):
            path.write_bytes(content)
        return matcher_of(paths)
