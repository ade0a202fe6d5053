"""What nothing stands against yet, with what could be done about it; some goes beyond the Codes."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from dutybound.register.applies import Answer, Applies, measures_for
from dutybound.register.book import register
from dutybound.register.conditions import Fact, Named, RiskCount, walk
from dutybound.register.entries import Provision, Standing
from dutybound.register.profile import LEVELS, Profile
from dutybound.risk.defaults import defaults
from dutybound.risk.document import USER_BANDS, Assessment, ControlState
from dutybound.risk.factors import factors_present
from dutybound.risk.known import known
from dutybound.risk.proposals import kinds_to_rate

_MEDIUM = LEVELS.index("medium")
_STANDS = (ControlState.IN_PLACE, ControlState.TASK, ControlState.ALTERNATIVE)
"""The states of a control that stands against a risk; an alternative is done instead."""


class Gap(NamedTuple):
    """A kind of harm at medium or higher, or a risk factor, without a control against it.

    `kind`: harm or factor; `id`: which; `suggestions`: sentences, the nearest first.
    """

    kind: str
    id: str
    says: str
    suggestions: tuple[str, ...]


def gaps(assessment: Assessment, *, as_of: date) -> tuple[Gap, ...]:
    """What no control in place and no task stands against, and nobody has accepted."""
    found = (*_harms_left(assessment, as_of=as_of), *_factors_left(assessment, as_of=as_of))
    return tuple(gap for gap in found if not is_accepted(gap.id, assessment, as_of=as_of))


def is_accepted(harm_or_factor: str, assessment: Assessment, *, as_of: date) -> bool:
    """Whether a named person accepted it, with a reason, until a day that is still to come."""
    return any(
        accepted.harm_or_factor == harm_or_factor
        and accepted.accepted_by.strip()
        and accepted.reason.strip()
        and accepted.review_on > as_of
        for accepted in assessment.accepted
    )


def offers(assessment: Assessment, *, as_of: date) -> tuple[Answer, ...]:
    """Measures in force that are asked of large services, and everybody may take all the same.

    They would apply, or might, if the service were large and at high risk of everything: what it
    has nothing for, such as badges, is not offered.
    """
    profile = known(assessment, as_of=as_of)
    highest = (len(LEVELS) - 1,) * 2
    risks = {harm.id: highest for harm in register().on(as_of).harms.values()}
    at_worst = Profile(profile.facts, USER_BANDS["over 7 million"], risks)
    return tuple(
        answer
        for answer, worst in zip(
            measures_for(profile, as_of), measures_for(at_worst, as_of), strict=True
        )
        if answer.standing is Standing.IN_FORCE
        and answer.applies is Applies.NO
        and worst.applies is not Applies.NO
        and Named("large") in walk(answer.provision.applies_when)
    )


def harms_named(provision: Provision) -> set[str]:
    """The kinds of harm that its condition names, without those that named conditions count."""
    parts = walk(provision.applies_when)
    return {h for part in parts if isinstance(part, RiskCount) for h in part.harms.ids}


def _harms_left(assessment: Assessment, *, as_of: date) -> Iterator[Gap]:
    """A kind without a level is no gap but unfinished, as `objections` says."""
    profile = known(assessment, as_of=as_of)
    standing = [control for control in assessment.controls if control.state in _STANDS]
    against = {harm for control in standing for harm in control.harms}
    if "csea" in against:
        against |= set(register().sub_kinds)
    for harm in kinds_to_rate(assessment, as_of=as_of):
        _, most = profile.risks.get(harm.id, (0, 0))
        if most >= _MEDIUM and harm.id not in against:
            says = f"The risk of {harm.short} is {LEVELS[most]}, and no control stands against it."
            yield Gap("harm", harm.id, says, _for_harm(harm.id, assessment, as_of=as_of))


def _factors_left(assessment: Assessment, *, as_of: date) -> Iterator[Gap]:
    standing = [control for control in assessment.controls if control.state in _STANDS]
    against = {factor for control in standing for factor in control.factors}
    for factor in factors_present(assessment, as_of=as_of):
        if factor.id not in against:
            yes = register().facts[factor.id].yes
            says = f"{yes[0].upper()}{yes[1:]}, and no control answers that risk factor."
            yield Gap("factor", factor.id, says, _for_factor(factor.id, assessment, as_of=as_of))


def _for_harm(harm: str, assessment: Assessment, *, as_of: date) -> tuple[str, ...]:
    measures = [
        _offer(answer)
        for answer in measures_for(known(assessment, as_of=as_of), as_of)
        if harm in harms_named(answer.provision)
    ]
    beyond = [_beyond(gap.suggestion) for gap in register().gaps if harm in gap.harms]
    return tuple(dict.fromkeys((*measures, *beyond)))


def _for_factor(factor: str, assessment: Assessment, *, as_of: date) -> tuple[str, ...]:
    default = defaults().for_factors[factor]
    measures = [
        _offer(answer)
        for answer in measures_for(known(assessment, as_of=as_of), as_of)
        if Fact(factor) in walk(answer.provision.applies_when)
    ]
    beyond = [_beyond(gap.suggestion) for gap in register().gaps if factor in gap.factors]
    own = f"{default.title}. {default.description}"
    return tuple(dict.fromkeys((own, *measures, *beyond)))


def _offer(answer: Answer) -> str:
    measure = f"{answer.provision.id}, {answer.provision.title}"
    if answer.standing is not Standing.IN_FORCE:
        return f"{measure}: it is {answer.standing}, and you may do it now."
    match answer.applies:
        case Applies.YES:
            return f"{measure}: it applies, because {answer.why}."
        case Applies.UNKNOWN:
            return f"{measure}: it may apply, because {answer.why}."
        case Applies.NO:
            return (
                f"{measure}: it does not apply, because {answer.why}. You may do it all the same."
            )


def _beyond(suggestion: str) -> str:
    return f"Beyond the Codes: {suggestion}"
