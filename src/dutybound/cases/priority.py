"""Which case comes first: severity of harm × reach × age."""

import math
from datetime import datetime, timedelta
from types import MappingProxyType

SEVERITY = MappingProxyType(
    {
        # 5: a life, a child or a body is at stake, and every hour counts.
        "csea": 5,
        "csea_grooming": 5,
        "csea_image_csam": 5,
        "csea_csam_urls": 5,
        "terrorism": 5,
        "iia": 5,
        "suicide_self_harm": 5,
        "suicide": 5,
        "self_harm": 5,
        "human_trafficking": 5,
        # 4: serious harm to a person, today.
        "harassment": 4,
        "ccb": 4,
        "hate": 4,
        "extreme_porn": 4,
        "sexual_exploitation_adults": 4,
        "cyberflashing": 4,
        "weapons": 4,
        "eating_disorder": 4,
        "violence_instructions": 4,
        "hate_content": 4,
        # 3: harm that grows while it stays up.
        "unlawful_immigration": 3,
        "fraud": 3,
        "drugs": 3,
        "foreign_interference": 3,
        "animal_cruelty": 3,
        "other_illegal": 3,
        "pornography": 3,
        "abuse": 3,
        "bullying": 3,
        "violence_people": 3,
        "harmful_substances": 3,
        # 2: harm that is real and seldom urgent.
        "proceeds_of_crime": 2,
        "violence_animals": 2,
        "dangerous_stunts": 2,
        "ndc_body_stigma": 2,
        "ndc_depression": 2,
        "ndc_other": 2,
    }
)
"""How grave each kind of harm is, by its id in the register; 1 is left for what is trivial."""

DECIDE_WITHIN = MappingProxyType(
    {
        5: timedelta(hours=4),
        4: timedelta(hours=24),
        3: timedelta(days=3),
        2: timedelta(days=7),
        1: timedelta(days=14),
    }
)
"""Our own targets, by severity. No Code sets them."""

AT_RISK = timedelta(hours=4)
"""So little time left before the target that the case is at risk of missing it."""

URGENT_FROM = 4
"""From this severity on, a case at risk goes before all others, however old those are."""

HEAD_START = timedelta(hours=1)
"""Added to every age, so that severity orders cases that have only just come in."""


class UnknownHarm(ValueError):
    """The register has no kind of harm of that id."""


def severity_of(harm: str) -> int:
    """How grave a kind of harm is, from 1 to 5."""
    try:
        return SEVERITY[harm]
    except KeyError:
        raise UnknownHarm(f"expected a kind of harm of the register, got {harm!r}") from None


def weight(severity: int, reach: int) -> float:
    """What a case's age is multiplied by. Reach counts by its order of magnitude."""
    return severity * (1 + math.log10(max(reach, 1)))


def score(*, severity: int, reach: int, waiting: timedelta) -> float:
    """The oracle of the order that the database computes: weight × seconds waited."""
    return weight(severity, reach) * (waiting + HEAD_START).total_seconds()


def due_at(*, severity: int, since: datetime) -> datetime:
    """When a case that waits since then should have been decided."""
    return since + DECIDE_WITHIN[severity]


def is_at_risk(*, due: datetime, now: datetime) -> bool:
    return due <= now + AT_RISK


def why(*, severity: int, reach: int, waiting: timedelta) -> str:
    """The reason for a case's place, as in `severity 5 × reach 1,200 × 3 h`."""
    return f"severity {severity} × reach {reach:,} × {lasting(waiting)}"


def lasting(length: timedelta) -> str:
    """A length of time in its largest sensible unit: “12 min”, “31 h”, “9 days”."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"
