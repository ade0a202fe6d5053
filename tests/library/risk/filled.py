"""Documents for tests: one in which every field is filled in, and one of a small village forum."""

from datetime import date
from typing import Any

from dutybound.register.book import register
from dutybound.risk.document import Assessment

TODAY = date(2026, 11, 25)

_TRUE = (
    "uk_provider", "discussion_forum_chat", "child_users", "attracts_children", "user_accounts",
    "user_profiles", "posting_text_or_links", "posting_images_videos", "commenting",
    "direct_messaging", "hyperlinking", "ugc_search", "volunteer_moderators",
    "prohibits_pornography", "prohibits_suicide", "prohibits_self_harm",
    "prohibits_eating_disorder", "takedown_feasible",
)  # fmt: skip


def village_forum(**changes: object) -> Assessment:
    """A small forum that children may use: every fact is known, and every level is low."""
    law = register()
    asked = [fact.id for fact in law.facts.values() if fact.question]
    harms = law.on(TODAY).harms
    written: dict[str, Any] = {
        "service": {
            "name": "Ridge Forum",
            "provider": "Ridge Village Society",
            "users": {"least": 300, "most": 400, "counted": "Accounts seen in October."},
        },
        "scope": {"user_to_user": True, "uk_links": True, "reason": "Members post to each other."},
        "facts": {fact: fact in _TRUE for fact in asked},
        "risks": dict.fromkeys(harms, "low"),
    }
    return Assessment.model_validate(written | changes)


def adults_only() -> Assessment:
    """The forum as it would be if age checks kept children out, with the record that it needs."""
    closed = {"child_users": False, "highly_effective_age_assurance": True}
    return village_forum(
        facts=dict(village_forum().facts) | closed,
        reasons={"child_users": "A bank confirms each age. A test in May found no way round."},
    )


def filled_in(**changes: object) -> Assessment:
    """Every field of the document, each with words of its own."""
    risks = dict.fromkeys(register().on(TODAY).harms, "low") | {
        "fraud": {
            "level": "medium", "likelihood": "high", "impact": "medium",
            "reasons": "Sellers were false twice.", "evidence": ["E1"], "is_inconclusive": True,
        },
        "weapons": {"level": "negligible", "structural": "Nothing can be sold here.",
                    "reasons": "There is no market."},
        "hate": {"level": "low", "argued": "One post in ten years.", "reasons": "It is rare."},
        "bullying": {"level": "medium", "by_age": {"13-15": "high"}, "reasons": "Teenagers."},
    }  # fmt: skip
    written: dict[str, Any] = {
        "service": {
            "name": "Ridge Forum", "provider": "Ridge Village Society",
            "address": "https://ridge.example", "description": "Talk about the village.",
            "users": {"least": 300, "most": 400, "counted": "Accounts seen in October."},
            "surfaces": [
                {"name": "Posts", "takedown_feasible": True},
                {"name": "Private messages", "takedown_feasible": False, "claim": {
                    "reason": "We hold no copy.", "owner": "Asha Rao",
                    "decided_on": "2026-03-01", "expires_on": "2027-03-01",
                    "instead": "Recipients can report."}},
            ],
        },
        "scope": {
            "user_to_user": True, "uk_links": True, "reason": "Members post to each other.",
            "exemptions": {"limited_functionality": {"covers": "part", "reason": "The news page."}},
        },
        "facts": village_forum().facts | {"livestreaming": None},
        "reasons": {"attracts_children": "The school uses it."},
        "risks": risks,
        "evidence": [
            {"id": "E1", "kind": "complaints", "text": "Reports of false sellers", "count": 1250,
             "source": "Our own reports", "dated": "2026-10-31", "harms": ["fraud"],
             "shows_harm": True},
            {"id": "E2", "kind": "risk_profiles", "text": "Read the June 2026 edition",
             "dated": "2026-09-01"},
        ],
        "controls": [
            {"id": "named", "title": "Asha answers for safety", "state": "in_place",
             "measures": ["ICU A2", "PCU A2"], "since": "2025-03-17", "owner": "Asha Rao",
             "where": "/settings/people", "shown_to_work": "Minutes of May."},
            {"id": "sellers", "title": "Look at sellers first", "state": "task",
             "measures": ["ICU C1"], "harms": ["fraud"], "factors": ["hyperlinking"],
             "owner": "Bram Hale", "due": "2027-01-15", "description": "A queue of their own."},
            {"id": "appeals", "title": "The committee hears appeals", "state": "alternative",
             "measures": ["ICU D9"], "since": "2025-04-01", "alternative": {
                 "done_instead": "Three members decide together.",
                 "how_it_complies": "It is swift and fair.",
                 "expression_and_privacy": "Posts stay up meanwhile."}},
            {"id": "nothing", "title": "No clear words for children", "state": "refused",
             "measures": ["PCU G3"], "refusal": {
                 "reason": "We have no time.", "severity": "It is mild.",
                 "who_is_affected": "Some forty teenagers.",
                 "expression_and_privacy": "None is touched."}},
            {"id": "unfounded", "title": "Every complaint is read", "state": "declined",
             "measures": ["ICU D13"], "description": "They are few."},
        ],
        "accepted": [{"harm_or_factor": "fraud", "accepted_by": "Cora Lind",
                      "reason": "It is small.", "review_on": "2027-05-01"}],
        "characteristics": ["Most members know each other."],
        "people": {"completed_by": "Dev Patel", "responsible": "Asha Rao",
                   "approved_by": "Cora Lind", "reported_to": "The village committee"},
        "days": {"completed": "2026-11-01", "updated": "2026-11-10", "approved": "2026-11-12",
                 "reported": "2026-11-14", "next_review": "2027-11-01"},
        "law_as_of": "2026-11-25",
    }  # fmt: skip
    return Assessment.model_validate(written | changes)
