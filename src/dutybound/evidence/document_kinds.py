"""The kinds of governance documents: what each is called, what stands in it, how long it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

A_YEAR = 366
HALF_A_YEAR = 183
A_MONTH_AND_A_HALF = 45


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """`covers`: what should stand in it. `days`: it is to be looked at again after so many."""

    id: str
    name: str
    covers: str
    days: int = A_YEAR


def _tried(id_: str, what: str) -> DocumentKind:
    """A record of a test; somebody else than the owner tries it and adds the record."""
    return DocumentKind(
        f"{id_}_test",
        f"Test of {what}",
        f"Who tried {what} on the service itself, on which day, how, and what they found. "
        "Somebody else than its owner does it and adds the record.",
        HALF_A_YEAR,
    )


_GOVERNANCE = (
    DocumentKind(
        "accountable_person",
        "Who answers for safety, in writing",
        "The one person who answers to those in charge for the safety duties and for the duties "
        "about reports and complaints; where children come, for theirs too.",
    ),
    DocumentKind(
        "board_minutes",
        "Minutes of the yearly review of illegal harm",
        "What those in charge reviewed and decided, with the day: the risks, what is left of "
        "them, and how new ones are watched.",
    ),
    DocumentKind(
        "board_minutes_children",
        "Minutes of the yearly review of harm to children",
        "The same review about content harmful to children. One set of minutes may be both.",
    ),
    DocumentKind(
        "responsibilities",
        "What each senior manager is responsible for",
        "One statement for each manager who decides about safety, so that nothing falls between "
        "them; where children come, about their protection too.",
    ),
    DocumentKind(
        "internal_assurance",
        "Who checks independently that measures work",
        "Who checks, what they look at and how often, to whom they report, and what they found "
        "last time.",
    ),
    DocumentKind(
        "harm_baseline",
        "What is usual, for each kind of illegal harm",
        "The usual amount of each kind, from which complaints, decisions, police and flaggers it "
        "is known, and what counts as an unusual rise.",
    ),
    DocumentKind(
        "harm_watch",
        "Monthly look at new and rising illegal harm",
        "What was compared with the usual this month, what is new or rises, and whom that was "
        "told.",
        A_MONTH_AND_A_HALF,
    ),
    DocumentKind(
        "harm_baseline_children",
        "What is usual, for each kind of harm to children",
        "The same for content harmful to children, non-designated content among it.",
    ),
    DocumentKind(
        "harm_watch_children",
        "Monthly look at new and rising harm to children",
        "The same for content harmful to children, non-designated content among it.",
        A_MONTH_AND_A_HALF,
    ),
    DocumentKind(
        "code_of_conduct",
        "Code of conduct",
        "What everybody who works here is expected to do for the safety of users, children among "
        "them, and how they are told of it.",
    ),
    DocumentKind(
        "duties_training",
        "What people are taught about the duties",
        "How the service meets its duties, as it is taught, and who needs to know it.",
    ),
)

_MODERATION = (
    DocumentKind(
        "content_policies",
        "Rules for moderators about illegal content",
        "What is allowed and what is not, and how the rules are applied and enforced; based on "
        "the risk assessment.",
    ),
    DocumentKind(
        "content_policies_children",
        "Rules for moderators about harm to children",
        "The same about content harmful to children.",
    ),
    DocumentKind(
        "moderator_materials",
        "Training material for moderators",
        "What moderators are taught about the rules and each kind of harm found here.",
    ),
    DocumentKind(
        "volunteer_materials",
        "Material for volunteer moderators",
        "The rules and examples that volunteers are given.",
    ),
    DocumentKind(
        "crisis_protocol",
        "Protocol for a crisis",
        "What counts as a crisis, who is in the response team, how soon it is there, and how the "
        "crisis is looked back at.",
    ),
    DocumentKind(
        "crisis_exercise",
        "Exercise of the crisis protocol",
        "When the protocol was tried or used, which decisions were taken, and whether it worked.",
    ),
    DocumentKind(
        "crisis_protocol_children",
        "Protocol for a crisis that brings harm to children",
        "The same for a rise of content harmful to children. One protocol may be both.",
    ),
    DocumentKind(
        "police_channel",
        "How the police reach the service in a crisis",
        "The channel, who answers it and how soon, and who was told of it.",
    ),
)

_TERMS = (
    DocumentKind(
        "terms",
        "Terms of service",
        "How people are protected from illegal content, with terrorism, child sexual abuse and "
        "other priority offences apart; swift take-down; intimate images within 48 hours; which "
        "proactive technology is used; how complaints are handled.",
    ),
    DocumentKind(
        "terms_accessibility",
        "How it was checked that all can find and use the terms",
        "Who tried to find and read the terms without signing in, by keyboard and with a screen "
        "reader, on which day, and what they found.",
    ),
    DocumentKind(
        "terms_children",
        "Terms of service, about children",
        "How children are kept from each kind of primary priority content and protected from "
        "other kinds; how ages are checked; how complaints are handled.",
    ),
    DocumentKind(
        "terms_summary",
        "Summary of the illegal content risk assessment, in the terms",
        "The levels of risk, and the nature and severity of harm, as the newest assessment has "
        "them.",
    ),
    DocumentKind(
        "terms_summary_children",
        "Summary of the children's risk assessment, in the terms",
        "What the newest children's risk assessment found.",
    ),
)

_FEATURES = (
    DocumentKind(
        "recommender_tests",
        "Log of tests of the recommender",
        "Each test of a change: the safety metrics, whether people met more illegal content, and "
        "what was decided.",
        HALF_A_YEAR,
    ),
    DocumentKind(
        "age_checks",
        "How ages are checked",
        "The method, how accurate, robust, reliable and fair it is and how that is known, what "
        "is done about ways round it, and who it keeps from what.",
    ),
    _tried("age_checks", "the age checks"),
    DocumentKind(
        "recommender_children",
        "How recommendations to children are filtered",
        "How content that is likely harmful is kept out of children's feeds or made less "
        "prominent.",
    ),
    _tried("recommender_children", "what is recommended to children"),
    DocumentKind(
        "recommender_feedback",
        "How children turn down recommendations",
        "Where a child says that they want no more of something, and what that changes.",
    ),
    _tried("recommender_feedback", "how children turn down recommendations"),
    DocumentKind(
        "child_defaults",
        "Safety defaults for children",
        "What is off for a child from the start: suggestions, lists of connections, messages from "
        "strangers, location.",
    ),
    _tried("child_defaults", "the safety defaults for children"),
    DocumentKind(
        "child_support",
        "What children are told, and when",
        "The words a child sees on leaving a default, on a request to connect, on a first message "
        "and on blocking or reporting.",
    ),
    _tried("child_support", "what children are told"),
    DocumentKind(
        "signposts",
        "Where children are pointed to for help",
        "Which help is shown, on which report, post or search.",
    ),
    _tried("signposts", "where children are pointed to for help"),
    DocumentKind(
        "child_tools",
        "What children are told about blocking, muting and restricting",
        "The words a child sees about the effect, and about what else they can do.",
    ),
    _tried("child_tools", "what children are told about their tools"),
    DocumentKind(
        "support_materials",
        "Material about the tools, for children and carers",
        "How the tools work, in words for each age.",
    ),
    DocumentKind(
        "blocking",
        "How blocking and muting work",
        "How anybody blocks or mutes an account, and all whom they are not connected to, and what "
        "each side still sees.",
    ),
    _tried("blocking", "blocking and muting"),
    DocumentKind(
        "comments_off",
        "How comments are switched off",
        "How a person switches off comments on what they post.",
    ),
    _tried("comments_off", "switching off comments"),
    DocumentKind(
        "group_invitations",
        "How children are asked into group chats",
        "How a child accepts or declines before they are added.",
    ),
    _tried("group_invitations", "how children are asked into group chats"),
    DocumentKind(
        "labels_policy",
        "Rules for labels of notable and paying users",
        "How identity is checked for each label, and what is done about impersonation.",
    ),
    DocumentKind(
        "labels_explained",
        "What labels of users mean, as published",
        "What each label means and how it is got; paid and verified ones apart.",
    ),
)

DOCUMENT_KINDS: Mapping[str, DocumentKind] = MappingProxyType(
    {kind.id: kind for kind in (*_GOVERNANCE, *_MODERATION, *_TERMS, *_FEATURES)}
)
"""Every kind, by id."""
