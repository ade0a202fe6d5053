"""What a written record is drawn from: the document, the law of a day, and what both say."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from dutybound.register.applies import Answer, Applies, duties_for, measures_for
from dutybound.register.book import Edition, register
from dutybound.register.conditions import Fact, Truth
from dutybound.register.entries import Confidence, Harm, Provision, Question, Standing
from dutybound.register.profile import LEVELS, Profile
from dutybound.risk.access import Access, access_of
from dutybound.risk.document import Assessment, Control, ControlState, Evidence, Risk
from dutybound.risk.factors import factors_present, factors_unknown
from dutybound.risk.known import known
from dutybound.risk.levels import Objection, objections
from dutybound.risk.questions import questions_for
from dutybound.risk.record_parts import capitalised

STATES = MappingProxyType(
    {
        ControlState.IN_PLACE: "In place",
        ControlState.TASK: "To do",
        ControlState.ALTERNATIVE: "Something else is done",
        ControlState.REFUSED: "Not taken",
        ControlState.IDLE: "Nothing to act on",
        ControlState.DECLINED: "Declined",
        ControlState.UNKNOWN: "Not known",
    }
)
CONFIDENCE = MappingProxyType(
    {"verified": "verified", "partial": "partly verified", "recalled": "from memory"}
)
CODES = MappingProxyType(
    {
        "illegal-content": "Illegal content Codes",
        "children": "Protection of Children Code",
        "proposed": "Proposed",
        "act": "Online Safety Act",
    }
)
UNKNOWN = "Not known"
UNCHECKED_NUMBER = "A question mark stands behind a number that the register has not checked."


@dataclass(frozen=True)
class Basis:
    """One assessment on one day, with each thing the sections ask for worked out once."""

    assessment: Assessment
    as_of: date

    @cached_property
    def edition(self) -> Edition:
        return register().on(self.as_of)

    @cached_property
    def profile(self) -> Profile:
        return known(self.assessment, as_of=self.as_of)

    @cached_property
    def measures(self) -> tuple[Answer, ...]:
        return measures_for(self.profile, self.as_of)

    @cached_property
    def duties(self) -> tuple[Answer, ...]:
        """Duties in force that apply, or may."""
        answers = duties_for(self.profile, self.as_of)
        return tuple(a for a in answers if a.applies is not Applies.NO and _is_in_force(a))

    @cached_property
    def applying(self) -> tuple[Answer, ...]:
        """Measures in force that apply."""
        return tuple(a for a in self.measures if a.applies is Applies.YES and _is_in_force(a))

    @cached_property
    def unknown(self) -> tuple[Answer, ...]:
        """Measures in force of which it is not known whether they apply."""
        return tuple(a for a in self.measures if a.applies is Applies.UNKNOWN and _is_in_force(a))

    @cached_property
    def coming(self) -> tuple[Answer, ...]:
        """Measures that are proposed or before Parliament, and apply or may."""
        may = (a for a in self.measures if a.applies is not Applies.NO)
        return tuple(a for a in may if not _is_in_force(a))

    @cached_property
    def harms(self) -> tuple[Harm, ...]:
        """Illegal content first, then children's kinds unless a "no" to children is on record."""
        harms = self.edition.harms.values()
        illegal = tuple(h for h in harms if h.kind == "illegal")
        for_children = self.access.treated_as_likely
        return illegal + tuple(h for h in harms if h.kind == "children" and for_children)

    @cached_property
    def access(self) -> Access:
        return access_of(self.assessment, as_of=self.as_of)

    @cached_property
    def objections(self) -> tuple[Objection, ...]:
        """Where a level goes against a rule of Ofcom's, or of ours."""
        return objections(self.assessment, as_of=self.as_of)

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """Risk factors of the Risk Profiles that were found."""
        return tuple(f.id for f in factors_present(self.assessment, as_of=self.as_of))

    @cached_property
    def open_factors(self) -> tuple[str, ...]:
        """Risk factors that may be there: what is asked of them has no answer yet."""
        asked = {fact for question in self.open_questions for fact in question.facts}
        unknown = factors_unknown(self.assessment, as_of=self.as_of)
        return tuple(factor.id for factor in unknown if factor.id in asked)

    @cached_property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions that may matter here and whose answer is not known."""
        asked = questions_for(self.assessment, as_of=self.as_of)
        return tuple(question for question in asked if not self._is_known(question))

    def fact(self, fact: str) -> Truth:
        """Yes, no, or None for what is not known; a derived fact is worked out."""
        return self.edition.program.answer(Fact(fact), self.profile)

    def owner(self, control: Control) -> str:
        """Who looks after it. A task without a name beside it is left to who answers for all."""
        is_task = control.state is ControlState.TASK
        return control.owner.strip() or (self.assessment.people.responsible if is_task else "")

    def risk(self, harm: str) -> Risk:
        return self.assessment.risks.get(harm, Risk())

    def level(self, harm: str) -> str:
        """The level in words. That of CSEA is at least that of its highest sub-kind."""
        span = self.profile.risks.get(harm)
        if span is None:
            return UNKNOWN
        least, most = (LEVELS[end].capitalize() for end in span)
        if least == most:
            return least
        return UNKNOWN if span[0] == 0 else f"{least} or higher"

    def is_rated(self, harm: str) -> bool:
        """Whether the level is known, and can turn out no higher."""
        span = self.profile.risks.get(harm)
        return span is not None and span[0] == span[1]

    def controls_for(self, measure: str) -> tuple[Control, ...]:
        return tuple(c for c in self.assessment.controls if measure in c.measures)

    def controls_on(self, harm: str) -> tuple[Control, ...]:
        return tuple(c for c in self.assessment.controls if harm in c.harms)

    def evidence_on(self, harm: str) -> tuple[Evidence, ...]:
        named = self.risk(harm).evidence
        return tuple(e for e in self.assessment.evidence if e.id in named or harm in e.harms)

    def harm_or_factor(self, name: str) -> str:
        """A kind of harm or a risk factor as somebody would name it."""
        harm = self.edition.harms.get(name)
        return harm.short if harm else self.label(name)

    def label(self, fact: str) -> str:
        """A fact as somebody would name it."""
        entry = self.edition.register.facts.get(fact)
        return entry.label or capitalised(entry.yes) if entry else fact

    def _is_known(self, question: Question) -> bool:
        match question.kind:
            case "users":
                return self.assessment.service.users.most is not None
            case "surfaces":
                return self.fact("takedown_feasible") is not None
            case _:
                return all(self.fact(fact) is not None for fact in question.facts)


def how_sure(confidence: Confidence) -> str:
    """How sure the register is of an entry, in words."""
    return CONFIDENCE[confidence.level]


def named(provision: Provision) -> str:
    """The number of a measure, as people cite it."""
    return cited(provision.id)


def cited(measure: str) -> str:
    """The number of a measure from its id in the register."""
    code, unchecked, number = measure.partition("-UNVERIFIED-")
    return f"{code} {number}?" if unchecked else measure


def _is_in_force(answer: Answer) -> bool:
    return answer.standing is Standing.IN_FORCE
