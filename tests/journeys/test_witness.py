"""A witness in a process of its own, and two journals that one key signs: it takes one of them."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from click.testing import CliRunner

from dutybound.cli.main import main
from dutybound.ledger.checkpoint import unverified
from dutybound.ledger.notes import verifier_key
from dutybound_server.project.backups import DATABASE
from dutybound_server.project.keys import keys_in
from tests.journeys.installation import DUTYBOUND, TOP, Installation, stopped_at_the_end
from tests.journeys.waiting import wait_until


def test_a_restored_database_and_a_stolen_key_do_not_get_past_a_witness(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    keys = dutybound("witness", "init", "--data", str(witness), "--name", "ngo.example").split()
    ours = Installation(folder_in(tmp_path, "ours"), DUTYBOUND_WEB_PROCESSES="1")
    journal_key = key_of(ours)
    dutybound("witness", "add-log", journal_key, "--data", str(witness))
    with stopped_at_the_end(ours), serving(witness) as address:
        policy = policy_in(tmp_path, keys, address=address, journal=journal_key)
        ours.environment["DUTYBOUND_WITNESSES"] = str(policy)
        ours.start()
        key = prepare(ours)
        theirs = stolen(ours, folder_in(tmp_path, "theirs"), DUTYBOUND_WITNESSES=str(policy))
        send(ours, "after the theft", key=key)

        wait_until(lambda: witnessed_size(ours) == sealed_size(ours) > 0, what="all is seen")
        journal = ours.folder / "exported"
        told = ours.run("export-journal", "--witnessed", str(journal))
        assert "Witnessed by ngo, ngo-pq up to entry" in told
        assert "Witnessed by ngo" in dutybound(
            "verify-journal", str(journal), "--policy", str(policy)
        )

        forge(theirs, key=key, until="a second one under its name")

        assert "signed heads did NOT follow" in dutybound(
            "witness", "status", "--data", str(witness)
        )
        assert "notice-red" not in page(ours)


def stolen(ours: Installation, folder: Path, **settings: str) -> Installation:
    """Another installation over a copy of the data of one that runs, with its keys."""
    theirs = Installation(folder, DUTYBOUND_WEB_PROCESSES="1", **settings)
    shutil.copytree(ours.folder / "var/keys", folder / "var/keys")
    with (
        closing(sqlite3.connect(ours.folder / f"var/{DATABASE}")) as source,
        closing(sqlite3.connect(folder / f"var/{DATABASE}")) as copy,
    ):
        source.backup(copy)
    return theirs


def forge(theirs: Installation, *, key: str, until: str) -> None:
    """Go on from what was stolen until its page tells of the refusal."""
    with stopped_at_the_end(theirs):
        theirs.start()
        send(theirs, "forged", key=key)
        wait_until(lambda: until in page(theirs), what="the refusal is told to everyone")
        assert "notice-red" in page(theirs)
        assert witnessed_size(theirs) < sealed_size(theirs)


def folder_in(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def prepare(installation: Installation) -> str:
    """A service, and its key."""
    made = installation.ask(
        "tests.journeys.prepare", slug="ridge", staff=[], endpoint="http://127.0.0.1:9/", pdq=[]
    )
    return str(made["key"])


def send(installation: Installation, name: str, *, key: str) -> None:
    """An item, of which the journal has an entry."""
    body = {"id": name, "text": "hello"}
    assert installation.call("POST", "/api/v1/items", key=key, body=body).status == 200


def key_of(installation: Installation) -> str:
    """The public key of its journal."""
    keys = keys_in(installation.folder / "var")
    return str(verifier_key("localhost/journal", keys.journal))


def policy_in(folder: Path, keys: list[str], *, address: str, journal: str) -> Path:
    policy = folder / "policy"
    policy.write_text(
        f"log {journal}\nwitness ngo {keys[0]} {address}\nwitness ngo-pq {keys[1]} {address}\n"
        "group both all ngo ngo-pq\nquorum both\n"
    )
    return policy


def page(installation: Installation) -> str:
    return read(installation, "").decode()


def read(installation: Installation, path: str) -> bytes:
    answer = installation.http.request("GET", f"{installation.address}/journal/{path}")
    return answer.data if answer.status == 200 else b""


def size_at(installation: Installation, path: str) -> int:
    note = read(installation, path).decode()
    return unverified(note).size if note else 0


def witnessed_size(installation: Installation) -> int:
    return size_at(installation, "witnessed")


def sealed_size(installation: Installation) -> int:
    return size_at(installation, "checkpoint")


def dutybound(*arguments: str) -> str:
    """What a command of the library prints; none of these needs a process of its own."""
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{TOP / 'src'}{os.pathsep}{TOP}"}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a witness that runs meanwhile."""
    command = [sys.executable, *DUTYBOUND[1:], "witness", "serve", "--data", str(folder)]
    with subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdout
        told = re.search(r"http://\S+", process.stdout.readline())
        assert told
        try:
            yield told[0]
        finally:
            process.send_signal(signal.SIGTERM)
