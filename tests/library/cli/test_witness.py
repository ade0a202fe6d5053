"""`dutybound witness`: what it prints, what it answers over HTTP, and that a kill loses nothing."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from dutybound.cli.main import main
from dutybound.cli.witnessing import keys, server
from dutybound.cli.witnessing.memory import FILE, Memory
from dutybound.cli.witnessing.server import WitnessServer
from dutybound.ledger.cosignatures import cosignature_by, lines_by
from dutybound.ledger.notes import key_in, open_note
from dutybound.ledger.witness import LARGEST_REQUEST, address_of
from tests.library.ledger.oracle import entries_of
from tests.library.ledger.published import KEY, ORIGIN, SIGNER
from tests.library.ledger.test_witness import FORK, asked
from tests.library.ledger.witnesses import AT, head_of, witness

Answer = tuple[int, str, str]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["witness", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A witness that watches one journal."""
    keys.make(tmp_path / "witness", name="ngo.example")
    Memory(tmp_path / "witness").watch(KEY)
    return tmp_path / "witness"


@contextmanager
def serving(folder: Path, *, at: int = AT) -> Iterator[int]:
    """The port of a witness that serves in this process."""
    with WitnessServer(
        ("127.0.0.1", 0),
        memory=Memory(folder),
        signers=keys.signers_in(folder),
        clock=lambda: at,
    ) as one:
        Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield one.server_port
        one.shutdown()


def ask(port: int, method: str, path: str, body: bytes | None = None) -> Answer:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()


def add(port: int, body: bytes) -> Answer:
    return ask(port, "POST", "/add-checkpoint", body)


# The commands


def test_a_new_witness_prints_both_keys_and_keeps_the_private_ones_to_itself(
    tmp_path: Path,
) -> None:
    answer = run("init", "--data", tmp_path / "w", "--name", "ngo.example")

    assert answer.exit_code == 0
    first, second = map(key_in, answer.stdout.split())
    assert (first.name, first.type, second.type) == ("ngo.example", 4, 6)
    for file in (keys.ED25519, keys.ML_DSA):
        assert (tmp_path / "w" / file).stat().st_mode & 0o77 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w"]


@pytest.mark.parametrize("name", ["", "two words", "a+b", "n" * 256])
def test_a_witness_has_a_name_that_a_key_can_have(tmp_path: Path, name: str) -> None:
    assert run("init", "--data", tmp_path / "w", "--name", name).exit_code == 2
    assert not (tmp_path / "w").exists()


def test_a_folder_with_something_in_it_is_left_alone(folder: Path) -> None:
    before = (folder / keys.ED25519).read_bytes()

    answer = run("init", "--data", folder, "--name", "other.example")

    assert answer.exit_code == 2
    assert "is not empty" in answer.stderr
    assert (folder / keys.ED25519).read_bytes() == before


def test_keys_are_added_and_dropped(folder: Path) -> None:
    other = key_in(str(KEY))

    added = run("add-log", KEY, "https://ridge.example/journal", "--data", folder)
    shown = run("status", "--data", folder)
    dropped = run("drop-key", other, "--data", folder)
    again = run("drop-key", other, "--data", folder)

    assert "Watching example.org/journal: 1 key may sign" in added.stdout
    assert "example.org/journal https://ridge.example/journal" in shown.stdout
    assert "no head of it was cosigned yet" in shown.stdout
    assert dropped.exit_code == 0
    assert (again.exit_code, "is not watched" in again.stderr) == (2, True)


def test_the_key_of_a_witness_is_no_journal(folder: Path) -> None:
    answer = run("add-log", witness(1).key, "--data", folder)

    assert answer.exit_code == 2
    assert "of a witness, not of a journal" in answer.stderr


def test_a_witness_that_lost_its_memory_does_not_go_on(folder: Path) -> None:
    (folder / FILE).unlink()

    for command in (("serve",), ("status",), ("add-log", KEY)):
        answer = run(*command, "--data", folder)
        assert answer.exit_code == 2
        assert "has lost its memory" in answer.stderr
    assert not (folder / FILE).exists()


