"""What a document says, as the register's conditions need it."""

from datetime import date

from dutybound.register.book import register
from dutybound.register.profile import Profile, levels_as_risks
from dutybound.risk.document import Assessment, Surface


def known(assessment: Assessment, *, as_of: date) -> Profile:
    """The facts, users and levels of a document on a day.

    Everything can be taken down if every surface says so, whatever else is stated where surfaces
    are listed; a claim that it cannot holds until it expires. After that it is not known (the safe
    side: nothing may stop to apply because of it).
    A fact that needs another which is false is false itself, and nobody need be asked.
    """
    facts = {fact: answer for fact, answer in assessment.facts.items() if answer is not None}
    surfaces = assessment.service.surfaces
    if surfaces:
        facts.pop("takedown_feasible", None)
        answers = [_is_feasible(surface, as_of=as_of) for surface in surfaces]
        if False in answers:
            facts["takedown_feasible"] = False
        elif None not in answers:
            facts["takedown_feasible"] = True
    _without_what_they_need(facts, assessment, as_of=as_of)
    levels = {harm: risk.level for harm, risk in assessment.risks.items() if risk.level is not None}
    return Profile(
        facts=facts,
        uk_users=_users(assessment),
        risks=levels_as_risks(levels, sub_kinds=register().sub_kinds),
    )


def _users(assessment: Assessment) -> tuple[int, int | None]:
    return assessment.service.users.least, assessment.service.users.most


def _without_what_they_need(facts: dict[str, bool], assessment: Assessment, *, as_of: date) -> None:
    """Adds "no" for each fact that lacks what it needs; one may need another that lacks it."""
    edition = register().on(as_of)
    needs = {
        fact.id: edition.program.add(fact.needs)
        for fact in edition.register.facts.values()
        if fact.needs is not None and fact.id not in facts
    }
    while True:
        truths = edition.program.run(Profile(facts, _users(assessment), {}))
        lacking = [fact for fact, place in needs.items() if truths[place] is False]
        facts |= dict.fromkeys(lacking, False)
        needs = {fact: place for fact, place in needs.items() if fact not in facts}
        if not lacking:
            return


def _is_feasible(surface: Surface, *, as_of: date) -> bool | None:
    claim = surface.claim
    if surface.takedown_feasible is False and claim is not None and claim.expires_on <= as_of:
        return None
    return surface.takedown_feasible
