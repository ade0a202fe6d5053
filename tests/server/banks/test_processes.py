"""A change of a bank is known to every process before its next verdict."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.utils.text import slugify

from tests.journeys.installation import Installation, installed

A_SECOND = 1.0
START = "import django; django.setup(); from tests.server.banks.asker import main; main()"


class Asker:
    """A worker process that answers a line with a line."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.process = subprocess.Popen(
            [sys.executable, "-c", START],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, request: str) -> Any:  # noqa: ANN401 - JSON
        self.tell(request)
        return self.hear()

    def tell(self, request: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:  # noqa: ANN401 - JSON
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=20)

    def stop(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    url = os.environ["DATABASE_URL"] if request.param == "postgresql" else ""
    with installed(tmp_path_factory.mktemp("askers"), database_url=url) as installation:
        yield installation


@pytest.fixture
def askers(migrated: Installation, request: pytest.FixtureRequest) -> Iterator[tuple[Asker, Asker]]:
    """Two processes that speak of a service of this test's own."""
    own = {"ASKED_SERVICE": slugify(request.node.originalname)[:64]}
    with ExitStack() as stack:
        first, second = (Asker(migrated.environment | own) for _ in range(2))
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


def test_every_process_moves_to_a_file_that_one_of_them_made_and_meets_what_comes_after(
    askers: tuple[Asker, Asker],
) -> None:
    one, other = askers
    early, late = "a" * 64, "b" * 64
    one.ask("make")
    one.ask(f"add-hash {early}")
    assert [each.ask(f"match-hash {early}") for each in askers] == [[early], [early]]

    one.ask("compile")
    assert [each.ask(f"match-hash {early}") for each in askers] == [[early], [early]]

    other.ask(f"add-hash {late}")
    began = time.monotonic()
    assert [each.ask(f"match-hash {late}") for each in askers] == [[late], [late]]
    assert time.monotonic() - began < A_SECOND
    other.ask(f"remove {early}")
    assert [each.ask(f"match-hash {early}") for each in askers] == [[], []]


def test_a_kill_while_a_file_is_made_leaves_a_whole_one(
    askers: tuple[Asker, Asker],
) -> None:
    """Killed a few files in, wherever in making the next it then is."""
    reader, _ = askers
    reader.ask("make")
    reader.ask(f"add-hash {'0' * 64}")
    reader.ask(f"match-hash {'0' * 64}")

    for kill in range(1, 4):
        value = f"{kill:064x}"
        maker = Asker(reader.environment)
        maker.tell("compile-for-ever")
        reader.ask(f"add-hash {value}")
        for _ in range(kill):
            maker.hear()
        maker.kill()

        assert reader.ask(f"match-hash {value}") == [value]
    newcomer = Asker(reader.environment)
    assert newcomer.ask(f"match-hash {value}") == [value]
    assert newcomer.ask(f"match-hash {'0' * 64}") == ["0" * 64]
    newcomer.stop()
