"""Verdicts per second over HTTP with a bank of 100,000 signals, and how soon a new one matches.

Run: python -m benchmarks.verdicts. It starts a real server over a folder that is thrown away, and
ends within three minutes. Server and clients share the machine, as the numbers say.
"""

import base64
import io
import json
import os
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import urllib3
from PIL import Image

from tests.journeys.installation import Installation, installed

SIGNALS = 100_000
SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "8"))
ADDITIONS = 9
SIDE = 1000  # a picture of one megapixel
BANK = "benchmark"
_number = count(1)


def main() -> None:
    if sys.argv[1:] == ["prepare"]:
        print(json.dumps(prepare()))
        return
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        began = time.perf_counter()
        key = installation.ask("benchmarks.verdicts", "prepare")["key"]
        print(f"bank of {SIGNALS:,} PDQ signals stored in {time.perf_counter() - began:.1f} s")
        installation.start()
        began = time.perf_counter()
        send(installation, key, a_text())
        print(f"first verdict, which loads the bank, after {time.perf_counter() - began:.1f} s")
        print(f"{os.cpu_count()} cores, shared by server, database and clients\n")
        compare(installation, key)
        print_time_to_match(installation, key)


def prepare() -> dict[str, str]:
    """A service with its key and a large bank; runs in a process of its own."""
    import django  # noqa: PLC0415

    django.setup()
    from dutybound_server.banks.actions import (  # noqa: PLC0415
        NewSignal,
        add_signals,
        create_bank,
    )
    from dutybound_server.people.actions import create_service, issue_key  # noqa: PLC0415
    from dutybound_server.people.roles import Scope  # noqa: PLC0415

    now = datetime.now(UTC)
    service = create_service(slug="benchmark", name="Benchmark", by="system", now=now)
    bank = create_bank(
        service=service, name=BANK, source="random numbers", harm="iia", effect="block",
        why="A benchmark.", by="system", now=now,
    )  # fmt: skip
    signals = (NewSignal("pdq", secrets.token_hex(32)) for _ in range(SIGNALS))
    add_signals(bank=bank, signals=signals, why="A benchmark.", by="system", now=now)
    scopes = (Scope.ITEMS, Scope.BANKS)
    _, token = issue_key(
        service=service, name="benchmark", scopes=scopes, expires_at=None, by="system", now=now
    )
    return {"key": token}


# What is sent


def an_item(**content: object) -> bytes:
    return json.dumps({"id": f"item-{next(_number)}", "author": {"id": "u1"}, **content}).encode()


def a_text() -> bytes:
    words = " ".join(secrets.token_hex(3) for _ in range(40))
    return an_item(text=f"A walk along the ridge, {words}", links=["https://ridge.example/walks"])


def some_hashes() -> bytes:
    pdq = [{"hash": secrets.token_hex(32), "quality": 100}]
    hashes = {"sha256": secrets.token_hex(32), "md5": secrets.token_hex(16), "pdq": pdq}
    return an_item(media=[{"id": "m1", "hashes": hashes}])


def picture_sender() -> Callable[[], bytes]:
    encoded = [base64.b64encode(a_picture(seed)).decode() for seed in range(8)]
    turn = count()

    def a_jpeg() -> bytes:
        data = encoded[next(turn) % len(encoded)]
        return an_item(media=[{"id": "m1", "content_type": "image/jpeg", "data": data}])

    return a_jpeg


def a_picture(seed: int) -> bytes:
    chance = np.random.default_rng(seed)
    shapes = Image.fromarray(chance.integers(0, 256, (12, 12, 3), dtype=np.uint8))
    picture = np.asarray(shapes.resize((SIDE, SIDE), Image.Resampling.BICUBIC), dtype=np.int16)
    grained = picture + chance.normal(0, 6, picture.shape).astype(np.int16)
    file = io.BytesIO()
    Image.fromarray(grained.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return file.getvalue()


def send(installation: Installation, key: str, body: bytes) -> dict[str, Any]:
    answer = installation.http.request(
        "POST",
        f"{installation.address}/api/v1/items",
        body=body,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    assert answer.status == 200, answer.data
    return dict(answer.json())


# How fast


def compare(installation: Installation, key: str) -> None:
    print(f"{'item':<22}{'clients':>8}{'verdicts/s':>12}{'p50 ms':>9}{'p99 ms':>9}")
    kinds: dict[str, Callable[[], bytes]] = {
        "hashes only": some_hashes,
        "text and a link": a_text,
        "1-megapixel JPEG": picture_sender(),
    }
    for name, make in kinds.items():
        for clients in (1, 4):
            took = load(installation, key, make, clients)
            middle, last = np.percentile(took, [50, 99]) * 1000
            rate = len(took) / SECONDS
            print(f"{name:<22}{clients:>8}{rate:>12.1f}{middle:>9.1f}{last:>9.1f}", flush=True)


def load(
    installation: Installation, key: str, make: Callable[[], bytes], clients: int
) -> list[float]:
    """How long each answer took, of as many as came in the time."""
    took: list[float] = []
    end = time.perf_counter() + SECONDS

    def client() -> None:
        while (began := time.perf_counter()) < end:
            body = make()
            began = time.perf_counter()
            send(installation, key, body)
            took.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def print_time_to_match(installation: Installation, key: str) -> None:
    """From the moment a signal is offered until the first item that is blocked by it."""
    took = [time_to_match(installation, key) for _ in range(ADDITIONS)]
    print(
        f"\na signal added to the bank matches after {statistics.median(took) * 1000:.0f} ms "
        f"(median of {ADDITIONS}, slowest {max(took) * 1000:.0f} ms)"
    )


def time_to_match(installation: Installation, key: str) -> float:
    pdq = secrets.token_hex(32)
    media = [{"id": "m1", "hashes": {"pdq": [{"hash": pdq, "quality": 100}]}}]
    began = time.perf_counter()
    offered = {"signals": [{"kind": "pdq", "value": pdq}], "why": "A benchmark."}
    answer: urllib3.BaseHTTPResponse = installation.call(
        "POST", f"/api/v1/banks/{BANK}/signals", key=key, body=offered
    )
    assert answer.status == 200, answer.data
    while send(installation, key, an_item(media=media))["verdict"] != "block":
        pass
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
