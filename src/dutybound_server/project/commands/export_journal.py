"""`dutybound export-journal FOLDER`: the journal as files that `verify-journal` checks."""

from datetime import UTC, datetime
from pathlib import Path

import click

from dutybound.cli.files import counting
from dutybound_server.project.start import refuse, set_up


@click.command(name="export-journal")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--witnessed", "seen_only", is_flag=True, help="Only up to what witnesses have seen.")
def export_journal(*, folder: Path, seen_only: bool) -> None:
    """Write the sealed journal to FOLDER, a new one.

    The files hold every entry: decisions about people, though no names. Keep them as you keep
    case files.
    """
    set_up()
    from dutybound_server.journal import export  # noqa: PLC0415
    from dutybound_server.journal.queries import (  # noqa: PLC0415
        newest_checkpoint,
        newest_witnessed,
        pending_count,
        witnessed,
    )
    from dutybound_server.journal.witnesses.words import sentence  # noqa: PLC0415

    head = newest_witnessed() if seen_only else newest_checkpoint()
    if head is None:
        refuse(
            "No head was seen by enough witnesses yet; leave out --witnessed."
            if seen_only
            else "The journal has no sealed entry yet; is the worker running?"
        )
    try:
        with counting("Exporting") as progress:
            export.export_journal(folder, head=head, progress=progress)
    except (OSError, export.CannotExport) as problem:
        refuse(f"Nothing was exported: {problem}")
    click.echo(f"Entries in {folder}: {head.size:,}. Not yet sealed: {pending_count():,}.")
    click.echo(sentence(witnessed(), now=datetime.now(UTC)))
    click.echo(f"Check them with: dutybound verify-journal {folder}")
