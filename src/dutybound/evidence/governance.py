"""Governance tasks: who answers, what is written down, and when it is looked at again."""

from dutybound.evidence.documents import governance_task
from dutybound.evidence.probe import Probe

GOVERNANCE: tuple[Probe, ...] = (
    governance_task(
        "accountable_person",
        measures=("ICU A2", "PCU A2"),
        asks="Whether a named person answers for safety, in writing.",
        documents=("accountable_person",),
    ),
)
