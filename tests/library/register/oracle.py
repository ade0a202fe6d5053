"""What applies to a service, written by hand from the words of each entry: no condition is read.

Each entry of the register has a line here, as a sentence in Python over a service of which all is
known. `kinds` are the kinds of harm that exist on the day.
"""

from collections.abc import Callable, Collection

from tests.library.register.services import CHILDREN, HIGH, ILLEGAL, MEDIUM, SUB_KINDS, Service


class Asked:
    """A service, and the kinds of harm there are on the day that is asked about."""

    def __init__(self, service: Service, kinds: frozenset[str]) -> None:
        self.service = service
        levels = {kind: level for kind, level in service.levels.items() if kind in kinds}
        levels["csea"] = max(service.levels[kind] for kind in ("csea", *SUB_KINDS))
        self.at = [{kind for kind, level in levels.items() if level >= least} for least in range(4)]
        self.worked_out: dict[str, bool] = {}

    def has(self, fact: str) -> bool:
        stated = self.service.facts.get(fact)
        if stated is not None:
            return stated
        if fact not in self.worked_out:
            self.worked_out[fact] = WORKED_OUT[fact](self)
        return self.worked_out[fact]

    def more_than(self, users: int) -> bool:
        return self.service.users > users

    def count(self, level: int, kinds: Collection[str]) -> int:
        return len(self.at[level].intersection(kinds))

    def medium(self, *kinds: str) -> bool:
        return not self.at[MEDIUM].isdisjoint(kinds)

    def high(self, *kinds: str) -> bool:
        return not self.at[HIGH].isdisjoint(kinds)


Says = Callable[[Asked], bool]

PRIMARY = ("pornography", "suicide", "self_harm", "eating_disorder")
PRIORITY = (
    "abuse", "hate_content", "bullying", "violence_instructions", "violence_people",
    "violence_animals", "harmful_substances", "dangerous_stunts",
)  # fmt: skip
TABLE_C = frozenset(ILLEGAL) - {*SUB_KINDS, "other_illegal"}
ANY_ILLEGAL = frozenset(ILLEGAL) - {"other_illegal"}
CRISIS = ("terrorism", "hate", "harassment", "foreign_interference")
TARGETS = ("csea_image_csam", "csea_grooming", "fraud", "suicide_self_harm")
SUPPORT = ("suicide", "self_harm", "eating_disorder", "bullying")


def everyone(_: Asked) -> bool:
    return True


def large(s: Asked) -> bool:
    return s.more_than(7_000_000)


def more_than_700_000(s: Asked) -> bool:
    return s.more_than(700_000)


def multi_risk(s: Asked) -> bool:
    return s.count(MEDIUM, TABLE_C) >= 2


def large_or_multi_risk(s: Asked) -> bool:
    return large(s) or multi_risk(s)


def large_or_any_risk(s: Asked) -> bool:
    return large(s) or s.medium(*ANY_ILLEGAL)


def children(s: Asked) -> bool:
    return s.has("likely_accessed_by_children")


def child_multi_risk(s: Asked) -> bool:
    return s.count(MEDIUM, CHILDREN) >= 2


def children_and_large_or_multi_risk(s: Asked) -> bool:
    return children(s) and (large(s) or child_multi_risk(s))


def children_and_neither(s: Asked) -> bool:
    return children(s) and not large(s) and not child_multi_risk(s)


def children_and_large_or_any_risk(s: Asked) -> bool:
    return children(s) and (large(s) or s.medium(*CHILDREN))


def categorised(s: Asked) -> bool:
    return s.has("category_1") or s.has("category_2a") or s.has("category_2b")


def grooming_risk(s: Asked) -> bool:
    return s.high("csea_grooming") or (large(s) and s.medium("csea_grooming"))


def hash_matching(s: Asked, harm: str, *, other: bool = False) -> bool:
    in_reach = other or more_than_700_000(s) or s.has("file_storage_sharing")
    at_risk = (s.high(harm) and in_reach) or (large(s) and s.medium(harm))
    return s.has("posting_images_videos") and at_risk


def icu_f1(s: Asked) -> bool:
    functions = (
        "network_recommender", "connection_lists_visible", "direct_messaging",
        "automated_location_display",
    )  # fmt: skip
    return s.has("determines_age") and any(map(s.has, functions)) and grooming_risk(s)


