"""Decoding in processes apart, since a file may be made to crash a decoder, or to hang or fill it.

The file is copied, while its exact hashes are taken, into memory that a process of ours shares with
a decoding one; that one answers with hashes in JSON. Whatever becomes of it, the file keeps its
exact hashes, and the answer for the rest is that it could not be decoded: a question for a person.
"""

import json
import os
import re
import select
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from time import monotonic
from typing import IO, BinaryIO

from dutybound.matching.content import FrameHashes, Gap, MediaHashes
from dutybound.matching.pictures import ORIENTATIONS, Compared, Limits, hash_media

PROGRAM = (sys.executable, "-P", "-m", "dutybound.matching.decoder")
"""What decodes: it takes the number of an open file and two limits, and then jobs on its input."""

_USUAL_LIMITS = Limits()
_HASH = re.compile("[0-9a-f]{64}")
_MOST_NUMBER, _MOST_QUALITY = 2**31 - 1, 100
_MOST_ANSWER_BYTES = 32 << 20
_READ_BYTES = 1 << 16
_PASSED_ON = ("HOME", "LD_LIBRARY_PATH", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME")
# One thread decodes one file. Memory of a size that the next file needs again is kept: to have the
# kernel clear it anew costs a third of the time of a picture of a megapixel.
_FOR_ONE_AT_A_TIME = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
}
# The process ends itself at its limit; this is for one that no longer can.
_GRACE_SECONDS = 2.0
_ENDS_WITHIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one file may cost a decoding process.

    `memory_bytes` are those it may hold, its libraries' own included; `seconds` of waiting, and as
    many of computing. Let `seconds` be more than `Limits.max_decoding_seconds`, or a film that is
    only long is not compared at all.
    """

    memory_bytes: int = 2 << 30
    seconds: float = 90.0


class Decoders:
    """Decoding processes, started when they are first needed and used again; for any threads."""

    def __init__(
        self,
        *,
        most: int | None = None,
        allowance: Allowance = Allowance(),
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """At most `most` processes at a time, or one for each core.

        More callers wait, as long as one file may take; then theirs is not decoded.
        """
        self._allowance = allowance
        self._program = tuple(program)
        self._most = most or os.cpu_count() or 1
        self._idle: list[_Decoder] = []
        self._started: weakref.WeakSet[_Decoder] = weakref.WeakSet()
        self._free = threading.BoundedSemaphore(self._most)
        weakref.finalize(self, _end_all, self._idle)
        if hasattr(os, "register_at_fork"):
            this = weakref.WeakMethod(self._forget)
            os.register_at_fork(after_in_child=lambda: (forget := this()) and forget())

    def hash_media(
        self,
        file: BinaryIO,
        *,
        id: str,  # noqa: A002 - the word the wire and every dataclass use
        content_type: str = "",
        limits: Limits = _USUAL_LIMITS,
    ) -> MediaHashes:
        """As `matching.hash_media`, with all but the exact hashes done in a process apart."""
        with self._turn() as decoder:
            return hash_media(
                decoder.copying(file) if decoder else file,  # type: ignore[arg-type]
                id=id,
                content_type=content_type,
                limits=limits,
                compare=decoder.compare if decoder else not_compared,
            )

    def screen_media(
        self,
        file: BinaryIO,
        *,
        id: str,  # noqa: A002
        content_type: str = "",
        limits: Limits = _USUAL_LIMITS,
    ) -> MediaHashes:
        """As `matching.screen_media`, with all but the exact hashes done in a process apart."""
        with self._turn() as decoder:
            return hash_media(
                decoder.copying(file) if decoder else file,  # type: ignore[arg-type]
                id=id,
                content_type=content_type,
                limits=limits,
                compare=decoder.screen if decoder else not_compared,
            )

    def close(self) -> None:
        """End the processes that are idle; the next file starts new ones."""
        _end_all(self._idle)

    @contextmanager
    def _turn(self) -> "Iterator[_Decoder | None]":
        """A process of one's own; None when none comes free in the time one file may take."""
        if not self._free.acquire(timeout=self._allowance.seconds):
            yield None
            return
        try:
            decoder = self._taken()
            try:
                yield decoder
            finally:
                if decoder is not None:
                    self._put_back(decoder)
        finally:
            self._free.release()

    def _taken(self) -> "_Decoder | None":
        while True:
            try:
                decoder = self._idle.pop()
            except IndexError:
                break
            if decoder.is_usable():
                return decoder
            decoder.end()
        try:
            decoder = _Decoder(self._program, self._allowance)
        except OSError:
            return None
        self._started.add(decoder)
        return decoder

    def _put_back(self, decoder: "_Decoder") -> None:
        if decoder.is_usable() and decoder.forget_file():
            self._idle.append(decoder)
        else:
            decoder.end()

    def _forget(self) -> None:
        """A fork leaves its parent's processes alone, and keeps none of them from seeing it end."""
        for decoder in self._started:
            decoder.let_go()
        self._started.clear()
        self._idle.clear()
        self._free = threading.BoundedSemaphore(self._most)


def _end_all(idle: "list[_Decoder]") -> None:
    while idle:
        idle.pop().end()


def not_compared(file: BinaryIO, *, found: str, declared: str, limits: Limits) -> Compared:  # noqa: ARG001
    """The answer for a file that nothing decodes: a question for a person."""
    return Compared([], Gap.UNDECODED)


