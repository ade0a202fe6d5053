"""What `dutybound scan --fast` gains: photographs as JPEG, of several sizes, one process.

Run: python -m benchmarks.scan_fast. The same folder is scanned with it and without it by turns,
against a bank of random hashes to which that of one photograph in 15 was added; the answers must be
the same. The bank is loaded before; SHA-256, decoding apart, the search and the answers count.
"""

import argparse
import io
import tempfile
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.hashing import photograph
from benchmarks.photographs import photographs
from benchmarks.scan import SEED, by_turns, write_known
from dutybound.cli.scan import go_through
from dutybound.cli.scanning.record import kept_in
from dutybound.cli.scanning.workers import Processes, processes
from dutybound.matching import hash_media, screen_media

MEGAPIXELS = (1, 3, 12)
DISTINCT = 15
MOST_PICTURES = 150


def main() -> None:
    """Print one line for each size."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.scan_fast", description=__doc__)
    asked.add_argument("--pictures", type=int, default=60, help="of 12 megapixels; more of smaller")
    asked.add_argument("--bank", type=int, default=100_000)
    options = asked.parse_args()
    print(f"one process, a bank of {options.bank:,} hashes, one photograph in 15 is in it\n")
    print("| megapixels | hashed fast | exactly, pictures/s | --fast, pictures/s | ratio |")
    print("|---|---|---|---|---|")
    for megapixels in MEGAPIXELS:
        with tempfile.TemporaryDirectory() as name:
            count = options.pictures * MEGAPIXELS[-1] // megapixels
            measure(
                Path(name),
                megapixels=megapixels,
                count=min(count, MOST_PICTURES),
                bank=options.bank,
            )


def measure(folder: Path, *, megapixels: int, count: int, bank: int) -> None:
    """Both ways by turns over one folder, in the same run."""
    pictures = make_pictures(folder / "pictures", megapixels=megapixels, count=count)
    random = np.random.default_rng(SEED).bytes(32 * bank)
    known = [random[at : at + 32].hex() for at in range(0, len(random), 32)]
    with (pictures / "00000.jpg").open("rb") as file:
        known.append(hash_media(file, id="known").frames[0].hashes[0].hex())
    write_known(folder / "bank.jsonl", known)
    banks = (folder / "bank.jsonl",)
    with processes(banks, count=1) as exactly:
        fast = Processes(banks, count=1, is_fast=True)
        ways = {"exactly": exactly, "fast": fast}
        took = by_turns(
            {name: partial(scan, pictures, folder / name, way) for name, way in ways.items()}
        )
        fast.stop()
    answers = [(folder / name).read_text() for name in ways]
    assert answers[0] == answers[1] != "", "the answers differ"
    rates = {name: count / seconds for name, seconds in took.items()}
    ratio = rates["fast"] / rates["exactly"]
    share = f"{count_fast(pictures)} of {DISTINCT}"
    print(
        f"| {megapixels} | {share} | {rates['exactly']:.1f} | {rates['fast']:.1f} | {ratio:.2f} |"
    )


def make_pictures(folder: Path, *, megapixels: int, count: int) -> Path:
    """A folder of photographs with a camera's grain, a few of them again and again."""
    folder.mkdir()
    made = [
        photograph(each, megapixels=megapixels, chance=np.random.default_rng(SEED + number))
        for number, each in enumerate(islice(photographs().values(), DISTINCT))
    ]
    for number in range(count):
        (folder / f"{number:05}.jpg").write_bytes(made[number % DISTINCT])
    return folder


def count_fast(pictures: Path) -> int:
    """How many photographs are not hashed exactly at once for a doubt that is cheap to see."""
    first = sorted(pictures.iterdir())[:DISTINCT]
    return sum(screen_media(io.BytesIO(path.read_bytes()), id=path.name).is_fast for path in first)


def scan(pictures: Path, out: Path, workers: Processes) -> None:
    """From the beginning, whatever was told before."""
    out.unlink(missing_ok=True)
    out.with_name(f"{out.name}.progress").unlink(missing_ok=True)
    with kept_in(out, job=["benchmark"]) as record:
        go_through((pictures,), record, workers)


if __name__ == "__main__":
    main()
