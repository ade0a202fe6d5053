"""A large bank's file is a copy that may be missing, old or damaged; what is met never differs."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from dutybound.matching import Content, MediaHashes
from dutybound.matching.compiled import Compiled, open_arrays
from dutybound_server.banks import files, live
from dutybound_server.banks.actions import (
    NewSignal,
    add_signals,
    change_bank,
    quarantine_signal,
    remove_signals,
)
from dutybound_server.banks.files import compile_due, path_of
from dutybound_server.banks.models import Bank, BankChange, BankVersion, Signal
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

BY = "system"


@pytest.fixture(autouse=True)
def small_files(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.COMPILED_BANKS = tmp_path / "banks"
    monkeypatch.setattr(files, "FEWEST_SIGNALS", 3)
    monkeypatch.setattr(live, "FILES_ARE_LOOKED_FOR_EVERY", 0.0)


@pytest.fixture
def bank(cast: Cast) -> Bank:
    bank = make.bank(cast.ridge, phrases=["zonk"], effect="hold")
    add(bank, "1", "2", "3")
    return bank


def sha256(digit: str) -> str:
    return digit * 64


def add(bank: Bank, *digits: str) -> None:
    signals = [NewSignal("sha256", sha256(digit)) for digit in digits]
    add_signals(bank=bank, signals=signals, why="Seen.", by=BY, now=NOW)


def switch(bank: Bank, *, enabled: bool) -> None:
    change_bank(bank=bank, changes={"enabled": enabled}, why="A pause.", by=BY, now=NOW)


def id_of(digit: str) -> int:
    return Signal.objects.get(value=sha256(digit), removed_at__isnull=True).pk


def met(bank: Bank, *digits: str) -> list[tuple[str, str]]:
    """Digits that a file of each is met by, with the effect, and the phrase if it is met."""
    media = tuple(MediaHashes(id=digit, sha256=sha256(digit)) for digit in digits)
    now = live.current(bank.service_id)
    matches = now.matcher.match(Content("zonk", media=media), banks=now.bank_keys)
    return [(match.value[:1], str(match.effect)) for match in matches]


def in_a_new_process(bank: Bank, *digits: str) -> list[tuple[str, str]]:
    live.forget()
    return met(bank, *digits)


def test_a_large_list_is_compiled_by_whoever_meets_it_first(bank: Bank) -> None:
    assert met(bank, "1") == [("z", "hold"), ("1", "hold")]
    assert path_of(bank.pk).exists()
    first = files.stamp(bank.pk)

    add(bank, "4", "5", "6")

    assert met(bank, "1", "4") == [("z", "hold"), ("1", "hold"), ("4", "hold")]
    assert files.stamp(bank.pk) != first
    assert compile_due(now=NOW) == 0


def test_where_no_file_can_be_made_the_rows_are_met(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "compile_bank", full)

    assert in_a_new_process(bank, "1", "4") == [("z", "hold"), ("1", "hold")]
    add(bank, "4", "5", "6")
    assert met(bank, "1", "4") == [("z", "hold"), ("1", "hold"), ("4", "hold")]
    with pytest.raises(OSError, match="No space"):
        compile_due(now=NOW)


def test_a_small_bank_gets_no_file(cast: Cast) -> None:
    bank = make.bank(cast.ridge, phrases=["zonk", "blip", "wibble"])
    add(bank, "1", "2")

    assert compile_due(now=NOW) == 0
    assert not path_of(bank.pk).exists()


def test_a_bank_with_a_file_is_met_like_its_rows(bank: Bank) -> None:
    assert compile_due(now=NOW) == 1

    assert in_a_new_process(bank, "1", "3", "4") == [("z", "hold"), ("1", "hold"), ("3", "hold")]
    assert compile_due(now=NOW) == 0


def test_changes_after_the_file_are_met_before_it_is_made_anew(bank: Bank) -> None:
    compile_due(now=NOW)
    running = met(bank, "1", "2", "3", "4")

    add(bank, "4")
    remove_signals(bank=bank, ids=[id_of("1")], why="Wrong.", by=BY, now=NOW)
    quarantine_signal(signal_id=id_of("2"), why="A flood.", by=BY, now=NOW)

    expected = {("z", "hold"), ("2", "flag"), ("3", "hold"), ("4", "hold")}
    assert len(running) == 4
    assert set(met(bank, "1", "2", "3", "4")) == expected
    assert set(in_a_new_process(bank, "1", "2", "3", "4")) == expected


def test_a_file_is_made_anew_once_much_changed_and_running_processes_move_to_it(
    bank: Bank,
) -> None:
    compile_due(now=NOW)
    before = files.stamp(bank.pk)
    met(bank, "1")
    remove_signals(bank=bank, ids=[id_of("1")], why="Wrong.", by=BY, now=NOW)
    add(bank, "4", "5")

    assert compile_due(now=NOW) == 1

    assert files.stamp(bank.pk) != before
    assert met(bank, "1", "2", "4") == [("z", "hold"), ("2", "hold"), ("4", "hold")]


def test_a_removed_signal_can_be_added_again(bank: Bank) -> None:
    compile_due(now=NOW)
    remove_signals(bank=bank, ids=[id_of("1")], why="Wrong.", by=BY, now=NOW)
    assert met(bank, "1") == [("z", "hold")]

    add(bank, "1")

    assert met(bank, "1") == [("z", "hold"), ("1", "hold")]
    assert in_a_new_process(bank, "1") == [("z", "hold"), ("1", "hold")]


@pytest.mark.parametrize("place", [0, 20, 100, -1])
def test_a_damaged_file_is_not_met_and_made_again(bank: Bank, place: int) -> None:
    compile_due(now=NOW)
    path = path_of(bank.pk)
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 1
    path.write_bytes(damaged)

    assert in_a_new_process(bank, "1", "2") == [("z", "hold"), ("1", "hold"), ("2", "hold")]

    compile_due(now=NOW)
    open_arrays(path).check()


def test_a_file_of_a_time_that_was_undone_is_not_used(bank: Bank) -> None:
    add(bank, "4")
    compile_due(now=NOW)

    # A backup without the last signal was restored, and went another way.
    last = BankChange.objects.filter(bank=bank).latest("id")
    BankChange.objects.filter(pk=last.pk).update(at=last.at + timedelta(microseconds=1))
    Signal.objects.filter(value=sha256("4")).update(value=sha256("5"))

    assert in_a_new_process(bank, "4", "5") == [("z", "hold"), ("5", "hold")]
    assert compile_due(now=NOW) == 0


def test_other_banks_numbers_do_not_make_an_undone_time_ours(cast: Cast, bank: Bank) -> None:
    backup = BankVersion.objects.get().number
    other = make.bank(cast.ridge, "other", phrases=["blip"])
    for digit in ("7", "8", "9"):
        add(other, digit)
    compile_due(now=NOW)

    # The backup of before the other bank is restored; this one goes on, and numbers catch up.
    other_rows = BankVersion.objects.get().number
    BankVersion.objects.update(number=backup)
    add(bank, "4")
    BankVersion.objects.update(number=other_rows + 1)

    assert ("4", "hold") in in_a_new_process(bank, "4")


@pytest.mark.parametrize("trouble", [PermissionError(13, "no"), OSError(5, "a disk fault")])
def test_a_file_that_cannot_be_read_is_not_missed(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, trouble: OSError
) -> None:
    compile_due(now=NOW)

    def fails(_: Path) -> Compiled:
        raise trouble

    monkeypatch.setattr(files, "open_arrays", fails)

    assert in_a_new_process(bank, "1") == [("z", "hold"), ("1", "hold")]


def test_a_file_of_another_layout_is_made_anew(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(files, "LAYOUT", "an earlier one")
        compile_due(now=NOW)
    before = files.stamp(bank.pk)

    assert in_a_new_process(bank, "1") == [("z", "hold"), ("1", "hold")]
    assert files.stamp(bank.pk) != before


def test_a_file_of_a_time_to_come_is_not_used(bank: Bank) -> None:
    compile_due(now=NOW)
    Signal.objects.filter(value=sha256("3")).update(value=sha256("5"))
    BankVersion.objects.update(number=1)

    assert in_a_new_process(bank, "3", "5") == [("z", "hold"), ("5", "hold")]


def test_a_bank_that_is_switched_off_and_on_again_is_met_from_its_file(bank: Bank) -> None:
    compile_due(now=NOW)
    met(bank, "1")

    switch(bank, enabled=False)
    off = met(bank, "1")
    switch(bank, enabled=True)

    assert off == []
    assert met(bank, "1") == [("z", "hold"), ("1", "hold")]
