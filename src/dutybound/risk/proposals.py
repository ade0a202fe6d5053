"""The level of risk that a service's answers suggest, and why. A person decides.

Ofcom's General Risk Level Table was not read; what stands here is a simple one, from memory.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from dutybound.register.book import Edition, register
from dutybound.register.conditions import Fact, Truth
from dutybound.register.entries import Harm
from dutybound.register.profile import LEVELS
from dutybound.risk.access import access_of
from dutybound.risk.csea_tables import A_LOT, SEVERAL, TABLES
from dutybound.risk.document import Assessment, Chance, Evidence, Level
from dutybound.risk.factors import OF_THE_KIND, factors_of, kinds_linked
from dutybound.risk.known import known

MEDIUM_IMPACT_USERS = 700_000
"""From so many monthly UK users on the impact is medium (Ofcom says about so many)."""

HIGH_IMPACT_USERS = 7_000_000
"""With more than that it is high (from memory). Whoever chose a band has at most its last."""

_TABLE: dict[tuple[Chance, Chance], Level] = {
    ("low", "low"): "low",
    ("low", "medium"): "low",
    ("low", "high"): "medium",
    ("medium", "low"): "low",
    ("medium", "medium"): "medium",
    ("medium", "high"): "high",
    ("high", "low"): "medium",
    ("high", "medium"): "high",
    ("high", "high"): "high",
}
"""The level by likelihood and impact."""

_EDITIONS = {
    "final_2024": "Ofcom's final Risk Profiles link it",
    "final_seen": "Ofcom's final Risk Profiles link it, as records apply them",
    "draft_2024": "Ofcom's draft Risk Profiles of 2024 link it",
    OF_THE_KIND: "the register links it with this kind of harm",
}


class Reason(NamedTuple):
    """Something a level rests on, the rule behind it, and how sure the rule is."""

    says: str
    rule: str
    confidence: str


class Proposal(NamedTuple):
    """A level that the answers suggest; likelihood and impact where a table used them."""

    level: Level
    because: tuple[Reason, ...]
    likelihood: Chance | None = None
    impact: Chance | None = None


def kinds_to_rate(assessment: Assessment, *, as_of: date) -> tuple[Harm, ...]:
    """The kinds of harm that need a level; children's kinds unless children do not come.

    Child sexual exploitation and abuse as a whole follows from its sub-kinds.
    """
    with_children = access_of(assessment, as_of=as_of).treated_as_likely
    return tuple(
        harm
        for harm in register().on(as_of).harms.values()
        if harm.id != "csea" and (harm.kind == "illegal" or with_children)
    )


def level_by_table(likelihood: Chance, impact: Chance) -> Level:
    """The level that the general table gives."""
    return _TABLE[likelihood, impact]


def is_below(level: str, other: str) -> bool:
    """Whether a level is lower than another."""
    return LEVELS.index(level) < LEVELS.index(other)


def evidence_of(harm: str, assessment: Assessment) -> tuple[Evidence, ...]:
    """What shows that this kind of harm, or a sub-kind of it, happens on the service."""
    kinds = {harm, *(register().sub_kinds if harm == "csea" else ())}
    named = {name for kind in kinds for name in _evidence_named(kind, assessment)}
    return tuple(
        entry
        for entry in assessment.evidence
        if entry.shows_harm and (kinds & set(entry.harms) or entry.id in named)
    )


def propose(harm: str, assessment: Assessment, *, as_of: date) -> Proposal:
    """A level for a kind of harm, from risk factors, users and evidence, with every reason.

    What is not known counts as if it were there, and is said. Raises KeyError for a kind that
    does not exist on the day.
    """
    edition = register().on(as_of)
    kind = edition.harms[harm]
    if harm == "csea":
        return _highest_sub_kind(assessment, edition)
    case = _Case(kind, assessment, edition)
    if harm in TABLES:
        return case.by_csea_table()
    return case.by_general_table()


def _highest_sub_kind(assessment: Assessment, edition: Edition) -> Proposal:
    parts = {
        harm: propose(harm, assessment, as_of=edition.as_of)
        for harm in edition.register.sub_kinds
        if harm in edition.harms
    }
    harm = max(parts, key=lambda harm: LEVELS.index(parts[harm].level))
    level = parts[harm].level
    says = f"{edition.harms[harm].short} is {level}"
    rule = "child sexual exploitation and abuse is at least as high as its highest sub-kind"
    return Proposal(level, (Reason(says, rule, "verified"), *parts[harm].because))


class _Case:
    """What is known about one kind of harm on one service."""

    def __init__(self, harm: Harm, assessment: Assessment, edition: Edition) -> None:
        self._harm = harm
        self._edition = edition
        self._assessment = assessment
        self._profile = known(assessment, as_of=edition.as_of)
        self._evidence = evidence_of(harm.id, assessment)

    def by_csea_table(self) -> Proposal:
        key, table = TABLES[self._harm.id]
        words = self._edition.register.csea_levels[key]
        level, facts = table(self._has)
        # Evidence of these is high, by each of the three tables.
        if self._evidence:
            level = "high"
        _, table_number, part, *_ = key.split("_")
        rule = f"Ofcom's Table {table_number}.{part}: {words[level]}"
        because = [*self._evidence_reasons(), *self._fact_reasons(facts, rule, "partial")]
        return Proposal(level, tuple(because))

    def by_general_table(self) -> Proposal:
        factors = [name for name in self._factors() if self._has(name) is not False]
        is_likely = len(factors) >= SEVERAL
        likelihood: Chance = "medium" if is_likely or self._evidence else "low"
        if (is_likely and self._evidence) or len(factors) >= 2 * A_LOT:
            likelihood = "high"
        impact, users = self._impact()
        level = level_by_table(likelihood, impact)
        because = [*self._evidence_reasons(), *self._factor_reasons(factors), users]
        if self._evidence and is_below(level, "medium"):
            level = "medium"
        rule = "a simple form of Ofcom's General Risk Level Table"
        says = f"the likelihood is {likelihood} and the impact {impact}, which gives {level}"
        because.append(Reason(says, rule, "recalled"))
        return Proposal(level, tuple(because), likelihood, impact)

    def _has(self, fact: str) -> Truth:
        return self._edition.program.answer(Fact(fact), self._profile)

    def _factors(self) -> tuple[str, ...]:
        return factors_of(self._harm.id, as_of=self._edition.as_of)

    def _impact(self) -> tuple[Chance, Reason]:
        least, most = self._profile.uk_users
        impact: Chance = "low"
        if most is None or most >= MEDIUM_IMPACT_USERS:
            impact = "medium"
        if most is None or most > HIGH_IMPACT_USERS:
            impact = "high"
        users = f"{least:,}" if least == most else f"{least:,} to {most:,}" if most else ""
        says = (
            f"it has {users} monthly UK users" if users else "the number of UK users is not known"
        )
        rule = "about 700,000 monthly UK users mark a medium impact, and 7 million a high one"
        return impact, Reason(says, rule, "partial")

    def _evidence_reasons(self) -> Iterator[Reason]:
        rule = "evidence that a harm happens is a strong sign of at least medium"
        for entry in self._evidence:
            yield Reason(f"evidence shows it on the service: {entry.text}", rule, "verified")

    def _factor_reasons(self, factors: Iterable[str]) -> Iterator[Reason]:
        for name in factors:
            link = next(
                link
                for link in kinds_linked(name, as_of=self._edition.as_of)
                if link.harm == self._harm.id
            )
            yield from self._fact_reasons((name,), _EDITIONS[link.edition], link.confidence)

    def _fact_reasons(self, facts: Iterable[str], rule: str, confidence: str) -> Iterator[Reason]:
        for name in dict.fromkeys(facts):
            fact = self._edition.register.facts[name]
            match self._has(name):
                case True:
                    yield Reason(fact.yes, rule, confidence)
                case False:
                    yield Reason(fact.no, rule, confidence)
                case None:
                    says = f"it is not known whether {fact.yes}, so it counts as there"
                    yield Reason(says, rule, confidence)


def _evidence_named(harm: str, assessment: Assessment) -> tuple[str, ...]:
    risk = assessment.risks.get(harm)
    return risk.evidence if risk else ()
