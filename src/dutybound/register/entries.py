"""What the register is made of. Every entry says how sure we are of it, and where it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dutybound.register.conditions import Condition
from dutybound.register.loading import Place


class Standing(StrEnum):
    """What an entry is on a day."""

    PROPOSED = "proposed"
    LAID = "laid"  # before Parliament, or further on, but not known to be in force
    ISSUED = "issued"
    IN_FORCE = "in force"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Dates:
    """When an entry was proposed, laid before Parliament, issued, in force, and replaced.

    A day in `recalled` is from memory. `until` is the first day on which it no longer holds.
    """

    proposed: date | None = None
    submitted: date | None = None
    laid: date | None = None
    issued: date | None = None
    in_force: date | None = None
    until: date | None = None
    recalled: tuple[str, ...] = ()

    def standing(self, as_of: date) -> Standing | None:
        """What it is on that day; None before anybody had proposed it."""
        for day, standing in (
            (self.until, Standing.REPLACED),
            (self.in_force, Standing.IN_FORCE),
            (self.issued, Standing.ISSUED),
            (self.laid, Standing.LAID),
            (self.submitted, Standing.LAID),
            (self.proposed, Standing.PROPOSED),
        ):
            if day is not None and day <= as_of:
                return standing
        return None


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure the register is: `verified`, `partial` (then `verified` names the parts that are),
    or `recalled` from memory; `sources` are keys of `Register.sources`.
    """

    level: str
    verified: tuple[str, ...] = ()
    recalled: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provision:
    """A duty of the Act, or a measure that a Code recommends, in one of its versions.

    `code`: act, illegal-content, children or proposed. `idle_when`: it applies then and has
    nothing to act on. `permissive`: a provider may decline it. `duties`: the sections it serves.
    `serves`: which of the illegal content Codes it is in.
    """

    id: str
    code: str
    part: str
    title: str
    official_title: str
    section: str
    applies_when: Condition
    applies_plain: str
    idle_when: Condition | None
    permissive: bool
    requires: tuple[str, ...]
    duties: tuple[str, ...]
    serves: tuple[str, ...]
    confidence: Confidence
    dates: Dates
    notes: tuple[str, ...]
    pending_change: str
    official_id_guess: str
    place: Place

    @property
    def is_duty(self) -> bool:
        """Whether it is a duty of the Act, and no recommendation."""
        return self.code == "act"


@dataclass(frozen=True, slots=True)
class Harm:
    """One kind of harm, in one of its versions.

    `kind`: illegal or children. `tier`: priority or other; primary_priority, priority or
    non_designated. `part_of`: the kind it is a sub-kind of. `short`: its name in a sentence.
    `restricted` harms are shown only to staff with that role. `factors`: risk factors linked with
    it, each with how sure that is.
    """

    id: str
    number: str
    name: str
    short: str
    kind: str
    tier: str
    part_of: str
    restricted: bool
    schedule: str
    offences: tuple[str, ...]
    factors: tuple[tuple[str, str], ...]
    confidence_detail: Confidence
    dates: Dates
    notes: tuple[str, ...]
    place: Place

    @property
    def confidence(self) -> str:
        """How sure the register is of the law behind it."""
        return self.confidence_detail.level


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A yes-or-no fact of a service, and how each answer is said after "because".

    `question` is empty for a fact that is `derived` from others where nobody states it.
    `needs`: what must not be false while this is true.
    """

    id: str
    question: str
    label: str
    yes: str
    no: str
    derived: Condition | None
    needs: Condition | None
    place: Place


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked. `kind`: yes_no, any_of, users or surfaces; `when`: else not asked."""

    id: str
    kind: str
    group: str
    ask: str
    why: str
    example: str
    when: Condition | None
    facts: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class NamedCondition:
    """A condition with a name, such as "large", and how each answer to it is said."""

    id: str
    holds_when: Condition
    yes: str
    no: str
    rests_on: str
    place: Place


@dataclass(frozen=True, slots=True)
class FactorLink:
    """Kinds of harm linked with a risk factor, as one edition of the Risk Profiles was seen.

    `complete` is false where more kinds may be linked. `seen_in` names the record.
    """

    edition: str
    harms: tuple[str, ...]
    complete: bool
    seen_in: str


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """An answer to Ofcom's Risk Profile questionnaire; links in order of use."""

    id: str
    question: str
    ask: str
    links: tuple[FactorLink, ...]


@dataclass(frozen=True, slots=True)
class ScopeTest:
    """A question that a service must answer with yes to be regulated."""

    id: str
    section: str
    ask: str
    why: str
    example: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A paragraph of Schedule 1 by which a service, or a part of one, is not regulated."""

    id: str
    title: str
    paragraph: str
    ask: str
    why: str
    example: str
    confidence: str


@dataclass(frozen=True, slots=True)
class CodeGap:
    """Something that civil society says the Codes lack, and what software can do about it.

    `said_by`: keys of `Register.sources`. `harms`, `factors`, `measures`: what it bears on;
    `everyone`: it bears on every service.
    """

    id: str
    number: int
    title: str
    said_by: tuple[str, ...]
    since: str
    suggestion: str
    harms: tuple[str, ...]
    factors: tuple[str, ...]
    measures: tuple[str, ...]
    everyone: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Retention:
    """How long something that proves something is kept, counted from one moment.

    `days_before`: it reaches that many days back from there. `duties`: those that ask for it;
    none where the period is our own choice.
    """

    id: str
    title: str
    keeps: str
    years: int
    days_before: int
    begins: str
    duties: tuple[str, ...]
    section: str
    dates: Dates
    confidence: Confidence
    place: Place

    def until(self, begun: datetime) -> datetime:
        """The moment until which it is kept: the same day, that many years on."""
        try:
            return begun.replace(year=begun.year + self.years)
        except ValueError:
            # Begun on a leap day: kept a day longer, never a day less.
            return begun.replace(year=begun.year + self.years, month=3, day=1)
