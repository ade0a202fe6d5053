"""How fast `dutybound scan` is: pictures of one megapixel, and hashes in parquet.

Run: python -m benchmarks.scan. It needs the peers (`make peers`). Beside it, in the same run and
on as many processes: only decoding the same pictures, and what HMA does with them (threatexchange's
PDQ and its index). Scanning takes in SHA-256, MD5, eight hashes a picture, the search, and the
answers on disk.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import parquet
from threatexchange.signal_type.pdq.signal import PdqSignal

from benchmarks.verdicts import a_picture
from dutybound.cli.scan import go_through
from dutybound.cli.scanning.record import kept_in
from dutybound.cli.scanning.workers import processes
from dutybound.matching import Bank, Effect, Signal, SignalKind
from dutybound.matching.bankfiles import write_bank

ROUNDS = 3
SEED = 20261125
DISTINCT = 20
ASKED_OF_PEER = 1000
_index = PdqSignal.get_index_cls()
_peers: list[object] = []
"""The peer's index; processes that are forked find it there."""


def main() -> None:
    """Print how many a second, and which share of the limit that is."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.scan", description=__doc__)
    asked.add_argument("--pictures", type=int, default=300)
    asked.add_argument("--hashes", type=int, default=20_000)
    asked.add_argument("--bank", type=int, default=100_000)
    options = asked.parse_args()
    cores = len(os.sched_getaffinity(0))
    random = np.random.default_rng(SEED).bytes(32 * options.bank)
    known = [random[at : at + 32].hex() for at in range(0, len(random), 32)]
    print(f"{cores} processes, a bank of {options.bank:,} hashes, medians of {ROUNDS} rounds\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_known(folder / "bank.jsonl", known)
        _peers.append(_index.build([(pdq, pdq) for pdq in known]))
        compare_pictures(folder, count=options.pictures, cores=cores)
        compare_hashes(folder, known, count=options.hashes, cores=cores)


def write_known(path: Path, known: list[str]) -> None:
    """A bank file of these hashes."""
    bank = Bank("known", source="random numbers", harm="iia", effect=Effect.BLOCK)
    with path.open("wb") as file:
        write_bank(file, bank=bank, signals=(Signal(0, SignalKind.PDQ, pdq) for pdq in known))


# Pictures


def compare_pictures(folder: Path, *, count: int, cores: int) -> None:
    """Decoding, the peer and us by turns, over one folder."""
    pictures = folder / "pictures"
    pictures.mkdir()
    made = [a_picture(seed) for seed in range(DISTINCT)]
    for number in range(count):
        (pictures / f"{number:05}.jpg").write_bytes(made[number % DISTINCT])
    paths = sorted(pictures.iterdir())
    with scanner(folder, pictures, cores=cores) as scan, ProcessPoolExecutor(cores) as pool:
        took = by_turns(
            {
                "only decoding": lambda: drain(pool.map(decode, paths, chunksize=8)),
                "HMA's way: one PDQ, and its index": lambda: drain(
                    pool.map(hash_and_query, paths, chunksize=8)
                ),
                "dutybound scan": scan,
            }
        )
    print(f"{count:,} JPEG files of one megapixel\n")
    rates = {name: count / seconds for name, seconds in took.items()}
    print_rates(rates, of="only decoding", what="pictures")


def decode(path: Path) -> None:
    """Nothing but the pixels."""
    with Image.open(path) as image:
        image.load()


def hash_and_query(path: Path) -> None:
    """What HMA does with a picture."""
    pdq = PdqSignal.hash_from_bytes(path.read_bytes())
    if pdq:
        query(pdq)


def query(pdq: str) -> None:
    """Ask the peer's index."""
    _peers[0].query(pdq)  # type: ignore[attr-defined]


# Hashes


def compare_hashes(folder: Path, known: list[str], *, count: int, cores: int) -> None:
    """The peer's index and us by turns, over one table; the peer sees fewer where it is slow."""
    chance = np.random.default_rng(SEED + 1)
    drawn = chance.bytes(32 * count)
    hashes = [drawn[at : at + 32] for at in range(0, len(drawn), 32)]
    # One in a hundred is known.
    hashes[::100] = [bytes.fromhex(pdq) for pdq in chance.choice(known, len(hashes[::100]))]
    table = folder / "hashes.parquet"
    parquet.write_table(pa.table({"id": range(count), "hash": hashes}), table)
    asked = [pdq.hex() for pdq in hashes[:ASKED_OF_PEER]]
    with scanner(folder, table, cores=cores) as scan, ProcessPoolExecutor(cores) as pool:
        took = by_turns(
            {
                "HMA's index, one by one": lambda: drain(pool.map(query, asked, chunksize=256)),
                "dutybound scan": scan,
            }
        )
    print(f"\n{count:,} hashes in parquet, upright as they are\n")
    counts = {"HMA's index, one by one": len(asked), "dutybound scan": count}
    rates = {name: counts[name] / seconds for name, seconds in took.items()}
    print_rates(rates, of="HMA's index, one by one", what="hashes")


# Both


@contextmanager
def scanner(folder: Path, path: Path, *, cores: int) -> Iterator[Callable[[], None]]:
    """A scan that can be run again and again, with the bank loaded."""
    with processes((folder / "bank.jsonl",), count=cores) as workers:
        turns = iter(range(10**6))

        def scan() -> None:
            out = folder / f"{path.name}.{next(turns)}"
            with kept_in(out, job=["benchmark"]) as record:
                go_through((path,), record, workers)

        yield scan


def drain(answers: Iterator[None]) -> None:
    for _ in answers:
        pass


def by_turns(ways: dict[str, Callable[[], None]]) -> dict[str, float]:
    """The median seconds of each way, A-B-A-B, without a first turn, which starts processes."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if turn:
                took[name].append(time.perf_counter() - began)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def print_rates(rates: dict[str, float], *, of: str, what: str) -> None:
    """How many a second, and which share of one of the ways that is."""
    print(f"| way | {what}/s | share of: {of} |\n|---|---|---|")
    for name, rate in rates.items():
        print(f"| {name:34} | {rate:9,.1f} | {rate / rates[of]:6.2f} |")


if __name__ == "__main__":
    main()
