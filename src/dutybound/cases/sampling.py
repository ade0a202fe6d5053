"""Which decisions a second person looks at without knowing the first."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from dutybound.cases.kinds import Kind

MATCH, NO_ACTION = "match", "no_action"
"""A case that no person told us of; a decision that left everything as it was."""

USUAL_RATE = 0.05
RATES: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(Kind, USUAL_RATE),
        Kind.INTIMATE_IMAGE: 0.25,
        MATCH: 0.02,
        # What was left up by mistake makes no appeal: nobody else finds it.
        NO_ACTION: 0.1,
    }
)
"""Our own shares, where a service set none. No Code sets them."""


class Reason(StrEnum):
    SAMPLE = "sample"
    NO_ACTION = "no_action"
    GOLDEN = "golden"


class BadRate(ValueError):
    """A share that cannot be drawn; the sentence says what was expected."""


def checked_rates(rates: Mapping[str, float]) -> dict[str, float]:
    """The shares a service sets; raises BadRate."""
    for name, rate in rates.items():
        if name not in RATES:
            raise BadRate(f"{name}: expected one of {', '.join(RATES)}.")
        if not 0 <= rate <= 1:
            raise BadRate(f"{name}: expected a share from 0 to 1, got {rate}.")
    return dict(rates)


def reason_for(
    *, told_as: Iterable[str], left_up: bool, rates: Mapping[str, float], draw: float
) -> Reason | None:
    """Why a decision gets a second look, if it does.

    `told_as` are the kinds of concern its case came from, none for a match; `draw` is a number
    from 0 to 1 that nobody who decides can foresee. The largest share counts.
    """
    shares = {**RATES, **rates}
    usual = max((shares[kind] for kind in told_as), default=shares[MATCH])
    if draw < usual:
        return Reason.SAMPLE
    return Reason.NO_ACTION if left_up and draw < shares[NO_ACTION] else None
