"""Real processes for tests: `dutybound serve`, and a PostgreSQL that can be stopped and started."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from threading import Event

import urllib3

from dutybound_server.project.counters import counters_folder

PATIENCE_SECONDS = 45
ROOT = Path(__file__).parents[3]
WEB = urllib3.PoolManager(retries=False, timeout=PATIENCE_SECONDS)


def eventually(check: Callable[[], bool], *, within: float = PATIENCE_SECONDS) -> bool:
    """Whether the check holds in time. Processes die and start on their own; this looks on."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if check():
            return True
        Event().wait(0.05)
    return check()


def environment(data: Path, **more: str) -> dict[str, str]:
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DUTYBOUND_", "PROMETHEUS_", "DATABASE_URL", "DJANGO_"))
    }
    return ours | {"DUTYBOUND_DATA": str(data), "PYTHONPATH": str(ROOT / "src")} | more


def command(name: str, *arguments: str) -> list[str]:
    program = "import sys; from dutybound.cli.main import main; main(sys.argv[1:])"
    return [sys.executable, "-c", program, name, *arguments]


@dataclass(frozen=True, slots=True)
class Served:
    """A running `dutybound serve`."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        return WEB.request("GET", f"{self.address}{path}", headers=headers, redirect=False)

    def child(self, name: str) -> int | None:
        """The process id of the web server or the worker."""
        answer = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", f"project.child {name}"],
            capture_output=True,
            text=True,
            check=False,
        )
        return int(answer.stdout) if answer.stdout.strip() else None


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Served]:
    """`dutybound serve` on a free port, stopped afterwards whatever happened."""
    with (data.parent / f"{data.name}.log").open("w") as log:
        process = subprocess.Popen(
            command("serve", "--port", str(free_port()), "--next-free-port"),
            env=environment(data, **settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout:
            said = process.stdout.readline()
            if "DUTYBOUND_ORIGIN" in settings:
                said = process.stdout.readline()
            found = re.search(r"http://\S+", said)
            try:
                assert found, Path(log.name).read_text()
                yield Served(process, found.group())
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=20)
                rmtree(counters_folder(data), ignore_errors=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A cluster of its own in a temporary folder."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://dutybound@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def make(self) -> None:
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "dutybound", "-A", "trust")

    def _run(self, program: str, *arguments: str) -> None:
        folder = max(Path("/usr/lib/postgresql").glob("*/bin"))
        subprocess.run(
            [str(folder / program), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            # PostgreSQL refuses to be root; its package brings a user that it may be.
            user="postgres" if os.getuid() == 0 else None,
        )
