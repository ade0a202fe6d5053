"""When an approved assessment is to be looked at again, and why."""

from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from dutybound.register.applies import Answer, Applies, duties_for, measures_for
from dutybound.register.book import Register, register
from dutybound.register.entries import Standing
from dutybound.register.profile import LEVELS
from dutybound.risk.access import access_of
from dutybound.risk.changes import compare
from dutybound.risk.document import Assessment, ControlState
from dutybound.risk.known import known
from dutybound.risk.outcomes import DAYS, least_level
from dutybound.risk.proposals import is_below

_MEDIUM = LEVELS.index("medium")
FAILING_FOR = timedelta(days=7)
"""So long a measure is not met before its control is in doubt."""
_NONE_SEEN: Mapping[str, int] = MappingProxyType({})
_NONE_FAILING: Mapping[str, date] = MappingProxyType({})
_PARTS_OF_THE_PROFILE = ("service.users", "service.surfaces", "facts.", "scope.")


class Trigger(NamedTuple):
    """A reason to look at an assessment again. `kind` tells reasons apart; `says` is what and why.

    Kinds: year, review_day, profile, law, harm_seen, outcome, control_failing, claim_expired,
    acceptance_expired, access. `about`: what tells it from others of its kind, where its figures
    move on; its words do otherwise.
    """

    kind: str
    says: str
    about: str = ""


def reviews_due(
    approved: Assessment,
    *,
    today: date,
    law_changed: Iterable[str] = (),
    seen: Iterable[str] = (),
    planned: Assessment | None = None,
    upheld: Mapping[str, int] = _NONE_SEEN,
    failing: Mapping[str, date] = _NONE_FAILING,
) -> tuple[Trigger, ...]:
    """Each reason there is today.

    `law_changed`: what `law_changes` answers. `seen`: ids of the kinds of harm that were found on
    the service since it was approved. `planned`: the profile as it is or is to be, if it differs.
    `upheld`: decisions against each kind of harm in the last 90 days that still stand. `failing`:
    measures that are not met, by the records, and since when.
    """
    seen = frozenset(seen)
    return (
        *_in_time(approved, today=today),
        *(_by_plan(approved, planned) if planned else ()),
        *(Trigger("law", _of_law(entry)) for entry in law_changed),
        *_seen_above_its_level(approved, seen, today=today),
        *_contradicted(approved, upheld, told=seen, today=today),
        *_controls_failing(approved, failing, today=today),
        *_expired(approved, today=today),
        *_children_again(approved, today=today),
    )


def law_changes(
    assessment: Assessment,
    *,
    since: date,
    today: date,
    law: Register | None = None,
    earlier_law: Register | None = None,
) -> tuple[str, ...]:
    """Ids of measures and duties that answer otherwise today, or of which we are less or more sure.

    `since`: the day of the law that the assessment rests on. `earlier_law`: the register it was
    made with, where that was another release.
    """
    law = law or register()
    before = _answers(assessment, earlier_law or law, as_of=since)
    after = _answers(assessment, law, as_of=today)
    return tuple(name for name in {**before, **after} if before.get(name) != after.get(name))


def a_year_after(day: date) -> date:
    """The same day of the next year; 29 February falls due on 1 March."""
    is_leap_day = (day.month, day.day) == (2, 29) and not isleap(day.year + 1)
    return (day + timedelta(days=1) if is_leap_day else day).replace(year=day.year + 1)


def _answers(assessment: Assessment, law: Register, *, as_of: date) -> dict[str, tuple[str, str]]:
    """What applies or may, with how sure that is."""
    profile = known(assessment, as_of=as_of)
    answers = (*measures_for(profile, as_of, law=law), *duties_for(profile, as_of, law=law))
    return {answer.provision.id: _answered(answer) for answer in answers if _touches(answer)}


def _touches(answer: Answer) -> bool:
    return answer.standing is Standing.IN_FORCE and answer.applies is not Applies.NO


def _answered(answer: Answer) -> tuple[str, str]:
    return answer.applies, answer.provision.confidence.level


def _of_law(entry: str) -> str:
    titles = {provision.id: provision.title for provision in register().provisions}
    named = f"{entry}, {titles[entry]}" if entry in titles else entry
    return f"The law changed for you: {named}. See what it asks, and what you do about it."


