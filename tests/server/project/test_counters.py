from pathlib import Path

import pytest

from dutybound_server.project import counters
from dutybound_server.project.counters import counters_folder


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(counters, "MEMORY", folder)
    return folder


def test_the_counters_of_an_installation_stand_in_memory_and_only_we_read_them(
    memory: Path, tmp_path: Path
) -> None:
    folder = counters_folder(tmp_path / "data")

    assert folder.parent == memory
    assert folder.stat().st_mode & 0o077 == 0
    assert counters_folder(tmp_path / "data") == folder
    assert counters_folder(tmp_path / "other") != folder


def test_a_link_that_somebody_put_there_is_not_followed(memory: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    planned = counters_folder(data)
    planned.rmdir()
    planned.symlink_to(tmp_path)

    assert counters_folder(data) == data / "metrics"
