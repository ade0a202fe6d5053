"""`dutybound restore FILE`: a backup becomes the data folder, whole or not at all."""

import os
import sys
from pathlib import Path

import click
from django.core.exceptions import ImproperlyConfigured

from dutybound_server.project import backups
from dutybound_server.project.configuration import Configuration
from dutybound_server.project.start import refuse


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(*, file: Path) -> None:
    """Check FILE and make it the data folder (DUTYBOUND_DATA), which must be empty or absent."""
    # The settings are not loaded: they would make keys and folders where the backup belongs.
    configuration = Configuration(os.environ)
    try:
        configuration.refuse_unknown_names()
    except ImproperlyConfigured as problem:
        refuse(str(problem))
    data = Path(configuration.text("DUTYBOUND_DATA")).resolve()
    with click.progressbar(
        length=file.stat().st_size,
        label="Restoring",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        try:
            contents = backups.restore(file, data=data, progress=bar.update)
        except (OSError, backups.BadBackup) as problem:
            refuse(f"Nothing was restored: {problem}")
    click.echo(f"{data}: {len(contents.files)} files, as of {contents.made_at}.")
    if not contents.has_database:
        click.echo("There was no database in it: restore that with PostgreSQL's own tools.")
    if not contents.has_keys:
        click.echo(f"There were no keys in it: put yours into {data / backups.KEYS} to start.")
