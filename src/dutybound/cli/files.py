"""What all commands do with files: take them, hash them, and show how far they are."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import click

from dutybound.matching import MediaHashes, Unreadable, hash_media
from dutybound.matching.apart import Decoders

FILES = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
IN_BANKS = click.option(
    "--bank",
    "-b",
    "banks",
    multiple=True,
    required=True,
    type=FILES,
    help="A bank file; repeatable.",
)
"""The banks that a command compares with."""

_file_numbers = count()


class BadInput(click.ClickException):
    """What a command was given cannot be read; the exit code is that of wrong use."""

    exit_code = 2


def bytes_of(path: Path, *, most: int) -> bytes:
    """What is in a file; raises BadInput where it cannot be read or has more than `most` bytes."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as problem:
        raise BadInput(f"Cannot read {path}: {problem}") from None
    if len(content) > most:
        raise BadInput(f"Cannot read {path}: expected at most {most:,} bytes.")
    return content


def shown(text: str) -> str:
    """Text of somebody else for a terminal: what would move its cursor or colour it is spelt out.

    Else a file could write over the line that says that it does not verify.
    """
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)


def hashes_of(path: Path) -> MediaHashes | Unreadable:
    """The hashes of the file at a path, under the path's own name, or why there are none.

    The first file is decoded in this process, so that one file costs no second program's start;
    those after it in a process apart, so that none of them ends the work on the others.
    """
    is_first = next(_file_numbers) == 0
    try:
        with path.open("rb") as file:
            hash_one = hash_media if is_first else _decoders().hash_media
            return hash_one(file, id=str(path))
    except Unreadable as reason:
        return reason


@cache
def _decoders() -> Decoders:
    return Decoders(most=1)


@contextmanager
def progress(steps: Sequence[Path], *, label: str) -> Iterator[Iterable[Path]]:
    """A progress bar on a terminal's standard error; elsewhere nothing is shown."""
    # A bar and the answers would overwrite each other where both go to one screen.
    is_seen = sys.stderr.isatty() and not sys.stdout.isatty()
    with click.progressbar(steps, label=label, file=sys.stderr, hidden=not is_seen) as bar:
        yield bar


@contextmanager
def counting(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for work that tells how much of how much is done; only where a person sees it."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield tell
