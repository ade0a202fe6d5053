"""The data folder while it is served: one supervisor holds it, however that one ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dutybound_server.project.start import refuse

LOCK = "serving.lock"


@contextmanager
def held_alone(data: Path, *, otherwise: str) -> Iterator[None]:
    """Hold the folder; if somebody serves it already, end the command with that sentence.

    The kernel lets go of the lock with the process that holds it; the file itself says nothing.
    """
    with (data / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            refuse(otherwise)
        yield
