"""Decoders that files harm: told of by a scan, and never left behind."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from dutybound.cli.main import main
from dutybound.cli.scanning import work
from dutybound.matching import Bank, Effect, Signal, SignalKind
from dutybound.matching.apart import Decoders
from dutybound.matching.bankfiles import write_bank
from tests.library.matching.decoders import LITTLE, MISBEHAVING


@pytest.fixture
def _misbehaving(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A decoder that does what files tell it; a process that is forked starts its own."""
    decoders = Decoders(program=MISBEHAVING, allowance=LITTLE, most=1)
    monkeypatch.setattr(work, "decoders", lambda: decoders)
    yield
    decoders.close()


@pytest.mark.usefixtures("_misbehaving")
def test_a_file_that_hangs_or_crashes_its_decoder_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for name, behaviour in (("1", "crash"), ("2", "hang"), ("3", "chatter")):
        Path("folder", name).write_text(behaviour)
    with Path("bank.jsonl").open("wb") as file:
        bank = Bank("demo", source="a test", harm="iia", effect=Effect.BLOCK)
        write_bank(file, bank=bank, signals=[Signal(1, SignalKind.PDQ, bytes(32).hex())])

    answer = CliRunner().invoke(main, ["scan", "--bank", "bank.jsonl", "--jobs", "1", "folder"])

    told = [json.loads(line) for line in answer.stdout.splitlines()]
    undecoded = "It could not be decoded: only exact copies of it are found."
    assert [(line["file"], line["verdict"], line["note"]) for line in told] == [
        ("folder/1", "allow", undecoded),
        ("folder/2", "allow", undecoded),
        ("folder/3", "block", ""),
    ]


PARENT = """
import io, os, sys
import tests.library.matching.uncompiled
from dutybound.matching.apart import Decoders
decoders = Decoders(program=sys.argv[1:])
def is_compared(): return decoders.hash_media(io.BytesIO(b"chatter"), id="m").comparable
def at_work(): return [decoder._process.pid for decoder in decoders._idle]
assert is_compared()
before = at_work()
child = os.fork()
if child == 0:
    fine = is_compared() and at_work() != before
    decoders.close()
    os._exit(0 if fine else 1)
assert os.waitpid(child, 0)[1] == 0
assert is_compared() and at_work() == before
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_fork_has_processes_of_its_own_and_none_outlives_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *MISBEHAVING],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert parent.stdout is not None
    ready = parent.stdout.readline()

    parent.kill()
    # All processes have the error output; it ends with the last of them.
    _, rest = parent.communicate(timeout=20)

    assert (ready, rest.count(b"Traceback")) == (b"ready\n", 0)
