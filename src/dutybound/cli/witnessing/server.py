"""A witness over HTTP, as c2sp.org/tlog-witness has it."""

import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Timer
from typing import Any

from dutybound.cli.witnessing.memory import Memory
from dutybound.ledger.notes import Signer
from dutybound.ledger.witness import (
    ADD_CHECKPOINT,
    LARGEST_REQUEST,
    BadRequest,
    Refusal,
    request_in,
)

TEXT = "text/plain; charset=utf-8"
SILENCE_SECONDS = 10
LONGEST_CONNECTION_SECONDS = 60
MOST_CONNECTIONS = 64


def seconds_now() -> int:
    return int(time.time())


class WitnessServer(ThreadingHTTPServer):
    """Answers logs, and anybody who asks what was cosigned."""

    daemon_threads = True
    request_queue_size = MOST_CONNECTIONS

    def __init__(
        self,
        address: tuple[str, int],
        *,
        memory: Memory,
        signers: Sequence[Signer],
        clock: Callable[[], int] = seconds_now,
    ) -> None:
        super().__init__(address, Answering)
        self.memory, self.signers, self.clock = memory, tuple(signers), clock
        self.places = BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - theirs
        """Take a connection if there is a place for it; else it is closed at once."""
        if not self.places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """A line, and no traceback: most of these are connections that were cut."""
        sys.stderr.write(f"A connection ended early: {sys.exc_info()[1]!r}\n")


class Answering(BaseHTTPRequestHandler):
    """One connection, on which several requests may come."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = SILENCE_SECONDS
    server_version = "dutybound-witness"
    sys_version = ""
    error_content_type = TEXT
    error_message_format = "%(message)s\n"

    def setup(self) -> None:
        super().setup()
        # Whoever sends a byte now and then is never silent, and is cut off all the same.
        self.limit = Timer(LONGEST_CONNECTION_SECONDS, self._cut)
        self.limit.daemon = True
        self.limit.start()

    def finish(self) -> None:
        self.limit.cancel()
        super().finish()

    def do_POST(self) -> None:
        """Cosign a head, or say why not."""
        body = self._body()
        if body is None:
            return
        if self.path != f"/{ADD_CHECKPOINT}":
            self._answer(404, f"There is nothing at this address; try /{ADD_CHECKPOINT}.\n")
            return
        server = self.server
        try:
            request = request_in(body)
            answer = server.memory.answer(request, signers=server.signers, at=server.clock())
        except BadRequest as problem:
            self._answer(400, f"{problem}\n")
        except sqlite3.Error as problem:
            sys.stderr.write(f"Nothing was cosigned: {problem}\n")
            self._answer(503, "The witness cannot write down what it sees; nothing was cosigned.\n")
        else:
            if isinstance(answer, Refusal):
                self._answer(answer.status, answer.body, content_type=answer.content_type)
            else:
                self._answer(200, answer)

    def do_GET(self) -> None:
        """What this is, or the last head that was cosigned of a log."""
        if self.path == "/":
            self._answer(200, self._about())
            return
        try:
            note = self.server.memory.note_at(self.path.removeprefix("/"))
        except sqlite3.Error:
            self._answer(503, "The witness cannot read what it remembers.\n")
            return
        if note is None:
            self._answer(404, "No head was cosigned under this address.\n")
        else:
            self._answer(200, note)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Nothing: who asks is nobody's business, and a flood must not fill the disk."""

    def _body(self) -> bytes | None:
        """What was sent; None once a refusal was answered."""
        told = self.headers.get("Content-Length", "")
        if not told.isascii() or not told.isdecimal() or len(told) > 9:
            self._answer(411, "Say with Content-Length how many bytes come.\n", close=True)
            return None
        if int(told) > LARGEST_REQUEST:
            self._answer(413, f"A request has at most {LARGEST_REQUEST} bytes.\n", close=True)
            return None
        body = self.rfile.read(int(told))
        if len(body) < int(told):
            self.close_connection = True
            return None
        return body

    def _answer(
        self, status: int, body: str, *, content_type: str = TEXT, close: bool = False
    ) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        if close:
            # What was not read would look like the next request.
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def _about(self) -> str:
        keys = "".join(f"{signer.key}\n" for signer in self.server.signers)
        return (
            f"{self.server.signers[0].name} is a witness (c2sp.org/tlog-witness). It signs the "
            "heads of journals it watches, each only if it follows from the one before.\n\n"
            f"Its keys:\n{keys}"
        )

    def _cut(self) -> None:
        """Shut both ways; whatever thread waits on it sees its end."""
        with suppress(OSError):  # It ended by itself this moment.
            self.connection.shutdown(2)
