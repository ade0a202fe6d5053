"""Sealing: every pending entry gets one number and is under one signed head, whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from dutybound.ledger.checkpoint import unverified
from dutybound.ledger.notes import open_note, opened, split_note
from dutybound_server.journal import actions
from dutybound_server.journal.actions import CannotSeal, seal
from dutybound_server.journal.models import Checkpoint, Entry, Tile
from dutybound_server.journal.queries import head_in, journal_signers
from tests.server.journal.story import (
    NOW,
    an_entry,
    check_the_head,
    entries,
    take_the_guards_away,
    the_head,
)

pytestmark = pytest.mark.django_db


def test_pending_entries_are_numbered_in_the_order_they_were_written() -> None:
    written = entries(3)

    assert seal(now=NOW) == 3

    numbers = dict(Entry.objects.values_list("id", "number"))
    assert [numbers[entry.id] for entry in written] == [0, 1, 2]
    check_the_head(size=3)
    assert head_in(the_head()).origin == "testserver/journal"


def test_an_idle_journal_is_left_alone() -> None:
    assert seal(now=NOW) == 0
    assert not Checkpoint.objects.exists()

    entries(1)
    seal(now=NOW)
    before = the_head()

    assert seal(now=NOW + timedelta(hours=1)) == 0
    assert the_head() == before


def test_the_tree_grows_over_the_borders_of_tiles() -> None:
    size = 0
    for count in (1, 254, 1, 1, 300):
        entries(count)
        seal(now=NOW)
        size += count
        check_the_head(size=size)

    widths = {(tile.level, tile.index): len(tile.hashes) // 32 for tile in Tile.objects.all()}
    assert widths == {(0, 0): 256, (0, 1): 256, (0, 2): 45, (1, 0): 2}


def test_many_entries_are_sealed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 100)
    entries(250)

    assert seal(now=NOW) == 250

    check_the_head(size=250)


def test_only_the_last_head_of_an_hour_is_kept() -> None:
    for minutes in (0, 10, 59, 60, 61):
        entries(1)
        seal(now=NOW + timedelta(minutes=minutes))

    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 5]


def test_a_clock_that_was_set_back_does_not_stop_sealing_or_turn_time_around() -> None:
    entries(1)
    seal(now=NOW)

    entries(1)
    assert seal(now=NOW - timedelta(days=365)) == 1

    check_the_head(size=2)
    assert the_head().at == NOW


def test_the_journal_keeps_its_name_when_the_site_moves(settings: object) -> None:
    entries(1)
    seal(now=NOW)

    settings.JOURNAL_ORIGIN = "moved.example/journal"  # type: ignore[attr-defined]
    entries(1)
    seal(now=NOW)

    assert head_in(the_head()).origin == "testserver/journal"


def fail_to_publish(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_what_is_cut_off_before_the_end_leaves_the_old_head(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries(2)
    seal(now=NOW)
    entries(300)

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint.objects, "create", fail_to_publish)
        with pytest.raises(KeyboardInterrupt):
            seal(now=NOW)

    check_the_head(size=2)
    assert seal(now=NOW) == 300
    check_the_head(size=302)


@pytest.mark.postgresql  # SQLite has one writer at a time, and its tests one connection
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_number_every_entry_once() -> None:
    entries(40)
    start = Barrier(2)

    def work() -> None:
        start.wait(10)
        for _ in range(5):
            an_entry()
            seal(now=NOW)
        connection.close()

    with ThreadPoolExecutor() as pool:
        for worker in [pool.submit(work), pool.submit(work)]:
            worker.result(60)

    seal(now=NOW)
    check_the_head(size=50)


def test_a_worker_that_looked_before_another_sealed_takes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries(2)
    seal(now=NOW)
    stale = the_head()
    entries(2)
    seal(now=NOW)
    an_entry()

    looks = iter([stale, the_head()])
    with monkeypatch.context() as patched:
        patched.setattr(actions, "newest_checkpoint", lambda: next(looks))
        assert seal(now=NOW) == 0

    assert seal(now=NOW) == 1
    check_the_head(size=5)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda: Tile.objects.filter(level=0).update(hashes=bytes(64)), "do not give the root"),
        (lambda: Tile.objects.all().delete(), "do not give the root"),
        (lambda: Checkpoint.objects.update(note="nothing"), "was changed or was signed"),
        (lambda: Checkpoint.objects.update(size=3), "signs for 2"),
        (lambda: Entry.objects.filter(number=None).update(number=7), "Entry 7 has a number"),
    ],
    ids=["tile changed", "tiles gone", "note changed", "size changed", "number forged"],
)
def test_what_was_tampered_with_is_not_sealed_over(harm: object, told: str) -> None:
    entries(2)
    seal(now=NOW)
    entries(1)
    take_the_guards_away()
    harm()  # type: ignore[operator]
    entries(1)

    with pytest.raises(CannotSeal, match=told):
        seal(now=NOW)


def test_no_two_entries_have_one_number() -> None:
    entries(2)
    seal(now=NOW)
    take_the_guards_away()

    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        Entry.objects.filter(number=1).update(number=0)


def test_a_head_is_signed_with_both_keys_of_which_older_software_needs_the_first() -> None:
    entries(2)
    seal(now=NOW)

    note = the_head().note
    ed25519, ml_dsa = journal_signers(the_head())
    assert [name for name, _ in split_note(note)[1]] == ["testserver/journal"] * 2
    assert open_note(note, ed25519.key) == unverified(note).text
    assert opened(note, ml_dsa.key) == (unverified(note).text, int(NOW.timestamp()))
