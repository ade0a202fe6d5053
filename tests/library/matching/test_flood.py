"""A signal floods when it matches a larger share of items than its bank allows."""

from dutybound.matching.flood import is_flood


def test_a_signal_that_matches_more_than_its_share_floods() -> None:
    assert is_flood(matched=51, accounts=5, recent=1000, share=0.05)


def test_a_signal_at_its_share_does_not_flood() -> None:
    assert not is_flood(matched=50, accounts=5, recent=1000, share=0.05)


def test_a_few_matches_on_a_quiet_day_are_no_flood() -> None:
    assert not is_flood(matched=19, accounts=5, recent=19, share=0.05)


def test_enough_matches_on_a_quiet_day_are_a_flood() -> None:
    assert is_flood(matched=20, accounts=5, recent=20, share=0.05)


def test_a_share_of_one_never_floods() -> None:
    assert not is_flood(matched=1000, accounts=5, recent=1000, share=1.0)


def test_few_accounts_cannot_switch_a_signal_off_however_much_they_post() -> None:
    assert not is_flood(matched=900, accounts=4, recent=1000, share=0.05)
