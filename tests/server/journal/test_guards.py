"""Nothing that was written to the journal is pruned or rewritten: the database refuses it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Checkpoint, Entry, Tile
from tests.server.journal.story import NOW, an_entry, check_the_head, entries, the_head

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> None:
    entries(3)
    seal(now=NOW)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda: Entry.objects.all().delete(), "never pruned"),
        (lambda: Entry.objects.filter(number=1).delete(), "never pruned"),
        (lambda: Entry.objects.filter(number=1).update(number=7), "is final"),
        (lambda: Entry.objects.filter(number=1).update(number=None), "is final"),
        (lambda: Entry.objects.filter(number=1).update(body=b"{}"), "is final"),
        (lambda: Entry.objects.filter(number=1).update(subject="case:0000"), "is final"),
        (lambda: Entry.objects.filter(number=None).update(kind="case.opened"), "is final"),
        (lambda: Entry.objects.filter(number=None).delete(), "never pruned"),
        (lambda: Tile.objects.all().delete(), "never pruned"),
        (lambda: Tile.objects.update(hashes=bytes(96)), "only grows"),
        (lambda: Tile.objects.update(hashes=b""), "only grows"),
        (lambda: Tile.objects.update(index=1), "only grows"),
        (lambda: Checkpoint.objects.all().delete(), "is kept"),
        (lambda: Checkpoint.objects.update(note="zonk"), "is final"),
    ],
    ids=[
        "all entries deleted",
        "an entry deleted",
        "a number changed",
        "a number taken away",
        "a body changed",
        "a column changed",
        "a pending entry changed",
        "a pending entry deleted",
        "tiles deleted",
        "a tile changed",
        "a tile cut",
        "a tile moved",
        "the head deleted",
        "the head changed",
    ],
)
def test_what_is_written_stays_as_it_is(
    sealed: None, harm: Callable[[], object], told: str
) -> None:
    an_entry()

    with pytest.raises(IntegrityError, match=told), transaction.atomic():
        harm()

    seal(now=NOW)
    check_the_head(size=4)


def test_a_head_is_kept_for_each_hour_and_only_others_go(sealed: None) -> None:
    an_entry()
    seal(now=NOW + timedelta(hours=1))

    for size in (3, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            Checkpoint.objects.filter(size=size).delete()

    an_entry()
    seal(now=NOW + timedelta(minutes=61))
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 5]


def test_salts_may_go(sealed: None) -> None:
    entry = an_entry(personal={"words": "It was satire."})
    seal(now=NOW)

    assert Entry.objects.filter(pk=entry.pk).update(salts={}) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("table", ["journal_entry", "journal_tile", "journal_checkpoint"])
def test_a_table_cannot_be_emptied_at_once(sealed: None, table: str) -> None:
    with (
        pytest.raises(IntegrityError, match="never pruned"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")

    assert the_head().size == 3
