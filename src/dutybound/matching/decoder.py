"""The process in which files of strangers are decoded: `python -m dutybound.matching.decoder`.

It has what it needs open when it starts, gives up the rest, and then answers one line of JSON for
each line it is given. `matching.apart` starts it.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from functools import partial
from random import SystemRandom
from typing import IO, BinaryIO

from dutybound.matching.content import FrameHashes
from dutybound.matching.pictures import Compare, Limits, compare_here, screen_here

_MOST_OPEN_FILES = 64
_MOST_WRITTEN_BYTES = 16 << 20
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVILEGES = 4, 38


def serve(compare: Compare, arguments: list[str], *, screen: Compare | None = None) -> None:
    """Decode what the shared file holds, once for each job on the input, until that is closed.

    `screen` does the jobs that need no exact hash; without it, `compare` does.
    """
    number, memory_bytes, seconds = int(arguments[0]), int(arguments[1]), float(arguments[2])
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a decoder prints must not pass for an answer.
    os.dup2(2, 1)
    _give_up_rights(memory_bytes)
    with os.fdopen(number, "rb", buffering=0) as file:
        for line in sys.stdin.buffer:
            _set_alarm(seconds)
            job = json.loads(line)
            way = screen if screen and job["is_screening"] else compare
            _answer(job, file, compare=way, to=answers)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(job: dict[str, object], file: BinaryIO, *, compare: Compare, to: IO[bytes]) -> None:
    limits = Limits(**job["limits"])  # type: ignore[arg-type]
    compared = compare(file, found=job["found"], declared=job["declared"], limits=limits)  # type: ignore[arg-type]
    frames = [_told(frame) for frame in compared.frames]
    told = {"gap": compared.gap, "frames": frames, "is_fast": compared.is_fast}
    to.write(json.dumps(told).encode() + b"\n")
    to.flush()


def _told(frame: FrameHashes) -> list[object]:
    return [frame.number, frame.quality, [each.hex() for each in frame.hashes]]


def _give_up_rights(memory_bytes: int) -> None:
    """What can be given up without being root, and cannot be taken back."""
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_NOFILE, _MOST_OPEN_FILES),
        (resource.RLIMIT_FSIZE, _MOST_WRITTEN_BYTES),
    ):
        _, allowed = resource.getrlimit(kind)
        least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (least, least))
    if sys.platform == "linux":
        linux = ctypes.CDLL(None)
        linux.prctl(_PR_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        linux.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _set_alarm(seconds: float) -> None:
    """Let the kernel end this process when the time is over, also when its parent is gone."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    computed = usage.ru_utime + usage.ru_stime
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(computed + seconds) + 1, most))


if __name__ == "__main__":
    chance = SystemRandom().random
    serve(
        partial(compare_here, chance=chance),
        sys.argv[1:],
        screen=partial(screen_here, chance=chance),
    )
