"""`dutybound scan` as it is run: killed outright, and on a cluster that loses a worker."""

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.installation import DUTYBOUND
from tests.journeys.waiting import wait_for, wait_until
from tests.library.matching.photos import photo

SEED = 20261125
PICTURES = 96
BANK = ["--name", "demo", "--source", "a test", "--harm", "iia", "--effect", "block"]
SCAN = ("scan", "folder", "--bank", "bank.jsonl")
CLUSTER = """
import sys
import ray
told = ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100_000_000)
print(told.address_info["gcs_address"], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures, of which a bank knows every third, and what a scan of it answers."""
    place = tmp_path_factory.mktemp("scan")
    (place / "folder").mkdir()
    for number in range(PICTURES):
        looks = photo(seed=0 if number % 3 == 0 else number, side=128)
        looks.save(place / f"folder/{number:03}.jpg", quality=60 + number // 3)
    Image.new("L", (9, 9)).save(place / "folder/plain.png")
    begin(place, "bank", "build", "bank.jsonl", "folder/000.jpg", *BANK).wait()
    assert begin_scan(place, "undisturbed").wait() == 1
    assert len((place / "undisturbed").read_bytes().splitlines()) == PICTURES // 3 + 1
    return place


def begin(place: Path, *arguments: str, answers_to: Path | None = None) -> subprocess.Popen[bytes]:
    told = [*DUTYBOUND, *arguments]
    with answers_to.open("wb") if answers_to else nullcontext() as out:
        return subprocess.Popen(told, cwd=place, env=environment(place), stdout=out)


def environment(place: Path) -> dict[str, str]:
    """So that a cluster listens to nobody but this test: its token is below this HOME."""
    told = {"HOME": str(place), "RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0"}
    return {**os.environ, **told}


def begin_scan(place: Path, out: str) -> subprocess.Popen[bytes]:
    return begin(place, *SCAN, "--out", out)


def has_lines(out: Path, count: int) -> bool:
    return out.exists() and out.read_bytes().count(b"\n") >= count


def test_killed_outright_it_goes_on_as_if_nothing_had_happened(place: Path) -> None:
    out = place / "killed"
    whole = (place / "undisturbed").read_bytes()

    for lines in sorted(random.Random(SEED).sample(range(PICTURES // 3), 3)):
        scan = begin_scan(place, "killed")
        wait_until(partial(has_lines, out, lines), what="enough is told")
        workers = children_of(scan.pid)
        scan.kill()
        scan.wait()
        wait_until(partial(are_gone, workers), what="no worker stays")

    assert begin_scan(place, "killed").wait() == 1
    assert out.read_bytes() == whole


def children_of(process: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        status = read(folder / "status")
        if re.search(rf"^PPid:\t{process}$", status, re.MULTILINE):
            found.append(int(folder.name))
    return found


def are_gone(processes: list[int]) -> bool:
    return not any(read(Path(f"/proc/{process}/cmdline")) for process in processes)


def read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.fixture
def cluster(place: Path) -> Iterator[str]:
    """The address of a Ray cluster of two workers on this machine."""
    running = subprocess.Popen(
        [sys.executable, "-c", CLUSTER], env=environment(place),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    yield next(line.strip() for line in running.stdout if re.fullmatch(r"[\d.]+:\d+\n", line))
    running.communicate(timeout=60)


@pytest.mark.peers
def test_on_a_cluster_that_loses_a_worker_the_answers_are_the_same(
    place: Path, cluster: str
) -> None:
    scan = begin(place, *SCAN, "--ray", cluster, answers_to=place / "clustered")

    worker = wait_for(lambda: next(iter(at_work()), None), what="a worker has a batch")
    os.kill(worker, signal.SIGKILL)

    assert scan.wait() == 1
    assert (place / "clustered").read_bytes() == (place / "undisturbed").read_bytes()


def at_work() -> list[int]:
    """Processes that Ray has named after the task they are at."""
    found = Path("/proc").glob("[0-9]*/cmdline")
    return [int(each.parent.name) for each in found if read(each).startswith("ray::_compare")]
