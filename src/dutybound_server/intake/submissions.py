"""What a service sends for checking, after its shape was checked and before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest
from typing import IO, Any

import rfc8785
from django.utils.crypto import salted_hmac

PRIVATE = "private"
PUBLIC = "public"


class BadSubmission(ValueError):
    """A field is not what it should be; `field` names it as a path."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: {expected}")
        self.field = field
        self.expected = expected


class DifferentContent(Exception):
    """The service sent this id and revision before, with something else in it."""


@dataclass(frozen=True, slots=True)
class Author:
    """The account the item comes from, by the service's own id."""

    id: str
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class GivenPdq:
    """A PDQ hash the service computed itself."""

    hash: bytes
    quality: int


@dataclass(frozen=True, slots=True)
class GivenHashes:
    """Hashes in place of a file: what the service does not send cannot be looked at."""

    sha256: str = ""
    md5: str = ""
    pdq: tuple[GivenPdq, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmittedMedia:
    """One medium of an item: exactly one of file, url and hashes."""

    id: str
    content_type: str = ""
    file: IO[bytes] | None = None
    url: str = ""
    hashes: GivenHashes | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One revision of an item as the service describes it."""

    id: str
    kind: str = "post"
    revision: int = 1
    author: Author | None = None
    visibility: str = PUBLIC
    created_at: datetime | None = None
    text: str = field(default="", repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)
    media: tuple[SubmittedMedia, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict, repr=False)
    reach: int = 1


def digest_of(submission: Submission) -> str:
    """The same delivery twice has the same digest, however its bytes travelled.

    It is keyed: after the content is erased, nobody can try guesses at a short text on it.
    """
    author = submission.author
    described: dict[str, Any] = {
        "id": submission.id,
        "kind": submission.kind,
        "revision": submission.revision,
        "author": [author.id, author.email] if author else None,
        "visibility": submission.visibility,
        "created_at": _in_utc(submission.created_at),
        "text": submission.text,
        "links": list(submission.links),
        "media": [_described(media) for media in submission.media],
        "context": dict(submission.context),
        "reach": submission.reach,
    }
    return salted_hmac(
        "dutybound item digest", rfc8785.dumps(described), algorithm="sha256"
    ).hexdigest()


def _described(media: SubmittedMedia) -> list[Any]:
    given = media.hashes
    return [
        media.id,
        media.content_type,
        _sha256_of(media.file) if media.file else None,
        media.url,
        given and [given.sha256, given.md5, [[pdq.hash.hex(), pdq.quality] for pdq in given.pdq]],
    ]


def _sha256_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _in_utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
