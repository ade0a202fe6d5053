"""A service's end of the webhooks: it checks each signature and remembers what it was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from standardwebhooks.webhooks import Webhook


class Receiver(ThreadingHTTPServer):
    """`told` maps each webhook-id to the messages that came under it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.secret = ""
        self.told: dict[str, list[dict[str, Any]]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """One of each webhook-id, of one type, in the order they came."""
        firsts = [repeats[0] for repeats in list(self.told.values())]
        return [message for message in firsts if message["type"] == kind]


class Ear(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = Webhook(self.server.secret).verify(body, dict(self.headers.items()))
        self.server.told.setdefault(self.headers["webhook-id"], []).append(message)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """A journey speaks for itself."""


@contextmanager
def listening() -> Iterator[Receiver]:
    with Receiver() as receiver:
        Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.shutdown()
