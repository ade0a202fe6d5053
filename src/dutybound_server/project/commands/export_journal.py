"""`dutybound export-journal FOLDER`: the journal as files that `verify-journal` checks."""

import os
import sys
from pathlib import Path

import click


@click.command(name="export-journal")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_journal(folder: Path) -> None:
    """Write the sealed journal to FOLDER, a new one.

    The files hold every entry: decisions about people, though no names. Keep them as you keep
    case files.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dutybound_server.project.settings")
    import django  # noqa: PLC0415 - settings are read when the command runs, not for --help

    django.setup()
    _export(folder)


def _export(folder: Path) -> None:
    from dutybound_server.journal import export  # noqa: PLC0415 - as above
    from dutybound_server.journal.queries import newest_checkpoint, pending_count  # noqa: PLC0415

    head = newest_checkpoint()
    if head is None:
        raise click.ClickException("The journal has no sealed entry yet; is the worker running?")
    with click.progressbar(
        length=1, label="Exporting", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        try:
            export.export_journal(folder, head=head, progress=progress)
        except (OSError, export.CannotExport) as problem:
            raise click.ClickException(f"Nothing was exported: {problem}") from problem
    click.echo(f"Entries in {folder}: {head.size:,}. Not yet sealed: {pending_count():,}.")
    click.echo(f"Check them with: dutybound verify-journal {folder}")
