"""Bytes to try a parser with: true examples with some damage, and noise; and how it takes them."""

import time
from contextlib import suppress

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


class TooSlow(Exception):
    """A parser took longer than any bytes are worth."""


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


def read(parser: Parser, content: bytes) -> None:
    """Let the parser read the bytes: what it says that it may raise is fine, all else is not."""
    began = time.process_time()
    with suppress(*parser.raises):
        parser.read(content)
    took = time.process_time() - began
    if took > LONGEST_SECONDS:
        raise TooSlow(f"{took:.1f} s of computing")
