"""What an adversary can do to the journal unseen: `python -m benchmarks.adversary [CHANGES]`.

CHANGES random changes of one byte are made to rows of the database and to files of an export, one
at a time; then rows are taken out, put in and moved, and histories are forged with a stolen key.
It counts what `verify-journal` finds, and where a finding says where. It exits with 1 if anything
that a signature covers was changed unseen. The database is its own, on SQLite or at DATABASE_URL.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from random import Random
from time import perf_counter

from benchmarks.journal import prepare
from dutybound.ledger.findings import Finding
from dutybound.ledger.verify import verify_journal
from tests.library.ledger import attacks as files
from tests.library.ledger.attacks import Place
from tests.library.ledger.oracle import entries_of
from tests.library.ledger.published import KEY, Paths, journal

CHANGES = 10_000
WHOLE = 20
"""Of so many changes of a byte, one of whole entries and files."""
SIZE, KNOWN = 600, 400
SEED = 6

Try = tuple[Place, Sequence[Finding]]


class Count:
    """How much of one kind was tried, found, and named; prints a line when it is done."""

    def __init__(self) -> None:
        self.unseen = 0

    def line(self, kind: str, tries: Iterable[Try]) -> None:
        tried = found = named = 0
        for place, findings in tries:
            tried += 1
            found += bool(findings)
            named += place.is_named_by(findings)
        self.unseen += tried - found
        shares = f"{found / tried:8.1%} found {named / tried:8.1%} with its place"
        print(f"  {kind:46} {tried:6,} {shares}")


def on_files(attack: files.Attack, count: int, by: Random) -> Iterable[Try]:
    entries = entries_of(SIZE)
    good = journal(entries)
    for _ in range(count):
        paths, place = attack(good, entries, by)
        yield place, verify_journal(paths.get, key=KEY).findings


def on_rows(attack: Callable[[Random], Place], count: int, by: Random) -> Iterable[Try]:
    from django.db import transaction  # noqa: PLC0415 - after the set-up

    from dutybound_server.journal.queries import file_at, journal_key  # noqa: PLC0415
    from tests.server.journal.story import the_head  # noqa: PLC0415

    key = journal_key(the_head())
    for _ in range(count):
        with transaction.atomic():
            place = attack(by)
            head = the_head()
            answer = verify_journal(lambda path, head=head: file_at(path, head=head), key=key)  # type: ignore[misc]
            transaction.set_rollback(True)
        yield place, answer.findings


def write_a_journal() -> None:
    from dutybound_server.journal.actions import seal  # noqa: PLC0415 - after the set-up
    from tests.server.journal.story import (  # noqa: PLC0415
        NOW,
        an_entry,
        entries,
        take_the_guards_away,
    )

    for hour in range(2):
        for number in range(20):
            an_entry(personal={"account": f"u{number}"})
        entries(SIZE // 2 - 20)
        seal(now=NOW + timedelta(hours=hour))
    take_the_guards_away()


def measure(changes: int) -> int:
    """How many changes stayed unseen that a signature covers."""
    from tests.server.journal import attacks as rows  # noqa: PLC0415 - after the set-up

    by, covered, bare = Random(SEED), Count(), Count()
    write_a_journal()
    print(f"A journal of {SIZE} entries; the doubter has the key. One byte of the database:")
    half = changes // 2
    for kind, attack in rows.ONE_BYTE.items():
        covered.line(kind, on_rows(attack, half // len(rows.ONE_BYTE), by))
    print("One byte of the files of an export:")
    one_byte = [kind for kind in files.TO_FILES if kind.startswith("a byte")]
    for kind in one_byte:
        covered.line(kind, on_files(files.TO_FILES[kind], half // len(one_byte), by))

    few = max(changes // WHOLE, 1)
    print("Whole rows of the database:")
    for kind, attack in rows.WHOLE_ROWS.items():
        covered.line(kind, on_rows(attack, few // len(rows.WHOLE_ROWS) or 1, by))
    print("Whole entries and files of an export:")
    for kind in sorted(set(files.TO_FILES) - set(one_byte)):
        covered.line(kind, on_files(files.TO_FILES[kind], few // len(one_byte) or 1, by))

    print("What no signature covers (it proves nothing; see docs/reference/journal.md):")
    for kind, attack in rows.NOT_COVERED.items():
        bare.line(kind, on_rows(attack, few // len(rows.NOT_COVERED) or 1, by))
    tell_of_histories(max(few // 20, 1), by)
    return covered.unseen


def tell_of_histories(tries: int, by: Random) -> None:
    """Another history, whole and signed: only who kept a head from before can tell."""
    entries = entries_of(SIZE)
    kept = {
        "nobody": None,
        f"a head of {KNOWN} of {SIZE}": journal(entries[:KNOWN])["checkpoint"].decode(),
        "the newest head": journal(entries)["checkpoint"].decode(),
    }
    print(f"Another history, whole and signed. Found, of {tries} each, by who kept…")
    print(f"  {'':46}" + "".join(f"{who:>22}" for who in (*kept, "a witness's key")))
    for kind, forge in files.FORGERIES.items():
        forged = [forge(entries, KNOWN, by) for _ in range(tries)]
        found = [
            sum(not verify_journal(paths.get, key=KEY, since=head).verifies for paths in forged)
            for head in kept.values()
        ]
        found.append(sum(not _is_witnessed(paths, entries) for paths in forged))
        print(f"  {kind:46}" + "".join(f"{count / tries:>22.0%}" for count in found))


def _is_witnessed(forged: Paths, entries: list[bytes]) -> bool:
    """Whether somebody who asks for the signature of an honest witness would believe it."""
    paths, policy = files.brought_to_a_witness(forged, honest=journal(entries))
    return verify_journal(paths.get, policy=policy).verifies


if __name__ == "__main__":
    started = perf_counter()
    with tempfile.TemporaryDirectory() as data:
        prepare(data)
        unseen = measure(int(sys.argv[1]) if sys.argv[1:] else CHANGES)
    print(f"{unseen} covered changes stayed unseen; {perf_counter() - started:.0f} s")
    sys.exit(unseen > 0)
