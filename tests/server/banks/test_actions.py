"""Banks and signals change by actions, which take versions and write down why."""

from typing import Any

import pytest

from dutybound_server.banks.actions import (
    BadNewSignal,
    NewSignal,
    add_signals,
    change_bank,
    create_bank,
    quarantine_signal,
    release_signal,
    remove_signals,
)
from dutybound_server.banks.checks import BadBank
from dutybound_server.banks.models import Bank, BankChange, Signal
from dutybound_server.banks.queries import newest_version
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast

ZONK = NewSignal("phrase", "zonk")
BLIP = NewSignal("phrase", "blip", source_record="list-7", tags=("mild",))
BY = "system"


@pytest.fixture
def bank(cast: Cast) -> Bank:
    return create_bank(
        service=cast.ridge,
        name="words",
        source="Ridge staff",
        harm="hate",
        effect="hold",
        why="The forum's own list.",
        by=BY,
        now=NOW,
    )


def kinds() -> list[str]:
    of_banks = Entry.objects.filter(subject__startswith="bank:")
    return list(of_banks.order_by("id").values_list("kind", flat=True))


def add(bank: Bank, *signals: NewSignal) -> int:
    return add_signals(bank=bank, signals=signals, why="Seen today.", by=BY, now=NOW).added


def test_a_new_bank_stands_in_the_journal_with_its_reason(bank: Bank) -> None:
    change = BankChange.objects.get()

    assert kinds() == ["bank.created"]
    assert change.why == "The forum's own list."
    assert bank.version == newest_version()


def test_a_name_is_given_once_at_a_service_and_again_at_another(cast: Cast, bank: Bank) -> None:
    again: dict[str, Any] = {"name": "words", "source": "x", "harm": "hate", "why": "x"}

    with pytest.raises(BadBank, match="is a bank already"):
        create_bank(service=cast.ridge, effect="hold", by=BY, now=NOW, **again)
    create_bank(service=cast.harbour, effect="hold", by=BY, now=NOW, **again)

    assert Bank.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Not A Slug"),
        ("source", " "),
        ("harm", "rudeness"),
        ("effect", "shout"),
        ("threshold", 49),
        ("threshold", True),
        ("flood_share", 0),
        ("why", " "),
        ("colour", "red"),
    ],
)
def test_a_bank_with_a_wrong_setting_is_refused_and_named(
    cast: Cast, field: str, value: object
) -> None:
    right: dict[str, Any] = {
        "name": "b",
        "source": "s",
        "harm": "hate",
        "effect": "hold",
        "why": "w",
    }

    with pytest.raises(BadBank) as refusal:
        create_bank(service=cast.ridge, by=BY, now=NOW, **{**right, field: value})

    assert refusal.value.field == field
    assert kinds() == []


def test_a_change_says_what_was_and_what_is(bank: Bank) -> None:
    changes = {"threshold": 24, "dry_run": True, "effect": "hold"}

    change_bank(bank=bank, changes=changes, why="Too many look-alikes.", by="staff:1", now=NOW)

    change = BankChange.objects.latest("id")
    assert change.what == "Threshold from 31 to 24; dry run from no to yes."
    assert (change.why, change.by) == ("Too many look-alikes.", "staff:1")
    assert kinds() == ["bank.created", "bank.changed"]


def test_a_change_that_changes_nothing_is_not_written_down(bank: Bank) -> None:
    change_bank(bank=bank, changes={"threshold": 31}, why="To be sure.", by=BY, now=NOW)

    assert kinds() == ["bank.created"]


def test_a_change_without_a_reason_is_refused(bank: Bank) -> None:
    with pytest.raises(BadBank, match="reason"):
        change_bank(bank=bank, changes={"threshold": 24}, why="", by=BY, now=NOW)

    assert Bank.objects.get().threshold == 31


