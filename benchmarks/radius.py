"""Near hashes per second, against threatexchange and faiss: `python -m benchmarks.radius`.

`--rows 10_000_000` (it may be given several times) runs the size of the largest lists instead of
100 thousand and 1 million: it takes 10 GB of memory and four minutes a kind. All contenders answer
the same queries in one process, one after another and again, on one thread unless said otherwise;
times are medians a query. Half of the queries are within 31 bits of a row, half are of no row.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import faiss
import numpy as np
import pdqhash
import skimage.data
from numpy.typing import NDArray
from PIL import Image
from threatexchange.signal_type.pdq.pdq_index import PDQIndex
from threatexchange.signal_type.pdq.pdq_index2 import PDQIndex2

from dutybound.matching.compiled import open_arrays, write_arrays
from dutybound.matching.index import RadiusIndex, base_of
from tests.library.matching.photos import VECTORS

Hashes = NDArray[np.uint8]
Answer = set[tuple[int, int]]
"""(number, distance) of each match."""

ROWS = (100_000, 1_000_000)
RADIUS = 31
BITS = 256
QUERIES = 200
BULK = 20_000
ROUNDS = 3
SLOW_QUERIES = 20
"""How many queries a contender answers that needs over 5 ms for one."""
FLOATS_UP_TO = 100_000
"""PDQIndex2 keeps a float for each bit and is filled one row at a time: minutes past this."""
PEER_ROWS = 2_000_000
"""Rows threatexchange is handed at once: it needs some 300 bytes more for each meanwhile."""
CROPS = 1500
PHOTOGRAPHS = (
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "coffee.png",
    "coins.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png", "moon.png",
    "motorcycle_left.png", "motorcycle_right.png", "retina.jpg", "rocket.jpg",
)  # fmt: skip

FRESH_PROCESS = """
import sys
from time import perf_counter
began = perf_counter()
from pathlib import Path
from dutybound.matching.compiled import open_arrays
from dutybound.matching.index import RadiusIndex, _loops
imported = perf_counter()
_loops()
ready = perf_counter()
file = open_arrays(Path(sys.argv[1]))
index = RadiusIndex(file.arrays)
opened = perf_counter()
index.search([bytes.fromhex(sys.argv[2])], 31)
first = perf_counter()
file.check()
checked = perf_counter()
print(imported - began, ready - imported, opened - ready, first - opened, checked - first)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, action="append")
    options.add_argument("--kind", choices=("photo-like", "uniform"), action="append")
    told = options.parse_args()
    faiss.omp_set_num_threads(1)
    print(f"{os.cpu_count()} cores, threshold {RADIUS}, {faiss.get_compile_options().strip()}")
    for rows in told.rows or ROWS:
        for kind in told.kind or ("photo-like", "uniform"):
            with tempfile.TemporaryDirectory() as folder:
                measure(Path(folder), kind=kind, count=rows)


def measure(folder: Path, *, kind: str, count: int) -> None:
    print(f"\n{count:,} {kind} hashes", flush=True)
    chance = np.random.default_rng(count)
    draw = drawer(kind, chance)
    hashes = draw(count)
    queries = some_queries(hashes, draw, QUERIES, chance)
    path = folder / "bank"
    build(path, hashes)
    theirs = dict(peers(hashes))
    file = open_arrays(path)
    # It also brings back what of the file memory was taken from while the peers were built.
    file.check()
    index = RadiusIndex(file.arrays)
    contenders = {"dutybound": ours(index), **theirs}
    peer_us = compare(contenders, queries)
    del contenders, theirs
    eight_at_once(index, queries, peer_us)
    in_bulk(index, some_queries(hashes, draw, BULK, chance), peer_us)
    on_two_threads(index, queries)
    start_fresh(path, queries[0])
    add_one(index, draw(9), count)


# What is searched


def drawer(kind: str, chance: np.random.Generator) -> Callable[[int], Hashes]:
    if kind == "uniform":
        return lambda count: chance.integers(0, 256, (count, 32), dtype=np.uint8)
    return photo_like(chance)


