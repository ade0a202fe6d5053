"""Killed before it answers: a report exists with its receipt, or its sender knows of none."""

import random
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import urllib3

from tests.journeys.installation import Installation, running
from tests.journeys.test_kill import Goer, kill
from tests.journeys.waiting import wait_until

SEED = 20261130
VICTIMS = ("web worker",) * 4 + ("web server", "everything")
SENDERS = 2


class Sender(Goer):
    """A service that passes reports on under its own ids, again until each has a receipt."""

    def __init__(self, installation: Installation, *, name: str, key: str) -> None:
        super().__init__(name)
        self.installation, self.key = installation, key
        self.receipts: dict[str, dict[str, Any]] = {}
        self.refusals: list[bytes] = []

    def run(self) -> None:
        for number in count():
            if self.enough.is_set():
                return
            body = {
                "words": f"{number} is cruel.",
                "subjects": [{"id": "post-1"}],
                "request_id": f"{self.name}-{number}",
            }
            while (receipt := self.post(body)) is None:
                pass
            self.receipts[body["request_id"]] = receipt  # type: ignore[index]

    def post(self, body: dict[str, Any]) -> dict[str, Any] | None:
        with suppress(urllib3.exceptions.HTTPError):
            answer = self.installation.call("POST", "/api/v1/reports", key=self.key, body=body)
            if answer.status in {200, 201}:
                return answer.json()  # type: ignore[no-any-return]
            if answer.status != 503:
                self.refusals.append(answer.data)
        return None


def test_a_report_is_kept_with_its_receipt_or_not_at_all_whenever_the_server_dies(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as installation:
        made = installation.ask(
            "tests.journeys.prepare", slug="ridge", staff=[], endpoint="http://127.0.0.1:9/", pdq=[]
        )
        senders = [
            Sender(installation, name=f"s{number}", key=made["key"]) for number in range(SENDERS)
        ]
        threads: list[Thread] = [*senders]
        for thread in threads:
            thread.start()
        chance = random.Random(SEED)
        for victim in VICTIMS:
            goal = received(senders) + chance.randint(1, 5)
            wait_until(partial(have, senders, goal), what=f"receipts before {victim}")
            kill(victim, installation, chance)
        for sender in senders:
            sender.end()

        assert [refusal for sender in senders for refusal in sender.refusals] == []
        kept = installation.ask("tests.journeys.concerns")
        told = {own: got["reference"] for one in senders for own, got in one.receipts.items()}
        assert {one["request_id"]: one["reference"] for one in kept["concerns"]} == told
        assert {one["letters"] for one in kept["concerns"]} == {1}
        assert len(kept["cases"]) == 1


def have(senders: list[Sender], count: int) -> bool:
    return received(senders) >= count


def received(senders: list[Sender]) -> int:
    return sum(len(sender.receipts) for sender in senders)
