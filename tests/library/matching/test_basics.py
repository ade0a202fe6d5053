"""One item with words, a link and a picture meets signals of every kind."""

import io

import numpy as np
import pytest
from PIL import Image

from dutybound.matching import (
    BadSignal,
    Bank,
    Content,
    Effect,
    Matcher,
    Signal,
    SignalKind,
    clean_value,
    hash_media,
    judge,
)


def test_an_item_meets_signals_of_every_kind() -> None:
    media = hash_media(picture(seed=1), id="m1")
    values = {
        SignalKind.PDQ: media.frames[0].hashes[0].hex(),
        SignalKind.SHA256: media.sha256,
        SignalKind.MD5: media.md5,
        SignalKind.PHRASE: "zonk",
        SignalKind.PATTERN: r"zo+nk",
        SignalKind.URL: "https://bad.example.org/a/b",
        SignalKind.URL_PREFIX: "https://bad.example.org/a",
        SignalKind.HOST: "bad.example.org",
        SignalKind.DOMAIN: "example.org",
    }
    matcher = Matcher()
    matcher.put_bank(7, Bank("demo", "a test", "fraud", Effect.BLOCK))
    matcher.add(
        7,
        [
            Signal(n, kind, clean_value(kind, value))
            for n, (kind, value) in enumerate(values.items())
        ],
    )

    matches = matcher.match(
        Content(text="Such a Zonk: bad.example.org/a/b.", media=(media,)), banks={7}
    )

    assert {match.kind for match in matches} == set(SignalKind)
    assert {match.media for match in matches} == {None, "m1"}
    assert judge(matches).outcome == "block"


def test_an_item_meets_nothing_in_banks_it_is_not_compared_with() -> None:
    matcher = Matcher()
    matcher.put_bank(7, Bank("demo", "a test", "fraud", Effect.BLOCK))
    matcher.add(7, [Signal(1, SignalKind.PHRASE, "zonk")])

    assert matcher.match(Content(text="zonk"), banks={8}) == []
    assert len(matcher.match(Content(text="zonk"))) == 1


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (SignalKind.PDQ, "ff", "64 hex digits"),
        (SignalKind.MD5, "x" * 32, "32 hex digits"),
        (SignalKind.PHRASE, " \u200b ", "a word or phrase"),
        (SignalKind.PATTERN, "(?=x)", "RE2"),
        (SignalKind.PATTERN, "x*", "does not match an empty text"),
        (SignalKind.PATTERN, r"(\pL{9}){9}", "steps"),
        (SignalKind.URL, "https://exa mple", "a web address"),
        (SignalKind.DOMAIN, "co.uk", "a registered domain"),
        (SignalKind.DOMAIN, "www.example.org", "host of example.org"),
        (SignalKind.PHRASE, "x" * 3000, "at most 2048 characters"),
    ],
)
def test_a_value_that_cannot_be_a_signal_is_refused_with_what_was_expected(
    kind: SignalKind, value: str, expected: str
) -> None:
    with pytest.raises(BadSignal, match=expected):
        clean_value(kind, value)


def picture(*, seed: int) -> io.BytesIO:
    shades = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(shades).resize((256, 256)).save(file, "PNG")
    return file
