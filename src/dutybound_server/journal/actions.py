"""The one door into the journal: every write of the house appends here, in its transaction."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import rfc8785
from django.db import transaction

from dutybound_server.journal.models import LONGEST, Entry

# An entry bundle gives an entry's length in two bytes (c2sp.org/tlog-tiles).
MAX_BODY = 65_535
SALT_BYTES = 16
KIND = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
ACTOR = re.compile(r"system|staff:[0-9]+|service:[-a-z0-9_]+")
NOTHING: Mapping[str, Any] = MappingProxyType({})


class BadEntry(ValueError):
    """What was given cannot be an entry; nothing of the transaction should be kept."""


def append(
    *,
    kind: str,
    service: str,
    subject: str,
    actor: str,
    now: datetime,
    facts: Mapping[str, Any] = NOTHING,
    personal: Mapping[str, str] = NOTHING,
) -> Entry:
    """Write one entry, which `seal` numbers and signs for within seconds.

    `facts` are JSON values that name no person: an entry outlives every erasure. What does name
    one goes in `personal`: the entry keeps a salted digest of it, and the salt can be erased.
    """
    _check(kind=kind, service=service, subject=subject, actor=actor, now=now)
    salts = {name: secrets.token_bytes(SALT_BYTES) for name in personal}
    body = _canonical(
        {
            "actor": actor,
            "at": in_utc(now),
            "facts": dict(facts),
            "kind": kind,
            # Hash tiles are public: without this, a guess at an entry could be tried on them.
            "nonce": secrets.token_hex(SALT_BYTES),
            "personal": {name: digest(personal[name], salt=salts[name]) for name in personal},
            "service": service,
            "subject": subject,
        }
    )
    return Entry.objects.create(
        service=service,
        kind=kind,
        subject=subject,
        actor=actor,
        at=now,
        body=body,
        salts={name: salt.hex() for name, salt in salts.items()},
    )


def digest(value: str, *, salt: bytes) -> str:
    """What an entry holds instead of a personal value."""
    return sha256(salt + value.encode()).hexdigest()


def in_utc(moment: datetime) -> str:
    """The moment as entries write it, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _check(*, kind: str, service: str, subject: str, actor: str, now: datetime) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise BadEntry(f"{kind}: an entry is written in the transaction of what it tells of")
    if now.utcoffset() is None:
        raise BadEntry(f"{kind}: expected a time with a time zone, got {now!r}")
    if not KIND.fullmatch(kind):
        raise BadEntry(f"expected a kind such as 'case.decided', got {kind!r}")
    if not ACTOR.fullmatch(actor):
        raise BadEntry(f"{kind}: expected 'staff:7', 'service:ridge' or 'system', got {actor!r}")
    given = {"kind": kind, "service": service, "subject": subject, "actor": actor}
    for name, value in given.items():
        if len(value) > LONGEST[name] or "\0" in value:
            raise BadEntry(f"{kind}: {name}: expected at most {LONGEST[name]} characters, no NUL")


def _canonical(entry: dict[str, Any]) -> bytes:
    try:
        body = rfc8785.dumps(entry)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as problem:
        raise BadEntry(f"{entry['kind']}: facts must be plain JSON values: {problem}") from problem
    if len(body) > MAX_BODY:
        raise BadEntry(
            f"{entry['kind']}: the entry has {len(body):,} bytes, {MAX_BODY:,} fit; "
            "keep what is long elsewhere and its digest here"
        )
    return body
