"""One request to one witness (c2sp.org/tlog-witness), and what its answer means."""

import re
import socket
import ssl
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from dutybound.ledger.checkpoint import Checkpoint as Head
from dutybound.ledger.cosignatures import lines_by
from dutybound.ledger.notes import BadNote, VerifierKey
from dutybound.ledger.tree import ProofRejected
from dutybound.ledger.witness import ADD_CHECKPOINT, LARGEST_SIZE, Status, request_of
from dutybound_server.journal.queries import growth_proof

TIMEOUT_SECONDS = 10
LARGEST_ANSWER = 64 * 1024
TOLD_AT_MOST = 300
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n?")


class Trouble(StrEnum):
    """Why a witness did not cosign."""

    UNREACHABLE = "unreachable"
    NOT_WATCHED = "not_watched"
    NOT_TRUSTED = "not_trusted"
    AHEAD = "ahead"
    FORKED = "forked"
    NONSENSE = "nonsense"
    BROKEN = "broken"


OF_STATUS: Mapping[int, Trouble] = {
    Status.NOT_WATCHED: Trouble.NOT_WATCHED,
    Status.NOT_TRUSTED: Trouble.NOT_TRUSTED,
    Status.DOES_NOT_FOLLOW: Trouble.FORKED,
}


class Unreachable(Exception):
    """No whole answer came; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking: lines for the head, or a trouble and the witness's words for it."""

    lines: Mapping[VerifierKey, str] = field(default_factory=dict)
    size: int | None = None
    """Entries in the newest head that the witness says it has seen, if it said so."""
    trouble: Trouble | None = None
    told: str = ""


def ask(url: str, *, note: str, head: Head, seen: int, keys: Collection[VerifierKey]) -> Outcome:
    """Ask once, and once more if the witness says that it saw another head than we thought."""
    outcome = _ask_once(url, note=note, head=head, seen=min(seen, head.size), keys=keys)
    if outcome.trouble or outcome.lines or outcome.size is None:
        return outcome
    if outcome.size > head.size:
        told = f"it has seen {outcome.size:,} entries, and there are {head.size:,}"
        return Outcome(size=outcome.size, trouble=Trouble.AHEAD, told=told)
    again = _ask_once(url, note=note, head=head, seen=outcome.size, keys=keys)
    if again.trouble is None and not again.lines:
        return Outcome(trouble=Trouble.NONSENSE, told="it names another size each time")
    return again


def _ask_once(
    url: str, *, note: str, head: Head, seen: int, keys: Collection[VerifierKey]
) -> Outcome:
    try:
        body = request_of(note, old_size=seen, proof=growth_proof(seen, head=head))
    except ProofRejected as problem:
        return Outcome(trouble=Trouble.BROKEN, told=str(problem))
    try:
        status, answer = _post(f"{url.rstrip('/')}/{ADD_CHECKPOINT}", body.encode())
    except Unreachable as problem:
        return Outcome(trouble=Trouble.UNREACHABLE, told=_cut(str(problem)))
    if status == Status.OTHER_SIZE and (size := _size_in(answer)) is not None:
        return Outcome(size=size)
    if status != Status.COSIGNED:
        told = _cut(f"HTTP {status}: {answer.strip()}")
        return Outcome(trouble=OF_STATUS.get(status, Trouble.NONSENSE), told=told)
    return _cosigned(answer, note=note, head=head, keys=keys)


def _size_in(answer: str) -> int | None:
    """The size that a witness knows; None for what no column and no tree can hold."""
    size = _SIZE.fullmatch(answer)
    return int(size[1]) if size and int(size[1]) <= LARGEST_SIZE else None


def _cosigned(answer: str, *, note: str, head: Head, keys: Collection[VerifierKey]) -> Outcome:
    try:
        lines = lines_by(answer, keys, note=note)
    except BadNote as problem:
        return Outcome(trouble=Trouble.NONSENSE, told=_cut(str(problem)))
    if not lines:
        return Outcome(trouble=Trouble.NONSENSE, told="none of the keys we know for it has signed")
    return Outcome(lines=lines, size=head.size)


def _post(url: str, body: bytes) -> tuple[int, str]:
    """The status, and as much of the answer as one can be; a redirect is not followed.

    A host that sends a byte now and then is never silent, so a clock over all of it cuts it off.
    """
    target = urlsplit(url)
    connection = _connection_to(target)
    clock = _Clock()
    try:
        connection.connect()
        clock.start(connection.sock)
        connection.request("POST", target.path, body=body, headers={"User-Agent": "Dutybound"})
        answer = connection.getresponse()
        content = answer.read(LARGEST_ANSWER + 1)
    except (HTTPException, OSError) as problem:
        why = f"no answer within {TIMEOUT_SECONDS} seconds" if clock.is_over else str(problem)
        raise Unreachable(why) from problem
    finally:
        clock.stop()
        connection.close()
    if clock.is_over:
        raise Unreachable(f"no whole answer within {TIMEOUT_SECONDS} seconds")
    if len(content) > LARGEST_ANSWER:
        return 0, "an answer that is far too long"
    return answer.status, content.decode("utf-8", "replace")


def _connection_to(target: SplitResult) -> HTTPConnection:
    host, timeout = target.hostname or "", TIMEOUT_SECONDS
    if target.scheme == "http":
        return HTTPConnection(host, target.port, timeout=timeout)
    tls = ssl.create_default_context()
    return HTTPSConnection(host, target.port, timeout=timeout, context=tls)


class _Clock:
    """Shuts a connection when its time is over."""

    def __init__(self) -> None:
        self.is_over = False
        self.timer: Timer | None = None

    def start(self, sock: socket.socket) -> None:
        self.timer = Timer(TIMEOUT_SECONDS, self._end, [sock])
        self.timer.start()

    def stop(self) -> None:
        if self.timer:
            self.timer.cancel()

    def _end(self, sock: socket.socket) -> None:
        self.is_over = True
        with suppress(OSError):  # It may have been closed a moment ago, which is as good.
            sock.shutdown(socket.SHUT_RDWR)


def _cut(text: str) -> str:
    """Foreign words on one line, without what a column cannot hold."""
    return "".join(one if one.isprintable() else " " for one in text)[:TOLD_AT_MOST]
