"""A service that takes webhooks: a real web server on this machine that verifies each one."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

Sent = tuple[str, dict[str, Any]]
"""The webhook-id, and the verified body."""


class Receiver:
    """Answers with the given statuses in turn, then 200; keeps what it could verify."""

    def __init__(self, answers: Sequence[int]) -> None:
        self.answers = list(answers)
        self.secret = ""
        self.met: list[Sent] = []
        self.hook: Callable[[Sent], None] = lambda _: None
        self.url = ""

    def ids(self) -> list[str]:
        return [message_id for message_id, _ in self.met]

    def answer_to(self, body: bytes, headers: dict[str, str]) -> int:
        verified = Webhook(self.secret).verify(body, headers)
        sent = (headers["webhook-id"], verified)
        self.met.append(sent)
        self.hook(sent)
        return self.answers.pop(0) if self.answers else 200


@contextmanager
def receiving(*answers: int) -> Iterator[Receiver]:
    receiver = Receiver(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = receiver.answer_to(body, headers)
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", receiver.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