def _in_time(approved: Assessment, *, today: date) -> Iterator[Trigger]:
    days = approved.days
    if days.next_review and days.next_review <= today:
        yield Trigger("review_day", f"You set {days.next_review} as the day to look at it again.")
    last = days.approved or days.completed
    if last and a_year_after(last) <= today:
        yield Trigger("year", f"A year has passed since {last}. Look at all of it once a year.")


def _by_plan(approved: Assessment, planned: Assessment) -> Iterator[Trigger]:
    changed = [
        change.path
        for change in compare(approved, planned)
        if change.path.startswith(_PARTS_OF_THE_PROFILE)
    ]
    if changed:
        says = (
            f"The service is to change, or has changed ({', '.join(changed)}). Assess a "
            "significant change before it is switched on (s.9(4))."
        )
        yield Trigger("profile", says)


def _seen_above_its_level(
    approved: Assessment, seen: Iterable[str], *, today: date
) -> Iterator[Trigger]:
    """Evidence on the service speaks for medium; a kind below that, or without a level, is due."""
    levels = known(approved, as_of=today).risks
    harms = {harm.id: harm for harm in register().harms}
    for name in seen:
        risk = approved.risks.get(name)
        least, _ = levels.get(name, (0, 0))
        is_argued = risk is not None and bool(risk.argued.strip())
        if name in harms and least < _MEDIUM and not is_argued:
            level = LEVELS[least] if name in levels else "not rated"
            says = (
                f"{harms[name].name} was seen on the service, where its level is {level}. "
                "Evidence of it speaks for medium or higher."
            )
            yield Trigger("harm_seen", says)


def _contradicted(
    approved: Assessment, upheld: Mapping[str, int], *, told: frozenset[str], today: date
) -> Iterator[Trigger]:
    """Kinds of which more was found than their level leaves room for, argued or not.

    Not those that `_seen_above_its_level` tells of.
    """
    levels = known(approved, as_of=today).risks
    harms = {harm.id: harm for harm in register().harms}
    for name, count in upheld.items():
        risk = approved.risks.get(name)
        is_argued = risk is not None and bool(risk.argued.strip())
        if name not in harms or name not in levels or (name in told and not is_argued):
            continue
        level, least = LEVELS[levels[name][0]], least_level(count)
        if is_below(level, least):
            says = (
                f"{harms[name].name} is assessed as {level}, and {count} "
                f"{'decision' if count == 1 else 'decisions'} against it in {DAYS} days still "
                f"{'stands' if count == 1 else 'stand'}. That speaks for {least} or higher."
            )
            yield Trigger("outcome", says, about=name)


def _controls_failing(
    approved: Assessment, failing: Mapping[str, date], *, today: date
) -> Iterator[Trigger]:
    for control in approved.controls:
        if control.state is not ControlState.IN_PLACE:
            continue
        for measure in control.measures:
            since = failing.get(measure)
            if since is not None and today - since >= FAILING_FOR:
                says = (
                    f"The assessment says that “{control.title}” is in place. By the records, "
                    f"{measure} is not met since {since}."
                )
                yield Trigger("control_failing", says, about=f"{control.id} {measure}")


def _expired(approved: Assessment, *, today: date) -> Iterator[Trigger]:
    for surface in approved.service.surfaces:
        if surface.claim is not None and surface.claim.expires_on <= today:
            says = (
                f"The claim that content in “{surface.name}” cannot be taken down expired on "
                f"{surface.claim.expires_on}. Until it is renewed, that is not known."
            )
            yield Trigger("claim_expired", says)
    for accepted in approved.accepted:
        if accepted.review_on <= today:
            says = (
                f"{accepted.accepted_by} accepted what is left of {accepted.harm_or_factor} until "
                f"{accepted.review_on}. Look at it again."
            )
            yield Trigger("acceptance_expired", says)


def _children_again(approved: Assessment, *, today: date) -> Iterator[Trigger]:
    """s.36: at least yearly, while the service is not treated as likely to be accessed."""
    last = approved.days.approved or approved.days.completed
    is_treated_as_likely = access_of(approved, as_of=today).treated_as_likely
    if last and a_year_after(last) <= today and not is_treated_as_likely:
        says = (
            f"Children's access was last assessed on {last}. It is assessed at least once a year."
        )
        yield Trigger("access", says)
