"""`dutybound worker`: the background process alone."""

import click

from dutybound_server.project.start import set_up, stop_on_signals


@click.command()
def worker() -> None:
    """Do what must happen later: deliver, mail, re-match, seal the journal, delete on time."""
    set_up()
    from dutybound_server.project.rounds import work  # noqa: PLC0415
    from dutybound_server.project.worker import DUTIES  # noqa: PLC0415

    work(DUTIES, stop=stop_on_signals())
