"""How fast the journal is written, sealed, proved and verified: `python -m benchmarks.journal`.

`--entries 10000000` asks it of a large one, which takes 12 GB of disk and a quarter of an hour.
Peers: bare SHA-256 over the same entries, which no journal of these bytes can beat, and Go's
`golang.org/x/mod/sumdb/tlog` over the same files, where Go is. It writes to DATABASE_URL if that is
set, and only if the journal there is empty; else to a folder in $TMPDIR.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

ACTIONS = 20_000
ENTRIES = 200_000
A_TRANSACTION = 10
"""Entries of one action and what follows from it."""
AT_ONCE = 50_000
PROOFS = 200
TIME = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
GO = Path(__file__).parents[1] / "tests/foreign/verify.go"


@dataclass(frozen=True, slots=True)
class Took:
    """By the clock, and by the processor, which others on the machine change less."""

    seconds: float
    processor: float

    def __sub__(self, other: "Took") -> "Took":
        return Took(self.seconds - other.seconds, self.processor - other.processor)


def timed(work: Callable[[], object]) -> Took:
    start, processor = perf_counter(), process_time()
    work()
    return Took(perf_counter() - start, process_time() - processor)


def told(what: str, count: int, took: Took, *, floor: Took | None = None, more: str = "") -> None:
    ratio = f" {took.processor / floor.processor:6.1f} × bare SHA-256" if floor else ""
    rate, alone = count / took.seconds, count / took.processor
    print(f"{what:38} {rate:11,.0f}/s {alone:11,.0f} a core{ratio}{more}", flush=True)


def prepare(folder: str) -> None:
    os.environ["DUTYBOUND_DATA"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dutybound_server.project.settings")
    import django  # noqa: PLC0415 - settings are read once the folder is named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def measure_actions(folder: Path, *, count: int) -> None:
    """One entry after another, as actions write them."""
    from django.db import connection, transaction  # noqa: PLC0415 - after the set-up
    from django.utils import timezone  # noqa: PLC0415

    from dutybound_server.journal.actions import append, seal  # noqa: PLC0415
    from dutybound_server.journal.export import export_journal  # noqa: PLC0415
    from dutybound_server.journal.models import Entry  # noqa: PLC0415
    from dutybound_server.journal.queries import newest_checkpoint  # noqa: PLC0415

    def write() -> None:
        for first in range(0, count, A_TRANSACTION):
            with transaction.atomic():
                for number in range(first, min(first + A_TRANSACTION, count)):
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
    print(f"{count:,} entries on {connection.vendor}")
    told(f"append, {A_TRANSACTION} a transaction", count, timed(write))
    told("seal", count, timed(lambda: seal(now=timezone.now())))
    head = newest_checkpoint()
    assert head is not None
    place = folder / "journal"
    export = timed(lambda: export_journal(place, head=head, progress=lambda *_: None))
    told("export, each row against its columns", head.size, export)


def measure_bulk(folder: Path, *, count: int) -> None:
    """Many entries, put into the table at once: seal, prove, and verify as files."""
    from django.utils import timezone  # noqa: PLC0415 - after the set-up

    from dutybound_server.journal.actions import seal  # noqa: PLC0415
    from dutybound_server.journal.queries import newest_checkpoint  # noqa: PLC0415

    before = newest_checkpoint()
    assert before is not None
    print(f"\n{count:,} more entries, of {len(a_body(0))} bytes")
    told("(put into the table)", count, timed(lambda: put(count)))
    told("seal, in batches of 5,000", count, timed(lambda: seal(now=timezone.now())))
    tell_of_proofs(before.size + count)
    place = folder / "large"
    told("(written as files)", count, timed(lambda: write_files(place, count=count)))
    floor = timed(lambda: hash_alone(count)) - timed(lambda: make_alone(count))
    verified(place, count=count, floor=floor)
    if shutil.which("go"):
        told("  Go's tlog, every entry and tile", count, by_go(place), floor=floor)
    (place / "tile/entries/000").write_bytes(b"")
    verified(place, count=count, floor=floor, what="verify, and say which 256 are missing")


def a_body(number: int) -> bytes:
    """About as long as an entry is."""
    return (
        b'{"actor":"staff:7","at":"2026-11-23T10:00:00.000000Z","facts":{"harm":"fraud","outcome":'
        b'"take_down","rule":"terms 4.2"},"kind":"case.decided","nonce":"%032x","personal":'
        b'{"account":"%064x"},"service":"ridge","subject":"case:%d"}' % (number, number, number)
    )


def hash_alone(count: int) -> None:
    for number in range(count):
        sha256(a_body(number)).digest()


def make_alone(count: int) -> None:
    for number in range(count):
        a_body(number)


def put(count: int) -> None:
    from django.db import connection, transaction  # noqa: PLC0415 - after the set-up

    rows: Iterator[tuple[str | bytes | datetime, ...]] = (
        ("ridge", "case.decided", f"case:{at}", "staff:7", TIME, a_body(at), "{}")
        for at in range(count)
    )
    columns = "service, kind, subject, actor, at, body, salts"
    while batch := list(islice(rows, AT_ONCE)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO journal_entry ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s)", batch
            )


def tell_of_proofs(size: int) -> None:
    from dutybound_server.journal.models import Entry  # noqa: PLC0415 - after the set-up
    from dutybound_server.journal.queries import newest_checkpoint, proof_of  # noqa: PLC0415

    head, chance = newest_checkpoint(), Random(6)
    assert head is not None
    assert head.size == size
    entries = [Entry.objects.get(number=chance.randrange(size)) for _ in range(PROOFS)]
    took = [timed(lambda one=entry: proof_of(one, head=head)) for entry in entries]  # type: ignore[misc]
    clock, core = (
        sorted(1000 * one for one in each)
        for each in ([one.seconds for one in took], [one.processor for one in took])
    )
    at = PROOFS * 95 // 100
    print(
        f"{'a proof, made and checked':38} {median(clock):10.2f} ms {median(core):10.2f} a core",
        end="",
    )
    print(f"   95 % in {clock[at]:.2f} ms", flush=True)


def write_files(place: Path, *, count: int) -> None:
    """What `export-journal` would write, without asking the database for each entry."""
    from dutybound.ledger.checkpoint import Checkpoint  # noqa: PLC0415
    from dutybound.ledger.tiles import (  # noqa: PLC0415
        ENTRIES as BUNDLES,
    )
    from dutybound.ledger.tiles import WIDTH, Edge, TileName, bundle_of, edge_root, grow  # noqa: PLC0415
    from dutybound.ledger.tree import leaf_hash  # noqa: PLC0415
    from tests.library.ledger.published import KEY, ORIGIN, SIGNER  # noqa: PLC0415

    def write(path: str, content: bytes) -> None:
        file = place / path
        if not file.parent.exists():
            file.parent.mkdir(parents=True)
        file.write_bytes(content)

    edge: Edge = ()
    for first in range(0, count, WIDTH):
        entries = [a_body(at) for at in range(first, min(first + WIDTH, count))]
        leaves = [leaf_hash(entry) for entry in entries]
        edge, tiles = grow(edge, size=first, leaves=leaves)
        bundle = TileName(BUNDLES, first // WIDTH, len(entries))
        write(bundle.path, bundle_of(entries))
        for name, hashes in tiles.items():
            if name.width == WIDTH or first + WIDTH >= count:
                write(name.path, b"".join(hashes))
    for level, hashes in enumerate(edge):
        if hashes:
            at = count >> 8 * (level + 1)
            write(TileName(level, at, len(hashes)).path, b"".join(hashes))
    write("key", f"{KEY}\n".encode())
    write("checkpoint", Checkpoint(ORIGIN, count, edge_root(edge)).signed(SIGNER).encode())


def verified(
    place: Path, *, count: int, floor: Took, what: str = "verify, every entry and tile"
) -> None:
    """In a process of its own, so that its memory can be told."""
    command = [sys.executable, "-m", "benchmarks.journal", "--verify", str(place)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, processor, mebibytes, findings = answer.stdout.split(maxsplit=3)
    more = f"   {float(mebibytes):,.0f} MiB at most; {findings.strip()}"
    told(what, count, Took(float(seconds), float(processor)), floor=floor, more=more)


def verify(place: Path) -> None:
    from dutybound.cli.verify_journal import reader  # noqa: PLC0415
    from dutybound.ledger.verify import Verification, verify_journal  # noqa: PLC0415

    answers: list[Verification] = []
    took = timed(lambda: answers.append(verify_journal(reader(place))))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = "; ".join(map(str, answers[0].findings[:2])) or "it verifies"
    print(took.seconds, took.processor, most, found)


def by_go(place: Path) -> Took:
    """How long Go takes for the same."""
    from tests.library.ledger.published import KEY  # noqa: PLC0415
    from tests.needs import GO_PACKAGES  # noqa: PLC0415

    alone = {"GO111MODULE": "off", "GOPATH": str(GO_PACKAGES), "GOPROXY": "off", "CGO_ENABLED": "0"}
    program = str(place.with_name("verify-with-go"))
    build = ["go", "build", "-o", program, GO.name]
    subprocess.run(build, cwd=GO.parent, env=os.environ | alone, check=True)
    ask = [program, "-key", str(KEY), "-every", str(2**60), str(place)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = timed(lambda: subprocess.run(ask, check=True, capture_output=True))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = [one.ru_utime + one.ru_stime for one in (before, after)]
    return Took(took.seconds, spent[1] - spent[0])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=ENTRIES, help="of a large journal")
    parser.add_argument("--verify", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.verify:
        verify(asked.verify)
        sys.exit()
    with tempfile.TemporaryDirectory() as data:
        prepare(data)
        measure_actions(Path(data), count=min(ACTIONS, asked.entries))
        measure_bulk(Path(data), count=asked.entries)
