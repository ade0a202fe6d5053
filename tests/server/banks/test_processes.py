"""A change of a bank is known to every process before its next verdict."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.installation import Installation

A_SECOND = 1.0
START = "import django; django.setup(); from tests.server.banks.asker import main; main()"


class Asker:
    """A worker process that answers a line with a line."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", START],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, request: str) -> Any:  # noqa: ANN401 - JSON
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def askers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Asker, Asker]]:
    url = os.environ["DATABASE_URL"] if request.param == "postgresql" else ""
    with ExitStack() as stack:
        environment = Installation(tmp_path, database_url=url).environment
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, check=True)
        first, second = Asker(environment), Asker(environment)
        stack.callback(first.stop)
        stack.callback(second.stop)
        yield first, second


def test_every_process_meets_an_added_signal_within_a_second_and_a_removed_one_no_longer(
    askers: tuple[Asker, Asker],
) -> None:
    one, other = askers
    one.ask("make")
    assert [each.ask("match a zonk here") for each in askers] == [[], []]

    one.ask("add zonk")
    began = time.monotonic()
    assert [each.ask("match a zonk here") for each in askers] == [["zonk"], ["zonk"]]
    assert time.monotonic() - began < A_SECOND

    other.ask("remove zonk")
    began = time.monotonic()
    assert [each.ask("match a zonk here") for each in askers] == [[], []]
    assert time.monotonic() - began < A_SECOND