@pytest.mark.parametrize("harm", [b"", b"zonk", None])
def test_a_damaged_folder_is_told_in_a_sentence(folder: Path, harm: bytes | None) -> None:
    if harm is None:
        (folder / keys.NAME).unlink()
    else:
        (folder / keys.ML_DSA).write_bytes(harm)

    answer = run("status", "--data", folder)

    assert answer.exit_code == 2
    assert "has no witness in it" in answer.stderr


def test_a_damaged_memory_is_told_in_a_sentence(folder: Path) -> None:
    (folder / FILE).write_bytes(b"zonk" * 1000)

    answer = run("serve", "--data", folder)

    assert answer.exit_code == 2
    assert "cannot be used" in answer.stderr


@pytest.mark.parametrize("listen", ["zonk", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1"])
def test_an_address_that_is_none_is_refused(folder: Path, listen: str) -> None:
    assert "Expected HOST:PORT" in run("serve", "--data", folder, "--listen", listen).stderr


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("serve", "--data", folder, "--listen", f"127.0.0.1:{port}")

    assert answer.exit_code == 2
    assert "cannot be listened on" in answer.stderr


# The answers


def test_a_journal_is_cosigned_as_it_grows_and_shown_to_monitors(folder: Path) -> None:
    both = keys.signers_in(folder)
    with serving(folder) as port:
        for old, size in ((0, 8), (8, 20), (20, 20)):
            status, kind, lines = add(port, asked(size, old=old))
            assert (status, kind) == (200, "text/plain; charset=utf-8")
            found = lines_by(
                lines, [one.key for one in both], note=head_of(entries_of(size)).signed(SIGNER)
            )
            assert len(found) == 2
        note = ask(port, "GET", f"/{address_of(ORIGIN)}")[2]

    assert open_note(note, KEY) == head_of(entries_of(20)).text
    for signer in both:
        cosignature = cosignature_by(note, signer.key)
        assert cosignature
        assert cosignature.at == AT


def test_a_head_that_does_not_follow_is_refused_and_kept_as_a_proof(folder: Path) -> None:
    with serving(folder) as port:
        add(port, asked(20))
        assert add(port, asked(20))[:2] == (409, "text/x.tlog.size")
        forked = asked(30, old=20, history=FORK)
        assert add(port, forked)[0] == 422
        assert add(port, forked)[0] == 422
        assert add(port, asked(10)) == (409, "text/x.tlog.size", "20\n")

    told = run("status", "--data", folder).stdout
    as_json = json.loads(run("status", "--data", folder, "--json").stdout)

    assert "last cosigned: 20 entries" in told
    assert "2 signed heads did NOT follow" in told
    assert "10 entries, after 20: smaller than a head that was cosigned before" in told
    (log,) = as_json["logs"]
    assert log["size"] == 20
    assert open_note(log["refused"][0]["note"], KEY) == head_of(FORK[:30]).text


def test_refused_heads_are_kept_up_to_a_number(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutybound.cli.witnessing.memory.MOST_REFUSED", 3)
    with serving(folder) as port:
        add(port, asked(20))
        for size in range(10, 16):
            add(port, asked(size))

    (log,) = Memory(folder).watched()
    assert [one.size for one in log.refused] == [10, 11, 12]


def test_a_log_that_is_not_watched_is_not_found(folder: Path) -> None:
    Memory(folder).unwatch(KEY)
    with serving(folder) as port:
        assert add(port, asked(9))[0] == 404
        assert ask(port, "GET", f"/{address_of(ORIGIN)}")[0] == 404


def test_a_clock_that_was_set_back_makes_no_head_older_than_the_last(folder: Path) -> None:
    with serving(folder) as port:
        add(port, asked(8))
    with serving(folder, at=AT - 1000) as port:
        _, _, lines = add(port, asked(9, old=8))

    note = head_of(entries_of(9)).signed(SIGNER) + lines
    cosignature = cosignature_by(note, keys.signers_in(folder)[0].key)
    assert cosignature
    assert cosignature.at == AT


def test_anybody_may_read_what_it_is(folder: Path) -> None:
    with serving(folder) as port:
        status, _, told = ask(port, "GET", "/")

    assert status == 200
    assert str(keys.signers_in(folder)[0].key) in told


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/add-checkpoint", b"", 400),
        ("POST", "/add-checkpoint", b"\xff\x00" * 50, 400),
        ("POST", "/add-checkpoint", b"x" * (LARGEST_REQUEST + 1), 413),
        ("POST", "/elsewhere", asked(9), 404),
        ("GET", "/add-checkpoint", None, 404),
        ("GET", "/../../etc/passwd", None, 404),
        ("GET", "/" + "0" * 64 + "/checkpoint", None, 404),
        ("PUT", "/add-checkpoint", asked(9), 501),
    ],
)
def test_nonsense_is_refused_in_words(
    folder: Path, method: str, path: str, body: bytes | None, status: int
) -> None:
    with serving(folder) as port:
        found, kind, told = ask(port, method, path, body)

        assert (found, kind) == (status, "text/plain; charset=utf-8")
        assert told.endswith("\n")
        assert add(port, asked(8))[0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xfe\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold 0",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"GET " + b"/" * 70000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_bad_bytes_end_one_connection_and_nothing_else(
    folder: Path, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(folder) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        assert add(port, asked(8))[0] == 200

    assert "Traceback" not in capfd.readouterr().err


def test_who_is_silent_or_slow_is_cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LONGEST_CONNECTION_SECONDS", 0.2)
    with serving(folder) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
            assert connection.recv(100) == b""
        assert add(port, asked(8))[0] == 200


def test_connections_beyond_the_most_are_closed_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 1)
    with (
        serving(folder) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as first,
    ):
        first.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert first.recv(100).startswith(b"HTTP/1.1 200")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as second:
            assert second.recv(100) == b""


def test_a_witness_that_cannot_write_signs_nothing(folder: Path) -> None:
    with serving(folder) as port:
        (folder / FILE).unlink()
        (folder / FILE).mkdir()
        assert add(port, asked(8))[0] == 503


def test_two_at_once_cannot_both_be_next(folder: Path) -> None:
    """The two heads of one size are asked for at the same moment, many times over."""
    answers: list[Answer] = []
    with serving(folder) as port:
        add(port, asked(7))
        bodies = [asked(20, old=7), asked(20, old=7, history=FORK)] * 4
        threads = [Thread(target=lambda b=body: answers.append(add(port, b))) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # FORK begins as the journal does, so either may come first, and only that one is signed.
    assert sorted(status for status, *_ in answers) == [200] + [409] * 7


# Killed


class Process:
    """A witness in a process of its own, which is killed."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from dutybound.cli.main import main; main()",
             "witness", "serve", "--data", str(folder), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert self.process.stdout
        told = re.search(r":(\d+)$", self.process.stdout.readline().strip())
        assert told
        self.port = int(told[1])

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        status = self.process.wait(20)
        assert self.process.stdout
        self.process.stdout.close()
        return status


def test_a_kill_at_any_moment_forgets_nothing_that_was_signed(folder: Path) -> None:
    chance = random.Random(20261130)
    size = 0
    for _ in range(2):
        process = Process(folder)
        cosigned: list[int] = []
        asking = Thread(target=go_on_asking, args=(process.port, size, cosigned))
        asking.start()
        enough = chance.randint(1, 12)
        while len(cosigned) < enough and asking.is_alive():
            asking.join(0.005)
        process.end(signal.SIGKILL)
        asking.join(20)

        (log,) = Memory(folder).watched()
        assert log.size is not None
        assert log.size - cosigned[-1] in {0, 1}, "at most one that was never heard of"
        note = Memory(folder).note_at(address_of(ORIGIN))
        assert note
        assert open_note(note, KEY) == head_of(entries_of(log.size)).text
        size = log.size
    assert size > 1


def go_on_asking(port: int, size: int, cosigned: list[int]) -> None:
    """Ask for one entry more each time, until nobody answers any more."""
    try:
        while size < 200:
            status = add(port, growing(size + 1, old=size))[0]
            assert status == 200
            size += 1
            cosigned.append(size)
    except (OSError, HTTPException):
        return


def growing(size: int, *, old: int) -> bytes:
    return asked(size, old=old, history=entries_of(size))


def test_a_signal_to_stop_ends_it_well(folder: Path) -> None:
    process = Process(folder)
    assert add(process.port, asked(8))[0] == 200

    assert process.end(signal.SIGTERM) == 0