def icu_e1(s: Asked) -> bool:
    listed = (
        "terrorism", "csea_image_csam", "csea_csam_urls", "suicide_self_harm", "hate",
        "harassment", "drugs", "extreme_porn", "iia", "foreign_interference",
    )  # fmt: skip
    tests = s.has("content_recommender") and s.has("recommender_tests")
    return tests and s.count(MEDIUM, listed) >= 2


def icu_j1(s: Asked) -> bool:
    functions = ("user_connections", "posting_content", "user_communication")
    at_risk = s.medium(
        "csea_grooming", "suicide_self_harm", "hate", "harassment", "ccb", "cyberflashing"
    )
    return large(s) and s.has("user_profiles") and any(map(s.has, functions)) and at_risk


def cannot_take_down_all(s: Asked) -> bool:
    return not s.has("takedown_feasible")


def pcu_b4(s: Asked) -> bool:
    allowed = not s.has("terms_prohibit_all_ppc")
    other_kind = not s.has("principal_purpose_ppc")
    return children(s) and other_kind and (allowed or cannot_take_down_all(s))


def pcu_b5(s: Asked) -> bool:
    allowed = not s.has("terms_prohibit_risky_pc")
    other_kind = not s.has("principal_purpose_pc") and s.medium(*PRIORITY)
    return children(s) and other_kind and (allowed or cannot_take_down_all(s))


def pcu_j1(s: Asked) -> bool:
    kinds = ("bullying", "abuse", "hate_content", "violence_instructions", "violence_people")
    return (
        children(s) and s.has("user_profiles") and more_than_700_000(s) and s.medium(*kinds)
    )  # large services have more than 700,000 users


def pcu_j3(s: Asked) -> bool:
    kinds = (
        "pornography", "eating_disorder", "bullying", "abuse", "hate_content", "violence_people",
    )  # fmt: skip
    return children(s) and s.has("group_messaging") and s.medium(*kinds)


def recommends(s: Asked, *kinds: str) -> bool:
    return children(s) and s.has("content_recommender") and s.medium(*kinds)


def new_technology(s: Asked) -> bool:
    return (
        (large(s) and s.medium(*TARGETS))
        or (more_than_700_000(s) and s.high(*TARGETS))
        or (s.has("file_storage_sharing") and s.high("csea_image_csam"))
    )


