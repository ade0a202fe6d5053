"""Signals come into force and leave it, and a match tells all a reader needs."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from dutybound.matching import (
    Bank,
    Content,
    Effect,
    FrameHashes,
    Match,
    Matcher,
    MediaHashes,
    Signal,
    SignalKind,
)

PDQ = bytes(32)
NEAR = b"\xff" + bytes(31)


def bank(name: str = "demo", **settings: Any) -> Bank:  # noqa: ANN401
    return Bank(name, "a test", "iia", Effect.BLOCK, **settings)


def picture(*hashes: bytes, quality: int = 100, media: str = "m1") -> Content:
    return Content(media=(MediaHashes(media, frames=(FrameHashes(0, quality, hashes),)),))


@pytest.fixture
def matcher() -> Matcher:
    """One bank, under 7, with the picture of all zeros as signal 1."""
    matcher = Matcher()
    matcher.put_bank(7, bank())
    matcher.add(7, [Signal(1, SignalKind.PDQ, PDQ.hex(), "r9", ("a",))])
    return matcher


def test_a_match_tells_the_signal_the_distance_and_where_it_is_from(matcher: Matcher) -> None:
    assert matcher.match(picture(NEAR)) == [
        Match(
            media="m1",
            bank_key=7,
            bank="demo",
            signal=1,
            kind=SignalKind.PDQ,
            value=PDQ.hex(),
            distance=8,
            threshold=31,
            variant="original",
            harm="iia",
            source="a test",
            source_record="r9",
            tags=("a",),
            effect=Effect.BLOCK,
            dry_run=False,
        )
    ]


def test_every_bank_has_its_own_threshold_and_a_change_counts_at_once(matcher: Matcher) -> None:
    matcher.put_bank(8, bank("strict", threshold=7))
    matcher.add(8, [Signal(2, SignalKind.PDQ, PDQ.hex())])

    assert [match.bank for match in matcher.match(picture(NEAR))] == ["demo"]

    matcher.put_bank(8, bank("strict", threshold=8))
    assert len(matcher.match(picture(NEAR))) == 2


def test_a_turned_picture_matches_only_in_banks_that_ask_for_it(matcher: Matcher) -> None:
    far = b"\xaa" * 32
    turned = picture(far, far, PDQ, far, far, far, far, far)
    matcher.put_bank(8, bank("upright", any_orientation=False))
    matcher.add(8, [Signal(2, SignalKind.PDQ, PDQ.hex())])

    assert [(m.bank, m.variant) for m in matcher.match(turned)] == [("demo", "rotated_180")]


def test_too_plain_a_picture_matches_by_its_exact_hashes_only(matcher: Matcher) -> None:
    matcher.add(7, [Signal(2, SignalKind.SHA256, "ab" * 32), Signal(3, SignalKind.MD5, "cd" * 16)])
    frames = (FrameHashes(0, 49, (PDQ,)),)
    plain = MediaHashes("m1", sha256="ab" * 32, md5="cd" * 16, frames=frames)

    matches = matcher.match(Content(media=(plain,)))

    assert [(match.kind, match.threshold) for match in matches] == [("sha256", 0), ("md5", 0)]


def test_the_nearest_frame_of_a_film_is_the_match(matcher: Matcher) -> None:
    frames = tuple(FrameHashes(n, 100, (each,)) for n, each in enumerate((NEAR, PDQ, NEAR)))

    (match,) = matcher.match(Content(media=(MediaHashes("film", frames=frames),)))

    assert match.distance == 0


def test_each_picture_of_an_item_has_its_own_match(matcher: Matcher) -> None:
    content = Content(media=(*picture(PDQ).media, *picture(NEAR, media="m2").media))

    assert [(m.media, m.distance) for m in matcher.match(content)] == [("m1", 0), ("m2", 8)]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (SignalKind.PDQ, PDQ.hex(), ""),
        (SignalKind.SHA256, "ab" * 32, ""),
        (SignalKind.PHRASE, "zonk", "a zonk"),
        (SignalKind.PATTERN, "zo+nk", "a zonk"),
        (SignalKind.HOST, "bad.example.org", "on bad.example.org"),
    ],
)
def test_signals_of_every_kind_come_and_go(kind: SignalKind, value: str, text: str) -> None:
    matcher = Matcher()
    matcher.put_bank(7, bank())
    media = MediaHashes("m1", sha256="ab" * 32, frames=picture(PDQ).media[0].frames)
    content = Content(text=text, media=(media,))

    for signal in (1, 2, 1):
        matcher.add(7, [Signal(signal, kind, value)])
        assert [match.signal for match in matcher.match(content)] == [signal]
        matcher.remove([signal, 99])
        assert matcher.match(content) == []


def test_a_signal_added_again_replaces_the_earlier_one(matcher: Matcher) -> None:
    matcher.add(7, [Signal(1, SignalKind.PDQ, PDQ.hex(), flag_only=True)])
    assert [match.effect for match in matcher.match(picture(PDQ))] == [Effect.FLAG]

    matcher.add(7, [Signal(1, SignalKind.PHRASE, "zonk")])
    assert matcher.match(picture(PDQ)) == []
    assert len(matcher.match(Content(text="zonk"))) == 1

    matcher.put_bank(8, bank("other"))
    matcher.add(8, [Signal(1, SignalKind.PHRASE, "zonk")])
    assert [match.bank for match in matcher.match(Content(text="zonk"))] == ["other"]


def test_a_good_signal_that_may_only_flag_does_nothing(matcher: Matcher) -> None:
    matcher.put_bank(8, replace(bank("good"), effect=Effect.NEVER))
    matcher.add(8, [Signal(2, SignalKind.PDQ, PDQ.hex(), flag_only=True)])

    assert [match.bank for match in matcher.match(picture(PDQ))] == ["demo"]


def test_identical_signals_of_one_bank_all_match(matcher: Matcher) -> None:
    matcher.add(7, [Signal(n, SignalKind.PHRASE, "zonk") for n in (2, 3)])
    matcher.add(7, [Signal(n, SignalKind.HOST, "b.org") for n in (4, 5)])
    matcher.remove([2, 4])

    matches = matcher.match(Content(text="zonk b.org"))

    assert [match.signal for match in matches] == [3, 5]


def test_a_dropped_bank_matches_nothing_and_may_come_back(matcher: Matcher) -> None:
    matcher.drop_bank(7)
    matcher.drop_bank(7)
    assert matcher.match(picture(PDQ)) == []

    matcher.put_bank(7, bank())
    assert matcher.match(picture(PDQ)) == []
    matcher.add(7, [Signal(1, SignalKind.PDQ, PDQ.hex())])
    assert len(matcher.match(picture(PDQ))) == 1


def test_leetspeak_can_be_switched_on_for_signals_already_there(matcher: Matcher) -> None:
    matcher.add(7, [Signal(2, SignalKind.PHRASE, "zonk")])
    assert matcher.match(Content(text="z0nk")) == []

    matcher.put_bank(7, bank(leetspeak=True))
    assert len(matcher.match(Content(text="z0nk"))) == 1
    assert len(matcher.match(picture(PDQ))) == 1


def test_phrases_are_found_however_many_were_added_one_by_one(matcher: Matcher) -> None:
    matcher.add(7, [Signal(n, SignalKind.PHRASE, f"zonk{n}") for n in range(10, 1500)])
    matcher.add(7, [Signal(5000, SignalKind.PHRASE, "late zonk")])
    matcher.remove([11])
    matcher.add(7, [Signal(11, SignalKind.PHRASE, "zonk12")])

    found = matcher.match(Content(text="zonk11 zonk12, zonk1499; late zonk!"))

    assert sorted(match.signal for match in found) == [11, 12, 1499, 5000]


def test_one_link_signal_tells_all_links_it_was_met_by(matcher: Matcher) -> None:
    matcher.add(7, [Signal(2, SignalKind.DOMAIN, "example.org")])

    (match,) = matcher.match(Content(text="a.example.org", links=("http://b.example.org/x",)))

    assert match.links == ("http://b.example.org/x", "https://a.example.org/")
    assert match.media is None


def test_matching_goes_on_while_another_thread_changes_the_banks(matcher: Matcher) -> None:
    stop, faults = threading.Event(), []
    content = Content(text="zonk on b.org", media=picture(PDQ).media)

    def read() -> None:
        while not stop.is_set():
            kinds = [match.kind for match in matcher.match(content)]
            if SignalKind.PDQ not in kinds:
                faults.append(kinds)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(10, 300):
        matcher.put_bank(8, bank("other", leetspeak=number % 7 == 0))
        matcher.add(8, [Signal(number, SignalKind.PHRASE, "zonk")])
        matcher.add(8, [Signal(-number, SignalKind.HOST, "b.org")])
        matcher.remove([number - 1, 1 - number])
        if number % 50 == 0:
            matcher.drop_bank(8)
    stop.set()
    reader.join()

    assert faults == []
