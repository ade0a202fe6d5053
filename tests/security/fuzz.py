"""Look for bytes that lead a parser astray, for as long as one likes: `make fuzz MINUTES=30`.

Other bytes each time. What is found is printed, with the bytes in base64, and ends it with 1.
"""

import base64
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, Phase, given, settings

from tests.security.damage import anything, read
from tests.security.parsers import PARSERS, Parser

AT_ONCE = 200
MOST_MEMORY = 12 * 1024**3
"""Of one process: a parser that asks for more fails here, and not the machine."""


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    shares = sum(parser.share for parser in PARSERS.values())
    faults = 0
    for name, parser in PARSERS.items():
        seconds = minutes * 60 * parser.share / shares
        tried, problem, content = search(parser, seconds=seconds)
        told = f"{type(problem).__name__}: {problem}"[:300] if problem else "nothing found"
        print(f"{name:<20} {tried:>9,} tried   {told}")  # noqa: T201 - a command's answer
        if problem:
            faults += 1
            print(f"  {base64.b64encode(content).decode()}")  # noqa: T201
    return 1 if faults else 0


def search(parser: Parser, *, seconds: float) -> tuple[int, BaseException | None, bytes]:
    """How many bytes were tried, what went wrong, and the smallest bytes with which it does."""
    until, tried, last = time.monotonic() + seconds, 0, b""

    @settings(
        max_examples=AT_ONCE,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(content=anything(parser))
    def look(content: bytes) -> None:
        nonlocal tried, last
        # The smallest bytes that do it come last.
        tried, last = tried + 1, content
        if time.monotonic() < until:
            read(parser, content)

    with ThreadPoolExecutor(1) as pool:
        while time.monotonic() < until:
            if problem := pool.submit(look).exception():
                return tried, problem, last
    return tried, None, b""


if __name__ == "__main__":
    sys.exit(main())
