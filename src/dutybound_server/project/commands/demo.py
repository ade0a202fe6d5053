"""`dutybound demo`: a made-up service to look at and to try things on."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import click

from dutybound_server.project.commands.serve import (
    PORTS_TO_TRY,
    clear_metrics,
    listen,
    name_origin,
    prepare_database,
    served_alone,
    supervise,
)
from dutybound_server.project.configuration import Configuration
from dutybound_server.project.folder import held_alone
from dutybound_server.project.start import refuse, set_up

HOST = "127.0.0.1"
LOG = "log"
MARGIN = "  "


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help="Only throw away the demo's data; asks nothing.")
def demo(*, port: int, reset: bool) -> None:
    """Start the server with a made-up service in it; the next start keeps what is there."""
    if reset:
        remove_data()
    else:
        serve_demo(port)


def serve_demo(port: int) -> None:
    os.environ["DUTYBOUND_DEMO"] = "yes"
    listener = listen(HOST, port, tries=PORTS_TO_TRY)
    address = name_origin(HOST, listener.getsockname()[1])
    set_up()
    with served_alone():
        prepare_database(migrate=True)
        files = prepare_story()
        clear_metrics()
        click.echo(greeting(address, files=files))
        write_log_to(files / LOG)
        supervise(listener)
    click.echo("\nStopped. The data is kept; `make reset` throws it away.")


def remove_data() -> None:
    """Throw away the data folder, if it is a demo's that nobody serves."""
    # The settings are not loaded: they would make a folder and keys where there were none.
    data = Path(Configuration(os.environ).text("DUTYBOUND_DATA"))
    if not data.exists():
        click.echo(f"Nothing to remove: there is no {data}.")
        return
    if not (data / "demo").is_dir():
        refuse(f"{data} is not a demo's, so nothing was removed.")
    with held_alone(data, otherwise="The demo is running; stop it with Ctrl-C first."):
        rmtree(data)
    click.echo(f"Removed {data}: database, pictures and keys.")


def prepare_story() -> Path:
    """Fill an empty installation; answers the folder of the demo's key and picture."""
    from django.conf import settings  # noqa: PLC0415

    from dutybound_server.project.demo import fill  # noqa: PLC0415

    files: Path = settings.DATA / "demo"
    if fill.is_empty():
        click.echo("Making Ridge Forum: staff, banks, two days of posts, and what people told …")
        fill.begin(files=files, now=datetime.now(UTC))
    elif not (files / fill.KEY).exists():
        # The demo lets staff in without a second factor: never where somebody's data is.
        refuse(
            f"{settings.DATA} belongs to a service that is not the demo. Start it with "
            "`dutybound serve`, or give the demo a folder of its own: DUTYBOUND_DATA=…"
        )
    return files


def write_log_to(file: Path) -> None:
    """Keep the log lines of every process out of the way of what a person reads here."""
    with file.open("ab") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())


def greeting(address: str, *, files: Path) -> str:
    from dutybound_server.project.demo.fill import KEY, PICTURE  # noqa: PLC0415
    from dutybound_server.project.demo.hear import status_token  # noqa: PLC0415
    from dutybound_server.project.demo.story import PASSWORD, SERVICE, STAFF  # noqa: PLC0415

    staff = "\n".join(
        f"{MARGIN}{person.email:<20} {person.role.replace('_', ' ')}" for person in STAFF
    )
    call = f"curl -sw '\\n' -H 'Authorization: Bearer {(files / KEY).read_text()}' {address}/api/v1"
    told = status_token()
    status = (
        f"\nA report as the person who made it sees it, in Welsh\n{MARGIN}{address}/told/{told}/\n"
    )
    picture = '{"id": "try-1", "author": {"id": "you"}, "media": [{"id": "m1"}]}'
    words = '{"id": "try-2", "author": {"id": "you"}, "text": "what a z0nk"}'
    return f"""
This is a demo. Its passwords are known to everyone, its people and posts are made up, and
every picture in it is harmless. Keep it on this machine.

Open    {address}

Sign in with the password  {PASSWORD}  as one of
{staff}
As Grace, choose Measures: what Ofcom's Codes recommend, and what the records show.

Tell it what is wrong, as anyone can without an account
{MARGIN}{address}/report/{SERVICE}/
{status if told else ""}
Try, in another terminal:

# a mirrored, squeezed copy of a picture in a bank → block
{call}/items -F 'item={picture}' -F 'm1=@{files / PICTURE}'

# a word of a bank, disguised → hold
{call}/items -H 'Content-Type: application/json' -d '{words}'

# what moderators decided, for your service to carry out
{call}/enforcements

Ctrl-C stops everything. The data stays in {files.parent}; the log is {files / LOG},
and what would be mailed is in {files / "mail"}.
"""
