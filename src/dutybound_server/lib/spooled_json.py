"""JSON that carries files: long strings go to a temporary file while the text is still arriving.

A large picture in base64 would stand in memory as bytes, as text and decoded. Here it does in none
of these: what is parsed has a short unguessable token in its place.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from pydantic_core import from_json

LONG = 64 * 1024  # strings of more bytes are set aside
LONGEST_TEXT = 2 * 1024 * 1024  # the most that is given back as text
MOST_STRUCTURE = 8 * 1024 * 1024  # all that is not a long string, which is parsed in memory
_POSITION = re.compile(r" at line (\d+) column (\d+)$")
# Up to the closing quote, or a backslash whose partner has not arrived yet, or the end.
_REST_OF_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)


class BadJson(ValueError):
    """The text is not JSON; the sentence names line and column."""


class TooMuchJson(ValueError):
    """More structure than is parsed in memory, or a long string where none is taken."""


@dataclass(slots=True)
class Aside:
    """A long string as it stood between its quotes."""

    token: str
    content: IO[bytes]
    line: int
    column: int
    size: int = 0

    def write(self, piece: bytes) -> None:
        self.content.write(piece)
        self.size += len(piece)

    def text(self) -> str:
        if self.size > LONGEST_TEXT:
            raise TooMuchJson(f"a string of {self.size:,} bytes is too long for this field")
        self.content.seek(0)
        return str(from_json(b'"' + self.content.read() + b'"'))


def parse(chunks: Iterable[bytes], *, files: ExitStack) -> tuple[Any, dict[str, Aside]]:
    """The value, and the long strings its tokens stand for, kept open until `files` closes.

    Raises BadJson or TooMuchJson.
    """
    reader = _Reader(files)
    for chunk in chunks:
        reader.feed(chunk)
    try:
        value = from_json(bytes(reader.structure), allow_inf_nan=False)
    except ValueError as error:
        raise BadJson(_with_true_position(str(error), reader)) from None
    return value, {aside.token: aside for aside in reader.asides}


def with_texts(value: Any, asides: Mapping[str, Aside]) -> Any:  # noqa: ANN401 - any JSON value
    """The value with every long string back in its place."""
    if isinstance(value, str):
        return asides[value].text() if value in asides else value
    if isinstance(value, dict):
        return {name: with_texts(inner, asides) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_texts(inner, asides) for inner in value]
    return value


class _Reader:
    """Knows at every byte whether it is inside a string, and nothing more of JSON."""

    def __init__(self, files: ExitStack) -> None:
        self.structure = bytearray()
        self.asides: list[Aside] = []
        self._files = files
        self._secret = secrets.token_hex(8)
        self._string_start = -1
        self._aside: Aside | None = None
        self._after_backslash = False

    def feed(self, chunk: bytes) -> None:
        position = 0
        while position < len(chunk):
            inside = self._string_start >= 0
            position = (self._inside if inside else self._outside)(chunk, position)
        if len(self.structure) > MOST_STRUCTURE:
            raise TooMuchJson(f"expected at most {MOST_STRUCTURE:,} bytes of JSON beside the media")

    def _outside(self, chunk: bytes, position: int) -> int:
        quote = chunk.find(b'"', position)
        end = len(chunk) if quote < 0 else quote + 1
        self.structure += chunk[position:end]
        if quote >= 0:
            self._string_start = len(self.structure)
        return end

    def _inside(self, chunk: bytes, position: int) -> int:
        if self._after_backslash:
            self._after_backslash = False
            self._keep(chunk[position : position + 1])
            return position + 1
        rest = _REST_OF_STRING.match(chunk, position)
        end = rest.end() if rest else position
        self._keep(chunk[position:end])
        if chunk[end : end + 1] == b'"':
            self.structure += b'"'
            self._string_start, self._aside = -1, None
        elif end < len(chunk):
            self._keep(b"\\")
            self._after_backslash = True
        return end + 1

    def _keep(self, piece: bytes) -> None:
        if self._aside is not None:
            self._aside.write(piece)
        else:
            self.structure += piece
            if len(self.structure) - self._string_start > LONG:
                self._set_aside()

    def _set_aside(self) -> None:
        content = self._files.enter_context(SpooledTemporaryFile(LONG))  # noqa: SIM115
        before = self.structure[: self._string_start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        token = f"aside-{self._secret}-{len(self.asides)}"
        self._aside = Aside(token, content, line, column)
        self._aside.write(bytes(self.structure[self._string_start :]))
        self.structure[self._string_start :] = token.encode()
        self.asides.append(self._aside)


def _with_true_position(message: str, reader: _Reader) -> str:
    """Tell the column in what was sent, not in what was left of it."""
    if (found := _POSITION.search(message)) is None:
        return message
    line, column = int(found[1]), int(found[2])
    before = [at for at in reader.asides if at.line == line and at.column < column]
    removed = sum(aside.size - len(aside.token) for aside in before)
    return f"{message[: found.start()]} at line {line} column {column + removed}"
