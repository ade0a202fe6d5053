"""At which line each part of a TOML or JSON text begins, since their readers do not tell.

The text has been read by the real reader before: what is here only walks it, and trusts it.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_IN_LINE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL),
    re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


def lines_of_toml(text: str) -> Mapping[Path, int]:
    """Line numbers, from 1, of every key, table and element of an array."""
    walk = _Walk(text)
    walk.toml()
    return walk.lines


def lines_of_json(text: str) -> Mapping[Path, int]:
    """The same of a text in JSON."""
    walk = _Walk(text)
    walk.value(())
    return walk.lines


def line_at(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of the part at `path`, or of the nearest part around it."""
    around = [path[:end] for end in range(len(path), 0, -1)]
    return next((lines[part] for part in around if part in lines), 1)


class _Walk:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._ends = [place for place, letter in enumerate(text) if letter == "\n"]
        self._tables: dict[Path, int] = {}

    def toml(self) -> None:
        table: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text.startswith("[[", self._at):
                table = self._header(repeats=True)
            elif self._text.startswith("[", self._at):
                table = self._header(repeats=False)
            else:
                self._pair(table)

    def value(self, path: Path) -> None:
        """A value, and the parts inside it."""
        self._skip(_BLANK)
        self._mark(path)
        match self._text[self._at : self._at + 1]:
            case "[":
                self._inside("]", lambda place: self.value((*path, place)))
            case "{":
                self._inside("}", lambda _: self._pair(path))
            case '"' | "'":
                self._skip(next(p for p in _STRINGS if p.match(self._text, self._at)))
            case _:
                self._skip(_PLAIN_VALUE)

    def _inside(self, closing: str, part: Callable[[int], None]) -> None:
        self._at += 1
        place = 0
        while True:
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1
            elif self._text[self._at] == closing:
                break
            else:
                part(place)
                place += 1
        self._at += 1

    def _pair(self, table: Path) -> None:
        start = self._at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._mark(path, at=start)
        self._at += 1  # = or :
        self.value(path)

    def _header(self, *, repeats: bool) -> Path:
        start = self._at
        self._at += 2 if repeats else 1
        path: Path = ()
        *outer, last = self._keys()
        for key in outer:
            path = self._newest((*path, key))
            self._mark(path, at=start)
        path = (*path, last)
        self._mark(path, at=start)
        if repeats:
            self._tables[path] = self._tables.get(path, -1) + 1
            path = self._newest(path)
            self._mark(path, at=start)
        self._at += 2 if repeats else 1
        return path

    def _newest(self, path: Path) -> Path:
        return (*path, self._tables[path]) if path in self._tables else path

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._skip(_IN_LINE) < len(self._text) and self._text[self._at] == ".":
            self._at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        start = self._skip(_IN_LINE)
        if self._text[start] not in "\"'":
            return self._text[start : self._skip(_BARE_KEY)]
        quoted = self._text[start : self._skip(_STRINGS[2 if self._text[start] == '"' else 3])]
        if quoted[0] == "'":
            return quoted[1:-1]
        try:
            return str(json.loads(quoted))
        except ValueError:  # TOML has an escape or two that JSON has not
            return quoted[1:-1]

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at

    def _mark(self, path: Path, *, at: int | None = None) -> None:
        place = self._at if at is None else at
        self.lines.setdefault(path, bisect_left(self._ends, place) + 1)
