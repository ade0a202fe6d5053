"""Ofcom's risk factors that a service has, and the kinds of harm each is linked with."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from dutybound.register.book import Edition, register
from dutybound.register.conditions import Fact, Truth
from dutybound.register.entries import RiskFactor
from dutybound.risk.document import Assessment
from dutybound.risk.known import known

_CONFIDENCE = {"final_2024": "verified", "final_seen": "partial", "draft_2024": "recalled"}
"""How sure the links of an edition of the Risk Profiles are."""

OF_THE_KIND = "of_the_kind"
"""The edition of a link that is kept with the kind of harm itself."""


class Linked(NamedTuple):
    """A kind of harm that a risk factor is linked with, by which edition, and how sure that is."""

    harm: str
    edition: str
    confidence: str


@cache
def all_factors() -> Mapping[str, RiskFactor]:
    """Risk factors by id: Ofcom's questionnaire first, then what kinds of harm name besides."""
    law = register()
    named = [factor for harm in law.harms for factor, _ in harm.factors]
    others = dict.fromkeys([*named, *law.children_factors])
    return MappingProxyType(
        {name: RiskFactor(name, "", "", ()) for name in others} | dict(law.factors)
    )


def factors_present(assessment: Assessment, *, as_of: date) -> tuple[RiskFactor, ...]:
    """The factors that the service has. Those that are not known are `factors_unknown`."""
    return _factors(assessment, as_of=as_of, truth=True)


def factors_unknown(assessment: Assessment, *, as_of: date) -> tuple[RiskFactor, ...]:
    """The factors of which it is not known whether the service has them."""
    return _factors(assessment, as_of=as_of, truth=None)


def kinds_linked(factor: RiskFactor | str, *, as_of: date) -> tuple[Linked, ...]:
    """The kinds of harm, of that day, that a factor is linked with; the surest link of each."""
    return _links(as_of)[factor if isinstance(factor, str) else factor.id]


def factors_of(harm: str, *, as_of: date) -> tuple[str, ...]:
    """Ids of the factors that a kind of harm is linked with."""
    return tuple(
        name for name, links in _links(as_of).items() if any(link.harm == harm for link in links)
    )


@cache
def _links(as_of: date) -> Mapping[str, tuple[Linked, ...]]:
    edition = register().on(as_of)
    return {
        factor.id: tuple(
            {link.harm: link for link in reversed([*_links_of(factor, edition)])}.values()
        )
        for factor in all_factors().values()
    }


def _links_of(factor: RiskFactor, edition: Edition) -> Iterator[Linked]:
    """The surest first. Once a list was complete, older editions no longer add to it."""
    for link in factor.links:
        for harm in link.harms:
            if harm in edition.harms:
                yield Linked(harm, link.edition, _CONFIDENCE[link.edition])
        if link.complete:
            break
    for kind in edition.harms.values():
        level = dict(kind.factors).get(factor.id)
        if level:
            yield Linked(kind.id, OF_THE_KIND, level)
        elif kind.kind == "children" and factor.id in edition.register.children_factors:
            yield Linked(kind.id, OF_THE_KIND, "recalled")


def _factors(assessment: Assessment, *, as_of: date, truth: Truth) -> tuple[RiskFactor, ...]:
    program = register().on(as_of).program
    places = {factor.id: program.add(Fact(factor.id)) for factor in all_factors().values()}
    truths = program.run(known(assessment, as_of=as_of))
    return tuple(factor for factor in all_factors().values() if truths[places[factor.id]] is truth)
