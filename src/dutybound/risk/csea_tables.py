"""Ofcom's three tables for child sexual exploitation and abuse, as far as records show them."""

from collections.abc import Callable, Iterable, Mapping

from dutybound.register.conditions import Truth
from dutybound.risk.document import Level

Found = tuple[Level, tuple[str, ...]]
"""A level, and the facts it rests on."""

Has = Callable[[str], Truth]
"""Whether the service has a fact; None is not known."""

SEVERAL = 3
A_LOT = 5
"""Of seven listed factors. The tables were not read; these numbers are ours."""

_IMAGE_FACTORS = (
    "child_users",
    "anonymous_or_no_account",
    "livestreaming",
    "messaging_service",
    "discussion_forum_chat",
    "group_messaging",
    "direct_messaging",
)
_URL_FACTORS = (
    "social_media",
    "messaging_service",
    "discussion_forum_chat",
    "user_groups",
    "direct_messaging",
    "anonymous_or_no_account",
    "hyperlinking",
)
_WAYS_TO_SHARE_IMAGES = ("posting_images_videos", "file_storage_sharing", "livestreaming")
_WAYS_TO_SHARE_TEXT = (
    "posting_text_or_links",
    "commenting",
    "direct_messaging",
    "group_messaging",
    "hyperlinking",
)
_WAYS_TO_FIND_CHILDREN = (
    "network_recommender",
    "connection_lists_visible",
    "profiles_or_groups_revealing_children",
)
_GROOMING_FACTORS = (
    "social_media",
    "messaging_service",
    "gaming_service",
    "livestreaming",
    "encrypted_messaging",
    "commenting",
)


def image_csam(has: Has) -> Found:
    """The level by Table 13.1 and the facts it rests on; what is not known counts as there."""
    ways = _not_absent(has, _WAYS_TO_SHARE_IMAGES)
    if not ways:
        return "negligible", _WAYS_TO_SHARE_IMAGES
    special = _not_absent(has, ("file_storage_sharing", "adult_service"))
    if special:
        return "high", (*ways, *special)
    return _by_count(has, _IMAGE_FACTORS, ways=ways, most="high")


def csam_urls(has: Has) -> Found:
    """The level by Table 13.2 and the facts it rests on."""
    ways = _not_absent(has, _WAYS_TO_SHARE_TEXT)
    if not ways:
        return "negligible", _WAYS_TO_SHARE_TEXT
    if has("posting_text_or_links") is not False and has("anonymous_or_no_account") is not False:
        return "high", ("posting_text_or_links", "anonymous_or_no_account")
    return _by_count(has, _URL_FACTORS, ways=ways, most="medium")


def grooming(has: Has) -> Found:
    """The level by Table 13.3 and the facts it rests on.

    The gate is whether it is possible for children to be there, not whether rules allow it.
    """
    if has("child_users") is False:
        return "negligible", ("child_users",)
    if has("user_communication") is False:
        return "negligible", ("user_communication",)
    finds = _not_absent(has, _WAYS_TO_FIND_CHILDREN)
    if finds:
        return "high", ("child_users", "user_communication", *finds)
    factors = _not_absent(has, _GROOMING_FACTORS)
    if has("direct_messaging") is not False or len(factors) >= SEVERAL:
        direct = _not_absent(has, ("direct_messaging",))
        return "medium", ("child_users", "user_communication", *direct, *factors)
    return "low", ("child_users", "user_communication", *factors)


TABLES: Mapping[str, tuple[str, Callable[[Has], Found]]] = {
    "csea_image_csam": ("table_13_1_image_csam", image_csam),
    "csea_csam_urls": ("table_13_2_csam_urls", csam_urls),
    "csea_grooming": ("table_13_3_grooming", grooming),
}
"""By kind of harm: where the register keeps the table's words, and the table."""


def _by_count(has: Has, listed: tuple[str, ...], *, ways: tuple[str, ...], most: Level) -> Found:
    there = _not_absent(has, listed)
    level: Level = "medium" if len(there) >= SEVERAL else "low"
    return (most if len(there) >= A_LOT else level), (*ways, *there)


def _not_absent(has: Has, facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(fact for fact in facts if has(fact) is not False)
