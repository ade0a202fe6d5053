"""What people come with: each kind of report, complaint and appeal, and what it asks of us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Group(StrEnum):
    REPORT = "report"
    """A person tells us about content (s.20, s.20A)."""
    COMPLAINT = "complaint"
    """A person objects to how the provider acts (s.21)."""
    APPEAL = "appeal"
    """A complaint by the person whom a decision touched (s.21(4)(c), (d))."""


class Kind(StrEnum):
    ILLEGAL_CONTENT = "illegal_content"
    """Also where the person does not know what kind it is: the stricter path is the safe one."""
    HARMFUL_TO_CHILDREN = "harmful_to_children"
    INTIMATE_IMAGE = "intimate_image"
    EXPEDITED = "expedited"
    DUTIES = "duties"
    APPEAL_ITEM = "appeal_item"
    APPEAL_ACCOUNT = "appeal_account"
    PROACTIVE_TECHNOLOGY = "proactive_technology"
    AGE = "age"
    CATEGORY_1_TERMS = "category_1_terms"
    CATEGORY_1_NEWS = "category_1_news"
    CATEGORY_1_JOURNALISTIC = "category_1_journalistic"
    CATEGORY_1_DEMOCRATIC = "category_1_democratic"


class Outcome(StrEnum):
    """What became of it. Told to the person once, in words of its own."""

    ACTED = "acted"
    """Something was taken down, restricted, labelled or put right."""
    PARTLY = "partly"
    """Of several items, some."""
    NO_ACTION = "no_action"
    REFUSED = "refused"
    """An intimate image report, on one of the two lawful grounds."""
    OVERTURNED = "overturned"
    """An appeal or complaint that was right."""
    UPHELD = "upheld"
    """An appeal or complaint against a decision that stays."""
    NOT_OURS = "not_ours"
    """It is about something that is not on this service."""
    UNFOUNDED = "unfounded"
    """Disregarded under a recorded policy (ICU D13, PCU D14)."""
    WITHDRAWN = "withdrawn"


PUT_RIGHT = frozenset({Outcome.ACTED, Outcome.PARTLY, Outcome.OVERTURNED})
"""Outcomes by which something was done for whoever told us."""


class RefusalGround(StrEnum):
    """The only two grounds on which an intimate image report may be refused (s.20A)."""

    NOT_INTIMATE = "not_intimate"
    NOT_SUBJECT_OR_AGENT = "not_subject_or_agent"


@dataclass(frozen=True, slots=True)
class Target:
    """How soon it should be decided. Where it is `working`, only working days count."""

    within: timedelta
    working: bool = False


BY_SEVERITY: Mapping[int, Target] = MappingProxyType(
    {
        5: Target(timedelta(hours=4)),
        4: Target(timedelta(hours=24)),
        3: Target(timedelta(days=3)),
        2: Target(timedelta(days=7)),
        1: Target(timedelta(days=14)),
    }
)
"""Our own targets for a report, by how grave the harm is. No Code sets them."""


@dataclass(frozen=True, slots=True)
class KindOf:
    """One kind: whose it is in the Act, who answers it, and how soon."""

    kind: Kind
    group: Group
    section: str
    """Where the Act or a Code asks for it."""
    name: str
    owner: str
    """Who answers it where the service named nobody: a role's value."""
    target: Target | None
    """None: by severity of the harm (BY_SEVERITY)."""
    is_statutory: bool = False
    """The target is a limit of the Act: no service may set a longer one, and no pause stops it."""
    for_children_only: bool = False
    """Only where the service is likely to be accessed by children."""
    category_1_only: bool = False
    measures: tuple[str, ...] = field(default=())
    """Measures of the Codes about it, by their ids in the register."""


_ALL = (
    KindOf(
        Kind.ILLEGAL_CONTENT, Group.REPORT, "s.20(2), s.21(4)(a)", "Content that may be illegal",
        "moderator", None, measures=("ICU C1", "ICU C2", "ICU D1", "ICU D2", "ICU D7"),
    ),
    KindOf(
        Kind.HARMFUL_TO_CHILDREN, Group.REPORT, "s.20(3), s.21(5)(a)",
        "Content that is harmful to children", "moderator", None, for_children_only=True,
        measures=("PCU C1", "PCU C2", "PCU D1", "PCU D2", "PCU D7"),
    ),
    KindOf(
        Kind.INTIMATE_IMAGE, Group.REPORT, "s.20A", "An intimate image shared without consent",
        "senior_moderator", Target(timedelta(hours=48)), is_statutory=True,
    ),
    KindOf(
        Kind.EXPEDITED, Group.COMPLAINT, "s.21(2A)", "Complaint about an intimate image report",
        "senior_moderator", Target(timedelta(hours=24)),
    ),
    KindOf(
        Kind.DUTIES, Group.COMPLAINT, "s.21(4)(b), (c)", "The service does not meet its duties",
        "accountable_person", Target(timedelta(days=20), working=True),
        measures=("ICU D12", "PCU D13"),
    ),
    KindOf(
        Kind.APPEAL_ITEM, Group.APPEAL, "s.21(4)(d)", "Appeal about something taken down",
        "senior_moderator", Target(timedelta(days=7)),
        measures=("ICU D8", "ICU D9", "ICU D10", "PCU D8", "PCU D9", "PCU D10"),
    ),
    KindOf(
        Kind.APPEAL_ACCOUNT, Group.APPEAL, "s.21(4)(e)", "Appeal about an account",
        "senior_moderator", Target(timedelta(days=7)),
        measures=("ICU D8", "ICU D9", "ICU D10", "PCU D8", "PCU D9", "PCU D10"),
    ),
    KindOf(
        Kind.PROACTIVE_TECHNOLOGY, Group.COMPLAINT, "s.21(4)(f)",
        "Automatic checks used against the terms", "accountable_person",
        Target(timedelta(days=20), working=True), measures=("ICU D11",),
    ),
    KindOf(
        Kind.AGE, Group.COMPLAINT, "s.21(5)(e)", "Age was judged wrongly", "accountable_person",
        Target(timedelta(days=7)), for_children_only=True, measures=("PCU D11", "PCU D12"),
    ),
    KindOf(
        Kind.CATEGORY_1_TERMS, Group.COMPLAINT, "s.72(6)", "The terms were not kept to",
        "accountable_person", Target(timedelta(days=20), working=True), category_1_only=True,
    ),
    KindOf(
        Kind.CATEGORY_1_NEWS, Group.COMPLAINT, "s.18", "News publisher content",
        "accountable_person", Target(timedelta(days=20), working=True), category_1_only=True,
    ),
    KindOf(
        Kind.CATEGORY_1_JOURNALISTIC, Group.COMPLAINT, "s.19", "Journalistic content",
        "accountable_person", Target(timedelta(days=2)), category_1_only=True,
    ),
    KindOf(
        Kind.CATEGORY_1_DEMOCRATIC, Group.COMPLAINT, "s.17", "Content of democratic importance",
        "accountable_person", Target(timedelta(days=20), working=True), category_1_only=True,
    ),
)  # fmt: skip
KINDS: Mapping[Kind, KindOf] = MappingProxyType({one.kind: one for one in _ALL})


def offered(*, likely_accessed_by_children: bool, category_1: bool) -> tuple[KindOf, ...]:
    """The kinds a service of that sort offers, in the order in which they are listed."""
    return tuple(
        one
        for one in _ALL
        if (likely_accessed_by_children or not one.for_children_only)
        and (category_1 or not one.category_1_only)
    )
