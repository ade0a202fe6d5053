"""What a service does about each measure: what it begins with, what is missing, what is unsound."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from dutybound.register.applies import Answer, Applies, measures_for
from dutybound.register.entries import Standing
from dutybound.risk.defaults import DefaultControl, defaults
from dutybound.risk.document import Assessment, Control, ControlState
from dutybound.risk.factors import factors_present
from dutybound.risk.known import known
from dutybound.risk.proposals import kinds_to_rate


class Unsound(NamedTuple):
    """A control that its state does not bear out, and what is missing."""

    control: str
    says: str


def applying(assessment: Assessment, *, as_of: date) -> tuple[Answer, ...]:
    """The measures in force on the day that apply."""
    return tuple(
        answer
        for answer in measures_for(known(assessment, as_of=as_of), as_of)
        if answer.applies is Applies.YES and answer.standing is Standing.IN_FORCE
    )


def uncontrolled(assessment: Assessment, *, as_of: date) -> tuple[Answer, ...]:
    """The measures that apply and have no control, or only ones of which nothing is known."""
    covered = {
        measure
        for control in assessment.controls
        if control.state is not ControlState.UNKNOWN
        for measure in control.measures
    }
    return tuple(
        answer for answer in applying(assessment, as_of=as_of) if answer.provision.id not in covered
    )


def control_id(words: str) -> str:
    """The id of a control made for a measure, or of one `for` a gap: `icu-a2`, `for-fraud`."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def default_controls(
    assessment: Assessment, *, as_of: date, owner: str, today: date
) -> tuple[Control, ...]:
    """A control for each applying measure, and each risk factor present, that has none yet.

    They are proposals: what the server runs is in place, what a provider may decline is declined,
    and the rest is a task of `owner` with a day. A measure of which it is not yet known whether
    it has anything to act on waits until it is.
    """
    taken = {control.id for control in assessment.controls}
    covered = {measure for control in assessment.controls for measure in control.measures}
    kinds = {harm.id for harm in kinds_to_rate(assessment, as_of=as_of)}
    made = [
        _control(
            control_id(answer.provision.id),
            defaults().for_measures[answer.provision.id],
            measures=(answer.provision.id,),
            is_idle=bool(answer.idle),
            owner=owner,
            today=today,
        )
        for answer in applying(assessment, as_of=as_of)
        if answer.provision.id not in covered and answer.idle is not None
    ]
    made = [_within(control, kinds) for control in made]
    answered = {
        factor
        for control in (*assessment.controls, *made)
        if control.state in (ControlState.IN_PLACE, ControlState.TASK)
        for factor in control.factors
    }
    for factor in factors_present(assessment, as_of=as_of):
        if factor.id not in answered and factor.id in defaults().for_factors:
            entry = defaults().for_factors[factor.id]
            name = control_id(f"for {factor.id}")
            made.append(_control(name, entry, factors=(factor.id,), owner=owner, today=today))
    return tuple(control for control in made if control.id not in taken)


def unsound(assessment: Assessment, *, as_of: date) -> tuple[Unsound, ...]:
    """Controls that are not what their state says, with what is missing."""
    answers = {a.provision.id: a for a in measures_for(known(assessment, as_of=as_of), as_of)}
    found = [
        Unsound(control.id, says)
        for control in assessment.controls
        for says in _missing(control, answers, assessment)
    ]
    return (*found, *_expired_claims(assessment, as_of=as_of))


def _missing(control: Control, answers: dict[str, Answer], assessment: Assessment) -> Iterator[str]:
    theirs = [answers[measure] for measure in control.measures if measure in answers]
    match control.state:
        case ControlState.TASK:
            yield from _of_a_task(control, responsible=assessment.people.responsible)
        case ControlState.IDLE:
            yield from _of_idle(control, theirs)
        case ControlState.DECLINED:
            yield from _of_declined(control, theirs)
        case ControlState.ALTERNATIVE if not _is_full(control.alternative):
            yield (
                f"“{control.title}” is something else than the measure: write down what is done "
                "instead, how that meets the duty, and its regard to expression and privacy "
                "(s.23(4))."
            )
        case ControlState.REFUSED if not _is_full(control.refusal):
            yield (
                f"“{control.title}” is not taken: write down why, how severe the harm is, who is "
                "affected, and its regard to expression and privacy."
            )
        case ControlState.UNKNOWN:
            yield f"“{control.title}”: it is not known what stands behind it."


def _of_a_task(control: Control, *, responsible: str) -> Iterator[str]:
    if not (control.owner or responsible).strip():
        yield f"“{control.title}” is a task: name who does it."
    if control.due is None:
        yield f"“{control.title}” is a task: set a day."


def _of_idle(control: Control, theirs: list[Answer]) -> Iterator[str]:
    busy = [answer.provision.id for answer in theirs if answer.idle is not True]
    if busy:
        yield (
            f"“{control.title}” is said to have nothing to act on, but {', '.join(busy)} may "
            "have something."
        )
    elif not theirs:
        yield f"“{control.title}” is said to have nothing to act on, but names no measure."


def _of_declined(control: Control, theirs: list[Answer]) -> Iterator[str]:
    asked = [answer.provision.id for answer in theirs if not answer.provision.permissive]
    if asked or not theirs:
        which = ", ".join(asked) if asked else "it"
        yield (
            f"“{control.title}” is declined, but {which} is no measure that a provider may "
            "decline. Record it as not taken, with the reasons, or as something else."
        )


def _is_full(record: object) -> bool:
    fields = record.model_dump().values() if hasattr(record, "model_dump") else ()
    return bool(fields) and all(text.strip() for text in fields)


def _expired_claims(assessment: Assessment, *, as_of: date) -> Iterator[Unsound]:
    surfaces = assessment.service.surfaces
    if assessment.facts.get("takedown_feasible") is False and not surfaces:
        yield Unsound(
            "takedown_feasible",
            "You say that not everything can be taken down. List the parts of the service, and "
            "write down for which, why, who decided it, and until when.",
        )
    for surface in surfaces:
        claim = surface.claim
        if surface.takedown_feasible is not False:
            continue
        if claim is None or not (claim.reason.strip() and claim.owner.strip()):
            yield Unsound(
                surface.name,
                f"You say that content in “{surface.name}” cannot be taken down. Write down why, "
                "who decided it, and until when.",
            )
        elif claim.expires_on <= as_of:
            yield Unsound(
                surface.name,
                f"The claim that content in “{surface.name}” cannot be taken down expired on "
                f"{claim.expires_on}. Look at it again.",
            )


_SAY_SO = " It is built in. Say that it is in place once you use it."


def _control(
    name: str,
    entry: DefaultControl,
    *,
    owner: str,
    today: date,
    measures: tuple[str, ...] = (),
    factors: tuple[str, ...] = (),
    is_idle: bool = False,
) -> Control:
    state = ControlState.IDLE if is_idle else entry.state
    is_task = state is ControlState.TASK
    return Control(
        id=name,
        title=entry.title,
        state=state,
        measures=measures,
        harms=entry.harms,
        factors=factors or entry.factors,
        description=f"{entry.description}{_SAY_SO if entry.built_in else ''}",
        where=entry.where,
        owner=owner if is_task else "",
        due=today + timedelta(days=entry.days) if is_task else None,
        built_in=entry.built_in,
    )


def _within(control: Control, kinds: set[str]) -> Control:
    """Without kinds of harm that are not rated here, such as children's where none come."""
    return control.model_copy(update={"harms": tuple(h for h in control.harms if h in kinds)})
