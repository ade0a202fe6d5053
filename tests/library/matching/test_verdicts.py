"""The strictest effect wins, known good content is set aside, and reasons are sentences."""

import pytest

from dutybound.matching import Effect, Match, SignalKind, judge


def match(effect: Effect = Effect.BLOCK, **changes: object) -> Match:
    usual: dict[str, object] = {
        "media": "m1",
        "bank_key": 1,
        "bank": f"{effect}-bank",
        "signal": 1,
        "kind": SignalKind.PDQ,
        "value": "00" * 32,
        "distance": 6,
        "threshold": 31,
        "variant": "original",
        "harm": "iia",
        "source": "a test",
        "source_record": "",
        "tags": (),
        "effect": effect,
        "dry_run": False,
    }
    return Match(**{**usual, **changes})  # type: ignore[arg-type]


def words(effect: Effect, **changes: object) -> Match:
    return match(effect, media=None, kind=SignalKind.PHRASE, variant="", **changes)


def link(effect: Effect, *links: str) -> Match:
    return match(effect, media=None, kind=SignalKind.HOST, variant="", links=links)


@pytest.mark.parametrize(
    ("effects", "outcome"),
    [
        ([], "allow"),
        ([Effect.FLAG], "allow"),
        ([Effect.FLAG, Effect.HOLD], "hold"),
        ([Effect.HOLD, Effect.BLOCK, Effect.FLAG], "block"),
        ([Effect.NEVER], "allow"),
    ],
)
def test_the_strictest_effect_wins(effects: list[Effect], outcome: str) -> None:
    assert judge([match(effect) for effect in effects]).outcome == outcome


def test_a_dry_run_is_told_and_changes_nothing() -> None:
    verdict = judge([match(Effect.BLOCK, dry_run=True)])

    assert verdict.outcome == "allow"
    assert [each.dry_run for each in verdict.kept] == [True]
    assert verdict.reasons[0].endswith("limit 31: dry run, changes nothing.")


def test_known_good_sets_aside_the_other_matches_of_the_same_picture_only() -> None:
    here, elsewhere = match(Effect.BLOCK), match(Effect.HOLD, media="m2")

    verdict = judge([here, elsewhere, words(Effect.FLAG), match(Effect.NEVER)])

    assert verdict.outcome == "hold"
    assert verdict.set_aside == (here,)
    assert verdict.kept == (elsewhere, words(Effect.FLAG))
    assert verdict.reasons[-1].endswith("set aside, since bank never-bank knows it as good.")


def test_known_good_in_a_dry_run_sets_nothing_aside() -> None:
    verdict = judge([match(Effect.BLOCK), match(Effect.NEVER, dry_run=True)])

    assert (verdict.outcome, verdict.set_aside) == ("block", ())
    assert "bank never-bank (source a test), limit 31: dry run" in verdict.reasons[1]


def test_known_good_words_set_aside_words_and_not_links_or_pictures() -> None:
    bad_words, bad_link = words(Effect.BLOCK), link(Effect.HOLD, "https://bad.org/")

    verdict = judge([bad_words, bad_link, match(Effect.FLAG), words(Effect.NEVER)])

    assert verdict.set_aside == (bad_words,)
    assert verdict.outcome == "hold"


def test_a_good_link_excuses_no_bad_one_beside_it() -> None:
    good, bad = "https://good.org/", "https://bad.org/"
    both, only_good = link(Effect.BLOCK, good, bad), link(Effect.HOLD, good)

    verdict = judge([both, only_good, words(Effect.FLAG), link(Effect.NEVER, good)])

    assert verdict.outcome == "block"
    assert verdict.set_aside == (only_good,)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (
            match(Effect.BLOCK, source_record="r7"),
            "m1 is 6 of 256 bits from a signal of bank block-bank (source a test record r7), limit",
        ),
        (match(Effect.HOLD, variant="mirrored_90"), "31, mirrored and rotated by 90°: hold."),
        (match(Effect.HOLD, variant="rotated_180"), "limit 31, rotated by 180°: hold."),
        (match(Effect.HOLD, variant="mirrored"), "limit 31, mirrored: hold."),
        (
            match(Effect.FLAG, kind=SignalKind.MD5),
            "File m1 is, by its MD5, a file of bank flag-bank (source a test): flag only.",
        ),
        (
            words(Effect.BLOCK),
            "The text has a phrase of bank block-bank (source a test): block.",
        ),
        (
            link(Effect.HOLD, "https://bad.org/"),
            "The text has a link to a host of bank hold-bank (source a test): hold.",
        ),
    ],
)
def test_a_reason_names_bank_distance_threshold_and_source(told: Match, reason: str) -> None:
    assert reason in judge([told]).reasons[0]
