"""A URL makes this server call somewhere: only where the service said, and only in public."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO

import pytest

from dutybound_server.intake.fetch import CannotFetch, FetchLimits, fetch, is_public

LIMITS = FetchLimits(max_bytes=1000, seconds=5)


class Shelf(BaseHTTPRequestHandler):
    """A media host: each path is one way to behave."""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/cat.jpg":
                self._send(b"cat by " + self.headers["Host"].encode())
            case "/large":
                self._send(b"x" * 1001)
            case "/moved":
                self._redirect("/cat.jpg")
            case "/away":
                self._redirect("http://169.254.169.254/secrets")
            case "/round":
                self._redirect("/round")
            case "/slow" | "/slow-and-last":
                self._drip("HTTP/1.0" if self.path == "/slow-and-last" else "HTTP/1.1")
            case "/garbage":
                self.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
            case "/broken-way":
                self._redirect("http://[/cat.jpg")
            case "/short":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"a")
            case _:
                self.send_error(404)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg; charset=x")
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, protocol: str) -> None:
        """Never silent for long, so that only a clock over all of it can end this."""
        release: threading.Event = self.server.release  # type: ignore[attr-defined]
        self.protocol_version = protocol
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        with suppress(OSError):
            while not release.wait(0.01):
                self.wfile.write(b"a")

    def _redirect(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def shelf() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    server.release = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"localhost:{server.server_port}"
    server.release.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def get(shelf: str, path: str, *, limits: FetchLimits = LIMITS) -> IO[bytes]:
    """Fetch as if loopback were public, which the tests' only server needs."""
    return fetch(
        f"http://{shelf}{path}",
        hosts=["localhost", shelf],
        limits=limits,
        may_connect=lambda address: address in {"127.0.0.1", "::1"},
    )


def test_a_listed_host_is_asked_by_its_name(shelf: str) -> None:
    with get(shelf, "/cat.jpg?size=1") as file:
        assert file.read() == b"cat by " + shelf.encode()


def test_a_redirect_is_followed_on_a_listed_host(shelf: str) -> None:
    with get(shelf, "/moved") as file:
        assert file.read().startswith(b"cat")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/large", "more than 1,000 bytes"),
        ("/round", "more than 3 redirects"),
        ("/away", "169.254.169.254 is not one of the media hosts"),
        ("/nothing", "answered 404"),
        ("/garbage", "cannot be reached"),
        ("/broken-way", "cannot be read"),
        ("/short", "cannot be reached"),
        ("/a\x00b", "cannot be reached"),
        ("/a b", "cannot be reached"),
    ],
)
def test_what_cannot_be_had_says_why(shelf: str, path: str, why: str) -> None:
    with pytest.raises(CannotFetch, match=why):
        get(shelf, path)


@pytest.mark.parametrize("path", ["/slow", "/slow-and-last"])
def test_a_host_that_dawdles_is_cut_off(shelf: str, path: str) -> None:
    with pytest.raises(CannotFetch, match="longer than"):
        get(shelf, path, limits=FetchLimits(max_bytes=1000, seconds=0.5))


def test_a_name_that_leads_inside_is_refused(shelf: str) -> None:
    with pytest.raises(CannotFetch, match="not public"):
        fetch(f"http://{shelf}/cat.jpg", hosts=["localhost", shelf], limits=LIMITS)


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/cat.jpg",
        "ftp://localhost/cat.jpg",
        "http://user@localhost/cat.jpg",
        "http://localhost:99999/",
        "http://localhost:8081/",
        "file:///etc/passwd",
        "http://[::1/",
    ],
)
def test_an_address_that_was_not_listed_is_refused(url: str) -> None:
    with pytest.raises(CannotFetch):
        fetch(url, hosts=["localhost"], limits=LIMITS)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "ff0e::1", "fec0::1",
        "::127.0.0.1", "::ffff:0:127.0.0.1",
    ],
)  # fmt: skip
def test_an_inner_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_an_outer_address_is_public(address: str) -> None:
    assert is_public(address)