MEASURES: dict[str, Says] = {
    "ICU A1": large,
    "ICU A2": everyone,
    "ICU A3": large_or_multi_risk,
    "ICU A4": lambda s: large(s) and multi_risk(s),
    "ICU A5": large_or_multi_risk,
    "ICU A6": large_or_multi_risk,
    "ICU A7": large_or_multi_risk,
    "ICU C1": everyone,
    "ICU C2": everyone,
    "ICU C3": large_or_multi_risk,
    "ICU C4": large_or_multi_risk,
    "ICU C5": large_or_multi_risk,
    "ICU C6": large_or_multi_risk,
    "ICU C7": large_or_multi_risk,
    "ICU C8": large_or_multi_risk,
    "ICU C9": lambda s: hash_matching(s, "csea_image_csam"),
    "ICU C10": lambda s: (
        s.has("posting_text_or_links")
        and (
            (large(s) and s.medium("csea_csam_urls"))
            or (more_than_700_000(s) and s.high("csea_csam_urls"))
        )
    ),
    "ICU C14": lambda s: hash_matching(s, "iia", other=s.has("principal_purpose_porn")),
    "ICU C15": lambda s: (large(s) and s.medium(*CRISIS)) or s.high(*CRISIS),
    "ICU C16": lambda s: large(s) and s.medium(*CRISIS),
    "ICU D1": everyone,
    "ICU D2": everyone,
    "ICU D3": lambda s: children(s) and large_or_any_risk(s),
    "ICU D4": large_or_any_risk,
    "ICU D5": lambda s: children(s) and large_or_any_risk(s),
    "ICU D6": large_or_any_risk,
    "ICU D7": everyone,
    "ICU D8": large_or_multi_risk,
    "ICU D9": lambda s: not large(s) and not multi_risk(s),
    "ICU D10": everyone,
    "ICU D11": everyone,
    "ICU D12": everyone,
    "ICU D13": everyone,
    "ICU D14": lambda s: large(s) and s.medium("fraud"),
    "ICU E1": icu_e1,
    "ICU F1": icu_f1,
    "ICU F2": lambda s: s.has("determines_age") and grooming_risk(s),
    "ICU G1": everyone,
    "ICU G2": lambda s: s.has("category_1"),
    "ICU G3": everyone,
    "ICU H1": everyone,
    "ICU J1": icu_j1,
    "ICU J2": lambda s: (
        large(s)
        and s.has("commenting")
        and s.medium("csea_grooming", "suicide_self_harm", "hate", "harassment")
    ),
    "ICU J3": lambda s: (
        large(s) and s.has("labelling_scheme") and s.medium("fraud", "foreign_interference")
    ),
    "PCU A1": lambda s: children(s) and large(s),
    "PCU A2": children,
    "PCU A3": children_and_large_or_multi_risk,
    "PCU A4": lambda s: children(s) and large(s) and child_multi_risk(s),
    "PCU A5": children_and_large_or_multi_risk,
    "PCU A6": children_and_large_or_multi_risk,
    "PCU A7": children_and_large_or_multi_risk,
    "PCU B1": lambda s: children(s) and s.has("highly_effective_age_assurance"),
    "PCU B2": lambda s: children(s) and s.has("principal_purpose_ppc"),
    "PCU B3": lambda s: children(s) and s.has("principal_purpose_pc"),
    "PCU B4": pcu_b4,
    "PCU B5": pcu_b5,
    "PCU B6": lambda s: recommends(s, *PRIMARY),
    "PCU B7": lambda s: recommends(s, *PRIORITY),
    "PCU C1": children,
    "PCU C2": children,
    "PCU C3": children_and_large_or_multi_risk,
    "PCU C4": children_and_large_or_multi_risk,
    "PCU C5": children_and_large_or_multi_risk,
    "PCU C6": children_and_large_or_multi_risk,
    "PCU C7": children_and_large_or_multi_risk,
    "PCU C8": children_and_large_or_multi_risk,
    "PCU C11": lambda s: children(s) and ((large(s) and s.medium(*CHILDREN)) or s.high(*CHILDREN)),
    "PCU D1": children,
    "PCU D2": children,
    "PCU D3": children_and_large_or_any_risk,
    "PCU D4": children_and_large_or_any_risk,
    "PCU D5": children_and_large_or_any_risk,
    "PCU D6": children_and_large_or_any_risk,
    "PCU D7": children,
    "PCU D8": children_and_large_or_multi_risk,
    "PCU D9": children_and_neither,
    "PCU D10": children,
    "PCU D11": children_and_large_or_multi_risk,
    "PCU D12": children_and_neither,
    "PCU D13": children,
    "PCU D14": children,
    "PCU E1": lambda s: recommends(s, *PRIMARY),
    "PCU E2": lambda s: recommends(s, *PRIORITY, "ndc_body_stigma", "ndc_depression"),
    "PCU E3": lambda s: (
        children(s) and large(s) and s.has("content_recommender") and child_multi_risk(s)
    ),
    "PCU G1": children,
    "PCU G2": lambda s: children(s) and s.has("category_1"),
    "PCU G3": children,
    "PCU-UNVERIFIED-F1": lambda s: children(s) and (large(s) or s.medium(*SUPPORT)),
    "PCU-UNVERIFIED-F2": lambda s: children(s) and large(s) and s.medium(*SUPPORT),
    "PCU-UNVERIFIED-F3": lambda s: (
        children(s) and s.has("ugc_search") and s.medium("suicide", "self_harm", "eating_disorder")
    ),
    "PCU-UNVERIFIED-F4": lambda s: children(s) and large(s) and s.medium(*CHILDREN),
    "PCU-UNVERIFIED-F5": lambda s: children(s) and large(s) and child_multi_risk(s),
    "PCU-UNVERIFIED-J1": pcu_j1,
    "PCU-UNVERIFIED-J2": lambda s: (
        children(s) and s.has("commenting") and s.medium("bullying", "abuse", "hate_content")
    ),
    "PCU-UNVERIFIED-J3": pcu_j3,
    "ASM-HASH-TERROR": lambda s: hash_matching(s, "terrorism"),
    "ASM-PROTECH-NEW": new_technology,
    "ASM-PROTECH-EXISTING": lambda s: large(s) and s.has("proactive_technology"),
    "ASM-RECOMMENDER": lambda s: s.has("content_recommender") and s.medium(*TABLE_C),
    "ASM-LIVE-REPORT": lambda s: s.has("livestreaming"),
    "ASM-LIVE-MODERATORS": lambda s: s.has("livestreaming"),
    "ASM-LIVE-CHILD": lambda s: children(s) and s.has("livestreaming"),
    "ASM-HEAA-GROOMING": lambda s: children(s) and s.medium("csea_grooming"),
    "ASM-CSAM-BAN": everyone,
    "ASM-SANCTIONS": large_or_multi_risk,
    "ASM-CONSEQUENTIAL": everyone,
    "FC-2025-J": lambda s: (
        children(s)
        and not large(s)
        and s.medium("csea_grooming", "suicide_self_harm", "hate", "harassment")
    ),
}

