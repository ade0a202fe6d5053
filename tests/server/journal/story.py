"""A journal with entries in it, made through the actions."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from dutybound.ledger.tree import leaf_hash, root_of
from dutybound_server.journal.actions import append
from dutybound_server.journal.guards import unguard
from dutybound_server.journal.models import Checkpoint, Entry
from dutybound_server.journal.queries import head_in, newest_checkpoint

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@transaction.atomic
def an_entry(**changes: Any) -> Entry:  # noqa: ANN401 - any argument of append
    return append(
        **{
            "kind": "case.decided",
            "service": "ridge",
            "subject": "case:4f2c",
            "actor": "staff:7",
            "now": NOW,
            **changes,
        }
    )


@transaction.atomic
def entries(count: int) -> list[Entry]:
    return [an_entry(facts={"number": number}) for number in range(count)]


def take_the_guards_away() -> None:
    """Let the test tamper, as whoever owns the database could."""
    connection.check_constraints()  # PostgreSQL drops no trigger while a check is put off.
    unguard(connection)


def the_head() -> Checkpoint:
    head = newest_checkpoint()
    assert head
    return head


def root_of_rows() -> bytes:
    """The root of all numbered entries, worked out the slow way."""
    rows = Entry.objects.exclude(number=None).order_by("number")
    return root_of([leaf_hash(bytes(row.body)) for row in rows])


def check_the_head(*, size: int) -> None:
    """The newest checkpoint is signed, and signs for exactly the entries there are."""
    head = head_in(the_head())
    numbers = Entry.objects.exclude(number=None).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(size))
    assert (head.size, head.root) == (size, root_of_rows())