def test_signals_that_live_already_are_counted_and_not_doubled(bank: Bank) -> None:
    add(bank, ZONK)

    answer = add_signals(bank=bank, signals=[ZONK, BLIP, BLIP], why="Again.", by=BY, now=NOW)

    assert (answer.added, answer.already) == (1, 2)
    assert Signal.objects.count() == 2
    assert Signal.objects.get(value="blip").version == answer.version == newest_version()


def test_nothing_new_is_not_written_down(bank: Bank) -> None:
    add(bank, ZONK)
    add(bank, ZONK)

    assert kinds() == ["bank.created", "signal.added"]


def test_one_wrong_signal_refuses_all_and_is_named(bank: Bank) -> None:
    wrong = NewSignal("pdq", "abc")

    with pytest.raises(BadNewSignal, match="64") as refusal:
        add(bank, ZONK, wrong)

    assert (refusal.value.position, refusal.value.field) == (1, "value")
    assert not Signal.objects.exists()


def test_an_unknown_kind_of_signal_is_refused(bank: Bank) -> None:
    with pytest.raises(BadNewSignal, match="phrase"):
        add(bank, NewSignal("smell", "roses"))


@pytest.mark.parametrize(
    ("field", "signal"),
    [
        ("value", NewSignal("phrase", "zo\0nk")),
        ("value", NewSignal("phrase", "zonk \ud800")),
        ("value", NewSignal("phrase", "z" * 2049)),
        ("value", NewSignal("phrase", "\N{GRINNING FACE} zonk" * 250)),
        ("value", NewSignal("pattern", "(a+")),
        ("source_record", NewSignal("phrase", "zonk", source_record="\0")),
        ("tags", NewSignal("phrase", "zonk", tags=("\ud800",))),
        ("tags", NewSignal("phrase", "zonk", tags=("mild",) * 21)),
    ],
)
def test_what_no_database_or_index_can_keep_is_refused(
    bank: Bank, field: str, signal: NewSignal
) -> None:
    with pytest.raises(BadNewSignal) as refusal:
        add(bank, signal)

    assert refusal.value.field == field


def test_a_removed_signal_stays_to_be_read_and_comes_back_as_a_new_row(bank: Bank) -> None:
    add(bank, ZONK)
    old = Signal.objects.get()

    removed = remove_signals(bank=bank, ids=[old.id], why="A mistake.", by=BY, now=NOW)
    add(bank, ZONK)

    assert removed == 1
    assert Signal.objects.count() == 2
    assert Signal.objects.get(removed_at__isnull=True).id != old.id
    assert kinds()[-2:] == ["signal.removed", "signal.added"]


def test_signals_of_another_bank_are_not_removed(cast: Cast, bank: Bank) -> None:
    add(bank, ZONK)
    other = create_bank(
        service=cast.harbour,
        name="words",
        source="s",
        harm="hate",
        effect="hold",
        why="w",
        by=BY,
        now=NOW,
    )

    removed = remove_signals(
        bank=other, ids=[Signal.objects.get().id], why="A try.", by=BY, now=NOW
    )

    assert removed == 0
    assert Signal.objects.filter(removed_at__isnull=True).count() == 1


def test_a_quarantined_signal_is_released_by_hand_only(bank: Bank) -> None:
    add(bank, ZONK)
    signal_id = Signal.objects.get().id

    first = quarantine_signal(signal_id=signal_id, why="Matched 9 % of items.", by=BY, now=NOW)
    again = quarantine_signal(signal_id=signal_id, why="Matched 9 % of items.", by=BY, now=NOW)
    quarantined_at = Signal.objects.get().quarantined_at
    released = release_signal(signal_id=signal_id, why="It was a raid.", by="staff:1", now=NOW)

    assert (first, again, released) == (True, False, True)
    assert quarantined_at == NOW
    assert Signal.objects.get().quarantined_at is None
    assert kinds()[-2:] == ["signal.quarantined", "signal.released"]


def test_each_change_takes_the_next_version(bank: Bank) -> None:
    before = newest_version()
    add(bank, ZONK)
    change_bank(bank=bank, changes={"threshold": 30}, why="Try.", by=BY, now=NOW)

    assert newest_version() == before + 2
