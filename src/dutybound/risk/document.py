"""The assessment of one service as a document: what was answered, judged and decided, and by whom.

It is what is saved, exported, compared and approved. All of it may be missing: an unfinished
assessment is one too. What the law says of it (which measures apply, what is left) is computed.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)

Level = Literal["negligible", "low", "medium", "high"]
Chance = Literal["low", "medium", "high"]


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("expected text without the character NUL, which no database can keep")
    return text


Text = Annotated[str, Field(max_length=20_000), AfterValidator(_without_nul)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_without_nul)]
Count = Annotated[int, Field(ge=0, le=10**12)]
"""How many there are. Canonical JSON could hold no number beyond 2**53."""


def _unknown_is_none(value: object) -> object:
    return None if value == "unknown" else value


Known = Annotated[StrictBool | None, BeforeValidator(_unknown_is_none)]
"""Yes, no, or None for somebody who answered "I don't know"; TOML writes it "unknown"."""


class Part(BaseModel):
    """A part of the document: frozen, and no other keys than those it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Users(Part):
    """Monthly UK users, from the least to the most they can be, and how they were counted."""

    least: Count = 0
    most: Count | None = None
    counted: Text = ""

    @model_validator(mode="after")
    def _least_is_no_more_than_most(self) -> Self:
        if self.most is not None and self.least > self.most:
            raise ValueError(f"least ({self.least:,}) is more than most ({self.most:,})")
        return self


USER_BANDS: dict[str, tuple[int, int | None]] = {
    "under 700,000": (0, 699_999),
    # The Codes say "more than 700,000". Whoever stands on the line is counted as above it.
    "700,000 to 7 million": (700_001, 7_000_000),
    "over 7 million": (7_000_001, None),
}
"""Monthly UK users as bands, for those who have no closer figure."""


def _users(value: object) -> object:
    if isinstance(value, str) and value in USER_BANDS:
        least, most = USER_BANDS[value]
        return {"least": least, "most": most, "counted": value}
    if isinstance(value, str) and value != "unknown":
        bands = ", ".join(f'"{band}"' for band in USER_BANDS)
        raise ValueError(f"expected a number, one of {bands}, or a table with least and most")
    if value == "unknown":
        return {"counted": "unknown"}
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return {"least": value, "most": value} if is_number else value


class Infeasible(Part):
    """A claim that content cannot be taken down somewhere. It holds until the day it expires."""

    reason: Text
    owner: Line
    decided_on: date
    expires_on: date
    instead: Text = ""


class Surface(Part):
    """A part of the service that shows what users post, such as posts, or private messages."""

    name: Line
    takedown_feasible: Known = None
    claim: Infeasible | None = None


class Service(Part):
    """The service, in words of those who run it."""

    name: Line = ""
    provider: Line = ""
    address: Line = ""
    description: Text = ""
    users: Annotated[Users, BeforeValidator(_users)] = Users()
    surfaces: tuple[Surface, ...] = ()


class Exemption(Part):
    """What somebody answered about one exemption of Schedule 1, and why."""

    covers: Literal["all", "part", "none", "unknown"]
    reason: Text = ""


class Scope(Part):
    """Whether this is a regulated user-to-user service. Doubt counts as in scope."""

    user_to_user: Known = None
    uk_links: Known = None
    exemptions: dict[str, Exemption] = {}
    reason: Text = ""


class Risk(Part):
    """The risk of one kind of harm. Without a level it is unknown, and never low.

    `structural`: why it is not possible by means of the service; only that makes a risk
    negligible. `argued`: why it is low all the same, though it was seen on the service.
    `evidence`: ids of `Evidence`. `by_age`: levels for children's age groups.
    """

    level: Level | None = None
    likelihood: Chance | None = None
    impact: Chance | None = None
    reasons: Text = ""
    structural: Text = ""
    argued: Text = ""
    is_inconclusive: bool = False
    evidence: tuple[Line, ...] = ()
    by_age: dict[str, Level] = {}


