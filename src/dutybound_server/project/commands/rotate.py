"""`dutybound rotate-content-key`: a new key for all that is stored, then the old one forgotten."""

import sys
from pathlib import Path

import click

from dutybound_server.project.start import refuse, set_up


@click.command(name="rotate-content-key")
@click.option("--drop-old", is_flag=True, help="Forget the keys that nothing needs any more.")
def rotate(*, drop_old: bool) -> None:
    """Add a new content key and seal everything stored with it; may be killed and run again.

    While older keys are still there, running it again adds none but goes on with the sealing.
    """
    set_up()
    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from dutybound_server.project.actions import rotation  # noqa: PLC0415

    file = settings.CONTENT_KEYS_FILE
    if drop_old:
        _refuse_while_serving()
    elif file is not None and len(settings.CONTENT_KEYS) == 1:
        rotation.add_key(file, now=timezone.now())
        click.echo(f"A new key stands first in {file}. Copy the file to where you keep the keys.")
    click.echo(f"{_reseal():,} texts and media were sealed again.")
    if drop_old:
        _drop_old(file)
    else:
        click.echo("Dutybound may serve meanwhile. Later, stop it and forget the old: --drop-old.")


def _reseal() -> int:
    from dutybound_server.project.actions import rotation  # noqa: PLC0415

    done = 0
    with click.progressbar(
        rotation.reseal_all(),
        label="Sealing",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as steps:
        for count in steps:
            done += count
    return done


def _drop_old(file: Path | None) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from dutybound_server.project.actions import rotation  # noqa: PLC0415

    if file is None:
        refuse("The keys are in DUTYBOUND_CONTENT_KEYS: now take all but the first out of it.")
    dropped = rotation.drop_unneeded_keys(file, now=timezone.now())
    click.echo(f"{dropped} old keys were forgotten. Older backups still need them.")
    click.echo("Dutybound may be started again.")


def _refuse_while_serving() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from dutybound_server.project.heartbeat import is_beating  # noqa: PLC0415

    # A process that has not met the new key yet still writes with the old one.
    if is_beating(now=timezone.now()):
        refuse(
            "Dutybound is serving. Stop it, wait a minute, and drop the old keys then."
            " It may be started again when that is done."
        )
