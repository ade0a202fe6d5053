"""The one place where matches and doubts become a verdict; rules of a service will join here."""

from collections.abc import Sequence
from dataclasses import dataclass

from dutybound.matching import Match, judge

RULES_VERSION = "1"
"""Of the reasoning below: a stored verdict names the one it was given by."""

DOUBTED_HARM = "other_illegal"
"""The queue of an item that no bank knows and that a person must look at all the same."""

ALLOW, HOLD, BLOCK = "allow", "hold", "block"
PRIVATE_REASON = (
    "Private items are not screened at this service, so nothing of it was compared or kept."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with everything that led to it."""

    verdict: str
    reasons: tuple[str, ...]
    kept: tuple[Match, ...] = ()
    set_aside: tuple[Match, ...] = ()
    doubts: tuple[str, ...] = ()


def verdict_for(
    matches: Sequence[Match], *, doubts: Sequence[str] = (), notes: Sequence[str] = ()
) -> Judged:
    """The strictest effect wins; where a check could not answer, a person must look.

    `doubts` are the reasons a check has no answer: they hold an item that would be allowed.
    `notes` are said with the verdict and change nothing.
    """
    from_banks = judge(matches)
    outcome = HOLD if doubts and from_banks.outcome == ALLOW else from_banks.outcome
    return Judged(
        verdict=outcome,
        reasons=(*from_banks.reasons, *doubts, *notes),
        kept=from_banks.kept,
        set_aside=from_banks.set_aside,
        doubts=tuple(doubts),
    )


def unscreened() -> Judged:
    """What a private item gets at a service that does not screen them.

    Ofcom's Codes do not recommend proactive technology for content communicated privately.
    """
    return Judged(ALLOW, (PRIVATE_REASON,))
