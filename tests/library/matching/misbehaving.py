"""A decoder that does what its files tell it: run as `misbehaving.py FD MEMORY SECONDS`."""

import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from tests.library.matching import uncompiled  # noqa: F401 - before what it spares us of

# isort: split
from dutybound.matching import FrameHashes, Gap, Limits
from dutybound.matching.decoder import serve
from dutybound.matching.pictures import Compared


def misbehave(file: BinaryIO, *, found: str, declared: str, limits: Limits) -> Compared:
    file.seek(0)
    name = file.read().decode()
    BEHAVIOURS[name]()
    return Compared([FrameHashes(0, 100, (bytes(32),))], Gap.NONE)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang() -> None:
    while True:
        signal.pause()


def eat() -> None:
    eaten = []
    while True:
        eaten.append(bytes(b"x" * (64 << 20)))


def chatter() -> None:
    sys.stdout.write('{"gap": "", "frames": []}\n')
    sys.stdout.flush()


def look_around() -> None:
    assert "DUTYBOUND_TEST_SECRET" not in os.environ
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    assert "NoNewPrivs:\t1" in Path("/proc/self/status").read_text()
    for number in range(3, 64):
        if number not in (answers(), int(sys.argv[1])):
            try:
                os.fstat(number)
            except OSError:
                continue
            raise AssertionError(f"file {number} is open")


def answers() -> int:
    """The one pipe that is neither input nor output nor errors."""
    return next(number for number in range(3, 64) if is_pipe(Path(f"/proc/self/fd/{number}")))


def is_pipe(link: Path) -> bool:
    return link.is_symlink() and str(link.readlink()).startswith("pipe:")


BEHAVIOURS = {each.__name__: each for each in (crash, hang, eat, chatter, look_around)}

if __name__ == "__main__":
    serve(misbehave, sys.argv[1:])
