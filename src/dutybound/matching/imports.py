"""Signals from other people's files: CSV, JSON, and what HMA and python-threatexchange write.

Columns and keys are known by several names, so that the exports of the Hasher-Matcher-Actioner
(`signal_type, signal_val, bank_content_id`; `{"id": 7, "signals": {"pdq": "…"}}`) and of
`threatexchange dataset --print-signals --csv` (`collab, signal_type, signal_str, category, tags`)
are read as they are.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, TextIO

from dutybound.matching.signals import BadSignal, SignalKind, clean_value

_KIND_NAMES = ("kind", "signal_type", "signal_type_name", "type")
_VALUE_NAMES = ("value", "signal_str", "signal_val", "signal", "hash")
_RECORD_NAMES = ("source_record", "bank_content_id", "content_id", "id", "collab")
_KINDS = {
    **{kind.value: kind for kind in SignalKind},
    "video_md5": SignalKind.MD5,
    "vmd5": SignalKind.MD5,
    "raw_text": SignalKind.PHRASE,
    "text": SignalKind.PHRASE,
}
# python-threatexchange's words, old and new, for "someone says this is not it".
_SAYS_NO = {"NEGATIVE_CLASS", "FALSE_POSITIVE"}
_MAX_RECORD_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class ImportedSignal:
    """One signal of somebody else's file, with its value in the form it is stored in."""

    kind: SignalKind
    value: str
    source_record: str = ""
    tags: tuple[str, ...] = ()


class BadRow(ValueError):
    """One row is no signal; the message names its line and says what was expected."""

    def __init__(self, line: int, expected: str) -> None:
        super().__init__(f"line {line}: {expected}")
        self.line = line


def read_csv(
    file: TextIO, *, kind: SignalKind | None = None, leetspeak: bool = False
) -> Iterator[ImportedSignal | BadRow]:
    """Each row of a CSV file as a signal, or what is wrong with it.

    `kind` is for rows that do not say theirs. Without a header, a row is one value.
    """
    header: list[str] | None = None
    for line, row in _rows(file):
        if isinstance(row, BadRow):
            yield row
            continue
        if not any(row):
            continue
        if header is None:
            names = _names(row)
            has_header = any(name in names for name in _VALUE_NAMES)
            header = names if has_header else ["value"]
            if has_header:
                continue
        told = dict(zip(header, row, strict=False))
        yield from _signals_of(told, line=line, kind=kind, leetspeak=leetspeak)


def read_json(
    file: TextIO, *, kind: SignalKind | None = None, leetspeak: bool = False
) -> Iterator[ImportedSignal | BadRow]:
    """Each object of a JSON list, or of lines of JSON, as its signals, or what is wrong with it.

    In a list, the "line" of a fault is the place in the list.
    """
    for line, told in _objects(file):
        if isinstance(told, BadRow):
            yield told
        elif isinstance(told, str):
            yield from _signals_of({"value": told}, line=line, kind=kind, leetspeak=leetspeak)
        elif isinstance(told, dict):
            yield from _signals_of(told, line=line, kind=kind, leetspeak=leetspeak)
        else:
            yield BadRow(line, "expected an object with kind and value")


def _signals_of(
    told: Mapping[str, Any], *, line: int, kind: SignalKind | None, leetspeak: bool
) -> Iterator[ImportedSignal | BadRow]:
    """The signals one row stands for: HMA keeps all hashes of one file together."""
    together = told.get("signals")
    rows: Iterable[Mapping[str, Any]] = [told]
    if isinstance(together, dict):
        rows = [{**told, "kind": name, "value": value} for name, value in together.items()]
    for row in rows:
        try:
            yield _signal(row, kind=kind, leetspeak=leetspeak)
        except ValueError as error:
            yield BadRow(line, str(error))


def _signal(row: Mapping[str, Any], *, kind: SignalKind | None, leetspeak: bool) -> ImportedSignal:
    if str(row.get("category", "")).upper() in _SAYS_NO:
        raise BadSignal(f"expected content that should match, got category {row['category']}")
    told_kind = _first(row, _KIND_NAMES) or (kind.value if kind else "")
    of_kind = _KINDS.get(told_kind.strip().lower())
    if of_kind is None:
        raise BadSignal(f"expected a kind of {', '.join(SignalKind)}, got {told_kind[:40]!r}")
    value = clean_value(of_kind, _first(row, _VALUE_NAMES), leetspeak=leetspeak)
    record = _first(row, _RECORD_NAMES)
    if len(record) > _MAX_RECORD_CHARACTERS:
        raise BadSignal(f"expected a source record of at most {_MAX_RECORD_CHARACTERS} characters")
    return ImportedSignal(of_kind, value, record, _tags(row.get("tags")))


def _first(row: Mapping[str, Any], names: Iterable[str]) -> str:
    value = next((row[name] for name in names if row.get(name) not in (None, "")), "")
    if isinstance(value, dict | list):
        raise BadSignal(f"expected text, got {json.dumps(value)[:40]}")
    return str(value)


def _tags(told: object) -> tuple[str, ...]:
    """Tags from a list, or from text with commas, semicolons or spaces between them."""
    if isinstance(told, str):
        told = told.replace(",", " ").replace(";", " ").split()
    if told is None:
        return ()
    if not isinstance(told, list) or not all(isinstance(tag, str) for tag in told):
        raise BadSignal("expected tags as text or as a list of texts")
    return tuple(told)


def _rows(file: TextIO) -> Iterator[tuple[int, list[str] | BadRow]]:
    """Each row with the number of its last line; one that cannot be read is the last."""
    lines = iter(file)
    rows = csv.reader(lines)
    try:
        first = next(lines, "")
        rows = csv.reader(chain([first], lines), delimiter=_mark_between_columns(first))
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        yield rows.line_num, BadRow(rows.line_num, f"expected CSV: {error}")
    except UnicodeDecodeError:
        line = rows.line_num + 1
        yield line, BadRow(line, "expected CSV in UTF-8")


def _mark_between_columns(first: str) -> str:
    """The mark with which a first line is a header; where a comma is decimal, Excel writes `;`."""
    for mark in ";\t":
        names = _names(first.split(mark))
        if len(names) > 1 and any(name in names for name in _VALUE_NAMES):
            return mark
    return ","


def _names(row: list[str]) -> list[str]:
    return [name.lstrip("\ufeff").strip(' "\r\n').lower() for name in row]


def _objects(file: TextIO) -> Iterator[tuple[int, Any]]:
    """Each value of a list, or of each line, with its place."""
    try:
        first = file.readline().lstrip("\ufeff")
        whole = _json_or_none(first)
        if whole is None:
            whole = json.loads(first + file.read())
    except (ValueError, RecursionError) as error:
        yield 1, BadRow(1, f"expected JSON in UTF-8: {error}")
        return
    if isinstance(whole, dict) and isinstance(whole.get("signals"), list):
        whole = whole["signals"]
    if isinstance(whole, list):
        yield from enumerate(whole, start=1)
        return
    yield 1, whole
    yield from _further_lines(file)


def _further_lines(file: TextIO) -> Iterator[tuple[int, Any]]:
    number = 2
    try:
        for number, line in enumerate(file, start=2):
            if line.strip():
                yield number, json.loads(line)
    except (ValueError, RecursionError) as error:
        yield number, BadRow(number, f"expected a line of JSON in UTF-8: {error}")


def _json_or_none(line: str) -> Any:  # noqa: ANN401 - it is JSON
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None
