"""Media by URL: fetched only from hosts the service listed, at addresses anyone could reach.

A URL is a way to make this server call somewhere. So the name is resolved once, every address it
has must be public, and the connection goes to the address that was checked: a name that changes
its mind between check and call gains nothing. Each redirect is a new URL and checked as one.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from tempfile import SpooledTemporaryFile
from threading import Timer
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Timeout

MOST_REDIRECTS = 3
PIECE = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PORTS = {"http": 80, "https": 443}
# What is not below these is site-local, translated by a gateway, or given to nobody yet.
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class CannotFetch(Exception):
    """The medium could not be had; the sentence says why and may be shown to the service."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    max_bytes: int
    seconds: float = 15.0


def is_public(address: str) -> bool:
    """Whether anybody on the internet could reach the address; the safe side is no."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        # These carry an IPv4 address inside, which is where a gateway would take the call.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
        if ip in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """Every address the name has that this machine has a way to, as text."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    hosts: Collection[str],
    limits: FetchLimits,
    may_connect: Callable[[str], bool] = is_public,
    tls: ssl.SSLContext | None = None,
) -> IO[bytes]:
    """A spooled copy of what the URL gives, rewound; the caller closes it. Raises CannotFetch."""
    for _ in range(MOST_REDIRECTS + 1):
        target = _checked(url, hosts)
        address = _address(target, may_connect)
        call = _Call(target, address, limits, tls or ssl.create_default_context())
        answer = call.answer()
        if not isinstance(answer, str):
            return answer
        url = _next(url, answer)
    raise CannotFetch(f"more than {MOST_REDIRECTS} redirects")


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise CannotFetch(f"the address of a redirect cannot be read: {error}") from None


def _checked(url: str, hosts: Collection[str]) -> SplitResult:
    try:
        target = urlsplit(url)
        port = target.port
    except ValueError as error:
        raise CannotFetch(f"the address cannot be read: {error}") from None
    if target.scheme not in PORTS or not target.hostname or target.username is not None:
        raise CannotFetch("only http and https addresses without a user name are fetched")
    if target.hostname not in {host.lower() for host in hosts}:
        raise CannotFetch(f"{target.hostname} is not one of the media hosts of this service")
    if port not in {None, PORTS[target.scheme]} and f"{target.hostname}:{port}" not in hosts:
        raise CannotFetch(f"port {port} of {target.hostname} is not listed as a media host")
    return target


def _address(target: SplitResult, may_connect: Callable[[str], bool]) -> str:
    host = target.hostname or ""
    try:
        addresses = addresses_of(host, target.port or PORTS[target.scheme])
    except (OSError, UnicodeError):
        raise CannotFetch(f"{host} has no address") from None
    if not all(may_connect(address) for address in addresses):
        raise CannotFetch(f"{host} leads to an address that is not public")
    return addresses[0]


@dataclass(slots=True)
class _Call:
    """One request to one checked address, cut off when its time is over."""

    target: SplitResult
    address: str
    limits: FetchLimits
    tls: ssl.SSLContext
    is_over: bool = False
    sock: socket.socket | None = None
    """Kept apart, since a connection lets go of it when its answer is the last one."""

    def answer(self) -> IO[bytes] | str:
        """The file, or the address of a redirect."""
        connection = self._connection()
        clock = Timer(self.limits.seconds, self._cut_off, [connection])
        clock.start()
        try:
            return self._ask(connection)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            host = self.target.hostname
            if self.is_over:
                sentence = f"{host} took longer than {self.limits.seconds:g} seconds"
                raise CannotFetch(sentence) from None
            raise CannotFetch(f"{host} cannot be reached: {type(error).__name__}") from error
        finally:
            clock.cancel()
            connection.close()

    def _connection(self) -> HTTPConnection:
        port = self.target.port or PORTS[self.target.scheme]
        timeout = Timeout(total=self.limits.seconds).connect_timeout
        if self.target.scheme == "http":
            return HTTPConnection(self.address, port, timeout=timeout)
        return HTTPSConnection(
            self.address,
            port,
            timeout=timeout,
            ssl_context=self.tls,
            server_hostname=self.target.hostname,
            assert_hostname=self.target.hostname,
        )

    def _cut_off(self, connection: HTTPConnection) -> None:
        self.is_over = True
        sock = self.sock or connection.sock
        if sock is not None:
            # It may have been closed a moment ago, which is as good.
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _ask(self, connection: HTTPConnection) -> IO[bytes] | str:
        path = self.target.path or "/"
        query = f"?{self.target.query}" if self.target.query else ""
        headers = {
            "Host": self.target.netloc,
            "User-Agent": "Dutybound",
            "Accept-Encoding": "identity",
        }
        connection.request("GET", path + query, headers=headers, preload_content=False)
        self.sock = connection.sock
        response = connection.getresponse()
        if response.status in REDIRECTS and response.headers.get("Location"):
            return str(response.headers["Location"])
        if response.status != 200:
            raise CannotFetch(f"{self.target.hostname} answered {response.status}")
        return self._read(response)

    def _read(self, response: BaseHTTPResponse) -> IO[bytes]:
        file = SpooledTemporaryFile(1024 * 1024)  # noqa: SIM115 - the caller closes it
        try:
            for piece in self._pieces(response):
                file.write(piece)
        except (HTTPError, HTTPException, OSError, CannotFetch):
            file.close()
            raise
        file.seek(0)
        return file

    def _pieces(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        size = 0
        while piece := response.read1(PIECE, decode_content=False):
            size += len(piece)
            if size > self.limits.max_bytes:
                raise CannotFetch(f"it has more than {self.limits.max_bytes:,} bytes")
            yield piece
        if self.is_over:
            raise TimeoutError
