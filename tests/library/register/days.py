"""When each entry was proposed, laid, issued and in force, written by hand from public records."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from dutybound.register.entries import Dates
from tests.library.register.oracle import DUTIES, MEASURES
from tests.library.register.services import KINDS

ICU = Dates(
    proposed=date(2023, 11, 9),
    laid=date(2024, 12, 16),
    issued=date(2025, 2, 24),
    in_force=date(2025, 3, 17),
    recalled=("proposed",),
)
PCU = Dates(
    proposed=date(2024, 5, 8),
    laid=date(2025, 4, 24),
    issued=date(2025, 7, 4),
    in_force=date(2025, 7, 25),
    recalled=("proposed",),
)
ADDITIONAL = Dates(proposed=date(2025, 6, 30))
CRISIS = Dates(proposed=date(2025, 6, 30), submitted=date(2026, 6, 12), laid=date(2026, 6, 18))
SAFETY_DUTIES = Dates(in_force=date(2025, 3, 17))
INTIMATE = Dates(in_force=date(2026, 6, 29))
AFTER_CATEGORISATION = Dates(proposed=date(2023, 10, 26))

VERSIONS: dict[str, tuple[Dates, ...]] = {
    "ICU C14": (
        Dates(
            proposed=date(2025, 6, 30),
            submitted=date(2026, 5, 15),
            laid=date(2026, 6, 1),
            issued=date(2026, 9, 9),
            in_force=date(2026, 9, 30),
        ),
    ),
    "ICU C15": (CRISIS,),
    "ICU C16": (CRISIS,),
    "PCU C11": (CRISIS,),
    "ICU G1": (
        Dates(
            proposed=date(2023, 11, 9),
            laid=date(2024, 12, 16),
            issued=date(2025, 2, 24),
            in_force=date(2025, 3, 17),
            until=date(2026, 6, 29),
            recalled=("proposed",),
        ),
        INTIMATE,
    ),
    "FC-2025-J": (Dates(proposed=date(2025, 4, 24)),),
    "OSA-9": (Dates(in_force=date(2025, 3, 16)),),
    "OSA-10": (SAFETY_DUTIES,),
    "OSA-10-3A": (INTIMATE,),
    "OSA-11": (Dates(in_force=date(2025, 7, 24)),),
    "OSA-12": (Dates(in_force=date(2025, 7, 25)),),
    "OSA-20": (SAFETY_DUTIES,),
    "OSA-20A": (INTIMATE,),
    "OSA-21": (SAFETY_DUTIES,),
    "OSA-21-2A": (INTIMATE,),
    "OSA-22": (SAFETY_DUTIES,),
    "OSA-23": (SAFETY_DUTIES,),
    "OSA-35-37": (Dates(in_force=date(2025, 4, 16)),),
    "OSA-66": (Dates(in_force=date(2026, 4, 7)),),
    "OSA-77": (AFTER_CATEGORISATION,),
    "OSA-75": (AFTER_CATEGORISATION,),
    "OSA-101": (Dates(in_force=date(2025, 9, 30)),),
    "OSA-15-64-71": (AFTER_CATEGORISATION,),
    # The 18 kinds of guidance V2.0, of 25 June 2026.
    "cyberflashing": (Dates(in_force=date(2026, 6, 25)),),
    "suicide_self_harm": (
        Dates(in_force=date(2023, 10, 26), until=date(2026, 6, 25)),
        Dates(in_force=date(2026, 6, 25)),
    ),
}
FURTHEST_FIRST = ("in force", "issued", "laid", "proposed")
USUAL = {"ICU": ICU, "PCU": PCU, "ASM": ADDITIONAL}
OF_THE_ACT = Dates(in_force=date(2023, 10, 26))


def versions(entry: str) -> tuple[Dates, ...]:
    """The dates of each version of an entry."""
    if entry in VERSIONS:
        return VERSIONS[entry]
    if entry in KINDS:
        return (OF_THE_ACT,)
    return (USUAL[entry[:3]],)


def dated() -> Iterable[tuple[str, Dates]]:
    """Every version of every entry, with its dates."""
    for entry in (*DUTIES, *MEASURES, *KINDS):
        for dates in versions(entry):
            yield entry, dates


def changes() -> set[date]:
    """Every day on which something changes."""
    fields = ("proposed", "submitted", "laid", "issued", "in_force", "until")
    found = {getattr(dates, field) for _, dates in dated() for field in fields}
    return {day for day in found if day is not None}


@cache
def standings(day: date) -> dict[str, str]:
    """What each duty and measure is on that day, in a word."""
    known: dict[str, str] = {}
    for entry in (*DUTIES, *MEASURES):
        said = [_standing(dates, day) for dates in versions(entry)]
        found = [standing for standing in FURTHEST_FIRST if standing in said]
        if found:
            known[entry] = found[0]
    return known


@cache
def kinds(day: date) -> frozenset[str]:
    """The kinds of harm that there are on that day."""
    return frozenset(
        entry
        for entry in KINDS
        if any(_standing(dates, day) == "in force" for dates in versions(entry))
    )


def _standing(dates: Dates, day: date) -> str:
    if dates.until is not None and day >= dates.until:
        return "gone"
    if dates.in_force is not None and day >= dates.in_force:
        return "in force"
    if dates.issued is not None and day >= dates.issued:
        return "issued"
    sent = [each for each in (dates.submitted, dates.laid) if each is not None]
    if sent and day >= min(sent):
        return "laid"
    return "proposed" if dates.proposed is not None and day >= dates.proposed else "unheard of"
