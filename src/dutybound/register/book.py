"""The register as a whole, and what of it holds on a day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from dutybound.register import checks, reading
from dutybound.register.conditions import Program
from dutybound.register.entries import (
    CodeGap,
    Exemption,
    FactEntry,
    Harm,
    NamedCondition,
    Provision,
    Question,
    Retention,
    RiskFactor,
    ScopeTest,
    Standing,
)
from dutybound.register.loading import BadRegister, Page, Shapes, pages_under, read_page

_KINDS = {
    "illegal-content": "measures",
    "children": "measures",
    "proposed": "measures",
    "harms": "kinds_of_harm",
    "duties.yaml": "duties",
    "facts.yaml": "facts",
    "vocabulary.yaml": "vocabulary",
    "risk-factors.yaml": "risk_factors",
    "scope.yaml": "scope",
    "gaps.yaml": "gaps",
    "retention.yaml": "retention",
    "search-services.yaml": "search_services",
    "sources.yaml": "sources",
}


@dataclass(frozen=True)
class Register:
    """The law as data: every version of every entry."""

    provisions: tuple[Provision, ...]
    harms: tuple[Harm, ...]
    facts: Mapping[str, FactEntry]
    questions: tuple[Question, ...]
    named: Mapping[str, NamedCondition]
    factors: Mapping[str, RiskFactor]
    children_factors: tuple[str, ...]
    scope_tests: tuple[ScopeTest, ...]
    exemptions: Mapping[str, Exemption]
    gaps: tuple[CodeGap, ...]
    retention: Mapping[str, Retention]
    csea_levels: Mapping[str, Mapping[str, str]]
    age_groups: tuple[str, ...]
    sources: Mapping[str, str]
    compiled: date
    caveat: str

    def __hash__(self) -> int:
        return id(self)

    @lru_cache(maxsize=64)  # noqa: B019 - there is one register in a process, and few days
    def on(self, as_of: date) -> "Edition":
        """What holds on that day, and what was known to be coming."""
        return Edition(self, as_of)

    @cached_property
    def sub_kinds(self) -> tuple[str, ...]:
        """The sub-kinds of child sexual exploitation and abuse."""
        return tuple(harm.id for harm in self.harms if harm.part_of == "csea")


class Line(NamedTuple):
    """An entry on a day, and where the program answers its conditions."""

    provision: Provision
    standing: Standing
    applies: int
    idle: int | None


class Edition:
    """The register on one day: no version that was replaced, none that nobody had proposed."""

    def __init__(self, register: Register, as_of: date) -> None:
        self.register = register
        self.as_of = as_of
        self.harms: Mapping[str, Harm] = MappingProxyType(
            {harm.id: harm for harm, _ in _newest(register.harms, as_of=as_of, only_in_force=True)}
        )
        newest = list(_newest(register.provisions, as_of=as_of, only_in_force=False))
        self.program = Program(
            named={name: entry.holds_when for name, entry in register.named.items()},
            derived={
                fact.id: fact.derived
                for fact in register.facts.values()
                if fact.derived is not None
            },
            harms=self.harms,
        )
        newest.sort(key=lambda entry: _in_order(entry[0]))
        lines = [self._line(provision, standing) for provision, standing in newest]
        self.duties = tuple(line for line in lines if line.provision.is_duty)
        self.measures = tuple(line for line in lines if not line.provision.is_duty)

    def _line(self, provision: Provision, standing: Standing) -> "Line":
        idle = None if provision.idle_when is None else self.program.add(provision.idle_when)
        return Line(provision, standing, self.program.add(provision.applies_when), idle)


def read_register(pages: Iterable[tuple[str, str]], *, schema: str) -> Register:
    """A register from its files; nothing is half read.

    Raises `BadRegister` with file and line, and a line of its own for each thing that is wrong in
    the shape of a page. Names that lead nowhere are looked for once all shapes are right.
    """
    shapes = Shapes(schema)
    by_kind: dict[str, list[Page]] = {kind: [] for kind in _KINDS.values()}
    troubles = []
    for name, text in pages:
        try:
            kind = _kind_of(name)
            page = read_page(text, file=name)
            shapes.check(page, kind=kind)
            by_kind[kind].append(page)
        except BadRegister as trouble:
            troubles.append(str(trouble))
    if troubles:
        raise BadRegister("\n".join(troubles))
    return _assemble(by_kind)


@cache
def register() -> Register:
    """The register that comes with this version of Dutybound."""
    folder = files("dutybound.register").joinpath("data")
    return read_register(
        pages_under(folder), schema=folder.joinpath("schema.json").read_text("utf-8")
    )


def _assemble(by_kind: Mapping[str, list[Page]]) -> Register:
    vocabulary = _only(by_kind, "vocabulary")
    fact_page = _only(by_kind, "facts")
    factor_page = _only(by_kind, "risk_factors")
    sources = _only(by_kind, "sources").content
    sets = reading.sets_of(vocabulary)
    named = tuple(reading.named_conditions_of(vocabulary, sets=sets))
    facts = tuple(reading.facts_of(fact_page, sets=sets))
    questions = tuple(reading.questions_of(fact_page, sets=sets))
    provisions = tuple(
        provision
        for page in (*by_kind["duties"], *by_kind["measures"])
        for provision in reading.provisions_of(page, sets=sets)
    )
    harms = tuple(harm for page in by_kind["kinds_of_harm"] for harm in reading.harms_of(page))
    illegal = tuple(
        dict.fromkeys(h.id for h in harms if h.kind == "illegal" and h.tier == "priority")
    )
    factors = tuple(reading.risk_factors_of(factor_page, all_harms=illegal))
    checks.refuse_overlaps(provisions)
    checks.refuse_overlaps(harms)
    checks.refuse_dangling_sets(sets, harms=[h.id for h in harms], page=vocabulary)
    checks.refuse_dangling(
        provisions=provisions,
        harms=harms,
        facts=facts,
        questions=questions,
        named=named,
        sources=sources["sources"],
    )
    checks.refuse_circles(facts, named)
    checks.refuse_dangling_factors(
        factors, facts=[f.id for f in facts], harms=[h.id for h in harms], page=factor_page
    )
    exemptions = tuple(reading.exemptions_of(_only(by_kind, "scope")))
    gaps = tuple(reading.code_gaps_of(_only(by_kind, "gaps")))
    checks.refuse_dangling_gaps(
        gaps,
        provisions=provisions,
        facts=[fact.id for fact in facts],
        harms=[harm.id for harm in harms],
        sources=sources["sources"],
    )
    retention = tuple(reading.retention_of(_only(by_kind, "retention")))
    checks.refuse_dangling_retention(retention, provisions=provisions, sources=sources["sources"])
    extras = {
        key: value for page in by_kind["kinds_of_harm"] for key, value in page.content.items()
    }
    return Register(
        provisions=provisions,
        harms=harms,
        facts=MappingProxyType({fact.id: fact for fact in facts}),
        questions=questions,
        named=MappingProxyType({entry.id: entry for entry in named}),
        factors=MappingProxyType({factor.id: factor for factor in factors}),
        children_factors=tuple(extras["factors_recalled"]),
        scope_tests=tuple(reading.scope_tests_of(_only(by_kind, "scope"))),
        exemptions=MappingProxyType({entry.id: entry for entry in exemptions}),
        gaps=gaps,
        retention=MappingProxyType({entry.id: entry for entry in retention}),
        csea_levels=extras["csea_levels"],
        age_groups=tuple(extras["age_groups"]["list"]),
        sources=sources["sources"],
        compiled=date.fromisoformat(sources["compiled"]),
        caveat=sources["caveat"],
    )


def _in_order(provision: Provision) -> tuple[int, list[str]]:
    """By Code, then C9 before C10."""
    pieces = re.findall(r"\d+|\D+", provision.id)
    codes = ("act", "illegal-content", "children", "proposed")
    return codes.index(provision.code), [f"{int(p):04}" if p.isdigit() else p for p in pieces]


Entry = TypeVar("Entry", Provision, Harm)


def _newest(
    entries: Iterable[Entry], *, as_of: date, only_in_force: bool
) -> Iterable[tuple[Entry, Standing]]:
    """One version of each entry: the one in force, or else the one that is furthest on."""
    order = list(Standing)
    best: dict[str, tuple[Entry, Standing]] = {}
    for entry in entries:
        standing = entry.dates.standing(as_of)
        if standing is None or standing is Standing.REPLACED:
            continue
        if only_in_force and standing is not Standing.IN_FORCE:
            continue
        known = best.get(entry.id)
        if known is None or order.index(standing) > order.index(known[1]):
            best[entry.id] = (entry, standing)
    return best.values()


def _kind_of(name: str) -> str:
    try:
        return _KINDS[name.split("/", maxsplit=1)[0]]
    except KeyError:
        raise BadRegister(f"{name}:1: no file of the register has that name") from None


def _only(by_kind: Mapping[str, list[Page]], kind: str) -> Page:
    if len(by_kind[kind]) != 1:
        name = next(name for name, other in _KINDS.items() if other == kind)
        raise BadRegister(f"{name}:1: expected one such file, got {len(by_kind[kind])}")
    return by_kind[kind][0]
