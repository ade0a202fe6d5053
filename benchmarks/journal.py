"""How fast the journal is written, sealed and verified: `python -m benchmarks.journal [COUNT]`.

The peer is bare SHA-256 over the same entries: what no journal of these bytes can be quicker than.
It writes to DATABASE_URL if that is set, and only if the journal there is empty.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import perf_counter

COUNT = 20_000
A_TRANSACTION = 10
"""Entries of one action and what follows from it."""


def timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def told(what: str, count: int, seconds: float, *, floor: float = 0.0) -> None:
    ratio = f"   {seconds / floor:6.1f} × bare SHA-256" if floor else ""
    print(f"{what:42} {count / seconds:12,.0f} entries/s{ratio}")


def prepare(folder: str) -> None:
    os.environ["DUTYBOUND_DATA"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dutybound_server.project.settings")
    import django  # noqa: PLC0415 - settings are read once the folder is named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def measure(folder: Path, *, count: int) -> None:
    from django.db import connection, transaction  # noqa: PLC0415 - after the set-up
    from django.utils import timezone  # noqa: PLC0415

    from dutybound.cli.verify_journal import reader  # noqa: PLC0415
    from dutybound.ledger.verify import verify_journal  # noqa: PLC0415
    from dutybound_server.journal.actions import append, seal  # noqa: PLC0415
    from dutybound_server.journal.export import export_journal  # noqa: PLC0415
    from dutybound_server.journal.models import Entry  # noqa: PLC0415
    from dutybound_server.journal.queries import newest_checkpoint  # noqa: PLC0415

    def write(each: int) -> None:
        for first in range(0, count, each):
            with transaction.atomic():
                for number in range(first, min(first + each, count)):
                    append(
                        kind="case.decided",
                        service="ridge",
                        subject=f"case:{number}",
                        actor="staff:7",
                        now=timezone.now(),
                        facts={"outcome": "take_down", "harm": "fraud", "rule": "terms 4.2"},
                        personal={"account": f"u{number}"},
                    )

    if Entry.objects.exists():
        sys.exit("There is a journal in this database; name one that can be thrown away.")
    print(f"{count:,} entries, twice, on {connection.vendor}")
    told(f"append, {A_TRANSACTION} a transaction", count, timed(lambda: write(A_TRANSACTION)))
    told("seal, in batches of 5,000", count, timed(lambda: seal(now=timezone.now())))
    write(1000)
    told("seal onto a log that is there", count, timed(lambda: seal(now=timezone.now())))

    bodies = [bytes(body) for body in Entry.objects.values_list("body", flat=True)]
    print(f"(an entry has {sum(map(len, bodies)) // len(bodies)} bytes)")
    floor = timed(lambda: [sha256(body).digest() for body in bodies])
    head = newest_checkpoint()
    assert head is not None
    place = folder / "journal"
    export = timed(lambda: export_journal(place, head=head, progress=lambda *_: None))
    told("export, each row against its columns", head.size, export)
    verify = timed(lambda: verify_journal(reader(place)))
    told("verify, every entry and tile", head.size, verify, floor=floor)
    (place / "tile/entries/000").write_bytes(b"")
    search = timed(lambda: verify_journal(reader(place)))
    told("verify, and say which 256 are missing", head.size, search, floor=floor)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data:
        prepare(data)
        measure(Path(data), count=int(sys.argv[1]) if sys.argv[1:] else COUNT)
