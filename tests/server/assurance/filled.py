"""An assessment of Ridge Forum in which everything is answered, as its people answer it."""

from datetime import date, datetime

from dutybound.register.entries import Question
from dutybound.risk.access import LIMBS
from dutybound.risk.document import Assessment
from dutybound.risk.finish import hindrances
from dutybound.risk.gaps import Gap, gaps
from dutybound.risk.proposals import kinds_to_rate, propose
from dutybound.risk.questions import is_answered, questions_for
from dutybound_server.assurance.actions.drafts import (
    Saving,
    answer_question,
    answer_scope,
    count_users,
    describe_service,
    import_document,
    list_surfaces,
    name_people,
    set_control,
    set_risk,
    start_draft,
)
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.models import Draft, Version
from dutybound_server.assurance.parts import seen, value_of
from dutybound_server.assurance.queries import document_of, draft_of
from dutybound_server.people.actors import staff_actor
from tests.cast import NOW, Cast

TODAY = date(2026, 11, 23)
YES = frozenset(
    {
        "uk_provider", "discussion_forum_chat", "child_users", "posting_text_or_links",
        "posting_images_videos", "commenting", "user_accounts", "user_profiles",
        "volunteer_moderators", "proactive_technology", "prohibits_pornography",
        "prohibits_suicide", "prohibits_self_harm", "prohibits_eating_disorder",
    }
)  # fmt: skip


def saving(draft: Draft, part: str, *, by: str = "staff:1", now: datetime = NOW) -> Saving:
    """A save by somebody who sees what stands there now."""
    draft.refresh_from_db()
    return Saving(seen(value_of(document_of(draft), part)), by, now)


_FINISHED: list[Assessment] = []


def finish(cast: Cast) -> Draft:
    """A draft in which nothing is left to do. It is answered once, and brought along after that."""
    if not _FINISHED:
        draft = answer_all(cast)
        _FINISHED.append(document(draft))
        return draft
    by = staff_actor(cast.grace)
    import_document(service=cast.ridge, document=_FINISHED[0], by=by, now=NOW)
    return draft_of(cast.ridge)


def answer_all(cast: Cast) -> Draft:
    """Answer everything, so that nothing stands between the draft and its approval."""
    by = staff_actor(cast.grace)
    draft = start_draft(service=cast.ridge, by=by, now=NOW)
    about = {"name": "Ridge Forum", "provider": "Ridge Walkers", "description": "A forum."}
    describe_service(draft=draft, about=about, saving=saving(draft, "about"))
    for test in ("user_to_user", "uk_links"):
        answer_scope(draft=draft, test=test, answer=True, saving=saving(draft, f"scope/{test}"))
    while open_questions := [
        question
        for question in questions_for(document(draft), as_of=TODAY)
        if not is_answered(question, document(draft))
    ]:
        answer(draft, open_questions[0])
    for harm in kinds_to_rate(document(draft), as_of=TODAY):
        rate(draft, harm.id)
    for gap in gaps(document(draft), as_of=TODAY):
        answer_gap(draft, gap)
    people = {"completed_by": "Grace", "responsible": "Grace", "reported_to": "The committee"}
    name_people(draft=draft, people=people, saving=saving(draft, "people"))
    draft.refresh_from_db()
    return draft


def answer(draft: Draft, question: Question) -> None:
    """Answer a question as the village forum does."""
    if question.kind == "users":
        users = {"least": 300, "most": 400, "counted": "Members who came in October."}
        count_users(draft=draft, users=users, saving=saving(draft, "users"))
    elif question.kind == "surfaces":
        surfaces = [{"name": "Posts", "takedown_feasible": True}]
        list_surfaces(draft=draft, surfaces=surfaces, saving=saving(draft, "surfaces"))
    else:
        facts = {fact: fact in YES for fact in question.facts}
        value: dict[str, dict[str, object]] = {"facts": dict(facts)}
        if question.id in LIMBS:
            value["reasons"] = {question.id: "We asked our members: all are over 30."}
        part = f"question/{question.id}"
        answer_question(draft=draft, question=question.id, answer=value, saving=saving(draft, part))


def rate(draft: Draft, harm: str) -> None:
    """Take the level that is proposed, with the reasons for it."""
    proposal = propose(harm, document(draft), as_of=TODAY)
    risk = {
        "level": proposal.level,
        "likelihood": proposal.likelihood,
        "impact": proposal.impact,
        "reasons": "; ".join(reason.says for reason in proposal.because) or "As proposed.",
    }
    risk = {name: value for name, value in risk.items() if value}
    set_risk(draft=draft, harm=harm, risk=risk, saving=saving(draft, f"risk/{harm}"))


def answer_gap(draft: Draft, gap: Gap) -> None:
    """Put a control against what nothing stands against."""
    id_ = f"for-{gap.id}"
    value = {
        "id": id_,
        "title": "Two of us look at every new post",
        "state": "in_place",
        "harms": [gap.id] if gap.kind == "harm" else [],
        "factors": [gap.id] if gap.kind == "factor" else [],
    }
    set_control(draft=draft, control=id_, value=value, saving=saving(draft, f"control/{id_}"))


def approved(cast: Cast, *, now: datetime = NOW) -> Version:
    """The finished assessment, approved by Grace."""
    draft = finish(cast)
    assert hindrances(document(draft), as_of=TODAY) == ()
    return approve_draft(draft=draft, revision=draft.revision, by=cast.grace, now=now)


def document(draft: Draft) -> Assessment:
    draft.refresh_from_db()
    return document_of(draft)