def photo_like(chance: np.random.Generator) -> Callable[[int], Hashes]:
    """Draws hashes whose bits are set as often, and go together as much, as those of photographs.

    The bits are signs of correlated normal numbers (a Gaussian copula), so that as many as wanted
    can be drawn and none is drawn twice.
    """
    bits = bits_of_photographs(chance).astype(np.float64)
    often = bits.mean(axis=0).clip(0.02, 0.98)
    cut = np.array([statistics.NormalDist().inv_cdf(each) for each in often], dtype=np.float32)
    together = np.sin(np.pi / 2 * np.corrcoef(bits.T))
    values, vectors = np.linalg.eigh(together)
    mixed = vectors * np.sqrt(values.clip(0))
    mixed = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).T.astype(np.float32)

    def draw(count: int) -> Hashes:
        hashes = np.empty((count, BITS // 8), dtype=np.uint8)
        for start in range(0, count, 100_000):
            some = min(100_000, count - start)
            normal = chance.standard_normal((some, BITS), dtype=np.float32) @ mixed
            hashes[start : start + some] = np.packbits(normal < cut, axis=1)
        return hashes

    return draw


def bits_of_photographs(chance: np.random.Generator) -> NDArray[np.bool_]:
    """Real hashes to take statistics from: the public ones if they are here, or our own.

    The public ones are harder: a search looks at 1.4 times the entries that it does with uniform
    hashes, and with hashes like our own, of crops of scikit-image's photographs, at 1.1 times.
    """
    if VECTORS.exists():
        print("  (bit statistics of the 1,350 public hashes of ThreatExchange's test vectors)")
        lines = (VECTORS / "haystack.txt").read_text().split()
        public = np.frombuffer(bytes.fromhex("".join(lines)), dtype=np.uint8)
        return np.unpackbits(public).reshape(-1, BITS).astype(np.bool_)
    print(f"  (bit statistics of {CROPS:,} random crops of scikit-image's photographs)")
    return np.array([hash_of_a_crop(chance) for _ in range(CROPS)])


def hash_of_a_crop(chance: np.random.Generator) -> NDArray[np.bool_]:
    folder = Path(skimage.data.__file__).parent
    picture = Image.open(folder / chance.choice(PHOTOGRAPHS)).convert("RGB")
    sides = chance.integers(np.array(picture.size) // 4, picture.size)
    left, top = chance.integers(0, np.array(picture.size) - sides + 1)
    cropped = picture.crop((left, top, left + sides[0], top + sides[1])).resize((128, 128))
    bits, _ = pdqhash.compute(np.asarray(cropped))
    return np.asarray(bits, dtype=np.bool_)


def some_queries(
    hashes: Hashes, draw: Callable[[int], Hashes], count: int, chance: np.random.Generator
) -> Hashes:
    queries = draw(count)
    known = queries[::2]
    known[:] = hashes[chance.integers(0, len(hashes), len(known))]
    for query in known:
        for place in chance.choice(BITS, chance.integers(0, RADIUS + 1), replace=False):
            query[place // 8] ^= 1 << place % 8
    return queries


# Who searches


def build(path: Path, hashes: Hashes) -> None:
    began = perf_counter()
    base = base_of(np.arange(len(hashes)), hashes)
    built = perf_counter()
    write_arrays(path, header={"as_of": 0}, arrays=base)
    written = perf_counter()
    print(
        f"  built on two cores in {built - began:.2f} s, checksummed, written and synced in "
        f"{written - built:.2f} s: {path.stat().st_size / len(hashes):.1f} bytes a row"
    )


def ours(index: RadiusIndex) -> Callable[[bytes], Answer]:
    return lambda each: {(number, far) for number, far, _ in index.search([each], RADIUS)}


def peers(hashes: Hashes) -> Iterator[tuple[str, Callable[[bytes], Answer]]]:
    """Each as its users call it; of faiss alone, the bare index that needs nothing converted."""
    flat = faiss.IndexBinaryFlat(BITS)
    flat.add(hashes)
    yield "faiss IndexBinaryFlat", searching(flat)

    began = perf_counter()
    entries = ((each.tobytes().hex(), number) for number, each in enumerate(hashes))
    index: Any = PDQIndex()
    while some := list(islice(entries, PEER_ROWS)):
        index.add_all(some)
    print(f"  threatexchange PDQIndex built in {perf_counter() - began:.1f} s", flush=True)
    yield (
        "threatexchange PDQIndex",
        lambda each: {
            (match.metadata, match.similarity_info.distance) for match in index.query(each.hex())
        },
    )
    inner = index.index.mih_index
    inner.nflip = RADIUS // 16
    yield "faiss MultiHash 16×16", searching(inner)

    if len(hashes) <= FLOATS_UP_TO:
        with_floats: Any = PDQIndex2(
            entries=((each.tobytes().hex(), number) for number, each in enumerate(hashes))
        )
        yield (
            "threatexchange PDQIndex2",
            lambda each: {
                (match.metadata, int(match.similarity_info.distance))
                for match in with_floats.query(each.hex())
            },
        )


def searching(index: Any) -> Callable[[bytes], Answer]:  # noqa: ANN401 - of faiss, without types
    def search(each: bytes) -> Answer:
        query = np.frombuffer(each, dtype=np.uint8)[None]
        _, distances, numbers = index.range_search(query, RADIUS + 1)
        return set(zip(numbers.tolist(), map(int, distances), strict=True))

    return search


# How fast


def compare(contenders: dict[str, Callable[[bytes], Answer]], queries: Hashes) -> float:
    """Print a line for each; the answer is what the peer needs for a query, in microseconds."""
    each_query = [query.tobytes() for query in queries]
    truth = [contenders["faiss IndexBinaryFlat"](query) for query in each_query]
    wanted = sum(map(len, truth))
    medians: dict[str, list[float]] = {name: [] for name in contenders}
    recall = {}
    for _ in range(ROUNDS):
        for name, search in contenders.items():
            some = each_query if timed(search, each_query[0]) < 5000 else each_query[:SLOW_QUERIES]
            medians[name].append(statistics.median(timed(search, query) for query in some))
    for name, search in contenders.items():
        found = sum(len(search(q) & true) for q, true in zip(each_query, truth, strict=True))
        more = sum(len(search(q) - true) for q, true in zip(each_query, truth, strict=True))
        recall[name] = f"{found / wanted:.3f}" + (f" and {more} false" if more else "")
    best = statistics.median(medians["dutybound"])
    print(f"  {'one query':<26}{'µs':>11}{'ours is':>10}{'recall':>9}   ({wanted} matches)")
    for name, times in medians.items():
        us = statistics.median(times)
        print(f"  {name:<26}{us:>11,.1f}{us / best:>9.1f}×{recall[name]:>9}", flush=True)
    return statistics.median(medians["threatexchange PDQIndex"])


def timed(search: Callable[[bytes], Answer], query: bytes) -> float:
    began = perf_counter()
    search(query)
    return (perf_counter() - began) * 1e6


def eight_at_once(index: RadiusIndex, queries: Hashes, peer_us: float) -> None:
    """As an upload is searched for: a picture's hashes in all orientations by one call."""
    eights = [[each.tobytes() for each in eight] for eight in queries.reshape(-1, 8, BITS // 8)]
    times = []
    for _ in range(ROUNDS):
        for eight in eights:
            began = perf_counter()
            index.search(eight, RADIUS)
            times.append((perf_counter() - began) * 1e6)
    us = statistics.median(times)
    print(
        f"  eight queries by one call: {us:.1f} µs, {8 * peer_us / us:.1f} times the peer's speed"
    )


def in_bulk(index: RadiusIndex, queries: Hashes, peer_us: float) -> None:
    for threads in (1, 2):
        times = []
        for _ in range(ROUNDS):
            began = perf_counter()
            index.search_many(queries, RADIUS, threads=threads)
            times.append((perf_counter() - began) * 1e6 / len(queries))
        us = statistics.median(times)
        print(
            f"  {len(queries):,} at once, {threads} thread{'s' * (threads > 1)}: {us:.2f} µs a "
            f"query, 1/{peer_us / us:.0f} of the peer's"
        )


def on_two_threads(index: RadiusIndex, queries: Hashes) -> None:
    each_query = [query.tobytes() for query in queries]
    repeats = max(1, 4000 // len(each_query))

    def search_all(_: int) -> None:
        for _ in range(repeats):
            for query in each_query:
                index.search([query], RADIUS)

    ratios = []
    for _ in range(ROUNDS):
        took = []
        for threads in (1, 2):
            with ThreadPoolExecutor(threads) as pool:
                began = perf_counter()
                list(pool.map(search_all, range(threads)))
                took.append((perf_counter() - began) / threads)
        ratios.append(took[0] / took[1])
    print(f"  single queries on two threads: {statistics.median(ratios):.2f}× those on one")


def start_fresh(path: Path, query: NDArray[np.uint8]) -> None:
    """What a new process needs, with the file in the page cache and the loops compiled before."""
    told = []
    for _ in range(ROUNDS):
        ran = subprocess.run(
            [sys.executable, "-c", FRESH_PROCESS, str(path), query.tobytes().hex()],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        told.append([float(each) * 1000 for each in ran.stdout.split()])
    imported, ready, opened, first, checked = np.median(told, axis=0)
    print(
        f"  a new process: imports {imported:.0f} ms, loops ready {ready:.0f} ms, open "
        f"{opened:.2f} ms, first query {first:.2f} ms; all checksums {checked:.0f} ms"
    )


def add_one(index: RadiusIndex, fresh: Hashes, count: int) -> None:
    visible = []
    for number, each in enumerate(map(np.ndarray.tobytes, fresh)):
        began = perf_counter()
        index.add([(count + number, each)])
        found = index.search([each], 0)
        visible.append((perf_counter() - began) * 1000)
        assert (count + number, 0, 0) in found
    print(f"  an added hash is found after {statistics.median(visible):.3f} ms")


if __name__ == "__main__":
    main()
