"""A hold that meets an erasure waits for it: nothing is erased behind a hold that stands."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from dutybound_server.intake.actions import retention
from dutybound_server.items.actions import erase_items, hold_item
from dutybound_server.items.models import Item
from tests import make
from tests.cast import NOW, Cast
from tests.journeys.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_a_hold_on_one_revision_waits_for_the_erasure_of_another(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite there is one writer, and so nothing to wait for within a transaction."""
    past = NOW - timedelta(days=cast.ridge.retention_days + 1)
    make.taken(cast.ridge, "post-1", text="proof", revision=1, now=past)
    newest = make.taken(cast.ridge, "post-1", text="new", revision=2, now=NOW).item
    held = list[Future[None]]()

    def hold() -> None:
        until = NOW + timedelta(days=30)
        hold_item(item=newest, until=until, why="The police asked.", by=cast.mo, now=NOW)
        connection.close()

    def erase_while_somebody_holds(**given: Any) -> int:  # noqa: ANN401 - as erase_items
        if not held:
            held.append(pool.submit(hold))
            wait_until(
                lambda: held[0].done() or a_transaction_waits(), what="the hold is asked for"
            )
            assert not held[0].done()
        return erase_items(**given)

    monkeypatch.setattr(retention, "erase_items", erase_while_somebody_holds)
    with ThreadPoolExecutor(1) as pool:
        erased = retention.erase_old_items(now=NOW)

    held[0].result()
    assert erased == 1
    assert Item.objects.get(revision=2).text == "new"


def a_transaction_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