DUTIES: dict[str, Says] = {
    "OSA-9": everyone,
    "OSA-10": everyone,
    "OSA-10-3A": everyone,
    "OSA-11": children,
    "OSA-12": children,
    "OSA-20": everyone,
    "OSA-20A": everyone,
    "OSA-21": everyone,
    "OSA-21-2A": everyone,
    "OSA-22": everyone,
    "OSA-23": everyone,
    "OSA-35-37": everyone,
    "OSA-66": everyone,
    "OSA-77": categorised,
    "OSA-75": categorised,
    "OSA-101": everyone,
    "OSA-15-64-71": lambda s: s.has("category_1"),
}

IDLE: dict[str, Says] = {
    "ICU C8": lambda s: not s.has("volunteer_moderators"),
    "PCU C8": lambda s: not s.has("volunteer_moderators"),
    "ICU D11": lambda s: not s.has("proactive_technology"),
    "ICU H1": lambda s: not s.has("user_accounts"),
}
"""When a measure has nothing to act on; every other measure always has."""

PERMISSIVE = {"ICU D13", "PCU D14"}
"""What a provider may decline."""

WORKED_OUT: dict[str, Says] = {
    "likely_accessed_by_children": lambda s: (
        s.has("child_users") and (s.has("significant_child_users") or s.has("attracts_children"))
    ),
    "posting_content": lambda s: any(
        map(
            s.has, ("posting_text_or_links", "posting_images_videos", "commenting", "livestreaming")
        )
    ),
    "user_communication": lambda s: any(
        map(s.has, ("direct_messaging", "group_messaging", "commenting", "livestreaming"))
    ),
    "terms_prohibit_all_ppc": lambda s: all(s.has(f"prohibits_{kind}") for kind in PRIMARY),
    "terms_prohibit_risky_pc": lambda s: all(
        s.has(f"prohibits_{kind}") for kind in PRIORITY if s.medium(kind)
    ),
}

ASKED_WHEN: dict[str, Says] = {
    "categories": lambda s: s.more_than(3_000_000),
    "significant_child_users": lambda s: s.has("child_users"),
    "attracts_children": lambda s: s.has("child_users"),
    "profiles_or_groups_revealing_children": lambda s: s.has("child_users"),
    "connection_lists_visible": lambda s: s.has("user_connections"),
    "encrypted_messaging": lambda s: s.has("direct_messaging") or s.has("group_messaging"),
    "automated_location_display": lambda s: s.has("location_sharing"),
    "recommender_tests": lambda s: s.has("content_recommender"),
    "design": children,
    "prohibited_primary_priority": children,
    "prohibited_priority_content": children,
}
"""When a question is asked; every other one always is."""

NEEDS: dict[str, Says] = {
    "principal_purpose_porn": lambda s: s.has("principal_purpose_ppc"),
    "user_profiles": lambda s: s.has("user_accounts"),
    "labelling_scheme": lambda s: s.has("user_profiles"),
    "connection_lists_visible": lambda s: s.has("user_connections"),
    "encrypted_messaging": lambda s: s.has("direct_messaging") or s.has("group_messaging"),
    "automated_location_display": lambda s: s.has("location_sharing"),
    "recommender_tests": lambda s: s.has("content_recommender"),
    "category_1": lambda s: s.more_than(3_000_000),
    "category_2a": lambda s: s.more_than(3_000_000),
    "category_2b": lambda s: s.more_than(3_000_000),
}
"""What cannot be false where the fact is true."""
