"""`dutybound rotate-journal-key`: other keys sign the journal from now on; the old ones say so."""

import os
from pathlib import Path

import click

from dutybound.cli.verify_journal import Key
from dutybound.ledger.notes import VerifierKey
from dutybound_server.project.start import refuse, set_up


@click.command(name="rotate-journal-key")
@click.option(
    "--lost",
    type=Key(),
    help="The private key is gone: this was its public one, as /journal/key showed it.",
)
def rotate_journal_key(*, lost: VerifierKey | None) -> None:
    """Give the journal new keys; Dutybound must be stopped. It may be killed and run again.

    The old key signs an entry that names the new one, and both sign the head over it, so whoever
    trusts the old key can go on. With --lost nothing can say so, and people have to be told.
    """
    if lost:
        _make_missing_key()
    set_up()
    from django.conf import settings  # noqa: PLC0415

    from dutybound_server.journal.actions import CannotSeal  # noqa: PLC0415
    from dutybound_server.journal.queries import journal_key, newest_checkpoint  # noqa: PLC0415
    from dutybound_server.project.actions import journal_keys  # noqa: PLC0415

    _refuse_while_serving()
    try:
        if lost:
            journal_keys.begin_again(lost=lost)
        else:
            journal_keys.replace(settings.DATA / "keys")
    except (CannotSeal, ValueError) as problem:
        refuse(f"The key was not changed: {problem}")
    click.echo(f"From now on the journal is signed with {journal_key(newest_checkpoint())}")
    click.echo(f"Copy {settings.DATA / 'keys'} to where you keep the keys, and start Dutybound.")
    click.echo("Tell your witnesses and auditors: docs/how-to/change-the-journal-key.md.")


def _make_missing_key() -> None:
    """The settings need a key to load; only where there is none any more is one made."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    from dutybound_server.project.configuration import Configuration  # noqa: PLC0415
    from dutybound_server.project.keys import JOURNAL, add_key, pem_of  # noqa: PLC0415

    folder = Path(Configuration(os.environ).text("DUTYBOUND_DATA")).resolve() / "keys"
    if not folder.is_dir():
        refuse(f"{folder} is missing. The other keys are needed too: put them back first.")
    add_key(folder / JOURNAL, pem_of(Ed25519PrivateKey.generate()))


def _refuse_while_serving() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from dutybound_server.project.heartbeat import is_beating  # noqa: PLC0415

    # A worker that runs would go on signing with the old key alone.
    if is_beating(now=timezone.now()):
        refuse("Dutybound is serving. Stop it, wait a minute, and change the key then.")
