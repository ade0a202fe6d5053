"""Whatever is done to a journal's files is found, and the entries concerned are named."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.findings import What
from dutybound.ledger.notes import sign, verifier_key
from dutybound.ledger.verify import verify_journal
from tests.library.ledger.oracle import entries_of
from tests.library.ledger.published import (
    KEY,
    ORIGIN,
    SIGNER,
    Paths,
    flipped,
    journal,
    tile,
    with_entries,
)

SIZE = 700
ENTRIES = entries_of(SIZE)
GOOD = journal(ENTRIES)


def told(paths: Paths) -> list[str]:
    return [str(finding) for finding in verify_journal(paths.get, key=KEY).findings]


def about(paths: Paths) -> set[int]:
    """The numbers of all entries that findings are about."""
    return {
        number
        for finding in verify_journal(paths.get, key=KEY).findings
        if finding.first is not None and finding.last is not None
        for number in range(finding.first, finding.last + 1)
    }


def with_others(entries: list[bytes]) -> Paths:
    return with_entries(GOOD, entries, size=SIZE)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 700])
def test_a_journal_nobody_touched_verifies(size: int) -> None:
    seen: list[tuple[int, int]] = []

    answer = verify_journal(
        journal(entries_of(size)).get, key=KEY, progress=lambda *at: seen.append(at)
    )

    assert answer.verifies
    assert answer.head
    assert answer.head.size == size
    assert not seen or seen[-1] == (size, size)


def test_a_key_that_came_with_the_journal_is_told_from_one_that_was_given() -> None:
    assert verify_journal(GOOD.get, key=KEY).key_was_given
    own = verify_journal(GOOD.get)

    assert own.verifies
    assert own.key == KEY
    assert not own.key_was_given


@pytest.mark.parametrize("number", [0, 17, 255, 256, 600, 699])
def test_a_changed_entry_is_named(number: int) -> None:
    findings = told(with_others([*ENTRIES[:number], b"forged", *ENTRIES[number + 1 :]]))

    assert len(findings) == 1
    assert findings[0].startswith(f"entry {number} was changed: it hashes to")


@pytest.mark.parametrize("number", [0, 17, 255, 256, 600, 699])
def test_a_missing_entry_is_named_when_its_place_is_left_empty(number: int) -> None:
    assert told(with_others([*ENTRIES[:number], b"", *ENTRIES[number + 1 :]])) == [
        f"entry {number} is missing"
    ]


@pytest.mark.parametrize("number", [0, 17, 255, 256, 600, 698, 699])
def test_a_missing_entry_is_named_when_later_ones_moved_up(number: int) -> None:
    moved_up = [*ENTRIES[:number], *ENTRIES[number + 1 :]]

    assert told(with_others(moved_up)) == [f"entry {number} is missing"]
    assert told(with_others([*moved_up, b""])) == [f"entry {number} is missing"]


def test_missing_entries_are_named_together() -> None:
    assert told(with_others([*ENTRIES[:300], *ENTRIES[350:]])) == ["entries 300 to 349 are missing"]


@pytest.mark.parametrize(("one", "other"), [(17, 18), (0, 699), (255, 256), (3, 40)])
def test_entries_that_changed_places_are_both_named(one: int, other: int) -> None:
    swapped = list(ENTRIES)
    swapped[one], swapped[other] = swapped[other], swapped[one]

    assert told(with_others(swapped)) == [
        f"in the place of entry {one} stands entry {other}",
        f"in the place of entry {other} stands entry {one}",
    ]


def test_an_entry_that_was_moved_is_named() -> None:
    moved = [*ENTRIES[:17], *ENTRIES[18:60], ENTRIES[17], *ENTRIES[60:]]

    assert told(with_others(moved)) == ["entry 17 was moved and stands after entry 59"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, "an entry was inserted before entry 0"),
        (18, "an entry was inserted after entry 17"),
        (256, "an entry was inserted before entry 256"),
        (700, "an entry was inserted after entry 699"),
    ],
)
def test_an_inserted_entry_is_named(number: int, sentence: str) -> None:
    assert told(with_others([*ENTRIES[:number], b"forged", *ENTRIES[number:]])) == [sentence]


def test_a_removed_entry_is_named_though_another_was_put_at_the_end() -> None:
    findings = told(with_others([*ENTRIES[:17], *ENTRIES[18:], b"forged"]))

    assert findings == ["entry 17 is missing", "an entry was inserted after entry 699"]


def test_a_bundle_that_is_gone_or_cut_is_told_by_its_entries() -> None:
    gone = {path: content for path, content in GOOD.items() if path != "tile/entries/001"}
    cut = {**GOOD, "tile/entries/001": GOOD["tile/entries/001"][:-3]}

    assert told(gone) == ["entries 256 to 511 are missing"]
    assert told(cut)[0].startswith("entry 511 was changed")


@pytest.mark.parametrize(
    "path", [tile(0, 0), tile(0, 1), tile(0, 2, width=188), tile(1, 0, width=2)]
)
def test_a_tile_that_was_changed_or_removed_is_named(path: str) -> None:
    gone = {other: content for other, content in GOOD.items() if other != path}
    short = {**GOOD, path: GOOD[path][:-1]}

    assert told(flipped(GOOD, path)) == [f"{path} does not match"]
    assert told(short) == [f"{path} does not match"]
    assert told(gone) == [f"{path} is missing"]


@pytest.mark.parametrize(
    "path", [tile(0, 0), tile(0, 1), tile(0, 2, width=188), tile(1, 0, width=2)]
)
def test_a_tile_and_an_entry_that_were_changed_are_both_named(path: str) -> None:
    changed = with_others([*ENTRIES[:600], b"forged", *ENTRIES[601:]])
    findings = told(flipped(changed, path, at=1))

    if path == tile(0, 2, width=188):
        # Nothing is left that tells what the last tile held, but it is said that it is wrong.
        assert "neither the tiles nor the entries give the root that was signed" in findings
    else:
        assert f"{path} does not match" in findings
    assert any(finding.startswith("entry 600 was changed") for finding in findings)


def test_an_entry_and_the_tile_over_it_changed_alike_do_not_pass() -> None:
    forged = journal([*ENTRIES[:17], b"forged", *ENTRIES[18:]])
    paths = {**GOOD, "tile/entries/000": forged["tile/entries/000"], tile(0, 0): forged[tile(0, 0)]}

    assert told(paths) == [f"{tile(0, 0)} does not match"]

    assert told({**forged, "checkpoint": GOOD["checkpoint"]}) == [
        "neither the tiles nor the entries give the root that was signed"
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"\n700\n", b"\n699\n", "the checkpoint is not signed"),
        (b"\n700\n", b"\n999999999999999999\n", "the checkpoint is not signed"),
        (b"\n\n", b"\n", "the checkpoint cannot be read"),
        ("—".encode(), b"\xff", "the checkpoint cannot be read"),
    ],
)
def test_a_changed_checkpoint_is_found(old: bytes, new: bytes, sentence: str) -> None:
    findings = told({**GOOD, "checkpoint": GOOD["checkpoint"].replace(old, new)})

    assert findings[0].startswith(sentence)


def test_a_size_that_was_never_reached_ends_where_the_files_end() -> None:
    head = Checkpoint(ORIGIN, 10**18, bytes(32)).signed(SIGNER)

    assert told({**GOOD, "checkpoint": head.encode()})[0] == (
        f"entries 512 to {10**18 - 1} are missing"
    )


def test_a_journal_without_checkpoint_or_key_does_not_verify() -> None:
    assert told({"key": GOOD["key"]}) == ["there is no checkpoint"]
    without_key = {path: content for path, content in GOOD.items() if path != "key"}
    for paths in (without_key, {**GOOD, "key": b"zonk"}, {**GOOD, "key": b"\xff"}):
        answer = verify_journal(paths.get)
        assert [finding.what for finding in answer.findings] == [What.KEY]


def test_a_journal_written_anew_and_signed_with_another_key_does_not_pass_a_given_key() -> None:
    forger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    forged = journal([b"forged", *ENTRIES[1:]])
    head = Checkpoint(ORIGIN, SIZE, bytes(32))
    forged["key"] = f"{verifier_key(ORIGIN, forger)}\n".encode()
    forged["checkpoint"] = head.signed(forger).encode()

    findings = verify_journal(forged.get, key=KEY).findings

    assert findings[0].what == What.CHECKPOINT


def test_a_checkpoint_under_another_name_is_not_this_journals() -> None:
    note = sign(Checkpoint("other.example/journal", 0, bytes(32)).text, name=ORIGIN, key=SIGNER)

    findings = told({**GOOD, "checkpoint": note.encode()})

    assert findings[0] == (
        "the checkpoint is of 'other.example/journal', the key of 'example.org/journal'"
    )
    assert told(GOOD) == []


@pytest.mark.parametrize("size", [1, 255, 256, 300, 700])
def test_a_journal_that_grew_extends_its_older_checkpoints(size: int) -> None:
    old = journal(ENTRIES[:size])["checkpoint"].decode()

    assert verify_journal(GOOD.get, key=KEY, since=old).verifies


def test_a_journal_that_was_cut_or_written_anew_does_not_extend_an_older_one() -> None:
    cut = journal(ENTRIES[:300])
    anew = journal([b"forged", *ENTRIES[1:], b"more"])
    old = GOOD["checkpoint"].decode()

    for paths, sentence in ((cut, "it had 700 entries then and has 300 now"), (anew, "begin with")):
        assert verify_journal(paths.get, key=KEY).verifies
        findings = verify_journal(paths.get, key=KEY, since=old).findings
        assert [finding.what for finding in findings] == [What.HISTORY]
        assert sentence in findings[0].sentence


def test_an_older_checkpoint_has_to_be_signed_by_the_same_key() -> None:
    old = journal(ENTRIES[:300])["checkpoint"].decode().replace("300", "299")

    findings = verify_journal(GOOD.get, key=KEY, since=old).findings

    assert findings[0].sentence.startswith("the older checkpoint does not verify")


def test_a_log_that_dropped_its_partial_tiles_verifies() -> None:
    grown = journal(entries_of(1000))
    paths = {
        path: content
        for path, content in grown.items()
        if path.startswith("tile/") and ".p/" not in path
    } | {path: GOOD[path] for path in ("checkpoint", "key", tile(1, 0, width=2))}

    assert told(paths) == []


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_bit_of_any_file_can_be_turned_unnoticed(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(set(GOOD) - {"key"})))
    at = data.draw(st.integers(0, len(GOOD[path]) - 1))

    assert told(flipped(GOOD, path, at=at)) != []


@given(st.sets(st.integers(0, SIZE - 1), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_exactly_the_entries_that_were_changed_or_removed_are_named(numbers: set[int]) -> None:
    changed = [b"forged" if at in numbers else entry for at, entry in enumerate(ENTRIES)]
    removed = [entry for at, entry in enumerate(ENTRIES) if at not in numbers]

    assert about(with_others(changed)) == numbers
    assert about(with_others(removed)) == numbers
