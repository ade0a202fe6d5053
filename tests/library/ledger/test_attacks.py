"""An adversary stays unseen nowhere: a sample; `python -m benchmarks.adversary` tries more."""

from random import Random

import pytest

from dutybound.ledger.verify import verify_journal
from tests.library.ledger.attacks import FORGERIES, TO_FILES, brought_to_a_witness
from tests.library.ledger.oracle import entries_of
from tests.library.ledger.published import KEY, journal

SIZE, KNOWN = 300, 200
ENTRIES = entries_of(SIZE)
GOOD = journal(ENTRIES)
TRIES = 50


@pytest.mark.parametrize("kind", TO_FILES)
def test_what_is_done_to_files_is_found_and_named(kind: str) -> None:
    chance = Random(kind)
    for _ in range(TRIES):
        paths, place = TO_FILES[kind](GOOD, ENTRIES, chance)

        findings = verify_journal(paths.get, key=KEY).findings

        assert findings, place
        assert place.is_named_by(findings), (place, [str(one) for one in findings])


@pytest.mark.parametrize("kind", FORGERIES)
def test_who_kept_the_newest_head_sees_every_forged_history(kind: str) -> None:
    chance = Random(kind)
    kept = GOOD["checkpoint"].decode()
    for _ in range(5):
        paths = FORGERIES[kind](ENTRIES, KNOWN, chance)

        assert verify_journal(paths.get, key=KEY, since=kept).findings


@pytest.mark.parametrize("kind", FORGERIES)
def test_an_honest_witness_signs_no_other_history_so_the_policy_refuses_it(kind: str) -> None:
    chance = Random(kind)
    for _ in range(5):
        forged = FORGERIES[kind](ENTRIES, KNOWN, chance)

        paths, policy = brought_to_a_witness(forged, honest=GOOD)

        assert not verify_journal(paths.get, policy=policy).verifies


def test_an_honest_witness_signs_what_grew_so_the_policy_is_met() -> None:
    grown = journal(entries_of(SIZE + 20))

    paths, policy = brought_to_a_witness(grown, honest=GOOD)

    assert verify_journal(paths.get, policy=policy).verifies


@pytest.mark.parametrize(
    ("kind", "alone", "with_an_older_head"),
    [
        ("history signed with another key", True, True),
        ("stolen key: another head over these tiles", True, True),
        ("stolen key: an entry that outsiders knew of", False, True),
        ("stolen key: an entry that came later", False, False),
        ("database rolled back", False, False),
        ("rolled back, and grown otherwise", False, False),
    ],
)
def test_what_nobody_outside_knew_of_can_be_rewritten_by_who_has_the_key(
    kind: str, alone: bool, with_an_older_head: bool
) -> None:
    """No code can change this, so the documents say it, and a test keeps them honest."""
    older = journal(ENTRIES[:KNOWN])["checkpoint"].decode()
    paths = FORGERIES[kind](ENTRIES, KNOWN, Random(kind))

    assert bool(verify_journal(paths.get, key=KEY).findings) is alone
    assert bool(verify_journal(paths.get, key=KEY, since=older).findings) is with_an_older_head
