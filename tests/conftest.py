"""What every test lives with: no network beyond loopback, and a cast of named people.

Nothing here imports Django before it is asked for, since the library is tested without it.
"""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.needs import (  # noqa: F401 - hooks, and a fixture for every test
    browser,
    pytest_collection_modifyitems,
    pytest_runtest_setup,
    pytest_terminal_summary,
)

if TYPE_CHECKING:
    from tests.cast import Cast

# The same examples each time, and none fails because the machine is busy with something else.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.fixture
def cast(db: None) -> "Cast":
    from tests.cast import on_stage

    return on_stage()


@pytest.fixture(autouse=True)
def nothing_loaded() -> None:
    """Each test has a database of its own, so no banks of another one's may be left in memory."""
    live = sys.modules.get("dutybound_server.banks.live")
    if live is not None:
        live.forget()
    # All of them come from one address, and none floods another.
    floods = sys.modules.get("dutybound_server.lib.floods")
    if floods is not None:
        floods.forget_all()


@pytest.fixture(scope="session", autouse=True)
def what_is_kept_goes_with_its_test() -> Iterator[None]:
    """Empty the tables between tests, of which some refuse to forget what they hold."""
    if "django" not in sys.modules:
        yield
        return
    from django.db import connection
    from django.test import TransactionTestCase

    from dutybound_server.assurance.guards import FINAL
    from dutybound_server.journal import guards as of_journal

    emptied = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_guards(self: TransactionTestCase) -> None:
        for guards in (*FINAL, of_journal):
            guards.unguard(connection)
        try:
            emptied(self)
        finally:
            for guards in (*FINAL, of_journal):
                guards.guard(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_guards)
        yield


class NetworkRefused(Exception):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: Any) -> None:  # noqa: ANN401
        if self.family != socket.AF_UNIX and not _is_loopback(str(address[0])):
            raise NetworkRefused(f"tests stay on this machine; {address!r} is not loopback")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_loopback)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
