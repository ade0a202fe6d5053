"""A whole Dutybound in processes of its own, over a folder that is thrown away."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import urllib3
from psycopg.sql import SQL, Identifier

from tests.journeys.waiting import wait_for, wait_until

TOP = Path(__file__).parents[2]
DUTYBOUND = (sys.executable, "-c", "from dutybound.cli.main import main; main()")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """One `dutybound serve`, which may be killed and started again."""

    def __init__(self, folder: Path, *, database_url: str = "", **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.http = urllib3.PoolManager(retries=False, timeout=20, maxsize=8)
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "PYTHONPATH": f"{TOP / 'src'}{os.pathsep}{TOP}",
            "DJANGO_SETTINGS_MODULE": "dutybound_server.project.settings",
            "DUTYBOUND_DATA": str(folder / "var"),
            "DUTYBOUND_ORIGIN": self.address,
            "DUTYBOUND_DEMO": "yes",
            "DATABASE_URL": database_url,
            **settings,
        }

    def run(self, *arguments: str) -> str:
        """The output of a `dutybound` command, which must succeed."""
        return self._output(*DUTYBOUND, *arguments)

    def ask(self, module: str, *arguments: str, **wishes: object) -> Any:  # noqa: ANN401 - JSON
        """What a module of these tests prints, run beside the server with its settings."""
        told = [*arguments, *([json.dumps(wishes)] if wishes else [])]
        return json.loads(self._output(sys.executable, "-m", module, *told))

    def _output(self, *command: str) -> str:
        done = self._done(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _done(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=self.folder,
        )

    def start(self) -> None:
        self.spawn()
        wait_until(self.is_ready, what="the server is ready")

    def spawn(self) -> None:
        """Start without waiting until it is ready."""
        wait_until(self.is_port_free, what="an earlier server has let go of the port")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*DUTYBOUND, "serve", "--port", str(self.port)],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_port_free(self) -> bool:
        try:
            socket.create_server(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def is_gone(self) -> None:
        """Somebody killed it from outside; take note of its end."""
        assert self.process is not None
        self.process.wait()

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "\n".join(self.log().splitlines()[-20:])
        with suppress(urllib3.exceptions.HTTPError):
            return self.http.request("GET", f"{self.address}/readyz").status == 200
        return False

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.http.clear()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=20)

    def export_journal(self) -> Path:
        """The folder that the whole journal was written to, once all of it is sealed."""
        numbers = count()

        def whole() -> Path | None:
            folder = self.folder / f"journal-{next(numbers)}"
            told = self._done(*DUTYBOUND, "export-journal", str(folder)).stdout
            return folder if "Not yet sealed: 0." in told else None

        return wait_for(whole, what="every entry of the journal is sealed")

    def call(
        self, method: str, path: str, *, key: str, body: Mapping[str, Any] | None = None
    ) -> urllib3.BaseHTTPResponse:
        return self.http.request(
            method, f"{self.address}{path}", json=body, headers={"Authorization": f"Bearer {key}"}
        )


@contextmanager
def installed(folder: Path, *, database_url: str = "") -> Iterator[Installation]:
    """A migrated installation that is not started yet; whatever runs at the end is stopped."""
    installation = Installation(folder, database_url=database_url)
    installation.run("manage", "migrate", "--verbosity", "0")
    with stopped_at_the_end(installation):
        yield installation


@contextmanager
def running(folder: Path, *, database_url: str = "", **settings: str) -> Iterator[Installation]:
    """An installation that has started on an empty database."""
    installation = Installation(folder, database_url=database_url, **settings)
    with stopped_at_the_end(installation):
        installation.start()
        yield installation


@contextmanager
def stopped_at_the_end(installation: Installation) -> Iterator[None]:
    try:
        yield
    finally:
        installation.stop()


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """An empty PostgreSQL database beside the one at `url`."""
    name = f"journey_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
