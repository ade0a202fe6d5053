"""One request to a time-stamp server (RFC 3161). No database in here; only a digest leaves us.

The answer is read here and not by `rfc3161_client`, which wants the certificates in it in the order
of DER; servers built on OpenSSL send them in another, and `openssl ts -verify` takes them so.
"""

from dataclasses import dataclass
from hashlib import sha512
from typing import NamedTuple

import urllib3
from rfc3161_client import TimestampRequestBuilder

TIMEOUT_SECONDS = 15
LARGEST_ANSWER = 256 * 1024
GRANTED = frozenset({0, 1})
"""PKIStatus granted, and granted with modifications."""
INTEGER, OCTETS, SEQUENCE, EXPLICIT = 0x02, 0x04, 0x30, 0xA0


class NoStamp(Exception):
    """The server gave no time-stamp for what we asked; the sentence says why."""


def stamp_for(content: bytes, *, url: str) -> bytes:
    """The server's answer, word for word, once it is an answer to what we asked; raises NoStamp.

    Whether its signer is one that a court trusts is for whoever verifies it, with
    `openssl ts -verify`: we know of no list of them.
    """
    request = TimestampRequestBuilder().data(content).nonce(nonce=True).build()
    answer = _post(request.as_bytes(), url=url)
    stamped = _read(answer)
    if stamped.digest != sha512(content).digest():
        raise NoStamp("The answer is a time-stamp of something else.")
    if stamped.nonce != request.nonce:
        raise NoStamp("The answer is to another request.")
    return answer


def _post(body: bytes, *, url: str) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": "Dutybound"}
    timeout = urllib3.Timeout(total=TIMEOUT_SECONDS)
    with urllib3.PoolManager(num_pools=1, retries=False, timeout=timeout) as pool:
        try:
            response = pool.request(
                "POST", url, body=body, headers=headers, redirect=False, preload_content=False
            )
            answer: bytes = response.read(LARGEST_ANSWER)
            response.close()
        except urllib3.exceptions.HTTPError as problem:
            raise NoStamp(f"No answer: {problem}") from problem
    if response.status != 200:
        raise NoStamp(f"HTTP {response.status}")
    return answer


# The answer


@dataclass(frozen=True, slots=True)
class _Stamped:
    """What a server signed for."""

    digest: bytes
    nonce: int | None


class _Part(NamedTuple):
    tag: int
    content: bytes


def _read(answer: bytes) -> _Stamped:
    """What a TimeStampResp (RFC 3161, 2.4.2) is about; raises NoStamp."""
    try:
        (whole,) = _parts(answer)
        status, *token = _inside(whole, SEQUENCE)
        number, *words = _inside(status, SEQUENCE)
        if int.from_bytes(_content(number, INTEGER)) not in GRANTED or not token:
            said = b" ".join(part.content for text in words for part in _parts(text.content))
            raise NoStamp(f"It was refused: {said.decode(errors='replace') or 'no reason given'}")
        return _stamped(token[0])
    except (ValueError, IndexError):
        raise NoStamp("The answer is no time-stamp.") from None


def _stamped(token: _Part) -> _Stamped:
    """The TSTInfo in a token: ContentInfo, SignedData, EncapsulatedContentInfo, octets."""
    (signed,) = _parts(_content(_inside(token, SEQUENCE)[1], EXPLICIT))
    within = _inside(_inside(signed, SEQUENCE)[2], SEQUENCE)[1]
    (octets,) = _parts(_content(within, EXPLICIT))
    (info,) = _parts(_content(octets, OCTETS))
    _, _, imprint, _, _, *rest = _inside(info, SEQUENCE)
    nonces = [int.from_bytes(part.content) for part in rest if part.tag == INTEGER]
    return _Stamped(
        digest=_content(_inside(imprint, SEQUENCE)[1], OCTETS),
        nonce=nonces[0] if nonces else None,
    )


def _inside(part: _Part, tag: int) -> list[_Part]:
    return _parts(_content(part, tag))


def _content(part: _Part, tag: int) -> bytes:
    if part.tag != tag:
        raise ValueError(f"expected the tag {tag:#x}, got {part.tag:#x}")
    return part.content


def _parts(der: bytes) -> list[_Part]:
    """The elements that stand one after the other; raises ValueError or IndexError."""
    parts, at = [], 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length >= 0x80:
            width = length & 0x7F
            if not 0 < width <= 4:
                raise ValueError("expected a length of at most four bytes")
            length, at = int.from_bytes(der[at : at + width]), at + width
        if at + length > len(der):
            raise ValueError("it is cut short")
        parts.append(_Part(tag, der[at : at + length]))
        at += length
    return parts
