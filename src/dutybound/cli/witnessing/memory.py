"""What a witness remembers, in one SQLite file: the logs it watches, and the last head of each.

A head is stored before anybody sees its cosignature, in the transaction that compares it with the
one before. Killed at any moment, the file has the old head or the new one, and if the new one,
at worst a cosignature that was never sent.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dutybound.ledger.notes import Signer, VerifierKey, key_in
from dutybound.ledger.tree import EMPTY_ROOT
from dutybound.ledger.witness import (
    Refusal,
    Remembered,
    Request,
    Status,
    address_of,
    cosigned,
    note_to_show,
    refusal_of,
)

FILE = "witness.sqlite3"
WAIT_SECONDS = 10
MOST_REFUSED = 1000
"""Refused heads kept of each log, the first ones: who floods us must not push out a proof."""

_TABLES = """
CREATE TABLE IF NOT EXISTS log (
    key TEXT PRIMARY KEY, origin TEXT NOT NULL, url TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS head (
    origin TEXT PRIMARY KEY, address TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, at INTEGER NOT NULL,
    known INTEGER NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (origin, size, root)
);
CREATE TRIGGER IF NOT EXISTS head_never_goes_back BEFORE UPDATE ON head
WHEN new.size < old.size OR (new.size = old.size AND new.root != old.root)
    OR new.origin != old.origin
BEGIN SELECT RAISE(ABORT, 'a witness never goes back'); END;
CREATE TRIGGER IF NOT EXISTS head_never_goes BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'a witness never forgets'); END;
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """A head that the log signed and the witness did not, since it may be a second history."""

    size: int
    at: int
    known: int
    """How many entries the log had shown before."""
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Watched:
    """One log as the witness knows it."""

    origin: str
    keys: tuple[str, ...]
    url: str
    size: int | None
    at: int | None
    refused: tuple[Refused, ...]


class Memory:
    """One file; each call has a connection of its own, so any thread may ask."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        with self._writing() as database:
            for statement in _statements(_TABLES):
                database.execute(statement)

    def watch(self, key: VerifierKey, *, url: str = "") -> int:
        """Take heads that this key signed; how many keys the log has now."""
        with self._writing() as database:
            database.execute(
                "INSERT INTO log (key, origin, url) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET url = excluded.url",
                (str(key), key.name, url),
            )
            return len(_keys(database, key.name))

    def unwatch(self, key: VerifierKey) -> bool:
        """Take no more heads of this key. What was cosigned stays remembered."""
        with self._writing() as database:
            found = database.execute("DELETE FROM log WHERE key = ?", (str(key),))
            return found.rowcount == 1

    def answer(self, request: Request, *, signers: Sequence[Signer], at: int) -> str | Refusal:
        """The cosignatures of a head that follows from the last one, which it now is itself."""
        origin = request.head.origin
        with self._writing() as database:
            known = _remembered(database, origin)
            refusal = refusal_of(request, known)
            if refusal or known is None:
                assert refusal  # Of a log that is not known there always is one.
                if refusal.is_evidence and known:
                    _keep(database, request, refusal, known=known, at=at)
                return refusal
            # A clock that was set back must not make the newest head look older than the last.
            found = database.execute("SELECT at FROM head WHERE origin = ?", (origin,)).fetchone()
            at = max(at, found[0] if found else 1)
            lines = cosigned(request, signers=signers, at=at)
            note = note_to_show(request, keys=known.keys, lines=lines)
            _remember(database, request, note=note, at=at)
        return lines

    def note_at(self, address: str) -> str | None:
        """The last head that was cosigned of the log with that address."""
        with self._reading() as database:
            found = database.execute("SELECT note FROM head WHERE address = ?", (address,))
            row = found.fetchone()
        return row and str(row[0])

    def watched(self) -> list[Watched]:
        """Every log, by its name."""
        with self._reading() as database:
            origins = database.execute(
                "SELECT origin FROM log UNION SELECT origin FROM head ORDER BY origin"
            ).fetchall()
            return [_watched(database, origin) for (origin,) in origins]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that nobody else writes beside, kept on disk before it ends."""
        with self._reading() as database:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.file, timeout=WAIT_SECONDS, isolation_level=None)
        with closing(connection):
            yield connection


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _keys(database: sqlite3.Connection, origin: str) -> tuple[str, ...]:
    rows = database.execute("SELECT key FROM log WHERE origin = ? ORDER BY rowid", (origin,))
    return tuple(key for (key,) in rows)


def _remembered(database: sqlite3.Connection, origin: str) -> Remembered | None:
    keys = tuple(key_in(key) for key in _keys(database, origin))
    if not keys:
        return None
    found = database.execute("SELECT size, root FROM head WHERE origin = ?", (origin,)).fetchone()
    size, root = found or (0, EMPTY_ROOT)
    return Remembered(keys, size, bytes(root))


def _remember(database: sqlite3.Connection, request: Request, *, note: str, at: int) -> None:
    head = request.head
    database.execute(
        "INSERT INTO head (origin, address, size, root, note, at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root,"
        " note = excluded.note, at = excluded.at",
        (head.origin, address_of(head.origin), head.size, head.root, note, at),
    )


def _keep(
    database: sqlite3.Connection, request: Request, refusal: Refusal, *, known: Remembered, at: int
) -> None:
    if refusal.status == Status.OTHER_SIZE:
        reason = "smaller than a head that was cosigned before"
    else:
        reason = refusal.body.strip()
    head = request.head
    database.execute(
        "INSERT OR IGNORE INTO refused (origin, size, root, at, known, reason, note)"
        " SELECT ?, ?, ?, ?, ?, ?, ?"
        " WHERE (SELECT count(*) FROM refused WHERE origin = ?) < ?",
        (
            head.origin, head.size, head.root, at, known.size, reason, request.note,
            head.origin, MOST_REFUSED,
        ),
    )  # fmt: skip


def _watched(database: sqlite3.Connection, origin: str) -> Watched:
    url = database.execute("SELECT url FROM log WHERE origin = ?", (origin,)).fetchone()
    head = database.execute("SELECT size, at FROM head WHERE origin = ?", (origin,)).fetchone()
    refused = database.execute(
        "SELECT size, at, known, reason, note FROM refused WHERE origin = ? ORDER BY rowid",
        (origin,),
    )
    size, at = head or (None, None)
    return Watched(
        origin,
        keys=_keys(database, origin),
        url=url[0] if url else "",
        size=size,
        at=at,
        refused=tuple(Refused(*row) for row in refused),
    )
