"""Many threads and forked processes see whole banks, and changes take turns."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from dutybound.matching import Content
from dutybound_server.banks.actions import NewSignal, add_signals, create_bank
from dutybound_server.banks.live import current
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.banks.queries import newest_version
from tests.cast import NOW, Cast

THREADS = 6
needs_real_locks = pytest.mark.postgresql


@pytest.fixture
def bank(transactional_db: None, cast: Cast) -> Bank:
    bank = create_bank(
        service=cast.ridge,
        name="words",
        source="staff",
        harm="hate",
        effect="hold",
        why="A list.",
        by="system",
        now=NOW,
    )
    add(bank, "zonk")
    return bank


def add(bank: Bank, phrase: str) -> int:
    signals = [NewSignal("phrase", phrase)]
    return add_signals(bank=bank, signals=signals, why="Seen.", by="system", now=NOW).version


def met(service_id: int) -> int:
    live = current(service_id)
    return len(live.matcher.match(Content(text="a zonk here"), banks=live.bank_keys))


def at_once(do: Callable[[int], int]) -> list[int]:
    """What the threads answer that all begin at the same moment."""
    start = Barrier(THREADS)

    def begin(number: int) -> int:
        start.wait(timeout=10)
        try:
            return do(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begin, range(THREADS)))


@needs_real_locks
def test_threads_that_load_at_once_all_see_the_whole_bank(bank: Bank) -> None:
    assert at_once(lambda _: met(bank.service_id)) == [1] * THREADS


@needs_real_locks
def test_changes_at_once_take_turns_and_none_is_lost(bank: Bank) -> None:
    before = newest_version()

    versions = at_once(lambda number: add(bank, f"word {number}"))

    assert sorted(versions) == [before + 1 + number for number in range(THREADS)]
    assert Signal.objects.count() == 1 + THREADS


@needs_real_locks
def test_the_same_signal_added_at_once_lives_once(bank: Bank) -> None:
    at_once(lambda _: add(bank, "blip"))

    assert Signal.objects.filter(value="blip").count() == 1


def test_a_forked_process_loads_for_itself(bank: Bank) -> None:
    assert met(bank.service_id) == 1
    if connection.vendor == "postgresql":
        connection.close()

    child = os.fork()
    if child == 0:
        # Nothing of the test runner may run twice, so the child leaves without its clean-up.
        os._exit(0 if _is_empty() else 1)

    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def _is_empty() -> bool:
    from dutybound_server.banks import live

    return live._shelves == {}
