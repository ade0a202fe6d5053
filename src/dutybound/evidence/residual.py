"""What is left of a risk: the level that was assessed, its controls, and how those did.

A level goes down by one step, and only where every control in place against it is borne out by
records. It is never below what was found on the service.

| controls in place against it | what is left |
|---|---|
| none | as assessed, and nothing stands against it |
| one of which a measure is not met | as assessed |
| one that the records do not bear out, or do not see | as assessed |
| all borne out: every measure of each is met | high → medium, medium → low, low stays low |

Whatever stands there: 1 or 2 decisions against it in 90 days leave at least low, 3 at least medium.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dutybound.evidence.status import Status
from dutybound.register.applies import measures_for
from dutybound.register.book import register
from dutybound.register.entries import Harm
from dutybound.risk.document import Assessment, Control, ControlState, Level
from dutybound.risk.gaps import harms_named, is_accepted
from dutybound.risk.known import known
from dutybound.risk.outcomes import DAYS, least_level
from dutybound.risk.proposals import is_below, kinds_to_rate


class Works(StrEnum):
    """What the records say of a control."""

    BORNE_OUT = "borne_out"
    """In place, and every measure of it is met."""
    UNPROVEN = "unproven"
    """In place, and the records do not show that it works, or do not see it."""
    FAILS = "fails"
    """In place, and a measure of it is not met."""
    NOT_THERE = "not_there"
    """Not in place: a task, or left out."""


LOWERED: Mapping[Level, Level] = MappingProxyType(
    {"high": "medium", "medium": "low", "low": "low", "negligible": "negligible"}
)
_STANDS = (ControlState.IN_PLACE, ControlState.ALTERNATIVE)


@dataclass(frozen=True, slots=True)
class Against:
    """A control against a kind of harm, and how each of its measures stands (None: not seen)."""

    control: Control
    measures: tuple[tuple[str, Status | None], ...]
    works: Works


@dataclass(frozen=True, slots=True)
class Residual:
    """What is left of one kind of harm. `level`: as assessed; None where it is not rated yet."""

    harm: Harm
    level: Level | None
    left: Level | None
    against: tuple[Against, ...]
    upheld: int
    is_accepted: bool
    because: tuple[str, ...]

    @property
    def is_unmitigated(self) -> bool:
        """Whether no control in place stands against it."""
        return all(one.works is Works.NOT_THERE for one in self.against)

    @property
    def is_contradicted(self) -> bool:
        """Whether more was found than the assessed level leaves room for."""
        return self.level is not None and is_below(self.level, least_level(self.upheld))


def residual_risks(
    assessment: Assessment,
    *,
    as_of: date,
    statuses: Mapping[str, Status],
    upheld: Mapping[str, int],
) -> tuple[Residual, ...]:
    """Each kind of harm that is rated, in the register's order.

    `statuses`: how measures stand, by id; one that is not looked at is not there. `upheld`:
    decisions against each kind of harm in the last 90 days that still stand.
    """
    by_measure = {
        answer.provision.id: harms_named(answer.provision)
        for answer in measures_for(known(assessment, as_of=as_of), as_of)
    }
    against = [(_kinds(one, by_measure), _against(one, statuses)) for one in assessment.controls]
    return tuple(
        _residual(
            harm,
            assessment,
            [one for kinds, one in against if harm.id in kinds],
            upheld=upheld.get(harm.id, 0),
            as_of=as_of,
        )
        for harm in kinds_to_rate(assessment, as_of=as_of)
    )


def _kinds(control: Control, by_measure: Mapping[str, set[str]]) -> set[str]:
    """The kinds of harm that the control names, or a measure of it does."""
    named = set(control.harms).union(*(by_measure.get(one, set()) for one in control.measures))
    return named | set(register().sub_kinds) if "csea" in named else named


def _against(control: Control, statuses: Mapping[str, Status]) -> Against:
    measures = tuple((measure, statuses.get(measure)) for measure in control.measures)
    return Against(control, measures, _works(control, [status for _, status in measures]))


def _works(control: Control, found: list[Status | None]) -> Works:
    if control.state not in _STANDS:
        return Works.NOT_THERE
    if control.state is ControlState.ALTERNATIVE:
        # What is looked at is the measure itself, and that is not what is done.
        return Works.UNPROVEN
    if Status.NOT_MET in found:
        return Works.FAILS
    all_met = bool(found) and all(status is Status.MET for status in found)
    return Works.BORNE_OUT if all_met else Works.UNPROVEN


def _residual(
    harm: Harm, assessment: Assessment, against: list[Against], *, upheld: int, as_of: date
) -> Residual:
    risk = assessment.risks.get(harm.id)
    level = risk.level if risk else None
    left, because = _left(level, against, upheld=upheld)
    accepted = is_accepted(harm.id, assessment, as_of=as_of)
    return Residual(harm, level, left, tuple(against), upheld, accepted, because)


def _left(
    level: Level | None, against: list[Against], *, upheld: int
) -> tuple[Level | None, tuple[str, ...]]:
    if level is None:
        return None, ("It has no level yet. Without one it is unknown, and never low.",)
    left, why = _by_controls(level, against)
    least = least_level(upheld)
    if not is_below(left, least):
        return left, (why,)
    found = f"{upheld} {'decision' if upheld == 1 else 'decisions'} against it in {DAYS} days"
    return least, (why, f"{found} leave at least {least}.")


def _by_controls(level: Level, against: list[Against]) -> tuple[Level, str]:
    there = [one for one in against if one.works is not Works.NOT_THERE]
    failing = [one for one in there if one.works is Works.FAILS]
    unproven = [one for one in there if one.works is Works.UNPROVEN]
    if not there:
        return level, "No control in place stands against it."
    if failing:
        return level, f"A measure is not met: {_titles(failing)}."
    if unproven:
        return level, f"The records do not bear out: {_titles(unproven)}."
    lowered = LOWERED[level]
    if lowered == level:
        return level, f"Borne out by the records: {_titles(there)}. It does not go below {level}."
    return lowered, f"Borne out by the records, a step lower: {_titles(there)}."


def _titles(against: Iterable[Against]) -> str:
    return "; ".join(f"“{one.control.title}”" for one in against)
