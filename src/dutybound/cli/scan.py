"""`dutybound scan`: millions of files or hashes against banks, on all cores or many machines."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import click

from dutybound.cli.files import IN_BANKS, BadInput
from dutybound.cli.match import MATCHED, UNREADABLE
from dutybound.cli.scanning.cluster import cluster
from dutybound.cli.scanning.record import Noted, Printed, Record, kept_in
from dutybound.cli.scanning.subjects import batches, state_of
from dutybound.cli.scanning.workers import Workers, answers, processes
from dutybound.matching.bankfiles import BadBankFile, read_header

PATHS = click.Path(exists=True, readable=True, path_type=Path)
STOPPED = 130


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="PATH…")
@IN_BANKS
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where answers go; the same command goes on from there after a kill.",
)
@click.option("--jobs", type=click.IntRange(1), help="How many processes; all cores if not given.")
@click.option(
    "--fast",
    "is_fast",
    is_flag=True,
    help="Hash a JPEG exactly only where a quicker hash of it is near a signal.",
)
@click.option("--ray", "address", help="A Ray cluster that does the work, as host:port.")
def scan(
    paths: tuple[Path, ...],
    *,
    banks: tuple[Path, ...],
    out: Path | None,
    jobs: int | None,
    is_fast: bool,
    address: str | None,
) -> None:
    """Compare folders, lists and tables of hashes with banks, in bulk.

    A PATH is a folder, a list of paths (.txt), hashes (.csv, .txt, .parquet), or one file. Answers
    are lines of JSON: one for each file that matches, or that could not be compared. Exit code 1
    when one matches.
    """
    job = [[state_of(path) for path in paths], [_sum_of(path) for path in banks]]
    record: AbstractContextManager[Record] = (
        kept_in(out, job=job) if out else nullcontext(Printed())
    )
    workers: AbstractContextManager[Workers] = (
        cluster(address, banks, is_fast=is_fast)
        if address
        else processes(banks, count=jobs or _cores(), is_fast=is_fast)
    )
    with _told_when_stopped(out), record as kept:
        if kept.noted.is_finished:
            click.echo("It was finished before, so nothing is looked at again:", err=True)
        else:
            with workers as ready:
                began, before = time.monotonic(), kept.noted.seen
                go_through(paths, kept, ready)
            if is_fast:
                rate = (kept.noted.seen - before) / (time.monotonic() - began)
                click.echo(f"{rate:,.0f} a second", err=True)
        _show(kept.noted, end="\n")
    raise SystemExit(_exit_code(kept.noted))


def go_through(paths: tuple[Path, ...], record: Record, workers: Workers) -> None:
    for told, place in answers(batches(paths, after=record.noted.place), workers):
        record.keep(told, place)
        # A line that is written over, and the answers, would meet on one screen.
        if sys.stderr.isatty() and not sys.stdout.isatty():
            _show(record.noted, end="\r")
    record.finish()


def _show(noted: Noted, *, end: str) -> None:
    counts = f"{noted.seen:,} seen, {noted.matched:,} matched, {noted.uncompared:,} not compared"
    click.echo(f"{counts}{end}", err=True, nl=False)


@contextmanager
def _told_when_stopped(out: Path | None) -> Iterator[None]:
    go_on = "The same command goes on from here." if out else "With --out it could go on from here."
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"\nStopped. {go_on}", err=True)
        raise SystemExit(STOPPED) from None
    except OSError as error:
        raise BadInput(f"{error}. {go_on}") from error


def _exit_code(noted: Noted) -> int:
    """As `match` has it: a match is told before what could not be compared."""
    if noted.matched:
        return MATCHED
    return UNREADABLE if noted.uncompared else 0


def _sum_of(bank: Path) -> str:
    try:
        with bank.open("rb") as file:
            return read_header(file).sha256
    except BadBankFile as error:
        raise BadInput(f"{bank}: {error}") from None


def _cores() -> int:
    """Those this process may use, where the system says so."""
    mine = getattr(os, "sched_getaffinity", None)
    return len(mine(0)) if mine else os.cpu_count() or 1
