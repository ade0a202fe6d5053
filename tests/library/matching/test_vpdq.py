"""vPDQ's text is read and written as other tools do, and films match by its rule."""

import io
import sys
from types import ModuleType

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.matching import Gap
from dutybound.matching.vpdq import (
    BadFeatures,
    Feature,
    Shares,
    as_json,
    as_lines,
    compare,
    features,
    read,
)
from tests.library.matching.films import film, of_seconds, still
from tests.library.matching.photos import bits_apart, reference_hash

HASH = "e271017837246aaccddea259648fb7d62f435c89d9e99b2497763e216c8d055c"


@st.composite
def films(draw: st.DrawFn) -> list[Feature]:
    """Films of few looks, near each other and not, so that some frames of two match."""
    looks = st.integers(0, 3).map(lambda n: [0, 2**31 - 1, 2**32 - 1, 2**256 - 1][n])
    frames = st.lists(st.tuples(looks, st.integers(40, 60)), max_size=6)
    return [
        Feature(number, quality, look.to_bytes(32, "big"), float(number))
        for number, (look, quality) in enumerate(draw(frames))
    ]


@pytest.fixture(scope="module")
def theirs() -> ModuleType:
    """ThreatExchange's rule in Python, without the compiled part it does not use for it."""
    pytest.importorskip("threatexchange", reason="NO THREATEXCHANGE: not compared")
    if "vpdq" not in sys.modules:
        stand_in = ModuleType("vpdq")
        stand_in.VpdqFeature = object  # type: ignore[attr-defined]
        sys.modules["vpdq"] = stand_in
    from threatexchange.extensions.vpdq import vpdq_brute_matcher

    return vpdq_brute_matcher


@pytest.mark.peers
@settings(max_examples=60, deadline=None, derandomize=True)
@given(query=films(), target=films())
def test_two_films_match_as_threatexchange_says(
    theirs: ModuleType, query: list[Feature], target: list[Feature]
) -> None:
    ours = compare(query, target)

    # Their two versions differ in whether a plain frame can hide a good one of the same hash, and
    # divide by zero when none is left.
    asked, known = (
        [_theirs(theirs, f) for f in film if f.quality >= 50] for film in (query, target)
    )
    if not asked or not known:
        assert ours == Shares(0.0, 0.0)
        return
    expected = theirs.match_VPDQ_hash_brute(asked, known, 50, 31)
    assert (ours.of_query, ours.of_target) == pytest.approx(
        (expected.query_match_percent, expected.compared_match_percent)
    )


def _theirs(theirs: ModuleType, frame: Feature) -> object:
    return theirs.VpdqCompactFeature(frame.pdq.hex(), frame.quality, frame.seconds)


@pytest.mark.parametrize(("bits", "share"), [(31, 100.0), (32, 0.0)])
def test_frames_match_up_to_the_distance_and_not_beyond(bits: int, share: float) -> None:
    one = [Feature(0, 100, bytes(32), 0.0)]
    other = [Feature(0, 100, (2**bits - 1).to_bytes(32, "big"), 0.0)]

    assert compare(one, other) == Shares(share, share)


def test_a_film_without_detail_matches_nothing() -> None:
    plain = [Feature(0, 49, bytes(32), 0.0)]

    assert compare(plain, plain) == Shares(0.0, 0.0)
    assert not compare(plain, []).is_match()


def test_a_part_of_a_film_is_found_in_the_whole_and_the_shares_tell_which_is_which() -> None:
    whole, _ = features(film(of_seconds(1, 2, 3, 4)))
    part, _ = features(film(of_seconds(2, 3), codec="libx264"))

    shares = compare(part, whole)

    assert shares == Shares(100.0, 50.0)
    assert shares.is_match()
    assert not shares.is_match(least_of_target=80.0)


def test_each_nth_frame_is_a_feature_whatever_it_shows() -> None:
    whole, gap = features(film(of_seconds(1, 1, 2)))
    all_frames, _ = features(film(of_seconds(1, 1, 2)), seconds_apart=0)

    assert gap is Gap.NONE
    assert [(each.number, each.seconds) for each in whole] == [(0, 0.0), (10, 1.0), (20, 2.0)]
    assert [each.number for each in all_frames] == list(range(30))
    assert bits_apart(whole[2].pdq, reference_hash(still(2))[0]) <= 10


@pytest.mark.parametrize(
    ("file", "gap"),
    [
        (io.BytesIO(b"%PDF-1.7"), Gap.NOT_A_PICTURE),
        (io.BytesIO(b"\x1a\x45\xdf\xa3" + bytes(50)), Gap.UNDECODED),
    ],
)
def test_what_is_no_film_has_no_features_and_tells_why(file: io.BytesIO, gap: Gap) -> None:
    av.logging.set_level(None)

    assert features(file) == ([], gap)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(known=films())
def test_what_was_written_is_read_again(known: list[Feature]) -> None:
    assert read(as_lines(known)) == known
    assert read(as_json(known)) == known


def test_the_two_forms_are_those_of_other_tools() -> None:
    known = [Feature(29, 100, bytes.fromhex(HASH), 0.9667)]

    assert as_lines(known) == f"29,100,{HASH},0.967\n"
    assert as_json(known) == f'["{HASH},100,0.967"]'
    # ThreatExchange rounds to three digits in all, however large the number.
    assert read(f'["{HASH},100,1.23e+03"]')[0].seconds == 1230


@pytest.mark.parametrize(
    "text",
    [
        "0,100,xyz,0.0",
        f"0,101,{HASH},0.0",
        f"0,100,{HASH}",
        f"0,100,{HASH},0.0,more",
        f"-1,100,{HASH},0.0",
        f"0,100,{HASH},nan",
        f'["{HASH},100"]',
        '["',
        "[1]",
    ],
)
def test_what_is_not_vpdq_is_refused_by_its_place(text: str) -> None:
    with pytest.raises(BadFeatures, match=r"line 1|entry 0|in JSON"):
        read(text)
