"""Witnesses for the server's tests: real ones in a thread, and such as say what they are told."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from dutybound.cli.witnessing import keys
from dutybound.cli.witnessing.memory import Memory
from dutybound.cli.witnessing.server import WitnessServer
from dutybound.ledger.policy import Policy, policy_in
from dutybound_server.journal.queries import journal_key
from tests.server.journal.story import NOW


@contextmanager
def a_witness(folder: Path) -> Iterator[WitnessServer]:
    """A witness of our own kind that watches this installation's journal."""
    if not folder.exists():
        keys.make(folder, name="ngo.example")
    memory = Memory(folder)
    memory.watch(journal_key(None))
    server = WitnessServer(
        ("127.0.0.1", 0),
        memory=memory,
        signers=keys.signers_in(folder),
        clock=lambda: int(NOW.timestamp()),
    )
    with in_a_thread(server):
        yield server


@contextmanager
def in_a_thread(server: ThreadingHTTPServer) -> Iterator[None]:
    with server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield
        server.shutdown()


def url_of(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def policy_with(*servers: WitnessServer, quorum: str = "ngo-0") -> Policy:
    """A policy that names the keys of each: those of Ed25519 as ngo-N, of ML-DSA as ngo-N-pq."""
    lines = []
    for number, server in enumerate(servers):
        for name, signer in zip(("", "-pq"), server.signers, strict=True):
            lines.append(f"witness ngo-{number}{name} {signer.key} {url_of(server)}")
    return policy_in("\n".join([*lines, f"quorum {quorum}"]))


class Parrot(ThreadingHTTPServer):
    """A witness that answers each request with what it was told to, whatever it is."""

    daemon_threads = True

    def __init__(self, *answers: tuple[int, bytes], drips: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Beak)
        self.drips = drips
        self.never = Event()
        self.answers = list(answers)
        self.asked: list[bytes] = []


class Beak(BaseHTTPRequestHandler):
    server: Parrot

    def do_POST(self) -> None:
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        answers = self.server.answers
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not self.server.drips:
            self.wfile.write(body)
            return
        with suppress(OSError):
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.server.never.wait(0.01)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """A parrot that says nothing of itself."""
