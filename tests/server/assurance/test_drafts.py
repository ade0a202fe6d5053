"""Answers are saved one by one; two people never write over each other."""

import json
from datetime import timedelta

import pytest

from dutybound.risk.oscal import as_oscal
from dutybound.risk.scope import scope_of
from dutybound_server.assurance.actions.drafts import (
    Saving,
    answer_question,
    answer_scope,
    count_users,
    describe_service,
    give_scope_reason,
    import_document,
    set_control,
    set_risk,
    start_draft,
)
from dutybound_server.assurance.imports import BadProfile, read_assessment
from dutybound_server.assurance.models import Change, Draft
from dutybound_server.assurance.parts import BadPart, seen, value_of, with_part
from dutybound_server.assurance.queries import document_of, draft_of, open_draft
from dutybound_server.assurance.refusals import ChangedMeanwhile
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast
from tests.server.assurance.filled import TODAY, approved, document, saving

pytestmark = pytest.mark.django_db
YES = {"facts": {"proactive_technology": True}}
NO = {"facts": {"proactive_technology": False}}
PART = "question/proactive_technology"


@pytest.fixture
def draft(cast: Cast) -> Draft:
    return start_draft(service=cast.ridge, by="staff:1", now=NOW)


def kinds() -> list[str]:
    found = Entry.objects.filter(kind__startswith="assessment").order_by("id")
    return list(found.values_list("kind", flat=True))


def test_a_service_has_one_open_draft(cast: Cast, draft: Draft) -> None:
    assert start_draft(service=cast.ridge, by="staff:2", now=NOW) == draft
    assert open_draft(cast.harbour) is None
    assert kinds() == ["assessment.started"]


def test_an_answer_is_saved_with_who_and_when_and_stands_in_the_journal(draft: Draft) -> None:
    answer_question(
        draft=draft, question="proactive_technology", answer=YES, saving=saving(draft, PART)
    )

    change = Change.objects.get()
    assert (change.part, change.before, change.after) == (PART, None, YES)
    assert (change.revision, change.by, change.at) == (1, "staff:1", NOW)
    assert document(draft).facts == {"proactive_technology": True}
    assert kinds() == ["assessment.started", "assessment.answered"]


def test_the_journal_does_not_tell_what_was_written(draft: Draft) -> None:
    describe_service(draft=draft, about={"provider": "Jo Walker"}, saving=saving(draft, "about"))

    body = bytes(Entry.objects.get(kind="assessment.described").body).decode()
    assert "Jo Walker" not in body
    assert json.loads(body)["facts"] == {"part": "about", "revision": 1}


def test_i_do_not_know_is_kept_as_an_answer(draft: Draft) -> None:
    answer = {"facts": {"proactive_technology": None}}

    answer_question(
        draft=draft, question="proactive_technology", answer=answer, saving=saving(draft, PART)
    )

    assert document(draft).facts == {"proactive_technology": None}


def test_the_second_of_two_people_is_shown_what_the_first_saved(draft: Draft) -> None:
    both_saw = saving(draft, PART)
    answer_question(draft=draft, question="proactive_technology", answer=YES, saving=both_saw)

    second = Saving(both_saw.seen, "staff:2", NOW)
    with pytest.raises(ChangedMeanwhile) as met:
        answer_question(draft=draft, question="proactive_technology", answer=NO, saving=second)

    assert (met.value.mine, met.value.theirs) == (NO, YES)
    assert met.value.change is not None
    assert met.value.change.by == "staff:1"
    assert document(draft).facts == {"proactive_technology": True}


def test_what_was_set_aside_is_not_lost(draft: Draft) -> None:
    both_saw = saving(draft, PART)
    answer_question(draft=draft, question="proactive_technology", answer=YES, saving=both_saw)

    with pytest.raises(ChangedMeanwhile):
        answer_question(draft=draft, question="proactive_technology", answer=NO, saving=both_saw)

    aside = Change.objects.get(revision=None)
    assert (aside.before, aside.after) == (YES, NO)
    assert kinds()[-1] == "assessment.set_aside"


def test_whoever_has_seen_the_other_answer_may_replace_it(draft: Draft) -> None:
    both_saw = saving(draft, PART)
    answer_question(draft=draft, question="proactive_technology", answer=YES, saving=both_saw)

    chosen = Saving(seen(YES), "staff:2", NOW)
    answer_question(draft=draft, question="proactive_technology", answer=NO, saving=chosen)

    assert document(draft).facts == {"proactive_technology": False}


def test_the_same_answer_twice_is_no_conflict(draft: Draft) -> None:
    both_saw = saving(draft, PART)

    for _ in range(2):
        answer_question(draft=draft, question="proactive_technology", answer=YES, saving=both_saw)

    assert document(draft).facts == {"proactive_technology": True}


def test_different_parts_never_conflict(draft: Draft) -> None:
    saw = document(draft)
    first = Saving(seen(value_of(saw, PART)), "staff:1", NOW)
    second = Saving(seen(value_of(saw, "risk/fraud")), "staff:2", NOW)

    answer_question(draft=draft, question="proactive_technology", answer=YES, saving=first)
    set_risk(draft=draft, harm="fraud", risk={"level": "low"}, saving=second)

    assert document(draft).facts == {"proactive_technology": True}
    assert document(draft).risks["fraud"].level == "low"


def test_what_cannot_stand_in_the_document_is_refused_and_nothing_is_saved(draft: Draft) -> None:
    with pytest.raises(BadPart, match="fraud, level"):
        set_risk(
            draft=draft, harm="fraud", risk={"level": "huge"}, saving=saving(draft, "risk/fraud")
        )

    assert document(draft).risks == {}
    assert not Change.objects.exists()


