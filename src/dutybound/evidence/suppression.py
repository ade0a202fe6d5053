"""Small counts are not published, nor what would give one away by subtraction."""

from collections.abc import Mapping
from dataclasses import dataclass

THRESHOLD = 5
"""A count from 1 to one less is small."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts as they may be published: None for one that is withheld, the total as well."""

    counts: Mapping[str, int | None]
    total: int | None


def suppress(counts: Mapping[str, int], *, threshold: int = THRESHOLD) -> Shown:
    """Withhold the small counts that add up to a total, and as many others as hide them.

    Whoever knows the total and the counts that are shown still finds each of 1 to `threshold`
    possible for every count that is withheld. A count of nothing is shown, unless no larger one is
    left to hide a small one behind: then nothing but the total is shown.
    """
    if threshold < 2 or any(count < 0 for count in counts.values()):
        raise ValueError(f"expected a threshold above 1 and counts from 0, got {dict(counts)}")
    total = sum(counts.values())
    small = {name for name, count in counts.items() if 0 < count < threshold}
    if not small:
        return Shown(dict(counts), total)
    if total < threshold:
        return Shown(dict.fromkeys(counts), None)
    hidden = _hidden(counts, small, threshold=threshold)
    if hidden is None:
        # With one count alone, the total would be it.
        return Shown(dict.fromkeys(counts), total if len(counts) > 1 else None)
    return Shown({name: None if name in hidden else count for name, count in counts.items()}, total)


def _hidden(counts: Mapping[str, int], small: set[str], *, threshold: int) -> frozenset[str] | None:
    """The small ones and the next larger, until they hide each other; None where none can."""
    hidden = set(small)
    others = sorted((count, name) for name, count in counts.items() if count >= threshold)
    while not _hide_each_other([counts[name] for name in hidden], threshold=threshold):
        if not others:
            return None
        hidden.add(others.pop(0)[1])
    return frozenset(hidden)


def _hide_each_other(hidden: list[int], *, threshold: int) -> bool:
    """Whether each may be anything from 1 to the threshold, as far as their sum tells."""
    return len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= threshold
