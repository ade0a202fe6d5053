"""`dutybound bank`: make a bank file, look into one, and tell two apart."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypedDict

import click

from dutybound.cli.files import FILES, BadInput, hashes_of, progress
from dutybound.matching import (
    MAX_THRESHOLD,
    Bank,
    Effect,
    MediaHashes,
    Signal,
    SignalKind,
    Unreadable,
)
from dutybound.matching.bankfiles import (
    BadBankFile,
    BankHeader,
    read_header,
    read_signals,
    write_bank,
)
from dutybound.matching.imports import BadRow, ImportedSignal, read_csv, read_json
from dutybound.matching.pictures import LEAST_QUALITY
from dutybound.register.harms import HARMS
from dutybound.register.loading import did_you_mean

READERS = {".csv": read_csv, ".txt": read_csv, ".json": read_json, ".jsonl": read_json}
DIFFERENT = 1


class KindOfHarm(click.ParamType[str]):
    name = "harm"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in HARMS:
            self.fail(f"{value!r} is no kind of harm{did_you_mean(value, HARMS)}", param, ctx)
        return value


class Difference(TypedDict):
    """What one bank has that another has not."""

    settings: dict[str, Any]
    added: list[dict[str, object]]
    removed: list[dict[str, object]]
    changed: list[dict[str, object]]


@click.group()
def bank() -> None:
    """Make a bank file, look into one, and tell two apart."""


@bank.command()
@click.argument("out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.argument("files", nargs=-1, type=FILES, metavar="FILE…")
@click.option("--name", required=True, help="What the bank is called in matches.")
@click.option("--source", required=True, help="Where its signals come from.")
@click.option("--harm", required=True, type=KindOfHarm(), metavar="HARM")
@click.option("--effect", required=True, type=click.Choice([str(each) for each in Effect]))
@click.option("--threshold", type=click.IntRange(0, MAX_THRESHOLD), default=31, show_default=True)
@click.option("--any-orientation/--upright-only", default=True, show_default=True)
@click.option("--leetspeak", is_flag=True, help="Read 3 as e, $ as s and so on in texts.")
@click.option("--dry-run", is_flag=True, help="Its matches are told and change no verdict.")
@click.option("--signals", "lists", multiple=True, type=FILES, help="A CSV or JSON list.")
@click.option(
    "--kind",
    type=click.Choice([str(each) for each in SignalKind]),
    help="Kind of the signals in lists that do not say it.",
)
def build(
    out: Path,
    files: tuple[Path, ...],
    *,
    lists: tuple[Path, ...],
    kind: str | None,
    effect: str,
    **settings: str | int | bool,
) -> None:
    """Write a bank to OUT from pictures and other FILEs, and from lists of signals."""
    of_kind = SignalKind(kind) if kind else None
    made = Bank(effect=Effect(effect), **settings)  # type: ignore[arg-type]
    with progress(files, label="Hashing") as steps:
        signals = [signal for path in steps for signal in _signals_of_file(path)]
    for path in lists:
        signals += _signals_of_list(path, kind=of_kind, leetspeak=made.leetspeak)
    if not signals:
        raise BadInput("There are no signals: name pictures or other files, or --signals LIST.")
    distinct = {(signal.kind, signal.value): signal for signal in reversed(signals)}
    with out.open("wb") as file:
        header = write_bank(file, bank=made, signals=reversed(distinct.values()))
    click.echo(f"{out}: {header.signals} signals, sha256 {header.sha256}")


@bank.command()
@click.argument("file", type=FILES)
@click.option("--json", "as_json", is_flag=True)
def info(file: Path, *, as_json: bool) -> None:
    """Check a bank file and tell what is in it."""
    header, signals = _read(file)
    kinds = Counter(str(signal.kind) for signal in signals)
    if as_json:
        told = {**asdict(header.bank), "signals": header.signals, "kinds": kinds}
        click.echo(json.dumps({**told, "sha256": header.sha256}))
        return
    for name, value in asdict(header.bank).items():
        click.echo(f"{name.replace('_', ' '):16} {value}")
    click.echo(f"{'signals':16} {header.signals}")
    for kind, count in sorted(kinds.items()):
        click.echo(f"  {kind:14} {count}")
    click.echo(f"{'sha256':16} {header.sha256}")


@bank.command()
@click.argument("old", type=FILES)
@click.argument("new", type=FILES)
@click.option("--json", "as_json", is_flag=True)
def diff(old: Path, new: Path, *, as_json: bool) -> None:
    """Tell what NEW has that OLD has not, and the other way round. Exit code 1 when they differ."""
    (before, old_signals), (after, new_signals) = _read(old), _read(new)
    had, has = _by_value(old_signals), _by_value(new_signals)
    changed_settings = {
        name: {"old": value, "new": asdict(after.bank)[name]}
        for name, value in asdict(before.bank).items()
        if value != asdict(after.bank)[name]
    }
    told: Difference = {
        "settings": changed_settings,
        "added": [_told(has[key]) for key in has if key not in had],
        "removed": [_told(had[key]) for key in had if key not in has],
        "changed": [_told(has[key]) for key in has if key in had and has[key] != had[key]],
    }
    click.echo(json.dumps(told) if as_json else _difference_as_text(told))
    raise SystemExit(DIFFERENT if any(told.values()) else 0)


def _signals_of_file(path: Path) -> Iterator[Signal]:
    """The exact hash of a file, and PDQ of every picture in it that can be compared."""
    hashed = hashes_of(path)
    if isinstance(hashed, Unreadable):
        raise BadInput(f"{path}: {hashed.sentence}")
    if not hashed.comparable:
        click.echo(f"{path}: {hashed.note}", err=True)
    yield Signal(0, SignalKind.SHA256, hashed.sha256, path.name)
    for value in _comparable_hashes(hashed):
        yield Signal(0, SignalKind.PDQ, value, path.name)


def _comparable_hashes(hashed: MediaHashes) -> list[str]:
    return [each.hashes[0].hex() for each in hashed.frames if each.quality >= LEAST_QUALITY]


def _signals_of_list(path: Path, *, kind: SignalKind | None, leetspeak: bool) -> list[Signal]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"{path}: expected a name that ends in {', '.join(READERS)}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(reader(file, kind=kind, leetspeak=leetspeak))
    if faults := [row for row in rows if isinstance(row, BadRow)]:
        shown = "\n".join(f"{path}: {fault}" for fault in faults[:20])
        raise BadInput(f"{len(faults)} rows are no signals; nothing was written.\n{shown}")
    return [_signal(row) for row in rows if isinstance(row, ImportedSignal)]


def _signal(row: ImportedSignal) -> Signal:
    return Signal(0, row.kind, row.value, row.source_record, row.tags)


def _read(path: Path) -> tuple[BankHeader, list[Signal]]:
    try:
        with path.open("rb") as file:
            return read_header(file), list(read_signals(file))
    except BadBankFile as error:
        raise BadInput(f"{path}: {error}") from None


def _by_value(signals: Iterable[Signal]) -> dict[tuple[str, str], Signal]:
    # The id is the line number, which says nothing about the signal.
    return {(each.kind, each.value): replace(each, id=0) for each in signals}


def _told(signal: Signal) -> dict[str, object]:
    told = asdict(signal)
    del told["id"]
    return told


def _difference_as_text(told: Difference) -> str:
    lines = [f"~ {name}: {each['old']} → {each['new']}" for name, each in told["settings"].items()]
    parts = (("+", told["added"]), ("-", told["removed"]), ("~", told["changed"]))
    for sign, signals in parts:
        lines += [f"{sign} {each['kind']} {each['value']}" for each in signals]
    return "\n".join(lines) or "The two banks are the same."
