"""Lines of parts of TOML and JSON, beside what their real readers find there."""

import json
import tomllib
from collections.abc import Iterable, Iterator

from dutybound.risk.lines import Path, line_at, lines_of_json, lines_of_toml

TOML = '''\
# A # sign, and [no] header, stand in texts too.
plain.dotted = 1
"quoted key".'other one' = "[x]\\" # still text"
many = """
[no.header]
key = 1"""
list = [
  1, # one, two
  { a = '}', b = [2,
    3] },
]
[table]
day = 2026-06-29
[[entries]]
id = "a"
[[entries]]
id = "b"
[entries.inner]
z = true
[[entries.deep]]
w = 1.5
'''
JSON = '{"a": [\n1,\n{"b": "x\\"}"}],\n"c": null}'


def paths(value: object, above: Path = ()) -> Iterator[Path]:
    """Every path there is in a value."""
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    for step, part in inner:
        yield (*above, step)
        yield from paths(part, (*above, step))


def test_every_part_that_the_readers_see_has_a_line() -> None:
    assert set(lines_of_toml(TOML)) == set(paths(tomllib.loads(TOML)))
    assert set(lines_of_json(JSON)) == {(), *paths(json.loads(JSON))}


def test_a_part_is_at_the_line_where_it_begins() -> None:
    lines = lines_of_toml(TOML)

    assert lines["plain", "dotted"] == 2
    assert lines["quoted key", "other one"] == 3
    assert lines["list", 1, "b", 1] == 10
    assert lines["entries", 1, "id"] == 17
    assert lines["entries", 1, "deep", 0, "w"] == 21
    assert lines_of_json(JSON)["a", 1, "b"] == 3


def test_what_is_not_there_is_told_at_what_is_around_it() -> None:
    assert line_at(("entries", 1, "title"), lines_of_toml(TOML)) == 16
    assert line_at(("nothing",), lines_of_toml(TOML)) == 1
