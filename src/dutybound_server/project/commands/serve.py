"""`dutybound serve`: web server and worker under one supervisor that restarts what dies."""

import os
import socket
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass

import click

from dutybound_server.project.folder import held_alone
from dutybound_server.project.start import refuse, set_up, stop_on_signals

BACKLOG = 1024
PORTS_TO_TRY = 50
STOP_WITHIN_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30.0
LIVED_WELL_SECONDS = 60


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--next-free-port", is_flag=True, help="If the port is taken, try the next ones.")
@click.option("--migrate", is_flag=True, help="First bring the database to this version.")
def serve(*, host: str, port: int, next_free_port: bool, migrate: bool) -> None:
    """Start the web server and the worker; Ctrl-C or SIGTERM stops both."""
    with listen(host, port, tries=PORTS_TO_TRY if next_free_port else 1) as listener:
        here = f"http://{host}:{listener.getsockname()[1]}"
        origin = name_origin(host, listener.getsockname()[1])
        set_up()
        with served_alone():
            prepare_database(migrate=migrate)
            clear_metrics()
            click.echo(f"Dutybound is at {origin}")
            if origin != here:
                click.echo(f"It listens on {here}")
            supervise(listener)


def listen(host: str, port: int, *, tries: int) -> socket.socket:
    """A listening socket on the port, or on the first free one after it."""
    for number in range(port, min(port + tries, 65536)):
        try:
            listener = socket.create_server((host, number), backlog=BACKLOG)
        except OSError as problem:
            reason = problem
        else:
            # An answer goes out as head and body; the body must not wait 40 ms until the caller
            # has acknowledged the head. Connections inherit this from the listener.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listener
    set_up()  # which tells of a wrong setting: it would only be met next
    return refuse(
        f"{host}:{port} cannot be listened on: {reason.strerror or reason}. "
        "Stop what uses it, choose another --port, or add --next-free-port."
    )


def name_origin(host: str, port: int) -> str:
    """Where people reach us; unless it was set, as for a proxy, it is where we listen."""
    return os.environ.setdefault("DUTYBOUND_ORIGIN", f"http://{host}:{port}")


def served_alone() -> AbstractContextManager[None]:
    """Nobody else serves this data folder meanwhile; two would clear each other's counters."""
    from django.conf import settings  # noqa: PLC0415

    return held_alone(
        settings.DATA,
        otherwise=f"{settings.DATA} is being served already. Stop that with Ctrl-C first, "
        "or give this one a folder of its own: DUTYBOUND_DATA=…",
    )


def prepare_database(*, migrate: bool) -> None:
    """Make an empty database ready; change one with data only when asked to."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import DatabaseError, connection  # noqa: PLC0415

    from dutybound_server.project.health import unapplied_migrations  # noqa: PLC0415

    try:
        waiting = unapplied_migrations()
        is_empty = "django_migrations" not in connection.introspection.table_names()
        if waiting and not migrate and not is_empty:
            refuse(
                f"The database is older than this version ({len(waiting)} migrations wait). "
                "Make a backup, then start with --migrate."
            )
        if waiting:
            call_command("migrate", verbosity=0)
        # The cache table holds rate limits; it belongs to no migration.
        call_command("createcachetable", verbosity=0)
        refuse_other_keys()
        connection.close()
    except DatabaseError as problem:
        refuse(f"The database cannot be used: {str(problem).strip()}")


def refuse_other_keys() -> None:
    """Stop where what is stored was sealed with keys that are not here.

    A keys folder that was lost is made anew when the database is elsewhere; serving on would
    write under new keys what nobody could read together with the old.
    """
    from django.conf import settings  # noqa: PLC0415

    from dutybound_server.items.models import Item  # noqa: PLC0415
    from dutybound_server.lib.sealed import CannotOpen  # noqa: PLC0415

    try:
        Item.objects.order_by("id").last()
    except CannotOpen as problem:
        refuse(
            f"The keys in {settings.DATA / 'keys'} are not those of this database: {problem} "
            "Put the keys folder back from your backup."
        )


def clear_metrics() -> None:
    """Counters start from nothing with the service, as Prometheus expects."""
    from django.conf import settings  # noqa: PLC0415

    for file in settings.METRICS_FOLDER.glob("*.db"):
        file.unlink(missing_ok=True)


@dataclass
class Child:
    """One process that has to be there, and when it may be started next."""

    name: str
    command: list[str]
    sockets: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    due_at: float = 0.0

    def keep_alive(self, *, now: float) -> None:
        """Start it if it is due; see whether it died, and then wait longer each time."""
        if self.process is None:
            if now >= self.due_at:
                self.started_at = now
                # A session of its own: Ctrl-C reaches only the supervisor, which stops all.
                self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                    self.command, pass_fds=self.sockets, start_new_session=True
                )
            return
        status = self.process.poll()
        if status is None:
            return
        lived_well = now - self.started_at >= LIVED_WELL_SECONDS
        self.pause = 0.0 if lived_well else min(max(self.pause * 2, 0.1), LONGEST_PAUSE_SECONDS)
        self.process, self.due_at = None, now + self.pause
        click.echo(
            f"dutybound: {self.name} ended with status {status}; "
            f"it is started again in {self.pause:.1f} s",
            err=True,
        )


def supervise(listener: socket.socket) -> None:
    """Keep both processes alive until a signal; then stop them, by force after ten seconds."""
    us = [sys.executable, "-m", "dutybound_server.project.child"]
    number = listener.fileno()
    children = [
        Child("the web server", [*us, "web", str(os.getpid()), str(number)], (number,)),
        Child("the worker", [*us, "worker", str(os.getpid())]),
    ]
    stop = stop_on_signals()
    while not stop.is_set():
        for child in children:
            child.keep_alive(now=time.monotonic())
        stop.wait(0.1)
    _end([child.process for child in children if child.process])
    clear_metrics()


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
