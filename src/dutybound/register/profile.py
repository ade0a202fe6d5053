"""What is known of a service, as far as conditions need it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LEVELS = ("negligible", "low", "medium", "high")

Span = tuple[int, int]
"""The least and the greatest level something can have, as places in `LEVELS`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts, users and levels of risk of one service. What is missing is unknown.

    `facts`: yes or no by id; one that is unknown is left out. `uk_users`: monthly UK users, from
    the least to the most they can be; None where nothing is known of the most.
    `risks`: by kind of harm, the least and the greatest level it can have.
    """

    facts: Mapping[str, bool] = field(default_factory=dict)
    uk_users: tuple[int, int | None] = (0, None)
    risks: Mapping[str, Span] = field(default_factory=dict)


def levels_as_risks(levels: Mapping[str, str], *, sub_kinds: Iterable[str]) -> dict[str, Span]:
    """Spans from levels by kind of harm; `sub_kinds` are those of CSEA.

    Child sexual exploitation and abuse is at least as high as its highest sub-kind (Codes para
    5.4), and that of the highest where it has no level of its own. While a sub-kind has none, it
    may yet turn out higher. Raises ValueError for a level that does not exist.
    """
    risks = {harm: (LEVELS.index(level),) * 2 for harm, level in levels.items()}
    spans = [risks.get(harm, (0, len(LEVELS) - 1)) for harm in sub_kinds]
    if not spans:
        return risks
    least, most = (max(ends) for ends in zip(*spans, strict=True))
    if "csea" in risks:
        own = risks["csea"][0]
        risks["csea"] = (max(own, least), max(own, most))
    elif any(harm in risks for harm in sub_kinds):
        risks["csea"] = (least, most)
    return risks
