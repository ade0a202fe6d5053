"""`kill -9` at any moment: nothing acknowledged is lost, and nothing is done twice."""

import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPException
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import urllib3

from dutybound_server.casework.actions.deliveries import LEASE
from dutybound_server.project.commands.serve import LONGEST_PAUSE_SECONDS
from tests.journeys.installation import Installation, own_database, running
from tests.journeys.receiver import Receiver, listening
from tests.journeys.staff import Staff
from tests.journeys.waiting import PATIENCE_SECONDS, wait_until

SEED = 20261123
KILLS = {"web worker": 45, "worker": 3, "web server": 2, "everything": 1}
CLIENTS = 3
MOST_ANSWERS_BETWEEN_KILLS = 8
STILL_SECONDS = PATIENCE_SECONDS + LEASE.total_seconds() + LONGEST_PAUSE_SECONDS
"""A worker that was killed often starts late, and what it had leased rests until then."""
KNOWN = tuple(f"{number:064x}" for number in (3**160, 5**108, 7**90))


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_a_kill_at_any_moment_loses_nothing_and_does_nothing_twice(
    database: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        url = os.environ["DATABASE_URL"] if database == "postgresql" else ""
        database_url = stack.enter_context(own_database(url)) if url else ""
        receiver = stack.enter_context(listening())
        installation = stack.enter_context(running(tmp_path, database_url=database_url))
        made = installation.ask(
            "tests.journeys.prepare", slug="ridge", staff=["mo"], endpoint=receiver.url, pdq=KNOWN
        )
        receiver.secret = made["secret"]
        clients = [Client(installation, name=f"c{n}", key=made["key"]) for n in range(CLIENTS)]
        moderator = Moderator(installation, clients)
        for thread in (*clients, moderator):
            thread.start()

        kill_at_random(installation, clients)
        for thread in (*clients, moderator):
            thread.end()

        assert [refusal for client in clients for refusal in client.refusals] == []
        kept = installation.ask("tests.journeys.facts", "ridge")
        assert_answers_stand(kept, clients)
        assert_one_case_each(kept, clients)
        assert_enforcements_arrive_once(installation, moderator, receiver, key=made["key"])
        assert_journal_verifies(installation)


# Those who go on while processes die


class Goer(Thread):
    """Goes on until it is asked to end, and then ends with nothing in the air."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.enough = Event()

    def end(self) -> None:
        self.enough.set()
        self.join(timeout=60)
        assert not self.is_alive(), f"{self.name} is still waiting for an answer"


class Client(Goer):
    """A service that posts items, and asks again until each is answered."""

    def __init__(
        self, installation: Installation, *, name: str, key: str, rests: float = 0.0
    ) -> None:
        super().__init__(name)
        self.installation, self.key, self.rests = installation, key, rests
        self.answers: dict[str, dict[str, Any]] = {}
        self.refusals: list[bytes] = []

    def run(self) -> None:
        for number in count():
            if self.enough.wait(self.rests):
                return
            item = item_to_post(f"{self.name}-{number}", number=number)
            while (answer := self.post(item)) is None:
                pass
            self.answers[item["id"]] = answer

    def post(self, item: dict[str, Any]) -> dict[str, Any] | None:
        # A refused connection or a torn answer is what a kill looks like from here: ask again.
        with suppress(urllib3.exceptions.HTTPError):
            answer = self.installation.call("POST", "/api/v1/items", key=self.key, body=item)
            if answer.status == 200:
                return answer.json()  # type: ignore[no-any-return]
            if answer.status != 503:
                self.refusals.append(answer.data)
        return None


class Moderator(Goer):
    """Takes down what was blocked, asking again until the console has answered."""

    def __init__(self, installation: Installation, clients: list[Client]) -> None:
        super().__init__("moderator")
        self.staff = Staff(installation.address, email="mo@ridge.example")
        self.clients = clients
        self.decided: set[str] = set()

    def run(self) -> None:
        while not self.enough.is_set():
            for reference in cases_of(self.clients) - self.decided:
                if self.enough.is_set():
                    return
                while not self.decide(reference):
                    pass
                self.decided.add(reference)

    def decide(self, reference: str) -> bool:
        form = {
            "enforcement_kind": "take_down",
            "ground": "terms",
            "rule": "House rules, 1",
            "harm": "iia",
            "reasons": "The same picture.",
            "statement": "We took down your post.",
        }
        with suppress(OSError, HTTPException):
            # 422: the answer to an earlier try was torn, and the case is decided already.
            status = self.staff.post(f"/console/ridge/cases/{reference}/decide/", form)
            return status in {200, 422}
        return False


def item_to_post(name: str, *, number: int) -> dict[str, Any]:
    """Every third item shows a picture of the bank."""
    known = number % 3 == 0
    pdq = KNOWN[number % len(KNOWN)] if known else f"{random.Random(name).getrandbits(256):064x}"
    return {
        "id": name,
        "kind": "post",
        "author": {"id": f"author-of-{name}"},
        "text": f"This is {name}.",
        "media": [{"id": "m1", "hashes": {"pdq": [{"hash": pdq, "quality": 100}]}}],
    }


def cases_of(clients: list[Client]) -> set[str]:
    answers = [answer for client in clients for answer in list(client.answers.values())]
    return {answer["case"] for answer in answers if answer["case"]}


# Those who kill


def kill_at_random(installation: Installation, clients: list[Client]) -> None:
    """Kill again and again, each time after a random number of further answers."""
    chance = random.Random(SEED)
    victims = [victim for victim, times in KILLS.items() for _ in range(times)]
    chance.shuffle(victims)
    for victim in victims:
        goal = answered(clients) + chance.randint(1, MOST_ANSWERS_BETWEEN_KILLS)
        wait_until(lambda goal=goal: answered(clients) >= goal, what=f"answers before a {victim}")  # type: ignore[misc]
        kill(victim, installation, chance)


def answered(clients: list[Client]) -> int:
    return sum(len(client.answers) for client in clients)


def kill(victim: str, installation: Installation, chance: random.Random) -> None:
    serve = installation.pid
    tree = Tree()
    match victim:
        case "everything":
            tree.kill(serve)
            installation.is_gone()
            # Also those that an earlier kill orphaned, and those that are forked this moment.
            while left := Tree().started_by(serve):
                for pid in left:
                    tree.kill(pid)
            installation.spawn()
        case "web worker":
            web_workers = [pid for pid in tree.all_below(serve) if tree.parents[pid] != serve]
            if web_workers:  # else the web server died a moment ago and has none yet
                tree.kill(chance.choice(web_workers))
        case _:
            word = {"worker": "child worker", "web server": "child web"}[victim]
            for pid in tree.below(serve):
                if word in tree.commands[pid]:
                    tree.kill(pid)


class Tree:
    """The processes of this machine as they are now."""

    def __init__(self) -> None:
        listed = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        lines = [line.split(maxsplit=2) for line in listed.splitlines()]
        self.parents = {int(pid): int(parent) for pid, parent, *_ in lines}
        self.commands = {int(pid): " ".join(command) for pid, _, *command in lines}

    def below(self, pid: int) -> list[int]:
        return [child for child, parent in self.parents.items() if parent == pid]

    def all_below(self, pid: int) -> Iterator[int]:
        for child in self.below(pid):
            yield child
            yield from self.all_below(child)

    def started_by(self, serve: int) -> list[int]:
        """Children and their forks name in their commands who started them, also as orphans."""
        child = re.compile(rf"project\.child (web|worker) {serve}\b")
        return [pid for pid, command in self.commands.items() if child.search(command)]

    def kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


# What must be true afterwards


def assert_answers_stand(kept: dict[str, Any], clients: list[Client]) -> None:
    """What was acknowledged is there as it was answered, and nothing else is."""
    acknowledged = {name: answer for client in clients for name, answer in client.answers.items()}
    assert kept["answers"] == acknowledged


def assert_one_case_each(kept: dict[str, Any], clients: list[Client]) -> None:
    blocked = [a for c in clients for a in c.answers.values() if a["verdict"] == "block"]
    assert sorted(answer["case"] for answer in blocked) == sorted(kept["cases"])
    assert len(set(kept["cases"])) == len(kept["cases"])


def assert_enforcements_arrive_once(
    installation: Installation, moderator: Moderator, receiver: Receiver, *, key: str
) -> None:
    pulled = pull_enforcements(installation, key=key)
    assert len({one["id"] for one in pulled}) == len(pulled) == len(moderator.decided)

    ids = {one["id"] for one in pulled}
    wait_until(
        lambda: ids <= {one["data"]["id"] for one in receiver.messages("enforcement.created")},
        what="every enforcement reaches the receiver",
        patience=STILL_SECONDS,
        moves=lambda: len(receiver.told),
    )
    assert len(receiver.messages("enforcement.created")) == len(pulled)


def pull_enforcements(installation: Installation, *, key: str) -> list[dict[str, Any]]:
    pulled: list[dict[str, Any]] = []
    after = 0
    while True:
        path = f"/api/v1/enforcements?limit=1000&after={after}"
        page = installation.call("GET", path, key=key).json()
        if not page["enforcements"]:
            return pulled
        pulled += page["enforcements"]
        after = page["next"]


def assert_journal_verifies(installation: Installation) -> None:
    installation.run("verify-journal", str(installation.export_journal()))
