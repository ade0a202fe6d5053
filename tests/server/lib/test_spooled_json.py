"""Long strings leave the text as it arrives; everything else parses as JSON does."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound_server.lib.spooled_json import (
    LONG,
    LONGEST_TEXT,
    BadJson,
    TooMuchJson,
    parse,
    with_texts,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def chunked(text: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


def back(text: bytes, size: int) -> Any:  # noqa: ANN401 - any JSON value
    with ExitStack() as files:
        value, asides = parse(chunked(text, size), files=files)
        return with_texts(value, asides)


@given(VALUES, st.integers(1, 50))
def test_it_reads_what_json_reads_however_it_arrives(value: object, size: int) -> None:
    for escaped in (True, False):
        text = json.dumps(value, ensure_ascii=escaped).encode(errors="surrogatepass")
        assert back(text, size) == value


@pytest.mark.parametrize("size", [1000, LONG, 10**7])
def test_long_strings_are_set_aside_and_come_back(size: int) -> None:
    value = {"a": "x" * LONG, "b": ["y" * (LONG + 1), 'q"\\' * LONG], "c": "z"}
    text = json.dumps(value).encode()

    with ExitStack() as files:
        parsed, asides = parse(chunked(text, size), files=files)

        assert len(asides) == 2
        assert with_texts(parsed, asides) == value


def test_a_mistake_is_told_at_its_place_in_what_was_sent() -> None:
    text = b'{"a": "' + b"x" * (LONG + 1) + b'", oops}'
    column = text.index(b"oops") + 1

    with ExitStack() as files, pytest.raises(BadJson, match=f"line 1 column {column}"):
        parse([text], files=files)


@pytest.mark.parametrize("text", [b"", b"{", b'{"a": NaN}', b'"\xff"', b'{"a": "', b"[" * 10**5])
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(BadJson):
        parse([text], files=ExitStack())


def test_memory_is_bounded() -> None:
    with pytest.raises(TooMuchJson):
        parse([b"[" + b"0," * 5_000_000 + b"0]"], files=ExitStack())
    with ExitStack() as files:
        value, asides = parse([b'"' + b"x" * (LONGEST_TEXT + 1) + b'"'], files=files)
        with pytest.raises(TooMuchJson):
            with_texts(value, asides)
