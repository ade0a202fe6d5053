"""`dutybound backup FILE`: everything but the keys in one file, while the server is serving."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from dutybound_server.project import backups
from dutybound_server.project.start import refuse, set_up

POSTGRESQL = (
    "The database is in PostgreSQL, which makes better backups of itself: use pg_dump (or "
    "pg_basebackup) for it, and then `dutybound backup --media-only FILE` for the media."
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Also the keys: whoever has the file reads all.")
@click.option("--media-only", is_flag=True, help="Leave the database out.")
def backup(*, file: Path, with_keys: bool, media_only: bool) -> None:
    """Write database, media and a manifest with digests to FILE, a new one.

    The keys stay out unless asked for: without them a stolen backup shows no content, and a
    restored one shows none either. Keep a copy of the keys folder somewhere else.
    """
    set_up()
    from django.conf import settings  # noqa: PLC0415

    database = _database(media_only=media_only)
    if file.exists():
        refuse(f"{file} exists already; choose a new name.")
    if not file.parent.is_dir():
        refuse(f"There is no folder {file.parent}; make it first.")
    length = backups.size_of(settings.DATA)
    with click.progressbar(
        length=length, label="Backing up", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        try:
            contents = backups.make(
                file,
                data=settings.DATA,
                database=database,
                with_keys=with_keys,
                now=datetime.now(UTC),
                progress=bar.update,
            )
        except (OSError, backups.BadBackup) as problem:
            refuse(f"No backup was made: {problem}")
    click.echo(f"{file}: {len(contents.files)} files, {file.stat().st_size:,} bytes.")
    click.echo(_about_keys(settings.DATA, with_keys=with_keys))


def _database(*, media_only: bool) -> Path | None:
    from django.db import connection  # noqa: PLC0415

    if media_only:
        return None
    if connection.vendor != "sqlite":
        refuse(POSTGRESQL)
    return Path(connection.settings_dict["NAME"])


def _about_keys(data: Path, *, with_keys: bool) -> str:
    if with_keys:
        return "The keys are in it: whoever has this file can read everything. Guard it."
    return (
        f"The keys are NOT in it. Without {data / backups.KEYS} nothing in it can be read: "
        "keep a copy of that folder in another safe place."
    )
