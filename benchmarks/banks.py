"""What a large bank costs each process: loaded from its rows, and mapped from its file.

Run: python -m benchmarks.banks [ROWS]. It makes a database that is thrown away, with one bank of
random PDQ hashes, and loads it in new processes, as each web server and worker does.
"""

import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from tests.journeys.installation import Installation, installed

ROWS = 200_000
MEMORY = Path("/proc/self/smaps_rollup")
_MB = 1024


def main() -> None:
    if sys.argv[1:2] == ["in-process"]:
        print(json.dumps(IN_PROCESS[sys.argv[2]](*sys.argv[3:])))
        return
    rows = int(sys.argv[1]) if sys.argv[1:] else ROWS
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        began = time.perf_counter()
        tell(installation, "prepare", str(rows))
        print(f"{rows:,} PDQ signals stored in {time.perf_counter() - began:.1f} s")
        print(f"{'':<24}{'ready after':>12}{'own memory':>12}{'a look-up':>12}{'an add':>10}")
        show("from its rows", tell(installation, "load"))
        print(f"the worker makes the file in {tell(installation, 'compile'):.1f} s")
        show("from its file", tell(installation, "load"))


def tell(installation: Installation, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    return installation.ask("benchmarks.banks", "in-process", *arguments)


def show(name: str, told: dict[str, float]) -> None:
    print(
        f"{name:<24}{told['seconds']:>10.2f} s{told['megabytes']:>9.0f} MB"
        f"{told['look_up_ms']:>9.2f} ms{told['add_ms']:>7.1f} ms"
    )


# In a process of its own


def prepare(rows: str) -> None:
    from dutybound_server.banks.actions import NewSignal, add_signals, create_bank  # noqa: PLC0415
    from dutybound_server.people.actions import create_service  # noqa: PLC0415

    now = datetime.now(UTC)
    service = create_service(slug="benchmark", name="Benchmark", by="system", now=now)
    bank = create_bank(
        service=service, name="benchmark", source="random numbers", harm="iia", effect="block",
        why="A benchmark.", by="system", now=now,
    )  # fmt: skip
    signals = (NewSignal("pdq", secrets.token_hex(32)) for _ in range(int(rows)))
    add_signals(bank=bank, signals=signals, why="A benchmark.", by="system", now=now)


def compile_() -> float:
    from dutybound_server.banks.files import compile_file  # noqa: PLC0415
    from dutybound_server.banks.models import Bank  # noqa: PLC0415

    began = time.perf_counter()
    compile_file(Bank.objects.get())
    return time.perf_counter() - began


def load() -> dict[str, float]:
    from dutybound.matching import Content, FrameHashes, MediaHashes  # noqa: PLC0415
    from dutybound.matching.index import RadiusIndex, base_of  # noqa: PLC0415
    from dutybound_server.banks.actions import NewSignal, add_signals  # noqa: PLC0415
    from dutybound_server.banks.live import current  # noqa: PLC0415
    from dutybound_server.banks.models import Bank  # noqa: PLC0415

    bank = Bank.objects.get()
    RadiusIndex(base_of(np.arange(1), np.zeros((1, 32), np.uint8)))  # Compiles what is compiled.
    before, began = own_memory_mb(), time.perf_counter()

    def met(value: bytes) -> int:
        frame = FrameHashes(0, 100, (value,) * 8)
        live = current(bank.service_id)
        media = (MediaHashes(id="m1", frames=(frame,)),)
        return len(live.matcher.match(Content(media=media), banks=live.bank_keys))

    met(secrets.token_bytes(32))
    seconds = time.perf_counter() - began
    megabytes = own_memory_mb() - before
    look_ups = sorted(seconds_of(lambda: met(secrets.token_bytes(32))) for _ in range(201))
    value = secrets.token_hex(32)
    add_signals(
        bank=bank, signals=[NewSignal("pdq", value)], why="A benchmark.", by="system",
        now=datetime.now(UTC),
    )  # fmt: skip
    began = time.perf_counter()
    assert met(bytes.fromhex(value)) == 1
    return {
        "seconds": seconds,
        "megabytes": megabytes,
        "look_up_ms": look_ups[len(look_ups) // 2] * 1000,
        "add_ms": (time.perf_counter() - began) * 1000,
    }


IN_PROCESS: dict[str, Callable[..., Any]] = {
    "prepare": prepare,
    "compile": compile_,
    "load": load,
}


def seconds_of(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def own_memory_mb() -> float:
    """What no other process can share, in megabytes; a mapped file's pages are everybody's."""
    if not MEMORY.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in MEMORY.read_text().splitlines()[1:])
    return int(lines["Anonymous"].split()[0]) / _MB


if __name__ == "__main__":
    if sys.argv[1:2] == ["in-process"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dutybound_server.project.settings")
        import django

        django.setup()
    main()
