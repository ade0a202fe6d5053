"""Services by the thousand: each with every answer known, chosen at boundaries, or drawn by lot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random

from dutybound.register.profile import LEVELS, Profile, levels_as_risks

NEGLIGIBLE, LOW, MEDIUM, HIGH = range(4)

SUB_KINDS = ("csea_grooming", "csea_image_csam", "csea_csam_urls")
ILLEGAL = (
    "terrorism", "csea", *SUB_KINDS, "hate", "harassment", "ccb", "iia", "extreme_porn",
    "sexual_exploitation_adults", "human_trafficking", "unlawful_immigration", "fraud",
    "proceeds_of_crime", "drugs", "weapons", "suicide_self_harm", "foreign_interference",
    "animal_cruelty", "cyberflashing", "other_illegal",
)  # fmt: skip
CHILDREN = (
    "pornography", "suicide", "self_harm", "eating_disorder", "abuse", "hate_content", "bullying",
    "violence_instructions", "violence_people", "violence_animals", "harmful_substances",
    "dangerous_stunts", "ndc_body_stigma", "ndc_depression", "ndc_other",
)  # fmt: skip
KINDS = (*ILLEGAL, *CHILDREN)

ANSWERS = (
    "uk_provider", "social_media", "messaging_service", "gaming_service", "adult_service",
    "discussion_forum_chat", "marketplace", "file_storage_sharing", "video_sharing",
    "dating_type_service", "category_1", "category_2a", "category_2b", "principal_purpose_porn",
    "principal_purpose_ppc", "principal_purpose_pc", "highly_effective_age_assurance",
    "child_users", "significant_child_users", "attracts_children", "determines_age",
    "user_accounts", "user_profiles", "anonymous_or_no_account", "fake_profiles",
    "labelling_scheme", "profiles_or_groups_revealing_children", "user_connections",
    "user_groups", "group_messaging", "connection_lists_visible", "posting_text_or_links",
    "posting_images_videos", "commenting", "direct_messaging", "livestreaming", "reposting",
    "location_sharing", "encrypted_messaging", "automated_location_display",
    "goods_services_for_sale", "ugc_search", "hyperlinking", "content_recommender",
    "network_recommender", "recommender_tests", "reactions_or_likes",
    "autoplay_or_infinite_scroll", "volunteer_moderators", "proactive_technology",
    "prohibits_pornography", "prohibits_suicide", "prohibits_self_harm",
    "prohibits_eating_disorder", "prohibits_abuse", "prohibits_hate_content",
    "prohibits_bullying", "prohibits_violence_instructions", "prohibits_violence_people",
    "prohibits_violence_animals", "prohibits_harmful_substances", "prohibits_dangerous_stunts",
    "takedown_feasible",
)  # fmt: skip
"""Facts a service answers itself."""

WORKED_OUT = (
    "likely_accessed_by_children", "posting_content", "user_communication",
    "terms_prohibit_all_ppc", "terms_prohibit_risky_pc",
)  # fmt: skip
"""Facts worked out from others, unless a service states them."""

USERS = (0, 699_999, 700_000, 700_001, 2_999_999, 3_000_000, 3_000_001,
         6_999_999, 7_000_000, 7_000_001, 40_000_000)  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A service of which everything is known. `levels` are places in `LEVELS`."""

    facts: dict[str, bool]
    users: int
    levels: dict[str, int]

    def with_facts(self, **facts: bool) -> "Service":
        return replace(self, facts=self.facts | facts)

    def with_levels(self, **levels: int) -> "Service":
        return replace(self, levels=self.levels | levels)

    def profile(self) -> Profile:
        levels = {kind: LEVELS[level] for kind, level in self.levels.items()}
        return Profile(
            self.facts, (self.users, self.users), levels_as_risks(levels, sub_kinds=SUB_KINDS)
        )


def service(*, facts: bool, users: int, level: int) -> Service:
    """Every fact the same, every kind of harm at one level."""
    return Service(dict.fromkeys(ANSWERS, facts), users, dict.fromkeys(KINDS, level))


