"""How long evidence is kept is data, and a wrong name in it stops the reading."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from dutybound.register.book import read_register, register
from dutybound.register.loading import BadRegister, pages_under

DATA = files("dutybound.register").joinpath("data")


def read_with(change: tuple[str, str]) -> None:
    pages = [
        (name, text.replace(*change) if name == "retention.yaml" else text)
        for name, text in pages_under(DATA)
    ]
    read_register(pages, schema=DATA.joinpath("schema.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("duties: [OSA-66]", "duties: [OSA-666]"), "did you mean OSA-66"),
        (("sources: [DPN]", "sources: [DPM]"), "did you mean DPN"),
        (("years: 5", "years: 0"), "retention.3.years"),
        (("id: reference", "id: content"), "content is there twice"),
        (("keeps: The content", "kept: The content"), "did you mean keeps"),
    ],
)
def test_a_period_with_something_wrong_is_refused_with_its_line(
    change: tuple[str, str], says: str
) -> None:
    with pytest.raises(BadRegister, match=says) as refused:
        read_with(change)

    assert "retention.yaml:" in str(refused.value)


def test_a_reference_is_kept_for_five_years_and_the_content_for_one() -> None:
    sent = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    kept = register().retention

    assert kept["content"].until(sent) == datetime(2027, 11, 23, 10, 0, tzinfo=UTC)
    assert kept["reference"].until(sent) == datetime(2031, 11, 23, 10, 0, tzinfo=UTC)
    assert kept["user_data"].days_before == 14


def test_what_began_on_a_leap_day_is_kept_no_day_less() -> None:
    begun = datetime(2028, 2, 29, 23, 0, tzinfo=UTC)

    assert register().retention["content"].until(begun) == datetime(2029, 3, 1, 23, 0, tzinfo=UTC)


def test_each_period_says_how_sure_we_are_of_it() -> None:
    assert {entry.id: entry.confidence.level for entry in register().retention.values()} == {
        "content": "verified",
        "information": "verified",
        "user_data": "partial",
        "reference": "verified",
        "preservation": "partial",
        "snapshot": "recalled",
    }
