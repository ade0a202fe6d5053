"""What the Codes lack, as data that leads to harms, factors and measures."""

from dutybound.register.book import register


def test_all_gaps_that_were_found_are_kept_in_order() -> None:
    gaps = register().gaps

    assert [gap.number for gap in gaps] == list(range(1, 29))
    assert len({gap.id for gap in gaps}) == len(gaps)


def test_every_gap_bears_on_something_and_says_what_software_can_do() -> None:
    for gap in register().gaps:
        assert gap.everyone or gap.harms or gap.factors or gap.measures, gap.id
        assert gap.suggestion.endswith("."), gap.id
        assert gap.said_by, gap.id
