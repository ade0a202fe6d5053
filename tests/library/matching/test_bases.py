"""A bank on a compiled base answers as the same bank in memory does."""

import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dutybound.matching import Bank, Base, Content, Effect, FrameHashes, MediaHashes, Signal
from dutybound.matching.bank_index import Match
from dutybound.matching.bases import compile_bank
from dutybound.matching.compiled import open_arrays
from dutybound.matching.index import RadiusIndex
from dutybound.matching.matcher import Matcher
from dutybound.matching.signals import SignalKind

BANK = Bank("demo", "a test", "fraud", Effect.BLOCK)
KEY = 1


def hash_of(number: int) -> bytes:
    return random.Random(number).randbytes(32)


def flipped(value: bytes, bits: int) -> bytes:
    turned = sum(1 << (5 * each) for each in range(bits))
    return (int.from_bytes(value, "big") ^ turned).to_bytes(32, "big")


SIGNALS = {
    signal.id: signal
    for signal in (
        *(Signal(each, SignalKind.PDQ, hash_of(each).hex(), f"r{each}") for each in range(1, 6)),
        Signal(10, SignalKind.SHA256, "a" * 64),
        Signal(11, SignalKind.MD5, "b" * 32),
        Signal(12, SignalKind.URL, "https://a.example.org/x"),
        Signal(13, SignalKind.URL_PREFIX, "https://a.example.org/x"),
        Signal(14, SignalKind.HOST, "a.example.org"),
        Signal(15, SignalKind.DOMAIN, "example.org"),
        Signal(16, SignalKind.PHRASE, "zonk"),
    )
}
EVERYTHING = Content(
    text="a zonk at https://a.example.org/x",
    media=(
        MediaHashes(
            id="m1",
            sha256="a" * 64,
            md5="b" * 32,
            frames=tuple(
                FrameHashes(each, 100, (flipped(hash_of(each), 31 + each % 2),))
                for each in range(1, 6)
            ),
        ),
    ),
)


class Shelf:
    """The records of signals, as a database would keep them."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self.live = {signal.id: signal for signal in signals}
        self.asked: list[int] = []

    def records(self, ids: Collection[int]) -> Iterator[Signal]:
        self.asked += ids
        return (self.live[each] for each in ids if each in self.live)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(SIGNALS.values())


@pytest.fixture
def on_base(shelf: Shelf, tmp_path: Path) -> Matcher:
    path = tmp_path / "demo"
    compile_bank(path, signals=SIGNALS.values(), header={})
    matcher = Matcher()
    base = Base(open_arrays(path).arrays, shelf.records)
    matcher.put_bank_on_base(KEY, BANK, base, signals=[SIGNALS[16]], gone=[])
    return matcher


def in_memory(signals: Iterable[Signal] = SIGNALS.values()) -> Matcher:
    matcher = Matcher()
    matcher.put_bank(KEY, BANK)
    matcher.add(KEY, signals)
    return matcher


def met(matcher: Matcher, content: Content = EVERYTHING) -> list[Match]:
    return sorted(matcher.match(content), key=lambda match: match.signal)


def test_a_base_is_met_like_the_same_signals_in_memory(on_base: Matcher) -> None:
    assert met(on_base) == met(in_memory())
    assert {match.signal for match in met(on_base)} == {2, 4, *range(10, 17)}


def test_nothing_is_asked_for_that_was_not_met(on_base: Matcher, shelf: Shelf) -> None:
    assert met(on_base, Content(text="a fine day at https://other.example/")) == []
    assert shelf.asked == []


def test_a_signal_of_the_base_that_is_removed_is_met_no_longer(
    on_base: Matcher, shelf: Shelf
) -> None:
    on_base.remove([2, 10, 15])

    kept = [signal for number, signal in SIGNALS.items() if number not in {2, 10, 15}]
    assert met(on_base) == met(in_memory(kept))
    assert not {2, 10, 15} & set(shelf.asked)


def test_a_signal_of_the_base_that_changes_is_met_as_it_is_now(on_base: Matcher) -> None:
    changed = [replace(SIGNALS[each], flag_only=True) for each in (2, 10, 15)]

    on_base.add(KEY, changed)

    assert met(on_base) == met(in_memory([*SIGNALS.values(), *changed]))
    on_base.remove([2, 10, 15])
    assert not {2, 10, 15} & {match.signal for match in met(on_base)}


def test_a_signal_of_the_base_is_never_missed_while_it_changes(
    on_base: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[int]] = []
    add = RadiusIndex.add

    def look_before_adding(self: RadiusIndex, entries: Iterable[tuple[int, bytes]]) -> None:
        seen.append({match.signal for match in met(on_base)})
        add(self, entries)

    monkeypatch.setattr(RadiusIndex, "add", look_before_adding)
    on_base.add(KEY, [replace(SIGNALS[each], flag_only=True) for each in (2, 10)])

    assert seen[0] >= {2, 10}


def test_a_signal_that_comes_after_the_base_is_met_beside_it(on_base: Matcher) -> None:
    later = [
        Signal(20, SignalKind.PDQ, hash_of(4).hex()),
        Signal(21, SignalKind.SHA256, "a" * 64),
        Signal(22, SignalKind.URL, "https://a.example.org/x?y"),
    ]

    on_base.add(KEY, later)

    assert met(on_base) == met(in_memory([*SIGNALS.values(), *later]))


def test_what_the_records_no_longer_have_is_not_met(on_base: Matcher, shelf: Shelf) -> None:
    del shelf.live[2], shelf.live[12]

    assert {match.signal for match in met(on_base)} == {4, 10, 11, 13, 14, 15, 16}


def test_records_that_cannot_be_had_are_no_answer(on_base: Matcher, tmp_path: Path) -> None:
    def fails(_: Collection[int]) -> Iterator[Signal]:
        raise ConnectionError("the database is gone")

    compile_bank(tmp_path / "other", signals=SIGNALS.values(), header={})
    base = Base(open_arrays(tmp_path / "other").arrays, fails)
    on_base.put_bank_on_base(KEY, BANK, base, signals=[], gone=[])

    with pytest.raises(ConnectionError):
        met(on_base)


def test_a_newer_base_takes_the_place_of_what_was_in_memory(tmp_path: Path) -> None:
    matcher = in_memory()
    kept = [signal for number, signal in SIGNALS.items() if number not in {3, 4}]
    compile_bank(tmp_path / "demo", signals=SIGNALS.values(), header={})

    base = Base(open_arrays(tmp_path / "demo").arrays, Shelf(kept).records)
    matcher.put_bank_on_base(KEY, BANK, base, signals=[SIGNALS[16]], gone=[3, 4])

    assert met(matcher) == met(in_memory(kept))
    matcher.remove([2])
    assert 2 not in {match.signal for match in met(matcher)}


def test_a_bank_without_pictures_or_without_look_ups_compiles_too(tmp_path: Path) -> None:
    for some in ([SIGNALS[2]], [SIGNALS[12]], []):
        compile_bank(tmp_path / "demo", signals=some, header={})
        matcher = Matcher()
        base = Base(open_arrays(tmp_path / "demo").arrays, Shelf(some).records)

        matcher.put_bank_on_base(KEY, BANK, base, signals=[], gone=[])

        assert met(matcher) == met(in_memory(some))


def test_reading_leetspeak_changes_for_a_bank_on_a_base(on_base: Matcher) -> None:
    text = Content(text="a z0nk")
    assert met(on_base, text) == []

    on_base.put_bank(KEY, replace(BANK, leetspeak=True))

    assert [match.signal for match in met(on_base, text)] == [16]
