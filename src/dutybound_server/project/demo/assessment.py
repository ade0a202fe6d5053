"""Grace has assessed Ridge Forum: each question answered, each level with reasons, approved."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User

from dutybound.register.book import register
from dutybound.register.entries import Question
from dutybound.risk.access import LIMBS
from dutybound.risk.document import Assessment, Control, ControlState
from dutybound.risk.gaps import Gap, gaps
from dutybound.risk.proposals import kinds_to_rate, propose
from dutybound.risk.questions import is_answered, questions_for
from dutybound_server.assurance.actions import drafts
from dutybound_server.assurance.actions.drafts import Saved, Saving
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.models import Draft
from dutybound_server.assurance.parts import Value, seen, value_of
from dutybound_server.assurance.queries import document_of, draft_of
from dutybound_server.assurance.records import as_evidence, harm_figures
from dutybound_server.people.actors import staff_actor
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
SURFACES = [{"name": "Posts and comments", "takedown_feasible": True}]
PEOPLE = {"completed_by": "Grace", "responsible": "Grace", "reported_to": "The club's committee"}
TRUE = frozenset(
    {
        "discussion_forum_chat", "posting_text_or_links", "posting_images_videos", "commenting",
        "uk_provider", "proactive_technology", "volunteer_moderators", "ugc_search",
        "user_accounts", "child_users", "significant_child_users", "prohibits_pornography",
        "prohibits_suicide",
        "prohibits_self_harm", "prohibits_eating_disorder",
    }
)  # fmt: skip
"""What is so at Ridge Forum. The records show links, so the answer to that is flagged."""
CHOSEN = (
    ("ICU C9", "Pictures are matched with known child abuse material", "csea_image_csam"),
    ("ICU C14", "Pictures are matched with known intimate images", "iia"),
    ("ICU C4", "Targets for time and accuracy", ""),
    ("ICU C5", "The worst is looked at first", ""),
    ("ICU C6", "Enough people to moderate", ""),
    ("ICU D8", "Appeals are decided by somebody else", ""),
)
"""Measures that a forum of 400 is not asked for, and takes all the same."""


def assess(service: Service, *, by: User, now: datetime) -> None:
    """Answer everything, take the levels that are proposed, and approve it."""
    save = partial(_save, service, by=staff_actor(by), now=now)
    drafts.start_draft(service=service, by=staff_actor(by), now=now)
    save("about", lambda draft, how: drafts.describe_service(draft=draft, about=ABOUT, saving=how))
    for test in register().scope_tests:
        save(f"scope/{test.id}", partial(_scope, test.id))
    for exemption in register().exemptions:
        save(f"exemption/{exemption}", partial(_exemption, exemption))
    for figures in harm_figures(service, now=now).values():
        value = as_evidence(figures, today=now.date())
        save(f"evidence/{value['id']}", partial(_evidence, value))
    while open_questions := _open_questions(service, now=now):
        _answer(save, open_questions[0])
    for harm in kinds_to_rate(_document(service), as_of=now.date()):
        save(f"risk/{harm.id}", partial(_risk, harm.id, now))
    for control in _controls(_document(service), now=now):
        save(f"control/{control['id']}", partial(_control, control))
    save("people", lambda draft, how: drafts.name_people(draft=draft, people=PEOPLE, saving=how))
    draft = draft_of(service)
    approve_draft(draft=draft, revision=draft.revision, by=by, now=now)


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


def _document(service: Service) -> Assessment:
    return document_of(draft_of(service))


def _open_questions(service: Service, *, now: datetime) -> list[Question]:
    document = _document(service)
    asked = questions_for(document, as_of=now.date())
    return [question for question in asked if not is_answered(question, document)]


def _answer(save: Callable[[str, Callable[[Draft, Saving], Saved]], None], one: Question) -> None:
    match one.kind:
        case "users":
            save("users", lambda d, how: drafts.count_users(draft=d, users=USERS, saving=how))
        case "surfaces":
            save(
                "surfaces",
                lambda d, how: drafts.list_surfaces(draft=d, surfaces=SURFACES, saving=how),
            )
        case _:
            save(f"question/{one.id}", partial(_facts, one))


def _facts(question: Question, draft: Draft, saving: Saving) -> Saved:
    answer: Value = {"facts": {fact: fact in TRUE for fact in question.facts}}
    if question.id in LIMBS:
        answer["reasons"] = {question.id: "Some members bring their children along."}
    return drafts.answer_question(draft=draft, question=question.id, answer=answer, saving=saving)


def _scope(test: str, draft: Draft, saving: Saving) -> Saved:
    return drafts.answer_scope(draft=draft, test=test, answer=True, saving=saving)


def _exemption(exemption: str, draft: Draft, saving: Saving) -> Saved:
    answer = {"covers": "none"}
    return drafts.answer_exemption(draft=draft, exemption=exemption, answer=answer, saving=saving)


def _evidence(value: Value, draft: Draft, saving: Saving) -> Saved:
    return drafts.add_evidence(draft=draft, evidence=value["id"], value=value, saving=saving)


def _risk(harm: str, now: datetime, draft: Draft, saving: Saving) -> Saved:
    proposal = propose(harm, document_of(draft), as_of=now.date())
    risk = {
        "level": proposal.level,
        "likelihood": proposal.likelihood,
        "impact": proposal.impact,
        "reasons": "; ".join(reason.says for reason in proposal.because) or "As proposed.",
    }
    kept = {name: value for name, value in risk.items() if value}
    return drafts.set_risk(draft=draft, harm=harm, risk=kept, saving=saving)


def _controls(document: Assessment, *, now: datetime) -> Iterable[Value]:
    """What is built in is in place; what a small forum chose to do; and what answers each gap."""
    today = now.date()
    for control in document.controls:
        if control.built_in and control.state is ControlState.TASK:
            yield _in_place(control, today=today.isoformat())
    for measure, title, harm in CHOSEN:
        yield {
            "id": f"chosen-{measure.lower().replace(' ', '-')}",
            "title": title,
            "state": "in_place",
            "measures": [measure],
            "harms": [harm] if harm else [],
            "since": today.isoformat(),
        }
    for gap in gaps(document, as_of=today):
        yield _against(gap)


def _in_place(control: Control, *, today: str) -> Value:
    written = control.model_dump(mode="json", exclude_defaults=True)
    return {**written, "state": "in_place", "since": today, "due": None, "owner": "Grace"}


def _against(gap: Gap) -> Value:
    return {
        "id": f"for-{gap.id}",
        "title": "Two of us look at every new post",
        "state": "in_place",
        "harms": [gap.id] if gap.kind == "harm" else [],
        "factors": [gap.id] if gap.kind == "factor" else [],
    }


def _control(value: Value, draft: Draft, saving: Saving) -> Saved:
    return drafts.set_control(draft=draft, control=value["id"], value=value, saving=saving)
