"""The look-up answers exactly as a dict would, whatever happened to it before."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.matching import (
    Bank,
    Content,
    Effect,
    Matcher,
    MediaHashes,
    Signal,
    SignalKind,
    links,
)
from dutybound.matching.lookup import LookupIndex, fingerprint, fingerprints_of_link

LAST = 2**64 - 1
# Some share a fingerprint, a bucket or a hint; the ends of the range are among them.
FINGERPRINTS = [0, 1, 8, 9, 1 << 40, 1 << 62, (1 << 63) - 1, 1 << 63, LAST - 8, LAST]
LOOKED_UP = [
    SignalKind.SHA256,
    SignalKind.MD5,
    SignalKind.URL,
    SignalKind.URL_PREFIX,
    SignalKind.HOST,
    SignalKind.DOMAIN,
]


def found_slowly(known: dict[int, int], wanted: list[int]) -> list[tuple[int, int]]:
    """The oracle: every number under every fingerprint, by looking at each."""
    return sorted(
        (number, place)
        for place, fingerprint in enumerate(wanted)
        for number, its_own in known.items()
        if its_own == fingerprint
    )


numbers = st.one_of(st.integers(0, 20), st.integers(-3, -1), st.just(2**40))
changes = st.lists(
    st.one_of(
        st.dictionaries(numbers, st.sampled_from(FINGERPRINTS), max_size=12),
        st.sets(numbers, max_size=8),
        st.just("stored and opened"),
    ),
    max_size=10,
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(changes=changes, wanted=st.lists(st.sampled_from(FINGERPRINTS), max_size=12))
def test_after_any_changes_it_finds_what_a_dict_finds(
    changes: list[dict[int, int] | set[int] | str], wanted: list[int]
) -> None:
    index = LookupIndex()
    known: dict[int, int] = {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dutybound.matching.lookup._MOST_CHANGES", 6)
        for change in changes:
            if isinstance(change, dict):
                index.remove((number, known[number]) for number in change if number in known)
                index.add(change.items())
                known |= change
            elif isinstance(change, set):
                index.remove((number, known.pop(number, 7)) for number in change)
            else:
                index = LookupIndex.from_arrays(index.arrays())

    assert len(index) == len(known)
    assert sorted(index.find(wanted)) == found_slowly(known, wanted)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 31, 32, 33, 20_000])
def test_it_is_exact_at_any_size(size: int) -> None:
    keys = np.random.default_rng(size).integers(0, 2**64, 2 * size, dtype=np.uint64).tolist()
    index = LookupIndex()
    index.add(enumerate(keys[:size]))

    assert len(index) == size
    assert index.find(keys) == [(number, number) for number in range(size)]


def test_a_key_takes_at_most_16_bytes() -> None:
    # A power of two has the most buckets for its size.
    index = LookupIndex()
    index.add(enumerate(range(1 << 14)))

    bytes_a_key = sum(array.nbytes for array in index.arrays().values()) // len(index)

    assert bytes_a_key <= 16


def test_what_is_not_there_is_passed_over_when_removed() -> None:
    index = LookupIndex()
    index.add([(1, 8), (2, 8)])

    index.remove([(3, 8), (1, 9), (2, 8), (2, 8)])

    assert index.find([8, 9]) == [(1, 0)]


@pytest.mark.parametrize(
    ("name", "spoiled"),
    [
        ("numbers", np.zeros(1, np.uint32)),
        ("numbers", np.zeros(2, np.float64)),
        ("fingerprints", np.zeros((2, 1), np.uint64)),
        ("starts", np.array([0, 2, 2], np.uint32)),
        ("starts", np.array([0, 1], np.uint32)),
        ("hints", np.zeros(3, np.uint8)),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(name: str, spoiled: object) -> None:
    index = LookupIndex()
    index.add([(1, 8), (2, LAST)])
    arrays = index.arrays()

    assert len(LookupIndex.from_arrays(arrays)) == 2
    with pytest.raises(ValueError, match="look-up index"):
        LookupIndex.from_arrays({**arrays, name: spoiled})  # type: ignore[dict-item]


def test_stored_fingerprints_stay_what_they_are() -> None:
    assert fingerprint(SignalKind.URL, "https://example.org/a") == 8998984126295901124
    assert len({fingerprint(kind, "//example.org") for kind in LOOKED_UP}) == len(LOOKED_UP)


def looked_up_slowly(link: str) -> list[tuple[SignalKind, int]]:
    """The oracle: each value that could match, in words, and then its fingerprint."""
    whole, host = link.partition("//")[2], links.host_of(link)
    parts = whole.partition("?")[0].rstrip("/").split("/")
    ends = range(1, min(len(parts), links.MAX_PATH_PARTS) + 1)
    values = [(SignalKind.URL, link), (SignalKind.HOST, host)]
    if domain := links.registered_domain(host):
        values.append((SignalKind.DOMAIN, domain))
    values += [(SignalKind.URL_PREFIX, "https://" + "/".join(parts[:end])) for end in ends]
    return [(kind, fingerprint(kind, value)) for kind, value in values]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    host=st.sampled_from(["a.example.org", "a.example.org:8000", "127.0.0.1", "[::1]", "co.uk"]),
    rest=st.text(alphabet="ab/?.#\\%é", max_size=30),
    depth=st.sampled_from([0, 1, *range(97, 102), 3000]),
)
def test_a_link_is_looked_up_by_its_whole_host_domain_and_every_prefix(
    host: str, rest: str, depth: int
) -> None:
    link = links.canonical(f"{host}{'/b' * depth}/{rest}")

    assert fingerprints_of_link(link) == looked_up_slowly(link)


def test_a_collision_tells_no_false_match_and_hides_no_true_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dutybound.matching.lookup.xxh3_64_intdigest", lambda *_: 7)
    matcher = Matcher()
    matcher.put_bank(1, Bank("demo", "a test", "fraud", Effect.BLOCK))
    matcher.add(
        1,
        [
            Signal(1, SignalKind.URL, "https://a.example.org/x"),
            Signal(2, SignalKind.URL_PREFIX, "https://a.example.org"),
            Signal(3, SignalKind.HOST, "a.example.org"),
            Signal(4, SignalKind.HOST, "b.example.org"),
            Signal(5, SignalKind.DOMAIN, "example.org"),
            Signal(6, SignalKind.SHA256, "ab" * 32),
            Signal(7, SignalKind.MD5, "cd" * 16),
            Signal(8, SignalKind.URL_PREFIX, "https://a.example.org/xx"),
        ],
    )
    media = MediaHashes("m1", sha256="ab" * 32, md5="ef" * 16)

    matches = matcher.match(Content(links=("http://a.example.org/x",), media=(media,)))

    assert sorted(match.signal for match in matches) == [1, 2, 3, 5, 6]
    assert {match.links for match in matches} == {("http://a.example.org/x",), ()}


def test_a_reader_never_sees_half_a_change() -> None:
    index, pair = LookupIndex(), [(1, 8), (2, LAST)]
    index.add(pair)
    stop, seen = threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            seen.add(len(index.find([8, LAST])))

    reader = threading.Thread(target=read)
    reader.start()
    for start in range(60):
        index.remove(pair)
        index.add(pair)
        index.add((10 + start * 100 + number, 5) for number in range(100))
    stop.set()
    reader.join()

    assert seen <= {0, 2}