def test_an_imported_document_replaces_the_draft_and_what_it_held_stays(cast: Cast) -> None:
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    answer_question(
        draft=draft, question="proactive_technology", answer=YES, saving=saving(draft, PART)
    )

    text = json.dumps({"service": {"name": "Ridge"}, "facts": {"livestreaming": False}})
    told = read_assessment(text, file="a.json").assessment
    import_document(service=cast.ridge, document=told, by="staff:2", now=NOW)

    assert document(draft).facts == {"livestreaming": False}
    before = Change.objects.get(part="all").before
    assert before is not None
    assert before["facts"] == YES["facts"]


@pytest.mark.parametrize("text", ['{"facts": {"lifestreaming": true}}', "facts.lifestreaming = 1"])
def test_a_document_with_an_unknown_fact_is_refused_whole(text: str) -> None:
    with pytest.raises(BadProfile, match="livestreaming"):
        read_assessment(text, file="a file")


def test_oscal_that_we_exported_comes_back_whole(cast: Cast) -> None:
    whole = document_of(approved(cast))
    exported = json.dumps(dict(as_oscal(whole, as_of=TODAY)))

    assert read_assessment(exported, file="oscal.json").assessment == whole

    with pytest.raises(BadProfile, match="oscal-version"):
        read_assessment('{"system-security-plan": {"metadata": {}}}', file="oscal.json")


def test_what_is_imported_is_not_approved_here(cast: Cast) -> None:
    whole = document_of(approved(cast))

    import_document(service=cast.ridge, document=whole, by="staff:2", now=NOW)

    told = document_of(draft_of(cast.ridge))
    assert (told.days.approved, told.people.approved_by, told.law_as_of) == (None, "", None)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("about", {"name": "Ridge", "description": "A forum"}),
        ("users", {"most": 400, "counted": "October"}),
        ("surfaces", [{"name": "Posts", "takedown_feasible": True}]),
        ("scope/uk_links", True),
        ("scope/reason", "Because."),
        ("exemption/email", {"covers": "part", "reason": "The newsletter."}),
        (PART, {"facts": {"proactive_technology": None}}),
        ("risk/fraud", {"level": "low", "reasons": "Nothing is sold."}),
        ("control/c1", {"id": "c1", "title": "We look", "state": "in_place"}),
        ("evidence/e1", {"id": "e1", "kind": "outside", "text": "A study"}),
        ("people", {"responsible": "Grace"}),
        ("days", {"reported": "2026-11-23"}),
        ("characteristics", ["Walkers share routes."]),
    ],
)
def test_each_part_is_read_as_it_was_written_and_can_be_removed(
    draft: Draft, part: str, value: object
) -> None:
    empty = document_of(draft)

    written = with_part(empty, part, value)

    assert value_of(written, part) == value
    assert value_of(with_part(written, part, None), part) is None


# Default controls


def controls(draft: Draft) -> dict[str, str]:
    return {measure: one.state for one in document(draft).controls for measure in one.measures}


def test_measures_that_apply_have_a_control_from_the_start(draft: Draft) -> None:
    assert {"ICU A2", "ICU C1", "ICU C2"} <= controls(draft).keys()


def test_a_default_that_nobody_touched_moves_with_the_answers(draft: Draft) -> None:
    count_users(draft=draft, users={"least": 8_000_000}, saving=saving(draft, "users"))
    assert "ICU A1" in controls(draft)

    count_users(draft=draft, users={"most": 400}, saving=saving(draft, "users"))

    assert "ICU A1" not in controls(draft)


def test_a_control_that_somebody_wrote_stays_whatever_the_answers(draft: Draft) -> None:
    count_users(draft=draft, users={"least": 8_000_000}, saving=saving(draft, "users"))
    control = next(one for one in document(draft).controls if "ICU A1" in one.measures)
    part = f"control/{control.id}"
    value = {**value_of(document(draft), part), "description": "The club's board, each May."}
    set_control(draft=draft, control=control.id, value=value, saving=saving(draft, part))

    count_users(draft=draft, users={"most": 400}, saving=saving(draft, "users"))

    assert "ICU A1" in controls(draft)


def test_a_task_is_due_when_it_was_due(draft: Draft) -> None:
    before = {one.id: one.due for one in document(draft).controls}
    later = saving(draft, "risk/fraud", now=NOW + timedelta(days=9))

    set_risk(draft=draft, harm="fraud", risk={"level": "low"}, saving=later)

    after = {one.id: one.due for one in document(draft).controls}
    assert after == before | {id_: due for id_, due in after.items() if id_ not in before}


def test_why_something_is_not_known_is_no_reason_for_being_out_of_scope(draft: Draft) -> None:
    answer_scope(draft=draft, test="uk_links", answer=None, saving=saving(draft, "scope/uk_links"))
    doubt = "We do not know where our users live."
    give_scope_reason(draft=draft, reason=doubt, saving=saving(draft, "scope/reason"))

    told = saving(draft, "scope/user_to_user")
    answer_scope(draft=draft, test="user_to_user", answer=False, saving=told)

    assert scope_of(document(draft)).in_scope is None
    assert Change.objects.filter(part="scope/reason", before=doubt).count() == 1
    give_scope_reason(draft=draft, reason="Nobody posts.", saving=saving(draft, "scope/reason"))
    assert scope_of(document(draft)).in_scope is False
