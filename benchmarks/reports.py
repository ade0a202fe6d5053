"""A flood of reports of one item: how many a second are received, and how quick the queue stays.

Run: python -m benchmarks.reports. It starts a real server over a folder that is thrown away, and
ends within five minutes. Server and clients share the machine, as the numbers say.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.journeys.installation import Installation, installed
from tests.journeys.staff import Staff

REPORTS = int(os.environ.get("BENCHMARK_REPORTS", "10000"))
CLIENTS = 4
LOOKS = 15
PER_MINUTE = 10_000


def main() -> None:
    if sys.argv[1:] == ["told"]:
        print(json.dumps(told()))
        return
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        made = installation.ask(
            "tests.journeys.prepare", endpoint="http://127.0.0.1:9/", pdq=[f"{3**160:064x}"]
        )
        installation.start()
        staff = Staff(installation.address, email="mo@ridge.example")
        send(installation, made["key"], {"words": "A first one.", "subjects": [{"id": "other"}]})
        print(f"{os.cpu_count()} cores, shared by server, database and clients\n")
        before = look(staff)
        flood(installation, made["key"])
        print(f"the queue's page: {before:.0f} ms before, {look(staff):.0f} ms after")
        decide(installation, staff)


def flood(installation: Installation, key: str) -> None:
    """The same item, by one call each, as fast as the clients can."""

    def one(number: int) -> None:
        body: dict[str, object] = {
            "words": f"This is cruel ({number}).",
            "subjects": [{"id": "post-1"}],
        }
        send(installation, key, body)

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(one, range(REPORTS)))
    seconds = time.perf_counter() - began
    needed = PER_MINUTE / 60
    rate = REPORTS / seconds
    print(
        f"{REPORTS:,} reports of one item received in {seconds:.0f} s: {rate:.0f} a second, "
        f"{rate / needed:.1f} × the {needed:.0f} that 10,000 in a minute take"
    )


def send(installation: Installation, key: str, body: Mapping[str, object]) -> str:
    answer = installation.call("POST", "/api/v1/reports", key=key, body=body)
    assert answer.status == 201, answer.data
    return str(answer.json()["reference"])


def look(staff: Staff) -> float:
    """The median time of the queue's page, in milliseconds."""
    times = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        staff.opener.open(f"{staff.address}/console/ridge/cases/", timeout=60).read()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def decide(installation: Installation, staff: Staff) -> None:
    """One decision answers them all: how long it takes, and until the last is told."""
    state = installation.ask("benchmarks.reports", "told")
    form = {
        "enforcement_kind": "take_down", "ground": "terms", "rule": "House rules, 1",
        "harm": "other_illegal", "reasons": "Cruel.", "statement": "We took down your post.",
    }  # fmt: skip
    began = time.perf_counter()
    status = staff.post(f"/console/ridge/cases/{state['case']}/decide/", form)
    print(f"one decision about it: {(time.perf_counter() - began) * 1000:.0f} ms (HTTP {status})")
    while installation.ask("benchmarks.reports", "told")["untold"]:
        time.sleep(1)
    print(f"all who reported it were told after {time.perf_counter() - began:.0f} s")


def told() -> dict[str, object]:
    """Run beside the server: the flooded case, and how many of its concerns are not told yet."""
    import django  # noqa: PLC0415

    django.setup()
    from dutybound_server.casework.models import Case, Concern  # noqa: PLC0415

    case = Case.objects.get(subject="post-1")
    untold = Concern.objects.filter(subjects__case=case, told_at__isnull=True).count()
    return {"case": case.reference, "untold": untold}


if __name__ == "__main__":
    main()
