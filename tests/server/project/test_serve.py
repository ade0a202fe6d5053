"""`dutybound serve` as it is run: real processes, killed in every way."""

import os
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from dutybound_server.project.commands.serve import listen
from tests.server.project.processes import (
    Served,
    command,
    environment,
    eventually,
    is_alive,
    serving,
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve") / "data"


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    with serving(data) as one:
        yield one


def test_one_command_serves_and_is_ready_on_an_empty_folder(served: Served) -> None:
    assert served.get("/healthz").status == 200
    assert eventually(lambda: served.get("/readyz").status == 200)
    assert served.get("/accounts/login/").status == 200


def test_whichever_child_is_killed_comes_back_and_no_caller_finds_the_port_closed(
    served: Served,
) -> None:
    served.get("/healthz")
    for name in ("web", "worker"):
        killed = served.child(name)
        assert killed
        os.kill(killed, signal.SIGKILL)

        assert served.get("/healthz").status == 200
        assert eventually(partial(is_replaced, served, name, killed))


def is_replaced(served: Served, name: str, killed: int) -> bool:
    return served.child(name) not in {None, killed}


def test_a_signal_stops_everything_within_ten_seconds(served: Served) -> None:
    served.get("/healthz")
    children = [served.child("web"), served.child("worker")]

    served.process.send_signal(signal.SIGTERM)

    assert served.process.wait(timeout=10) == 0
    assert not any(is_alive(child) for child in children if child)


def test_children_do_not_outlive_a_killed_supervisor(data: Path) -> None:
    with serving(data) as served:
        served.get("/healthz")
        children = [served.child("web"), served.child("worker")]
        assert all(children)

        served.process.kill()

        assert eventually(lambda: not any(is_alive(child) for child in children if child))


@pytest.mark.parametrize("trusts_proxy", [True, False])
def test_https_is_believed_only_from_a_proxy_that_is_trusted(
    data: Path, trusts_proxy: bool
) -> None:
    settings = {
        "DUTYBOUND_ORIGIN": "https://safety.example.org",
        "DUTYBOUND_TRUST_PROXY": "yes" if trusts_proxy else "no",
        "DUTYBOUND_WEB_PROCESSES": "1",
    }
    with serving(data, **settings) as served:
        as_proxied = {"Host": "safety.example.org", "X-Forwarded-Proto": "https"}
        page = served.get("/accounts/login/", **as_proxied)

        # Django tells a browser to stay with https only in an answer that went over https.
        assert ("Strict-Transport-Security" in page.headers) is trusts_proxy
        assert "Secure" in page.headers["Set-Cookie"]
        assert served.get("/readyz", Host="safety.example.org").json().keys() == {"ready"}
        assert served.get("/accounts/login/", Host="evil.example").status == 400


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("DUTYBOUND_DEMO", "perhaps", "set it to yes or no"),
        ("DUTYBOUND_ORGIN", "https://a.example", "Did you mean DUTYBOUND_ORIGIN"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "DATABASE_URL cannot be read"),
        ("DUTYBOUND_DATA", "/dev/null/x", "the folder cannot be made"),
    ],
)
def test_a_wrong_setting_ends_the_start_with_a_sentence_and_status_2(
    tmp_path: Path, setting: str, value: str, sentence: str
) -> None:
    answer = run(tmp_path, "serve", "--port", "0", **{setting: value})

    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert "hunter2" not in answer.stderr


def test_a_wrong_setting_is_told_before_a_port_that_is_taken(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0, tries=1) as taken:
        port = str(taken.getsockname()[1])

        answer = run(tmp_path, "serve", "--port", port, DUTYBOUND_DEMO="perhaps")
        mended = run(tmp_path, "serve", "--port", port, DUTYBOUND_DEMO="no")

    assert "set it to yes or no" in answer.stderr
    assert "cannot be listened on" in mended.stderr
    assert (answer.returncode, mended.returncode) == (2, 2)


@pytest.mark.parametrize("arguments", [("worker",), ("manage", "check"), ("backup", "x.tar")])
def test_every_command_of_the_server_checks_the_settings(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    answer = run(tmp_path, *arguments, DUTYBOUND_WEB_THREADS="many")

    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=environment(folder / "data") | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
