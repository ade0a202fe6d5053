"""Grace has begun the assessment of Ridge Forum: some answers are there, the rest waits."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from dutybound.register.book import register
from dutybound_server.assurance.actions import drafts
from dutybound_server.assurance.actions.drafts import Saved, Saving
from dutybound_server.assurance.models import Draft
from dutybound_server.assurance.parts import Value, seen, value_of
from dutybound_server.assurance.queries import document_of, draft_of
from dutybound_server.assurance.records import as_evidence, harm_figures
from dutybound_server.people.models import Service

ABOUT = {
    "name": "Ridge Forum",
    "provider": "Ridge Walkers, a club in Derbyshire",
    "address": "https://ridge.example",
    "description": (
        "A forum for people who walk in the hills. About 400 members post routes, pictures and "
        "things for sale. Two of us run it in our free time."
    ),
}
USERS = {"least": 350, "most": 450, "counted": "Members who came in October, and a few guests."}
TRUE = {
    "service_type": ("discussion_forum_chat",),
    "main_purpose": (),
    "communication": ("posting_text_or_links", "posting_images_videos", "commenting"),
    "uk_provider": ("uk_provider",),
    "proactive_technology": ("proactive_technology",),
    "volunteer_moderators": ("volunteer_moderators",),
    # The records show links, so this answer is flagged.
    "finding": ("ugc_search",),
}
SEEN_HERE = "iia"


def begin_assessment(service: Service, *, by: str, now: datetime) -> None:
    """Start the draft and answer what Grace got to on her first evening."""
    drafts.start_draft(service=service, by=by, now=now)
    save = partial(_save, service, by=by, now=now)
    save("about", _about)
    for test in register().scope_tests:
        save(f"scope/{test.id}", partial(_scope, test.id))
    for exemption in register().exemptions:
        save(f"exemption/{exemption}", partial(_exemption, exemption))
    save("users", _users)
    for question in TRUE:
        save(f"question/{question}", partial(_answer, question))
    figures = harm_figures(service, now=now)
    if SEEN_HERE in figures:
        value = as_evidence(figures[SEEN_HERE], today=now.date())
        save(f"evidence/{value['id']}", partial(_evidence, value))


def _save(
    service: Service,
    part: str,
    write: Callable[[Draft, Saving], Saved],
    *,
    by: str,
    now: datetime,
) -> None:
    draft = draft_of(service)
    write(draft, Saving(seen(value_of(document_of(draft), part)), by, now))


def _about(draft: Draft, saving: Saving) -> Saved:
    return drafts.describe_service(draft=draft, about=ABOUT, saving=saving)


def _users(draft: Draft, saving: Saving) -> Saved:
    return drafts.count_users(draft=draft, users=USERS, saving=saving)


def _scope(test: str, draft: Draft, saving: Saving) -> Saved:
    return drafts.answer_scope(draft=draft, test=test, answer=True, saving=saving)


def _exemption(exemption: str, draft: Draft, saving: Saving) -> Saved:
    answer = {"covers": "none"}
    return drafts.answer_exemption(draft=draft, exemption=exemption, answer=answer, saving=saving)


def _answer(question: str, draft: Draft, saving: Saving) -> Saved:
    facts = next(one.facts for one in register().questions if one.id == question)
    answer = {"facts": {fact: fact in TRUE[question] for fact in facts}}
    return drafts.answer_question(draft=draft, question=question, answer=answer, saving=saving)


def _evidence(value: Value, draft: Draft, saving: Saving) -> Saved:
    return drafts.add_evidence(draft=draft, evidence=value["id"], value=value, saving=saving)
