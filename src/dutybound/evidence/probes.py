"""Every measure's probe, or its governance task. This is the place to add one."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from dutybound.evidence.accounts import ACCOUNT_PROBES
from dutybound.evidence.complaints import COMPLAINTS
from dutybound.evidence.governance import GOVERNANCE
from dutybound.evidence.matching import MATCHING
from dutybound.evidence.moderation import MODERATION
from dutybound.evidence.moderation_people import MODERATION_PEOPLE
from dutybound.evidence.moderation_targets import MODERATION_TARGETS
from dutybound.evidence.probe import Probe, Query
from dutybound.evidence.reading import READING
from dutybound.evidence.takedown import TAKEDOWN


def by_measure(probes: Iterable[Probe]) -> Mapping[str, Probe]:
    """Each measure's one probe; raises ValueError where a measure would have two."""
    found: dict[str, Probe] = {}
    for probe in probes:
        for measure in probe.measures:
            if measure in found:
                raise ValueError(f"{measure} has two probes: {found[measure].id} and {probe.id}")
            found[measure] = probe
    return MappingProxyType(found)


PROBES: Mapping[str, Probe] = by_measure(
    (
        *MODERATION,
        *MODERATION_TARGETS,
        *MODERATION_PEOPLE,
        *TAKEDOWN,
        *MATCHING,
        *ACCOUNT_PROBES,
        *COMPLAINTS,
        *GOVERNANCE,
        *READING,
    )
)
"""Measure id → its probe."""

QUERIES: Mapping[str, Query[Any]] = MappingProxyType(
    {query.name: query for probe in PROBES.values() for query in probe.reads}
)
"""Every query of a probe, by name; the server has a reader for each."""
