"""A time-stamp server on this machine, made of `openssl ts`: its own authority signs it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

CONFIGURATION = """
[tsa]
default_tsa = ours
[ours]
dir = {folder}
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/tsa.pem
certs = $dir/ca.pem
signer_key = $dir/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamping]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


@dataclass
class Stamper:
    """What a running server is reached by, and how it behaves: `answers` go out before its own."""

    folder: Path
    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        run(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq",
            "-out", "reply.tsr")  # fmt: skip
        return (self.folder / "reply.tsr").read_bytes()


@contextmanager
def stamper(folder: Path) -> Iterator[Stamper]:
    """Runs while the block does."""
    _make_keys(folder)
    made = Stamper(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = made.answers.pop(0) if made.answers else (200, made.stamp(query))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests read no log of it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/tsr"
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


def _make_keys(folder: Path) -> None:
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout")
    run(folder, "req", "-x509", *curve, "ca.key", "-out", "ca.pem", "-days", "2",
        "-subj", "/CN=Authority of a test")  # fmt: skip
    run(folder, "req", *curve, "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamper of a test")
    run(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-out", "tsa.pem", "-days", "2", "-extfile", "tsa.cnf",
        "-extensions", "stamping")  # fmt: skip
