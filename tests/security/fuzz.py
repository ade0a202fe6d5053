"""Look for bytes that lead a parser astray, for as long as one likes: `make fuzz MINUTES=30`.

Other bytes each time. What is found is printed, with the bytes in base64, and ends it with 1.
"""

import base64
import resource
import sys
import time

from hypothesis import HealthCheck, Phase, given, settings

from tests.security.damage import Fault, anything, fault_of
from tests.security.parsers import PARSERS, Parser

AT_ONCE = 200
MOST_MEMORY = 12 * 1024**3
"""Of one process: a parser that asks for more fails here, and not the machine."""


class Found(Exception):
    """A fault, once it was made as small as it can be."""


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    shares = sum(parser.share for parser in PARSERS.values())
    faults = 0
    for name, parser in PARSERS.items():
        seconds = minutes * 60 * parser.share / shares
        tried, fault = search(parser, seconds=seconds)
        print(f"{name:<20} {tried:>9,} tried   {fault.problem if fault else 'nothing found'}")  # noqa: T201 - a command's answer
        if fault:
            faults += 1
            print(f"  {base64.b64encode(fault.content).decode()}")  # noqa: T201
    return 1 if faults else 0


def search(parser: Parser, *, seconds: float) -> tuple[int, Fault | None]:
    """How many bytes were tried, and the smallest that were found to be a fault."""
    until, tried, smallest = time.monotonic() + seconds, 0, [Fault(b"", "")]

    @settings(
        max_examples=AT_ONCE,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(content=anything(parser))
    def look(content: bytes) -> None:
        nonlocal tried
        tried += 1
        if time.monotonic() > until:
            return
        if fault := fault_of(parser, content):
            smallest[0] = fault
            raise Found(fault.problem)

    while time.monotonic() < until:
        try:
            look()
        except Found:
            return tried, smallest[0]
    return tried, None


if __name__ == "__main__":
    sys.exit(main())