class _Decoder:
    """One process, and the memory shared with it that holds the file it is to decode."""

    def __init__(self, program: tuple[str, ...], allowance: Allowance) -> None:
        self._allowance = allowance
        self._owes_answer = False
        self._shared = _shared_memory()
        try:
            self._process = _started(program, allowance, shared=self._shared.fileno())
        except OSError:
            self._shared.close()
            raise

    def copying(self, file: BinaryIO) -> "_Copying":
        self._copy = _Copying(file, self._shared)
        return self._copy

    def compare(self, file: BinaryIO, *, found: str, declared: str, limits: Limits) -> Compared:  # noqa: ARG002 - it has a copy
        job = {"found": found, "declared": declared, "limits": asdict(limits)}
        return self._done({**job, "is_screening": False})

    def screen(self, file: BinaryIO, *, found: str, declared: str, limits: Limits) -> Compared:  # noqa: ARG002 - it has a copy
        job = {"found": found, "declared": declared, "limits": asdict(limits)}
        return self._done({**job, "is_screening": True})

    def _done(self, job: dict[str, object]) -> Compared:
        if not self._copy.is_whole:
            return Compared([], Gap.UNDECODED)
        # Whatever interrupts this, a process that still owes an answer is not used again.
        self._owes_answer = True
        try:
            answer = _read_answer(self._ask(json.dumps(job).encode()))
        except (OSError, ValueError, RecursionError):
            return Compared([], Gap.UNDECODED)
        self._owes_answer = False
        return answer

    def is_usable(self) -> bool:
        return not self._owes_answer and self._process.poll() is None

    def forget_file(self) -> bool:
        """Free the shared memory; False if that fails, and the process is of no more use."""
        try:
            return self._shared.truncate(0) == 0
        except OSError:
            return False

    def end(self) -> None:
        self._process.kill()
        self._close_files()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDS_WITHIN_SECONDS)

    def let_go(self) -> None:
        """Forget a process that is another's child."""
        self._close_files()
        self._process.returncode = 0

    def _close_files(self) -> None:
        for file in (self._process.stdin, self._process.stdout, self._shared):
            if file is not None:
                with suppress(OSError):
                    file.close()

    def _ask(self, job: bytes) -> bytes:
        """The one line of an answer; ValueError when there is none in time, or no end to it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(job + b"\n")
        until = monotonic() + self._allowance.seconds + _GRACE_SECONDS
        answer = bytearray()
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        while not answer.endswith(b"\n"):
            if not poll.poll(max(0.0, until - monotonic()) * 1000):
                raise ValueError("no answer in time")
            piece = os.read(self._process.stdout.fileno(), _READ_BYTES)
            answer += piece
            if not piece or len(answer) > _MOST_ANSWER_BYTES:
                raise ValueError(f"no whole answer, but {len(answer):,} bytes")
        return bytes(answer)


def _started(
    program: tuple[str, ...], allowance: Allowance, *, shared: int
) -> subprocess.Popen[bytes]:
    limits = (str(shared), str(allowance.memory_bytes), str(allowance.seconds))
    return subprocess.Popen(  # noqa: S603 - our own program
        [*program, *limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[shared],
        bufsize=0,
        cwd="/",
        env=_environment(),
        # What stops the caller's terminal must not look like a file that cannot be decoded.
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """Where our code and its caches are. What else there is may be secret, and stays here."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    ours = os.pathsep.join(os.path.abspath(place) for place in sys.path)  # noqa: PTH100 - of text
    return {**passed_on, **_FOR_ONE_AT_A_TIME, "PYTHONPATH": ours}


class _Copying:
    """A file that is copied as it is read; `is_whole` is False once a piece could not be."""

    def __init__(self, file: BinaryIO, copy: IO[bytes]) -> None:
        self._file = file
        self._copy = copy
        self.is_whole = True

    def read(self, size: int) -> bytes:
        piece = self._file.read(size)
        try:
            self.is_whole = self.is_whole and self._copy.write(piece) == len(piece)
        except OSError:
            self.is_whole = False
        return piece

    def seek(self, place: int) -> int:
        """Begin again: reading and copying are done from the beginning only."""
        try:
            self._copy.seek(place)
            self._copy.truncate()
        except OSError:
            self.is_whole = False
        return self._file.seek(place)


def _shared_memory() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("dutybound-decode"), "w+b", buffering=0)  # noqa: PTH123
    return tempfile.TemporaryFile(buffering=0)


def _read_answer(line: bytes) -> Compared:
    """The answer of a process that may no longer be ours; ValueError for what is none."""
    match json.loads(line):
        case {"gap": str(gap), "frames": [*frames], "is_fast": bool(is_fast)}:
            return Compared([_read_frame(each) for each in frames], Gap(gap), is_fast=is_fast)
    raise ValueError("not an answer")


def _read_frame(told: object) -> FrameHashes:
    match told:
        case [int(number), int(quality), [*hashes]]:
            is_sound = 0 <= number <= _MOST_NUMBER and 0 <= quality <= _MOST_QUALITY
            if is_sound and len(hashes) in (1, len(ORIENTATIONS)):
                return FrameHashes(number, quality, tuple(_read_hash(each) for each in hashes))
    raise ValueError("not the hashes of a frame")


def _read_hash(told: object) -> bytes:
    match told:
        case str(digits) if _HASH.fullmatch(digits):
            return bytes.fromhex(digits)
    raise ValueError("not a hash")
