"""A worker process of its own for the tests: one request a line in, one answer a line out."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dutybound.matching import Content, MediaHashes
from dutybound_server.banks import files, live
from dutybound_server.banks.actions import NewSignal, add_signals, create_bank, remove_signals
from dutybound_server.banks.live import current
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.people.actions import create_service
from dutybound_server.people.models import Service

BY = "system"
SLUG = os.environ.get("ASKED_SERVICE", "two-processes")
"""Of its own for each test, since all have one database."""


def now() -> datetime:
    return datetime.now(UTC)


def make(_: str) -> Any:  # noqa: ANN401 - JSON
    service = create_service(slug=SLUG, name="Two processes", by=BY, now=now())
    bank = create_bank(
        service=service,
        name="words",
        source="staff",
        harm="hate",
        effect="hold",
        why="A list.",
        by=BY,
        now=now(),
    )
    return bank.pk


def add_hash(value: str) -> Any:  # noqa: ANN401 - JSON
    bank = Bank.objects.get(service__slug=SLUG)
    signals = [NewSignal("sha256", value)]
    return add_signals(bank=bank, signals=signals, why="Seen.", by=BY, now=now()).added


def compile_bank(_: str) -> Any:  # noqa: ANN401 - JSON
    """Make the bank's file, whatever there is already."""
    bank = Bank.objects.get(service__slug=SLUG)
    files.compile_file(bank)
    return files.stamp(bank.pk)


def compile_for_ever(_: str) -> None:
    while True:
        sys.stdout.write(json.dumps(compile_bank("")) + "\n")
        sys.stdout.flush()


def match_hash(value: str) -> Any:  # noqa: ANN401 - JSON
    return _met(Content(media=(MediaHashes(id="m1", sha256=value),)))


def add(phrase: str) -> Any:  # noqa: ANN401 - JSON
    signals = [NewSignal("phrase", phrase)]
    bank = Bank.objects.get(service__slug=SLUG)
    return add_signals(bank=bank, signals=signals, why="Seen.", by=BY, now=now()).added


def remove(phrase: str) -> Any:  # noqa: ANN401 - JSON
    signal = Signal.objects.get(bank__service__slug=SLUG, value=phrase)
    return remove_signals(bank=signal.bank, ids=[signal.pk], why="Wrong.", by=BY, now=now())


def match(text: str) -> Any:  # noqa: ANN401 - JSON
    return _met(Content(text=text))


def _met(content: Content) -> list[str]:
    banks = current(Service.objects.get(slug=SLUG).pk)
    return [found.value for found in banks.matcher.match(content, banks=banks.bank_keys)]


REQUESTS: dict[str, Callable[[str], Any]] = {
    "make": make,
    "add": add,
    "remove": remove,
    "match": match,
    "add-hash": add_hash,
    "match-hash": match_hash,
    "compile": compile_bank,
    "compile-for-ever": compile_for_ever,
}


def main() -> None:
    live.FILES_ARE_LOOKED_FOR_EVERY = 0.0
    for line in sys.stdin:
        request, _, argument = line.strip().partition(" ")
        sys.stdout.write(json.dumps(REQUESTS[request](argument)) + "\n")
        sys.stdout.flush()
