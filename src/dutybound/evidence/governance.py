"""Governance tasks: who answers, what is written down, and when it is looked at again."""

from dutybound.evidence.documents import governance_task
from dutybound.evidence.governance_records import (
    ALL_TRAINED,
    BOARD_IS_TOLD,
    IS_AUDITED,
    ONE_ANSWERS,
    POLICE_REACH_US,
    follows_assessment,
    tried,
)
from dutybound.evidence.probe import Probe


def feature_task(name: str, *, measures: tuple[str, ...], asks: str, feature: str) -> Probe:
    """A task about something that runs on the service, where no record of ours sees it.

    It is written down how it works, and somebody else than its owner tried it lately.
    """
    test = f"{feature}_test"
    return governance_task(
        name, measures=measures, asks=asks, documents=(feature, test), also=tried(test)
    )


_WHO_ANSWERS = (
    governance_task(
        "board_review",
        measures=("ICU A1",),
        asks="Whether those in charge looked at the risk of illegal harm within a year.",
        documents=("board_minutes",),
        also=BOARD_IS_TOLD,
    ),
    governance_task(
        "board_review_children",
        measures=("PCU A1",),
        asks="Whether those in charge looked at the risk of harm to children within a year.",
        documents=("board_minutes_children",),
        also=BOARD_IS_TOLD,
    ),
    governance_task(
        "accountable_person",
        measures=("ICU A2", "PCU A2"),
        asks="Whether one named person answers for safety, in writing, and works here now.",
        documents=("accountable_person",),
        also=ONE_ANSWERS,
    ),
    governance_task(
        "responsibilities",
        measures=("ICU A3", "PCU A3"),
        asks="Whether each senior manager has their responsibilities in writing.",
        documents=("responsibilities",),
    ),
    governance_task(
        "internal_assurance",
        measures=("ICU A4", "PCU A4"),
        asks="Whether somebody independent checks that the measures keep working.",
        documents=("internal_assurance",),
        also=IS_AUDITED,
    ),
    governance_task(
        "harm_watch",
        measures=("ICU A5",),
        asks="Whether new and rising illegal harm is looked for each month.",
        documents=("harm_baseline", "harm_watch"),
    ),
    governance_task(
        "harm_watch_children",
        measures=("PCU A5",),
        asks="Whether new and rising harm to children is looked for each month.",
        documents=("harm_baseline_children", "harm_watch_children"),
    ),
    governance_task(
        "code_of_conduct",
        measures=("ICU A6", "PCU A6"),
        asks="Whether there is a code of conduct for everybody who works here.",
        documents=("code_of_conduct",),
    ),
    governance_task(
        "duties_training",
        measures=("ICU A7", "PCU A7"),
        asks="Whether everybody who works here is trained in how the duties are met.",
        documents=("duties_training",),
        also=ALL_TRAINED,
    ),
)

_MODERATION = (
    governance_task(
        "content_policies",
        measures=("ICU C3",),
        asks="Whether moderators have written rules that rest on the assessment.",
        documents=("content_policies",),
        also=follows_assessment("content_policies"),
    ),
    governance_task(
        "content_policies_children",
        measures=("PCU C3",),
        asks="Whether moderators have written rules about harm to children.",
        documents=("content_policies_children",),
        also=follows_assessment("content_policies_children"),
    ),
    governance_task(
        "crisis_protocol",
        measures=("ICU C15",),
        asks="Whether there is a protocol for a crisis that was tried or used within a year.",
        documents=("crisis_protocol", "crisis_exercise"),
    ),
    governance_task(
        "crisis_protocol_children",
        measures=("PCU C11",),
        asks="Whether there is a protocol for a crisis that brings harm to children.",
        documents=("crisis_protocol_children", "crisis_exercise"),
    ),
    governance_task(
        "police_channel",
        measures=("ICU C16",),
        asks="Whether the police have a channel of their own in a crisis.",
        documents=("police_channel",),
        also=POLICE_REACH_US,
    ),
)

_TERMS = (
    governance_task(
        "terms",
        measures=("ICU G1",),
        asks="Whether the terms of service say how people are protected from illegal content.",
        documents=("terms",),
    ),
    governance_task(
        "terms_children",
        measures=("PCU G1",),
        asks="Whether the terms of service say how children are protected.",
        documents=("terms_children",),
    ),
    governance_task(
        "terms_summary",
        measures=("ICU G2",),
        asks="Whether the terms sum up the newest illegal content risk assessment.",
        documents=("terms_summary",),
        also=follows_assessment("terms_summary"),
    ),
    governance_task(
        "terms_summary_children",
        measures=("PCU G2",),
        asks="Whether the terms sum up the newest children's risk assessment.",
        documents=("terms_summary_children",),
        also=follows_assessment("terms_summary_children"),
    ),
    governance_task(
        "support_materials",
        measures=("PCU-UNVERIFIED-F5",),
        asks="Whether there is material about the tools in words for each age.",
        documents=("support_materials",),
    ),
    governance_task(
        "labels",
        measures=("ICU J3",),
        asks="Whether labels of notable and paying users have rules, and are explained.",
        documents=("labels_policy", "labels_explained"),
    ),
    governance_task(
        "recommender_tests",
        measures=("ICU E1",),
        asks="Whether tests of the recommender measure safety, and are logged.",
        documents=("recommender_tests",),
    ),
)

_FEATURES = (
    feature_task(
        "age_checks",
        measures=("PCU B1", "PCU B2", "PCU B3", "PCU B4", "PCU B5", "PCU B6", "PCU B7"),
        asks="Whether it is written down how ages are checked, and somebody tried it.",
        feature="age_checks",
    ),
    feature_task(
        "recommender_children",
        measures=("PCU E1", "PCU E2"),
        asks="Whether recommendations to children are filtered, and somebody tried it.",
        feature="recommender_children",
    ),
    feature_task(
        "recommender_feedback",
        measures=("PCU E3",),
        asks="Whether children can turn down recommendations, and somebody tried it.",
        feature="recommender_feedback",
    ),
    feature_task(
        "child_defaults",
        measures=("ICU F1",),
        asks="Whether children have safety defaults, and somebody tried them.",
        feature="child_defaults",
    ),
    feature_task(
        "child_support",
        measures=("ICU F2",),
        asks="Whether children are told what helps them, and somebody tried it.",
        feature="child_support",
    ),
    feature_task(
        "signposts",
        measures=("PCU-UNVERIFIED-F2", "PCU-UNVERIFIED-F3"),
        asks="Whether children who post or search are pointed to help, and somebody tried it.",
        feature="signposts",
    ),
    feature_task(
        "child_tools",
        measures=("PCU-UNVERIFIED-F4",),
        asks="Whether children are told what their tools do, and somebody tried it.",
        feature="child_tools",
    ),
    feature_task(
        "blocking",
        measures=("ICU J1", "PCU-UNVERIFIED-J1"),
        asks="Whether people can block and mute, and somebody tried it.",
        feature="blocking",
    ),
    feature_task(
        "comments_off",
        measures=("ICU J2", "PCU-UNVERIFIED-J2"),
        asks="Whether people can switch off comments, and somebody tried it.",
        feature="comments_off",
    ),
    feature_task(
        "group_invitations",
        measures=("PCU-UNVERIFIED-J3",),
        asks="Whether children are asked before they are in a group chat, and somebody tried it.",
        feature="group_invitations",
    ),
)

GOVERNANCE: tuple[Probe, ...] = (*_WHO_ANSWERS, *_MODERATION, *_TERMS, *_FEATURES)
