"""Bytes to try a parser with: true examples with some damage, and noise; and how it takes them."""

import time
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.security.parsers import Parser

LONGEST_SECONDS = 10.0
"""Of computing for one reading, however bad the bytes; films may take one second of decoding."""
LARGEST = 4096
TELLING = [
    b"\x00",
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b'"',
    b"{",
    b"[" * 3000,
    b"\n",
    b"-1",
    b"1e999",
    b"9" * 5000,
    b"\xed\xa0\x80",
]
"""What has led parsers of other people astray."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a parser did that it does not say it may do."""

    content: bytes
    problem: str


@st.composite
def damaged(draw: st.DrawFn, parser: Parser) -> bytes:
    """One of the parser's examples, changed in a few places."""
    content = draw(st.sampled_from(parser.examples()))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 0, 1, 1, 2, 4, 16, 256]))
        more = draw(st.sampled_from([*TELLING, content[at : at + length] * 2, None]))
        if more is None:
            more = draw(st.binary(max_size=8))
        content = content[:at] + more + content[at + length :]
    return content


def anything(parser: Parser) -> st.SearchStrategy[bytes]:
    """Mostly damaged examples, since noise is refused at the first byte."""
    return st.one_of(damaged(parser), damaged(parser), damaged(parser), st.binary(max_size=LARGEST))


def fault_of(parser: Parser, content: bytes) -> Fault | None:
    """What is wrong with how the parser takes the bytes; None where it keeps its word."""
    began = time.process_time()
    try:
        parser.read(content)
    except parser.raises:
        pass
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return Fault(content, f"{type(error).__name__}: {error}"[:300])
    took = time.process_time() - began
    return Fault(content, f"took {took:.1f} s") if took > LONGEST_SECONDS else None
