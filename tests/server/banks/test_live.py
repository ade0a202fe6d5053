"""What a process matches with is what the database says now."""

import pytest
from pytest_django import DjangoAssertNumQueries

from dutybound.matching import Content
from dutybound_server.banks.actions import (
    NewSignal,
    add_signals,
    change_bank,
    create_bank,
    quarantine_signal,
    release_signal,
    remove_signals,
)
from dutybound_server.banks.live import current
from dutybound_server.banks.models import Bank, BankVersion, Signal
from dutybound_server.banks.queries import newest_version
from dutybound_server.people.models import Service
from tests.cast import NOW, Cast

BY = "system"


def words(service: Service, *phrases: str) -> Bank:
    bank = create_bank(
        service=service,
        name="words",
        source="staff",
        harm="hate",
        effect="hold",
        why="A list.",
        by=BY,
        now=NOW,
    )
    add(bank, *phrases)
    return bank


def add(bank: Bank, *phrases: str) -> None:
    signals = [NewSignal("phrase", phrase) for phrase in phrases]
    add_signals(bank=bank, signals=signals, why="Seen.", by=BY, now=NOW)


def met(service: Service, text: str) -> list[str]:
    live = current(service.id)
    return sorted(
        match.value for match in live.matcher.match(Content(text=text), banks=live.bank_keys)
    )


def test_a_service_without_banks_matches_nothing(cast: Cast) -> None:
    assert met(cast.ridge, "zonk") == []


def test_an_added_signal_is_met_at_once_and_a_removed_one_no_longer(cast: Cast) -> None:
    bank = words(cast.ridge, "zonk")
    assert met(cast.ridge, "zonk blip") == ["zonk"]

    add(bank, "blip")
    assert met(cast.ridge, "zonk blip") == ["blip", "zonk"]

    zonk = Signal.objects.get(value="zonk")
    remove_signals(bank=bank, ids=[zonk.id], why="A mistake.", by=BY, now=NOW)
    assert met(cast.ridge, "zonk blip") == ["blip"]


def test_a_service_meets_only_its_own_signals(cast: Cast) -> None:
    words(cast.ridge, "zonk")

    assert met(cast.harbour, "zonk") == []


def test_a_disabled_bank_drops_out_and_comes_back_whole(cast: Cast) -> None:
    bank = words(cast.ridge, "zonk")
    assert met(cast.ridge, "zonk blip") == ["zonk"]

    change_bank(bank=bank, changes={"enabled": False}, why="Pause.", by=BY, now=NOW)
    add(bank, "blip")
    assert met(cast.ridge, "zonk blip") == []

    change_bank(bank=bank, changes={"enabled": True}, why="Go on.", by=BY, now=NOW)
    assert met(cast.ridge, "zonk blip") == ["blip", "zonk"]


def test_a_quarantined_signal_flags_until_it_is_released(cast: Cast) -> None:
    words(cast.ridge, "zonk")
    signal_id = Signal.objects.get().id

    def effect() -> str:
        live = current(cast.ridge.id)
        [match] = live.matcher.match(Content(text="zonk"), banks=live.bank_keys)
        return match.effect

    assert effect() == "hold"
    quarantine_signal(signal_id=signal_id, why="A flood.", by=BY, now=NOW)
    assert effect() == "flag"
    release_signal(signal_id=signal_id, why="A raid.", by=BY, now=NOW)
    assert effect() == "hold"


def test_a_changed_effect_reaches_the_next_match(cast: Cast) -> None:
    bank = words(cast.ridge, "zonk")
    assert current(cast.ridge.id).bank_keys == {bank.id}

    change_bank(bank=bank, changes={"effect": "block"}, why="Law.", by=BY, now=NOW)

    live = current(cast.ridge.id)
    [match] = live.matcher.match(Content(text="zonk"), banks=live.bank_keys)
    assert match.effect == "block"


def test_leetspeak_switched_on_reads_the_signals_the_bank_has(cast: Cast) -> None:
    bank = words(cast.ridge, "zonk")
    assert met(cast.ridge, "z0nk") == []

    change_bank(bank=bank, changes={"leetspeak": True}, why="Evasion.", by=BY, now=NOW)

    assert met(cast.ridge, "z0nk") == ["zonk"]


def test_nothing_is_loaded_again_while_nothing_changes(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    words(cast.ridge, "zonk")
    current(cast.ridge.id)

    with django_assert_num_queries(1):
        current(cast.ridge.id)


def test_a_signal_that_cannot_be_read_is_an_error_and_never_no_match(cast: Cast) -> None:
    bank = words(cast.ridge, "zonk")
    assert met(cast.ridge, "zonk") == ["zonk"]
    Signal.objects.update(kind="pdq", version=10_000)
    add(bank, "blip")

    for _ in range(2):
        with pytest.raises(ValueError, match="hexadecimal"):
            current(cast.ridge.id)

    Signal.objects.filter(value="zonk").update(kind="phrase")
    assert met(cast.ridge, "zonk blip") == ["blip", "zonk"]


def test_a_backup_put_back_under_a_running_process_is_loaded_from_nothing(cast: Cast) -> None:
    bank = words(cast.ridge, "zonk")
    before = newest_version()
    add(bank, "blip")
    assert met(cast.ridge, "zonk blip") == ["blip", "zonk"]

    Signal.objects.filter(value="blip").delete()
    BankVersion.objects.update(number=before)

    assert met(cast.ridge, "zonk blip") == ["zonk"]
    assert current(cast.ridge.id).version == before
