"""The bytes of an entry: what is hashed, signed for and published."""

import json
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.db import DataError

from dutybound_server.journal.models import LONGEST, Entry

MAX_BODY = 65_535
"""An entry bundle gives an entry's length in two bytes (c2sp.org/tlog-tiles)."""
SALT_BYTES = 16


class BadEntry(ValueError):
    """What was given cannot be an entry; nothing of the transaction should be kept."""


def canonical(entry: dict[str, Any]) -> bytes:
    """The entry as RFC 8785 writes it; raises BadEntry."""
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


def in_utc(moment: datetime) -> str:
    """The moment as entries write it, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def as_it_stands(entry: Entry) -> bytes:
    """The entry's bytes as its row tells them now, columns included.

    Screens search and show the columns, so a changed column has to spoil the entry as a changed
    body does: where they differ, both are told, which is no longer what was signed for.
    """
    body = bytes_in(entry.body)
    columns = {name: str(getattr(entry, name)) for name in LONGEST} | {"at": _time_in(entry)}
    try:
        agreed = json.loads(body).items() >= columns.items()
    except (ValueError, AttributeError, RecursionError):
        agreed = False  # Not what `canonical` wrote, so it was changed.
    return body[:MAX_BODY] if agreed else (rfc8785.dumps(columns) + body)[:MAX_BODY]


def _time_in(entry: Entry) -> str:
    try:
        return in_utc(entry.at) if entry.at else ""
    except (ValueError, DataError):
        return ""  # Read for itself, see `queries`: by hand it was changed to what is no time.


def bytes_in(column: object) -> bytes:
    """What a column of bytes holds; whoever alters a row by hand may have left text in it."""
    return bytes(column) if isinstance(column, bytes | memoryview) else str(column).encode()
