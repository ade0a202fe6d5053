"""Pull a lever in the demo service, and see how soon the right measure turns.

Run: python -m benchmarks.levers. It starts the demo over a folder that is thrown away, disables a
bank as an administrator does, lets a report breach its target (its due time is brought forward in
the database: nobody waits four hours), and stops the worker. Each is watched on its measure's page.
"""

import os
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.journeys.installation import DUTYBOUND, Installation, free_port
from tests.journeys.staff import Staff
from tests.journeys.waiting import wait_until

WITHIN_SECONDS = 60
STATUSES = ("Not met", "At risk", "Stale", "Not enough evidence", "Met")
BANKS = {"ICU C14": "intimate-images", "ICU C9": "known-child-abuse"}


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before we began")
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder))
        try:
            measure(demo)
        finally:
            demo.stop()


def measure(demo: "Demo") -> None:
    auditor = Staff(demo.address, email="ode@ridge.example")
    wait_until(lambda: demo.status(auditor, "ICU C14") not in {"", "Stale"}, what="a first look")
    print(f"{'lever':34} {'measure':9} {'was':22} {'became':22} after")
    administrator = Staff(demo.address, email="ada@ridge.example")
    for measured, bank in BANKS.items():
        disable = partial(demo.disable, administrator, bank)
        pull(demo, auditor, f"disable the bank {bank}", measured, disable)
    pull(demo, auditor, "let reports breach their target", "ICU D7", demo.breach)
    pull(demo, auditor, "stop the worker", "ICU D4", demo.stop_the_worker)


def pull(demo: "Demo", auditor: Staff, lever: str, measured: str, do: Callable[[], None]) -> None:
    was = demo.status(auditor, measured)
    do()
    began = time.monotonic()
    while (became := demo.status(auditor, measured)) == was:
        if time.monotonic() - began > 2 * WITHIN_SECONDS:
            break
        time.sleep(0.5)
    took = time.monotonic() - began
    late = "" if took <= WITHIN_SECONDS else "  later than a minute"
    print(f"{lever:34} {measured:9} {was:22} {became:22} {took:4.0f} s{late}", flush=True)


class Demo:
    """The demo in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, port = folder, free_port()
        self.address = f"http://127.0.0.1:{port}"
        environment = Installation(folder).environment
        del environment["DUTYBOUND_ORIGIN"], environment["DUTYBOUND_DEMO"]
        printed = folder / "printed"
        with printed.open("wb") as output:
            self.process = subprocess.Popen(
                [*DUTYBOUND, "demo", "--port", str(port)],
                env=environment, cwd=folder, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        has_begun = partial(self._has, printed, "Ctrl-C stops")
        wait_until(has_begun, what="the demo has begun", patience=300)
        wait_until(self._answers, what="it answers")

    def _has(self, file: Path, words: str) -> bool:
        assert self.process.poll() is None, file.read_text()
        return words in file.read_text()

    def _answers(self) -> bool:
        asked = subprocess.run(
            ["curl", "-sf", f"{self.address}/healthz"], capture_output=True, check=False
        )
        return asked.returncode == 0

    def status(self, auditor: Staff, measured: str) -> str:
        """What the measure's own page says of it first."""
        slug = measured.lower().replace(" ", "-")
        path = f"{self.address}/console/ridge/measures/{slug}/"
        with auditor.opener.open(path, timeout=20) as answer:
            page = answer.read().decode()
        found = re.search(r'<h2 id="now".*?</h2>', page, re.DOTALL)
        words = found[0] if found else ""
        return next((status for status in STATUSES if f"</span> {status}</span>" in words), "")

    def disable(self, administrator: Staff, bank: str) -> None:
        """As the bank's settings do, with the tick taken away."""
        with self._database() as rows:
            effect, threshold = rows.execute(
                "SELECT effect, threshold FROM banks_bank WHERE name = ?", [bank]
            ).fetchone()
        form = {
            "effect": effect, "threshold": str(threshold), "any_orientation": "on",
            "flood_percent": "5", "description": "", "why": "To see what turns.",
        }  # fmt: skip
        status = administrator.post(f"/console/ridge/banks/bank/{bank}/settings/", form)
        assert status == 200, status

    def breach(self) -> None:
        with self._database() as rows:
            rows.execute(
                "UPDATE casework_concern SET due_at = datetime('now', '-1 second')"
                " WHERE decided_at IS NULL AND withdrawn_at IS NULL"
            )

    def stop_the_worker(self) -> None:
        """Halted, it is no more use than one that ended; the supervisor would start that again."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for child in children.split():
            if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(int(child), signal.SIGSTOP)
                self.halted = int(child)

    def _database(self) -> "closing[sqlite3.Connection]":
        file = self.folder / "var/dutybound.sqlite3"
        return closing(sqlite3.connect(file, timeout=30, isolation_level=None))

    halted: int | None = None

    def stop(self) -> None:
        if self.halted:
            os.kill(self.halted, signal.SIGCONT)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)


if __name__ == "__main__":
    main()
