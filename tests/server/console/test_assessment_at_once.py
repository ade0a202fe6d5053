"""Stale pages of the assessment: what somebody sends is kept whole, or they are told."""

import pytest
from django.test import Client

from dutybound_server.assurance.actions.drafts import (
    answer_exemption,
    answer_question,
    list_surfaces,
)
from dutybound_server.assurance.models import Draft
from tests.server.assurance.filled import document, saving
from tests.server.console.answering import HOME, SEEN

pytestmark = pytest.mark.django_db
SURFACES = f"{HOME}questions/takedown_feasible/"
POSTS = {"s0-name": "Posts", "s0-answer": "yes"}
MESSAGES = {
    "s1-name": "Private messages", "s1-answer": "no", "s1-reason": "Sealed from end to end.",
    "s1-owner": "Grace", "s1-expires_on": "2027-06-01",
}  # fmt: skip


def seen_on(page: bytes) -> str:
    found = SEEN.search(page.decode())
    assert found is not None
    return found.group(1)


def test_a_part_that_the_page_showed_is_saved_although_the_answers_changed_since(
    draft: Draft, grace: Client
) -> None:
    part = "question/communication"
    talking = {"facts": {"posting_text_or_links": True, "direct_messaging": True}}
    answer_question(
        draft=draft, question="communication", answer=talking, saving=saving(draft, part)
    )
    shown = grace.get(SURFACES).content

    silent = {"facts": {"posting_text_or_links": True, "direct_messaging": False}}
    answer_question(
        draft=draft, question="communication", answer=silent, saving=saving(draft, part)
    )
    more = {"s2-name": "Profiles", "s2-answer": "no", "s2-reason": "They are cached elsewhere.",
            "s2-owner": "Grace", "s2-expires_on": "2027-06-01"}  # fmt: skip
    grace.post(SURFACES, POSTS | MESSAGES | more | {"seen": seen_on(shown)})

    saved = [one.name for one in document(draft).service.surfaces]
    assert saved == ["Posts", "Private messages", "Profiles"]


def test_choosing_mine_over_a_shorter_list_keeps_all_of_mine(draft: Draft, grace: Client) -> None:
    before = [{"name": name, "takedown_feasible": True} for name in ("Posts", "Private messages")]
    list_surfaces(draft=draft, surfaces=before, saving=saving(draft, "surfaces"))
    shown = grace.get(SURFACES).content
    list_surfaces(draft=draft, surfaces=before[:1], saving=saving(draft, "surfaces"))

    files = {"s2-name": "Files", "s2-answer": "unknown"}
    sent = POSTS | MESSAGES | files
    conflict = grace.post(SURFACES, sent | {"seen": seen_on(shown)})
    assert conflict.status_code == 409
    grace.post(SURFACES, sent | {"seen": seen_on(conflict.content)})

    kept = [one.name for one in document(draft).service.surfaces]
    assert kept == ["Posts", "Private messages", "Files"]


def test_none_of_these_on_a_stale_page_does_not_wipe_out_what_somebody_else_wrote(
    draft: Draft, grace: Client
) -> None:
    page = f"{HOME}scope/exemptions/"
    shown = grace.get(page).content
    told = {"covers": "part", "reason": "The newsletter is only e-mail."}
    answer_exemption(
        draft=draft, exemption="email", answer=told, saving=saving(draft, "exemption/email")
    )

    stale = grace.post(page, {"none": "yes", "seen": seen_on(shown)})
    assert stale.status_code == 409
    assert document(draft).scope.exemptions["email"].covers == "part"

    grace.post(page, {"none": "yes", "seen": seen_on(stale.content)})
    assert document(draft).scope.exemptions["email"].covers == "none"


def test_a_claim_that_stays_as_it_was_keeps_the_day_on_which_it_was_decided(
    draft: Draft, grace: Client
) -> None:
    claim = {"reason": "Sealed.", "owner": "Grace", "decided_on": "2026-02-03",
             "expires_on": "2027-01-31", "instead": ""}  # fmt: skip
    part = {"name": "Private messages", "takedown_feasible": False, "claim": claim}
    list_surfaces(draft=draft, surfaces=[part], saving=saving(draft, "surfaces"))

    shown = grace.get(SURFACES).content
    sent = {"s0-name": "Private messages", "s0-answer": "no", "s0-reason": "Sealed.",
            "s0-owner": "Grace", "s0-expires_on": "2027-01-31",
            "s1-name": "Posts", "s1-answer": "yes"}  # fmt: skip
    grace.post(SURFACES, sent | {"seen": seen_on(shown)})

    messages, posts = document(draft).service.surfaces
    assert messages.claim is not None
    assert messages.claim.decided_on.isoformat() == "2026-02-03"
    assert posts.name == "Posts"