def boundaries() -> Iterator[Service]:
    """Services that differ in one or two things from plain ones, at and beside every threshold."""
    for facts in (True, False):
        for level in range(4):
            for users in USERS:
                yield service(facts=facts, users=users, level=level)
    for users in (500, 700_001, 7_000_001):
        plain = service(facts=True, users=users, level=LOW).with_facts(
            principal_purpose_porn=False, principal_purpose_ppc=False, principal_purpose_pc=False
        )
        yield from one_kind_alone(plain)
        yield from one_kind_alone(plain.with_facts(file_storage_sharing=False))
        yield from one_answer_other(replace(plain, levels=dict.fromkeys(KINDS, MEDIUM)))
        yield from one_answer_other(replace(plain, levels=dict.fromkeys(KINDS, HIGH)))
        none = service(facts=False, users=users, level=HIGH)
        yield from one_answer_other(none.with_facts(determines_age=True, user_profiles=True))
        yield from one_answer_other(none.with_facts(posting_images_videos=True))
    just_not = service(facts=True, users=700_000, level=LOW)
    yield from one_kind_alone(
        just_not.with_facts(file_storage_sharing=False, principal_purpose_porn=False)
    )
    yield from forbidden_kinds(service(facts=True, users=500, level=LOW))
    yield from pairs_of_kinds(service(facts=True, users=500, level=LOW))
    yield from pairs_of_kinds(service(facts=True, users=7_000_001, level=NEGLIGIBLE))
    yield from stated(service(facts=True, users=500, level=MEDIUM))
    yield from stated(service(facts=False, users=7_000_001, level=MEDIUM))


def one_kind_alone(plain: Service) -> Iterator[Service]:
    """Each kind of harm below, at and above the level where measures begin."""
    for kind in KINDS:
        for level in (NEGLIGIBLE, MEDIUM, HIGH):
            yield plain.with_levels(**{kind: level})


def one_answer_other(plain: Service) -> Iterator[Service]:
    """Each fact flipped."""
    for fact in ANSWERS:
        yield plain.with_facts(**{fact: not plain.facts[fact]})


def pairs_of_kinds(plain: Service) -> Iterator[Service]:
    """Each two kinds of harm at medium, and nothing else."""
    for kinds in (ILLEGAL, CHILDREN):
        for one, other in combinations(kinds, 2):
            yield plain.with_levels(**{one: MEDIUM, other: MEDIUM})


def forbidden_kinds(plain: Service) -> Iterator[Service]:
    """Each kind of content allowed, below and at risk, beside others that are forbidden."""
    plain = plain.with_facts(principal_purpose_ppc=False, principal_purpose_pc=False)
    for kind in CHILDREN[:12]:
        for level in (LOW, MEDIUM):
            alone = plain.with_facts(**{f"prohibits_{kind}": False}).with_levels(**{kind: level})
            yield alone
            yield alone.with_levels(harmful_substances=MEDIUM)
            yield alone.with_levels(bullying=HIGH)


def stated(plain: Service) -> Iterator[Service]:
    """Each fact that is usually worked out, stated by the service itself."""
    for fact in WORKED_OUT:
        for answer in (True, False):
            yield plain.with_facts(**{fact: answer})
            yield replace(plain, levels=dict.fromkeys(KINDS, LOW)).with_facts(**{fact: answer})


def by_lot(count: int, *, seed: int) -> Iterator[Service]:
    """Services drawn by lot; most kinds of harm are low, so that counts are near their limits."""
    draw = Random(seed)
    for _ in range(count):
        share = draw.choice((0.02, 0.1, 0.5))
        likely = draw.choice((0.2, 0.5, 0.8, 0.95))
        facts = {fact: draw.random() < likely for fact in ANSWERS}
        if draw.random() < 0.1:
            facts[draw.choice(WORKED_OUT)] = draw.random() < 0.5
        levels = {
            kind: draw.choice((MEDIUM, HIGH))
            if draw.random() < share
            else draw.choice((NEGLIGIBLE, LOW))
            for kind in KINDS
        }
        yield Service(facts, draw.choice(USERS), levels)
