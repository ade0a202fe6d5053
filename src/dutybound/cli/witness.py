"""`dutybound witness`: sign the heads of other people's journals, each only if it follows."""

import json
import signal
import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import click

from dutybound.cli.files import BadInput
from dutybound.cli.verify_journal import Key
from dutybound.cli.witnessing import keys
from dutybound.cli.witnessing.memory import FILE, Memory, Refused, Watched
from dutybound.cli.witnessing.server import WitnessServer
from dutybound.ledger.notes import Signer, VerifierKey
from dutybound.ledger.policy import SIGNS_LOGS

DATA = click.option(
    "--data",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the witness: its keys, and what it remembers.",
)


@click.group(name="witness")
def command() -> None:
    """Be a witness: sign heads of journals, so that none can show two histories."""


@command.command()
@DATA
@click.option("--name", required=True, help="Its name for ever, such as witness.example.org.")
def init(*, folder: Path, name: str) -> None:
    """Make the folder with new keys, and print them for those who will trust them."""
    try:
        keys.make(folder, name=name)
        signers = keys.signers_in(folder)
        Memory(folder)
    except (OSError, keys.BadFolder) as problem:
        raise BadInput(str(problem)) from None
    click.echo("\n".join(str(signer.key) for signer in signers))
    click.echo(
        f"{folder} holds the private keys. Whoever has a copy can sign as this witness; and a "
        "witness that was set back to an older copy forgets what it saw.",
        err=True,
    )


@command.command(name="add-log")
@click.argument("key", type=Key())
@click.argument("url", required=False, default="")
@DATA
def add_log(*, key: VerifierKey, url: str, folder: Path) -> None:
    """Watch the journal that KEY signs; URL says where it is, for people."""
    if key.type not in SIGNS_LOGS:
        raise BadInput(f"The key of {key.name} is one of a witness, not of a journal.")
    count = _memory(folder).watch(key, url=url)
    click.echo(f"Watching {key.name}: {count} key{'s' if count > 1 else ''} may sign for it.")


@command.command(name="drop-key")
@click.argument("key", type=Key())
@DATA
def drop_key(*, key: VerifierKey, folder: Path) -> None:
    """Take no more heads that KEY signed, as after it was replaced or stolen."""
    if not _memory(folder).unwatch(key):
        raise BadInput(f"The key {key.id.hex()} of {key.name} is not watched.")
    click.echo(f"The key {key.id.hex()} of {key.name} counts no more.")


@command.command()
@DATA
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def status(*, folder: Path, as_json: bool) -> None:
    """Tell its keys, each journal's newest head, and heads that did not follow."""
    signers, watched = _signers(folder), _memory(folder).watched()
    if as_json:
        told = {"keys": [str(one.key) for one in signers], "logs": [asdict(one) for one in watched]}
        click.echo(json.dumps(told, indent=2))
        return
    for signer in signers:
        click.echo(str(signer.key))
    for one in watched:
        click.echo("\n" + _in_words(one))


@command.command()
@DATA
@click.option(
    "--listen",
    default="127.0.0.1:7380",
    show_default=True,
    help="HOST:PORT; port 0 takes a free one. Put a web server with TLS in front.",
)
def serve(*, folder: Path, listen: str) -> None:
    """Answer journals until Ctrl-C or SIGTERM."""
    signers, memory = _signers(folder), _memory(folder)
    host, _, port = listen.rpartition(":")
    if not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise BadInput(f"Expected HOST:PORT, such as 127.0.0.1:7380, got {listen!r}.")
    try:
        server = WitnessServer((host, int(port)), memory=memory, signers=signers)
    except OSError as problem:
        raise BadInput(f"{listen} cannot be listened on: {problem}") from None
    for number in (signal.SIGTERM, signal.SIGINT):
        # `shutdown` waits for the loop below, so it is called beside it.
        signal.signal(number, lambda *_: Thread(target=server.shutdown).start())
    with server:
        click.echo(f"{signers[0].name} listens on http://{host}:{server.server_port}")
        server.serve_forever()


def _signers(folder: Path) -> tuple[Signer, Signer]:
    try:
        return keys.signers_in(folder)
    except keys.BadFolder as problem:
        raise BadInput(str(problem)) from None


def _memory(folder: Path) -> Memory:
    _signers(folder)
    if not (folder / FILE).exists():
        # An empty memory would sign anything once more: a second history, under the same name.
        raise BadInput(
            f"{folder / FILE} is missing: this witness has lost its memory. It must not go on "
            "under its name; make a new one with `dutybound witness init`."
        )
    try:
        return Memory(folder)
    except sqlite3.Error as problem:
        raise BadInput(f"{folder / FILE} cannot be used: {problem}") from None


def _in_words(one: Watched) -> str:
    ids = ", ".join(key.split("+")[1] for key in one.keys) or "none: it is not watched any more"
    lines = [f"{one.origin} {one.url}".strip(), f"  keys: {ids}"]
    if one.size is None or one.at is None:
        lines.append("  no head of it was cosigned yet")
    else:
        entries = "1 entry" if one.size == 1 else f"{one.size:,} entries"
        lines.append(f"  last cosigned: {entries}, {_moment(one.at)}")
    if one.refused:
        lines.append(
            f"  {len(one.refused)} signed heads did NOT follow from what it showed before:"
        )
    return "\n".join([*lines, *(_refused(each) for each in one.refused)])


def _refused(one: Refused) -> str:
    return f"  - {_moment(one.at)}: {one.size:,} entries, after {one.known:,}: {one.reason}"


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
