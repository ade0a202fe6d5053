"""`dutybound verify-disclosure`: check one entry of a journal, and what was said to be in it."""

from pathlib import Path

import click

from dutybound.cli.files import bytes_of, shown
from dutybound.cli.verify_journal import CANNOT_READ, Key
from dutybound.ledger.disclosure import (
    BadDisclosure,
    Disclosure,
    Match,
    disclosure_in,
    verify_disclosure,
)
from dutybound.ledger.notes import BadNote, VerifierKey
from dutybound.ledger.tree import ProofRejected

LARGEST = 16 * 1024 * 1024
"""Bytes of a disclosure; an entry has 64 KiB at most."""
WORDS = {
    Match.MATCHES: "is what was given",
    Match.DIFFERS: "is NOT what was given",
    Match.ERASED: "cannot be matched to anything: its salt is erased",
    Match.NOT_GIVEN: "can be matched; give it with --value",
    Match.NOT_HELD: "is NOT in the entry",
}
WRONG = frozenset({Match.DIFFERS, Match.NOT_HELD})


class Value(click.ParamType[tuple[str, str]]):
    name = "name=text"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        name, given, text = value.partition("=")
        if not name or not given:
            self.fail(f"expected NAME=TEXT, got {value[:60]!r}", param, ctx)
        return name, text


@click.command(name="verify-disclosure")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=Key(), required=True, help="The signer you trust, as name+id+key.")
@click.option(
    "--value",
    "values",
    type=Value(),
    multiple=True,
    help="A value you were told, as name=text: check that the entry was written with it.",
)
@click.pass_context
def command(
    context: click.Context, *, file: Path, key: VerifierKey, values: tuple[tuple[str, str], ...]
) -> None:
    """Check the entry disclosed in FILE: that it is in the journal, and what it was written with.

    Exits with 0 if the proof holds and every value given matches, 1 if not, 2 if the file could
    not be read.
    """
    try:
        disclosure = disclosure_in(bytes_of(file, most=LARGEST).decode())
    except (UnicodeDecodeError, BadDisclosure) as problem:
        click.echo(f"Cannot read the disclosure: {problem}", err=True)
        context.exit(CANNOT_READ)
    try:
        head = verify_disclosure(disclosure, key=key)
    except (ProofRejected, BadNote) as problem:
        click.echo(shown(f"It does not verify: {problem}"))
        context.exit(1)
    click.echo(
        shown(f"The entry is in the journal {head.origin}, under its head of {head.size:,}.")
    )
    click.echo(shown(disclosure.entry.decode()))
    context.exit(1 if _tell(disclosure, dict(values)) & WRONG else 0)


def _tell(disclosure: Disclosure, values: dict[str, str]) -> set[Match]:
    """Say of each value what is known of it."""
    told = {
        name: disclosure.match(name, values.get(name))
        for name in sorted({*disclosure.digests, *values})
    }
    for name, match in told.items():
        click.echo(shown(f"- {name} {WORDS[match]}"))
    return set(told.values())
