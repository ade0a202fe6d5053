"""`make run`, without make: what it prints works as printed, and a second start keeps the data."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.installation import DUTYBOUND, Installation, free_port
from tests.journeys.waiting import wait_for

pytestmark = pytest.mark.curl


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """What the demo prints once it serves; it is stopped as Ctrl-C does."""
    environment = Installation(folder).environment
    del environment["DUTYBOUND_ORIGIN"], environment["DUTYBOUND_DEMO"]
    printed = folder / "printed"
    with printed.open("wb") as output:
        process = subprocess.Popen(
            [*DUTYBOUND, "demo", "--port", str(free_port())],
            env=environment, cwd=folder, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield wait_for(lambda: all_of(printed, process), what="the demo has said what to do")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert "Stopped." in printed.read_text()


def all_of(printed: Path, process: subprocess.Popen[bytes]) -> str | None:
    text = printed.read_text()
    assert process.poll() is None, text
    return text if "Ctrl-C stops everything" in text else None


def answers_to(lines: list[str]) -> list[str]:
    return [
        subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, check=True, env=os.environ
        ).stdout
        for line in lines
    ]


def pages_of(addresses: list[str]) -> list[str]:
    return answers_to([f"curl -sfL {address}" for address in addresses])


def test_the_lines_that_the_demo_prints_work_as_printed(tmp_path: Path) -> None:
    with demo(tmp_path) as printed:
        lines = re.findall(r"^curl .+$", printed, re.MULTILINE)
        picture, words, enforcements = answers_to(lines)
        form, status = pages_of(re.findall(r"^ +(http\S+/)$", printed, re.MULTILINE))
    assert '"verdict":"block"' in picture
    assert '"variant":"mirrored"' in picture
    assert '"verdict":"hold"' in words
    assert '"take_down"' in enforcements
    assert "Ridge Forum" in form
    assert 'lang="cy"' in status

    with demo(tmp_path) as printed_again:
        assert "Making Ridge Forum" not in printed_again
        again = re.findall(r"^curl .+$", printed_again, re.MULTILINE)
        assert answers_to(again[:1]) == [picture], "the same item gets the same answer"
