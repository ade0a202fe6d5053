"""One supervisor for a data folder, and a reset that waits for it to stop."""

import subprocess
from pathlib import Path

import pytest

from dutybound_server.project.folder import held_alone
from tests.server.project.processes import command, environment


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "demo").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("arguments", [("serve", "--port", "0"), ("demo",)])
def test_a_folder_that_is_served_is_served_by_no_second(
    data: Path, arguments: tuple[str, ...]
) -> None:
    with held_alone(data, otherwise="taken"):
        answer = run(data, *arguments)

    assert answer.returncode == 2
    assert "is being served already" in answer.stderr
    assert not (data / "dutybound.sqlite3").exists()


def test_a_demo_is_not_thrown_away_while_it_runs(data: Path) -> None:
    with held_alone(data, otherwise="taken"):
        refused = run(data, "demo", "--reset")
        assert (data / "demo").exists()
    removed = run(data, "demo", "--reset")

    assert refused.returncode == 2
    assert refused.stderr == "dutybound: The demo is running; stop it with Ctrl-C first.\n"
    assert (removed.returncode, data.exists()) == (0, False)


def test_a_reset_removes_nothing_but_a_demo(data: Path) -> None:
    (data / "demo").rmdir()

    refused = run(data, "demo", "--reset")
    absent = run(data / "absent", "demo", "--reset")

    assert refused.returncode == 2
    assert "is not a demo's" in refused.stderr
    assert data.exists()
    assert (absent.returncode, (data / "absent").exists()) == (0, False)