def _level_alone(value: object) -> object:
    return {"level": _unknown_is_none(value)} if isinstance(value, str) else value


class EvidenceKind(StrEnum):
    """Core inputs, which are expected of everyone, and enhanced ones."""

    RISK_PROFILES = "risk_profiles"
    COMPLAINTS = "complaints"
    USER_DATA = "user_data"
    INCIDENTS = "incidents"
    OTHER_HELD = "other_held"
    TESTING = "testing"
    MODERATION = "moderation"
    EXPERTS = "experts"
    AUDITS = "audits"
    USER_RESEARCH = "user_research"
    ENGAGEMENT = "engagement"
    OUTSIDE = "outside"


class Evidence(Part):
    """Something the assessment rests on. `count`: how many were seen; None if it counts nothing.

    `shows_harm`: it shows that these harms happen on the service.
    """

    id: Line
    kind: EvidenceKind
    text: Text
    source: Line = ""
    dated: date | None = None
    count: Count | None = None
    harms: tuple[Line, ...] = ()
    shows_harm: bool = False


class ControlState(StrEnum):
    """What stands behind a measure here."""

    IN_PLACE = "in_place"
    TASK = "task"
    ALTERNATIVE = "alternative"
    REFUSED = "refused"
    IDLE = "idle"  # the measure applies, and has nothing to act on
    DECLINED = "declined"  # a measure that a provider may decline, such as ICU D13
    UNKNOWN = "unknown"


class AlternativeRecord(Part):
    """What s.23(4) and s.49(5) ask to be recorded where something else is done."""

    done_instead: Text
    how_it_complies: Text
    expression_and_privacy: Text


class Refusal(Part):
    """Why a measure is not taken, with what that means for those it would protect."""

    reason: Text
    severity: Text
    who_is_affected: Text
    expression_and_privacy: Text


class Control(Part):
    """What this service does about a measure or a risk, or will do.

    `measures`: ids of the register. `harms`, `factors`: what it mitigates. `where`: a link to where
    it runs. `shown_to_work`: evidence that it works, in words or ids of `Evidence`.
    """

    id: Line
    title: Line
    state: ControlState
    measures: tuple[Line, ...] = ()
    harms: tuple[Line, ...] = ()
    factors: tuple[Line, ...] = ()
    description: Text = ""
    where: Line = ""
    owner: Line = ""
    due: date | None = None
    since: date | None = None
    alternative: AlternativeRecord | None = None
    refusal: Refusal | None = None
    shown_to_work: Text = ""
    built_in: bool = False


class Acceptance(Part):
    """A risk that is left, accepted by a named person until a day."""

    harm_or_factor: Line
    accepted_by: Line
    reason: Text
    review_on: date


class People(Part):
    """Who did it, who answers for it, who approved it, and where it was reported."""

    completed_by: Line = ""
    responsible: Line = ""
    approved_by: Line = ""
    reported_to: Line = ""


class Days(Part):
    """When it was completed, changed, approved and reported, and when it is looked at again."""

    completed: date | None = None
    updated: date | None = None
    approved: date | None = None
    reported: date | None = None
    next_review: date | None = None


class Assessment(Part):
    """The whole document. `facts`: answers by id, None for "I don't know"; what is not there was
    not asked. `reasons`: why a fact is as it is, by id. `law_as_of`: the day of the register.
    """

    service: Service = Service()
    scope: Scope = Scope()
    facts: dict[str, Known] = {}
    reasons: dict[str, Text] = {}
    risks: dict[str, Annotated[Risk, BeforeValidator(_level_alone)]] = {}
    evidence: tuple[Evidence, ...] = ()
    controls: tuple[Control, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    characteristics: tuple[Text, ...] = ()
    people: People = People()
    days: Days = Days()
    law_as_of: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The document as it is stored and exported; what was never filled in is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)
