"""How long one look at every measure takes, where a service has many rows of the last 90 days.

Run: python -m benchmarks.looks. It fills a database of SQLite that is thrown away. What is told is
what it takes of one core: other work on the machine does not show in it. Set BENCHMARK_ROWS for
other than 100,000 items and reports; one in five has a case, of which nine in ten are decided and
confirmed.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from dutybound.evidence.probes import PROBES  # noqa: E402
from dutybound_server.assurance.measuring.readers import READERS  # noqa: E402
from dutybound_server.banks.models import Bank, Signal  # noqa: E402
from dutybound_server.casework.models import (  # noqa: E402
    Case,
    CaseEvent,
    Concern,
    ConcernSubject,
    Decision,
    Enforcement,
    Match,
    Queue,
)
from dutybound_server.items.models import Frame, Item, Media  # noqa: E402
from dutybound_server.people.models import Service  # noqa: E402
from tests.cast import NOW, Cast, hired  # noqa: E402

ROWS = int(os.environ.get("BENCHMARK_ROWS", "100000"))
DAYS = 90
HARMS = ("fraud", "harassment", "iia", "hate", "bullying", "csea_image_csam")
TIMES = 5
BATCH = 5000


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before we began")
    settings.DEBUG = False
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        began = time.perf_counter()
        cast = hired()
        fill(cast)
        print(f"{connection.vendor}: {ROWS:,} items and reports, {ROWS // 5:,} cases, "
              f"filled in {time.perf_counter() - began:.0f} s")  # fmt: skip
        measure(cast.ridge)
    finally:
        teardown_databases(databases, verbosity=0)


def measure(service: Service) -> None:
    now = NOW + timedelta(hours=1)
    whole = 0.0
    for name, reader in READERS.items():
        took = []
        for _ in range(TIMES):
            began = time.process_time()
            reader(service, now)
            took.append(time.process_time() - began)
        median = sorted(took)[TIMES // 2]
        whole += median
        print(f"  {name:24} {median * 1000:8.1f} ms")
    print(f"  {'a whole look':24} {whole * 1000:8.1f} ms for {len(PROBES)} measures")


# Rows


def moment(number: int) -> datetime:
    """Spread evenly over the days, the last one now."""
    return NOW - timedelta(days=DAYS) * (1 - number / ROWS)


def fill(cast: Cast) -> None:
    ridge = cast.ridge
    queue = Queue.objects.create(service=ridge, slug="rest", name="Rest")
    bank = Bank.objects.create(service=ridge, name="csam", source="tests", harm="csea_image_csam",
                               effect="block", created_at=moment(0))  # fmt: skip
    signal = Signal.objects.create(bank=bank, kind="pdq", value="f" * 64, added_at=moment(0),
                                   version=1)  # fmt: skip
    numbers = range(1, ROWS + 1)
    keep(Item, (item(ridge, number) for number in numbers))
    keep(Media, (Media(id=n, item_id=n, external_id="m", content_type="image/jpeg", size=9)
                 for n in numbers))  # fmt: skip
    keep(Frame, (Frame(media_id=n, quality=100, hashes=b"\0" * 32) for n in numbers))
    keep(Concern, (concern(ridge, number) for number in numbers))
    cases = numbers[::5]
    keep(Case, (case(ridge, queue, number) for number in cases))
    keep(ConcernSubject, (subject(number) for number in numbers))
    keep(Match, (match(signal, n) for n in cases if HARMS[n % len(HARMS)] == bank.harm))
    keep(CaseEvent, (event for number in cases for event in events(number)))
    decided = [number for number in cases if not is_open(number)]
    keep(Decision, (decision(cast, number) for number in decided))
    keep(Enforcement, (enforcement(ridge, number) for number in decided))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def keep(model: type, rows: Iterator) -> None:  # type: ignore[type-arg]
    model.objects.bulk_create(rows, batch_size=BATCH)  # type: ignore[attr-defined]


def is_open(number: int) -> bool:
    return number % 50 == 1


def harm_of(number: int) -> str:
    return HARMS[number % len(HARMS)]


def item(ridge: Service, number: int) -> Item:
    at = moment(number)
    return Item(id=number, service=ridge, external_id=f"post-{number}", kind="post",
                visibility="public", created_at=at, received_at=at, digest=f"{number:064x}",
                verdict="block" if number % 3 == 0 else "allow", answer={})  # fmt: skip


def concern(ridge: Service, number: int) -> Concern:
    at = moment(number)
    decided = None if is_open(number) else at + timedelta(hours=2)
    return Concern(id=number, service=ridge, reference=f"c{number}", token_digest=f"{number:064x}",
                   token="", kind="illegal_content", channel="page", severity=3, received_at=at,
                   acknowledged_at=at, decided_at=decided,
                   due_at=at + timedelta(days=3))  # fmt: skip


def case(ridge: Service, queue: Queue, number: int) -> Case:
    at = moment(number)
    return Case(id=number, service=ridge, reference=f"r{number}", subject_kind="item",
                subject=f"post-{number}", item_id=number, queue=queue, harm=harm_of(number),
                severity=3, weight=3, status="open" if is_open(number) else "decided",
                opened_at=at, waiting_since=at, due_at=at + timedelta(days=3))  # fmt: skip


def subject(number: int) -> ConcernSubject:
    return ConcernSubject(concern_id=number, subject_kind="item", subject=f"post-{number}",
                          item_id=number, case_id=number - (number - 1) % 5,
                          added_at=moment(number))  # fmt: skip


def match(signal: Signal, number: int) -> Match:
    return Match(item_id=number, signal=signal, distance=4, threshold=31, harm=harm_of(number),
                 effect="block", found_at=moment(number))  # fmt: skip


def events(number: int) -> Iterator[CaseEvent]:
    at = moment(number)
    yield CaseEvent(case_id=number, kind="opened", at=at, facts={"harms": [harm_of(number)]})
    for minutes in (5, 10):
        yield CaseEvent(case_id=number, kind="raised", at=at + timedelta(minutes=minutes))
    if not is_open(number):
        yield CaseEvent(case_id=number, kind="decided", at=at + timedelta(hours=2))


def decision(cast: Cast, number: int) -> Decision:
    return Decision(id=number, case_id=number, enforcement_kind="take_down", ground="terms",
                    harm=harm_of(number), by=cast.mo, reasons="x", statement="x",
                    decided_at=moment(number) + timedelta(hours=2))  # fmt: skip


def enforcement(ridge: Service, number: int) -> Enforcement:
    at = moment(number) + timedelta(hours=2)
    said = None if number % 10 == 1 else at + timedelta(minutes=1)
    return Enforcement(id=number, uuid=UUID(int=number), service=ridge, case_id=number,
                       decision_id=number, kind="take_down", subject_kind="item",
                       subject=f"post-{number}", revision=1, created_at=at,
                       acknowledged_at=said)  # fmt: skip


if __name__ == "__main__":
    main()
