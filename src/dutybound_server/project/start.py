"""What every server command needs: its settings, a sentence when it refuses, a signal to stop."""

import ctypes
import os
import signal
import sys
from threading import Event
from typing import NoReturn

import click

PR_SET_PDEATHSIG = 1


def set_up() -> None:
    """Make Django ready; a wrong setting ends the command with exit status 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dutybound_server.project.settings")
    import django  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as problem:
        refuse(str(problem))


def refuse(why: str) -> NoReturn:
    """End the command: what was asked cannot be done, and this is why."""
    click.echo(f"dutybound: {why}", err=True)
    raise SystemExit(2)


def end_with(parent: int) -> None:
    """Let the kernel end this process when its parent dies, however it dies (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # It died before the kernel was asked.
        raise SystemExit(1)


def stop_on_signals() -> Event:
    """An event that SIGTERM and SIGINT set."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
