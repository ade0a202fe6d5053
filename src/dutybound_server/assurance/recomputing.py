"""A finding computed again from the rows as they are now, as of the moment it was made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dutybound.evidence.probe import Finding as Found
from dutybound.evidence.probe import find
from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import Status
from dutybound_server.assurance.measuring.readers import READERS
from dutybound_server.assurance.models import Finding


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the query answers otherwise now."""

    query: str
    name: str
    then: object
    now: object


@dataclass(frozen=True, slots=True)
class Again:
    """What was found then and what is found now; `found` is None where nothing can find it."""

    found: Found | None
    differences: tuple[Difference, ...]
    says: str

    @property
    def agrees(self) -> bool:
        return self.found is not None and not self.differences


def found_again(finding: Finding) -> Again:
    """Ask the queries of the finding again, as of its moment, and judge their answers."""
    probe = PROBES.get(finding.measure)
    if probe is None or any(query.name not in READERS for query in probe.reads):
        return Again(None, (), "This version of Dutybound has no probe of the measure.")
    answers = {
        query.name: READERS[query.name](finding.service, finding.at) for query in probe.reads
    }
    found = find(probe, finding.measure, answers)
    differences = tuple(_between(finding.inputs, found.inputs))
    return Again(found, differences, _says(finding, found, differences))


def _says(finding: Finding, found: Found, differences: tuple[Difference, ...]) -> str:
    is_same_probe = (found.probe, found.version) == (finding.probe, finding.version)
    if not is_same_probe:
        return (
            f"It was found by version {finding.version} of the probe {finding.probe}; this is "
            f"version {found.version} of {found.probe}, which counts or judges otherwise."
        )
    if differences:
        return (
            "The rows answer otherwise now. What was erased on schedule or by request is counted "
            "no longer, and what was counted then is still in the finding, whose digest the "
            "journal holds. Ask the service for any other reason."
        )
    if found.digest != finding.digest:
        return f"The same answers are judged otherwise: {Status(found.status)}. Ask why."
    return "The rows give the same figures and the same status again."


def _between(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for query in sorted({*then, *now}):
        was, is_now = _flat(then.get(query)), _flat(now.get(query))
        for name in sorted({*was, *is_now}):
            if was.get(name) != is_now.get(name):
                yield Difference(query, name, was.get(name), is_now.get(name))


def _flat(value: object, name: str = "") -> dict[str, object]:
    """Each value by where it stands: `held.0.kind`."""
    match value:
        case dict():
            parts = list(value.items())
        case list():
            parts = [(str(place), one) for place, one in enumerate(value)]
        case _:
            return {name: value}
    return {
        where: one
        for part, inner in parts
        for where, one in _flat(inner, f"{name}.{part}" if name else str(part)).items()
    }
