"""What the page about amending the register tells to write does what the page says."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

from dutybound.register.applies import Answer, Applies, measures_for
from dutybound.register.book import Register, read_register
from dutybound.register.changes import compare
from dutybound.register.entries import Standing
from dutybound.register.loading import pages_under
from dutybound.register.profile import Profile

PAGE = (Path(__file__).parents[3] / "docs/how-to/amend-the-register.md").read_text()
DATA = files("dutybound.register").joinpath("data")
MODERATION = "illegal-content/content-moderation.yaml"
LAID = "  dates: {proposed: 2025-06-30, submitted: 2026-06-12, laid: 2026-06-18}\n"

HIGH_SUICIDE = Profile(
    uk_users=(400, 400), risks={"suicide_self_harm": (3, 3), "terrorism": (1, 1), "hate": (1, 1)}
)


def amended() -> Register:
    """The register with the blocks of the page put where it says."""
    source, dates, entry = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    pages = dict(pages_under(DATA))
    pages["sources.yaml"] = pages["sources.yaml"].rstrip("\n") + "\n" + source
    before, after = pages[MODERATION].split("- id: ICU C16")
    assert LAID in before
    ended = before.replace(LAID, dates, 1)
    pages[MODERATION] = f"{ended}{entry}\n- id: ICU C16{after}"
    return read_register(pages.items(), schema=DATA.joinpath("schema.json").read_text("utf-8"))


def crisis(law: Register, day: date) -> Answer:
    answers = measures_for(HIGH_SUICIDE, day, law=law)
    return next(each for each in answers if each.provision.id == "ICU C15")


def test_an_amendment_is_a_change_of_data() -> None:
    law = amended()

    told = {
        day: crisis(law, day).standing
        for day in (date(2027, 1, 13), date(2027, 1, 14), date(2027, 2, 4))
    }

    assert list(told.values()) == [Standing.LAID, Standing.ISSUED, Standing.IN_FORCE]


def test_the_days_before_it_are_answered_as_they_were() -> None:
    law = amended()

    assert crisis(law, date(2027, 1, 13)).applies is Applies.UNKNOWN
    assert crisis(law, date(2027, 2, 4)).applies is Applies.YES


def test_the_difference_names_what_changed() -> None:
    law = amended()

    issued = compare(law, date(2027, 1, 13), date(2027, 1, 14))
    in_force = compare(law, date(2027, 2, 3), date(2027, 2, 4))

    assert [change.id for change in issued] == ["ICU C15"]
    assert {"standing", "applies_when", "requires"} <= {each.field for each in issued[0].fields}
    assert [(c.id, [each.field for each in c.fields]) for c in in_force] == [
        ("ICU C15", ["standing"])
    ]
