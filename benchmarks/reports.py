"""A flood of reports of one item: how many a second are received, and how quick the queue stays.

Run: python -m benchmarks.reports. It starts a real server over a folder that is thrown away, on
SQLite, and on PostgreSQL too where DATABASE_URL names one. Set BENCHMARK_REPORTS for fewer than
10,000. Server, database and clients share the machine; what the server alone used is told too.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.journeys.installation import Installation, installed, own_database
from tests.journeys.staff import Staff

REPORTS = int(os.environ.get("BENCHMARK_REPORTS", "10000"))
CLIENTS = 8
LOOKS = 15
PER_MINUTE = 10_000
LONGEST_WAIT_SECONDS = 1800
ITEM = "post-1"
CASES = "/console/ridge/cases/"


def main() -> None:
    match sys.argv[1:]:
        case ["told"]:
            print(json.dumps(told()))
        case ["send", address, key]:
            print(json.dumps(send_all(address, key)))
        case _:
            print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before we began")
            url = os.environ.get("DATABASE_URL", "")
            measure("SQLite", "")
            if url:
                with own_database(url) as own:
                    measure("PostgreSQL", own)


def measure(name: str, url: str) -> None:
    print(f"\n{name}")
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder), database_url=url) as one:
        made = one.ask(
            "tests.journeys.prepare",
            slug="ridge",
            staff=["mo"],
            endpoint="http://127.0.0.1:9/",
            pdq=[f"{3**160:064x}"],
        )
        one.start()
        staff = Staff(one.address, email="mo@ridge.example")
        send_one(Client(one.address, made["key"]), 0, item="other")
        before = page(staff, CASES)
        last = flood(one, staff, made["key"])
        print(f"the queue's page: {before:.0f} ms before, {page(staff, CASES):.0f} ms after")
        answer(one, staff, made["key"], last=last)


def flood(one: Installation, staff: Staff, key: str) -> str:
    """The same item by one call each, as fast as clients in a process of their own can."""
    used = seconds_used(one.pid)
    command = [sys.executable, "-m", "benchmarks.reports", "send", one.address, key]
    clients = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    during = []
    while clients.poll() is None:
        during.append(page(staff, CASES, looks=1))
        time.sleep(1)
    sent = json.loads(clients.communicate()[0])
    used = seconds_used(one.pid) - used
    state = one.ask("benchmarks.reports", "told")
    assert state["concerns"] == state["acknowledged"] == REPORTS, state
    rate = REPORTS / sent["seconds"]
    print(
        f"{REPORTS:,} reports of one item received in {sent['seconds']:.0f} s, none lost: "
        f"{rate:.0f} a second, {rate * 60 / PER_MINUTE:.1f} × the 10,000 in a minute\n"
        f"an answer took {sent['median']:.0f} ms in the middle; "
        f"one in a hundred took over {sent['p99']:.0f} ms\n"
        f"all of the server's processes used {used / REPORTS * 1000:.1f} ms of a core for each\n"
        f"the queue's page meanwhile: {statistics.median(during):.0f} ms in the middle, "
        f"{max(during):.0f} ms at most"
    )
    return str(sent["last"])


def answer(one: Installation, staff: Staff, key: str, *, last: str) -> None:
    """Somebody opens the case, decides it, and takes that back: when has everyone heard?"""
    state = one.ask("benchmarks.reports", "told")
    opened = [page(staff, f"{CASES}{state['case']}/", looks=1) for _ in range(2)]
    print(f"the case opened for the first time: {opened[0]:.0f} ms, and again: {opened[1]:.0f} ms")

    form = {
        "enforcement_kind": "take_down", "ground": "terms", "rule": "House rules, 1",
        "harm": "other_illegal", "reasons": "Cruel.", "statement": "We took down your post.",
    }  # fmt: skip
    began = time.perf_counter()
    assert staff.post(f"{CASES}{state['case']}/decide/", form) == 200
    took = time.perf_counter() - began
    client = Client(one.address, key)
    wait(lambda: client.call("GET", f"/api/v1/concerns/{last}")["state"] == "decided", every=0.5)
    whole = time.perf_counter() - began
    assert not one.ask("benchmarks.reports", "told")["untold"]
    print(
        f"one decision about it: {took * 1000:.0f} ms; the last of them heard after {whole:.0f} s"
    )

    decision = one.ask("benchmarks.reports", "told")["decision"]
    began = time.perf_counter()
    assert staff.post(f"{CASES}{state['case']}/undo/{decision}/", {}) == 200
    took = time.perf_counter() - began
    wait(lambda: one.ask("benchmarks.reports", "told")["changed"] == REPORTS, every=5)
    whole = time.perf_counter() - began
    print(f"taking it back: {took * 1000:.0f} ms; the last of them heard after {whole:.0f} s")


def wait(is_done: Callable[[], bool], *, every: float) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while not is_done():
        assert time.monotonic() < until, "the worker does not come to an end"
        time.sleep(every)


def page(staff: Staff, path: str, *, looks: int = LOOKS) -> float:
    """The median time of a page of the console, in milliseconds."""
    times = []
    for _ in range(looks):
        began = time.perf_counter()
        staff.opener.open(f"{staff.address}{path}", timeout=60).read()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def seconds_used(pid: int) -> float:
    """What the process and all that it started have used of a core, as Linux counts it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    used = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return used + sum(seconds_used(int(child)) for child in children)


# In processes of their own


class Client:
    """One connection that is kept open."""

    def __init__(self, address: str, key: str) -> None:
        self.connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: object = None) -> dict[str, object]:
        sent = json.dumps(body) if body is not None else None
        self.connection.request(method, path, sent, self.headers)
        with self.connection.getresponse() as response:
            told = response.read()
            assert response.status in {200, 201}, told
            return dict(json.loads(told))


def send_one(client: Client, number: int, *, item: str = ITEM) -> str:
    body = {"words": f"This is cruel ({number}).", "subjects": [{"id": item}]}
    return str(client.call("POST", "/api/v1/reports", body)["reference"])


def send_all(address: str, key: str) -> dict[str, object]:
    """Every report but the last by as many clients at once, then the last."""
    times: list[float] = []

    def some(first: int) -> None:
        client = Client(address, key)
        for number in range(first, REPORTS - 1, CLIENTS):
            began = time.perf_counter()
            send_one(client, number)
            times.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(some, range(CLIENTS)))
    last = send_one(Client(address, key), REPORTS - 1)
    seconds = time.perf_counter() - began
    percentiles = statistics.quantiles(times, n=100)
    return {"seconds": seconds, "median": percentiles[49], "p99": percentiles[98], "last": last}


def told() -> dict[str, object]:
    """Beside the server: the flooded case, and how far those who reported it were told."""
    import django  # noqa: PLC0415

    django.setup()
    from dutybound_server.casework.models import Case, Concern, Letter  # noqa: PLC0415

    case = Case.objects.get(subject=ITEM)
    concerns = Concern.objects.filter(subjects__case=case)
    letters = Letter.objects.filter(concern__subjects__case=case)
    decision = case.decisions.order_by("-id").first()
    return {
        "case": case.reference,
        "decision": decision.pk if decision else None,
        "concerns": concerns.count(),
        "untold": concerns.filter(told_at__isnull=True).count(),
        "acknowledged": letters.filter(kind="acknowledged").count(),
        "changed": letters.filter(kind="changed").count(),
    }


if __name__ == "__main__":
    main()
