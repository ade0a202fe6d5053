"""The second half of the assessment: risks, measures, approval, and what comes out."""

import io
import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from dutybound_server.assurance.actions.drafts import (
    Saving,
    set_control,
    set_risk,
    start_draft,
)
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.models import Draft, ReviewTask, Version
from dutybound_server.assurance.parts import seen
from dutybound_server.assurance.queries import draft_of, newest_version
from dutybound_server.people.actions import grant_role
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved, document, finish
from tests.server.console.answering import HOME, post
from tests.server.console.conftest import SignIn

pytestmark = pytest.mark.django_db


# Risks


def test_a_proposal_has_reasons_with_how_sure_they_are_and_nothing_is_chosen(
    draft: Draft, grace: Client
) -> None:
    page = grace.get(f"{HOME}risks/fraud/").content.decode()

    assert "We propose:" in page
    assert "from memory" in page
    assert not re.search(r'name="level"[^>]*checked', page)


def test_a_level_is_set_with_its_reasons(draft: Draft, grace: Client) -> None:
    answers = {"level": "medium", "reasons": "Members sell boots.", "impact": "low"}

    post(grace, "risks/fraud/", answers)

    risk = document(draft).risks["fraud"]
    assert (risk.level, risk.impact, risk.likelihood) == ("medium", "low", None)
    assert risk.reasons == "Members sell boots."


def test_i_dont_know_yet_leaves_a_risk_without_a_level(draft: Draft, grace: Client) -> None:
    post(grace, "risks/fraud/", {"level": "unknown", "reasons": "We must ask."})

    risk = document(draft).risks["fraud"]
    assert (risk.level, risk.reasons) == (None, "We must ask.")


def test_only_ticked_proposals_are_taken_and_only_at_the_level_that_was_shown(
    draft: Draft, grace: Client
) -> None:
    page = grace.get(f"{HOME}risks/").content.decode()
    levels = dict(re.findall(r'name="(level-\w+)" value="(\w+)"', page))

    grace.post(f"{HOME}risks/take/", levels | {"harm": ["fraud", "hate"], "level-hate": "none"})

    assert document(draft).risks.keys() == {"fraud"}
    assert document(draft).risks["fraud"].level == levels["level-fraud"]


def test_a_rule_that_speaks_against_a_level_is_shown(draft: Draft, grace: Client) -> None:
    page = post(grace, "risks/fraud/", {"level": "negligible", "reasons": "We are small."})

    assert "The rule:" in page
    assert document(draft).risks["fraud"].level == "negligible"


def test_the_records_figures_become_evidence_when_a_person_says_so(
    cast: Cast, draft: Draft, grace: Client
) -> None:
    make.decided_case(cast.ridge, by=cast.mo, now=timezone.now())
    assert "1 decision against it" in grace.get(f"{HOME}risks/harassment/").content.decode()
    assert document(draft).evidence == ()

    grace.post(f"{HOME}risks/harassment/figures/")

    (evidence,) = document(draft).evidence
    assert (evidence.harms, evidence.shows_harm) == (("harassment",), True)
    of_another_kind = grace.get(f"{HOME}risks/hate/").content.decode()
    assert "Harassment and threats: In the last 365 days" in of_another_kind


def test_a_harm_that_decisions_show_is_flagged_until_the_evidence_holds_it(
    cast: Cast, grace: Client
) -> None:
    finish(cast)
    make.decided_case(cast.ridge, by=cast.mo, now=timezone.now())
    make.case(cast.ridge, harm="fraud", now=timezone.now())
    assert grace.get(f"{HOME}risks/").content.decode().count("Your own decisions show it") == 1
    assert "These figures are not among the evidence" in grace.get(f"{HOME}check/").content.decode()

    grace.post(f"{HOME}risks/harassment/figures/")

    assert "Your own decisions show it" not in grace.get(f"{HOME}risks/").content.decode()
    assert "not among the evidence" not in grace.get(f"{HOME}check/").content.decode()


def test_cases_of_restricted_kinds_are_linked_only_for_those_who_may_see_them(
    cast: Cast, draft: Draft, grace: Client
) -> None:
    make.case(cast.ridge, harm="csea_grooming", now=timezone.now())
    page = f"{HOME}risks/csea_grooming/"
    assert "shown only to staff" in grace.get(page).content.decode()

    grant_role(user=cast.grace, service=cast.ridge, role=Role.RESTRICTED, by="system", now=NOW)

    assert "The cases are in the queue" in grace.get(page).content.decode()


def test_evidence_from_outside_has_its_source_and_day(draft: Draft, grace: Client) -> None:
    answers = {"kind": "outside", "text": "A study", "source": "A paper", "dated": "2026-01-02"}

    post(grace, "risks/fraud/evidence/", answers)

    (evidence,) = document(draft).evidence
    assert (evidence.harms, evidence.source) == (("fraud",), "A paper")
    assert str(evidence.dated) == "2026-01-02"


# Measures


def control_of(page: str) -> str:
    found = re.search(r"assessment/controls/([^/]+)/", page)
    assert found is not None
    return found.group(1)


def test_a_measure_says_why_it_applies_and_how_sure_the_entry_is(
    draft: Draft, grace: Client
) -> None:
    page = grace.get(f"{HOME}measures/ICU%20C2/").content.decode()

    assert "It applies, because it is for every user-to-user service." in page
    assert "verified" in page


def test_what_would_settle_an_unknown_measure_leads_to_its_question(
    draft: Draft, grace: Client
) -> None:
    page = grace.get(f"{HOME}measures/ICU%20A1/").content.decode()

    assert "What would settle it" in page
    assert f'href="{HOME}questions/uk_users/"' in page


@pytest.mark.parametrize("state", ["task", "alternative", "refused"])
def test_each_answer_about_a_measure_needs_its_record(
    state: str, draft: Draft, grace: Client
) -> None:
    control = control_of(grace.get(f"{HOME}measures/ICU%20C2/").content.decode())

    page = post(grace, f"controls/{control}/", {"title": "Take-down", "state": state})

    assert "The record needs this" in page


def test_a_refusal_is_kept_with_who_is_affected(draft: Draft, grace: Client) -> None:
    control = control_of(grace.get(f"{HOME}measures/ICU%20C2/").content.decode())
    record = {
        "reason": "We cannot.", "severity": "High.", "who_is_affected": "Everyone.",
        "refusal_rights": "None.",
    }  # fmt: skip

    post(grace, f"controls/{control}/", {"title": "Take-down", "state": "refused"} | record)

    saved = next(one for one in document(draft).controls if one.id == control)
    assert saved.state == "refused"
    assert saved.measures == ("ICU C2",)
    assert saved.refusal is not None
    assert saved.refusal.who_is_affected == "Everyone."


# Approval and what comes out


def test_the_accountable_person_approves_what_they_have_read(cast: Cast, grace: Client) -> None:
    draft = finish(cast)
    revision = {"draft": draft.pk, "revision": draft.revision}
    assert grace.post(f"{HOME}approve/", revision).status_code == 422
    assert newest_version(cast.ridge) is None

    page = grace.post(f"{HOME}approve/", revision | {"read": "yes"}, follow=True).content.decode()

    version = Version.objects.get()
    assert "Approved as version 1" in page
    assert version.digest in page


def test_others_do_not_see_the_button_and_cannot_press_it(cast: Cast, sign_in: SignIn) -> None:
    draft = finish(cast)
    ada = sign_in(cast.ada)

    assert "Approve this assessment" not in ada.get(f"{HOME}check/").content.decode()
    sent = {"draft": draft.pk, "revision": draft.revision, "read": "yes"}
    assert ada.post(f"{HOME}approve/", sent).status_code == 403


def test_what_hinders_approval_is_listed(draft: Draft, grace: Client) -> None:
    page = grace.get(f"{HOME}check/").content.decode()

    assert "To do before it can be approved" in page
    assert "assessment/people/" in page.partition("To do before")[2].partition("</section>")[0]
    assert "Approve this assessment" not in page


def test_an_approval_that_is_sent_again_does_not_approve_the_next_draft(
    cast: Cast, grace: Client
) -> None:
    version = approved(cast)
    assert version.draft.revision > 0
    following = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    Draft.objects.filter(id=following.pk).update(revision=version.draft.revision)

    sent = {"draft": version.draft.pk, "revision": version.draft.revision, "read": "yes"}
    answer = grace.post(f"{HOME}approve/", sent)

    assert answer.status_code == 422
    assert "another draft than the one you read" in answer.content.decode()
    assert Version.objects.count() == 1


def test_the_pdf_of_a_version_is_the_same_each_time(cast: Cast, grace: Client) -> None:
    approved(cast)

    first, second = (grace.get(f"{HOME}1/record.pdf").content for _ in range(2))

    assert first.startswith(b"%PDF")
    assert first == second


def test_a_version_can_be_taken_along_and_imported_elsewhere(cast: Cast, grace: Client) -> None:
    version = approved(cast)
    file = grace.get(f"{HOME}1/assessment.json")
    assert json.loads(file.content) == version.document

    upload = {"file": io.BytesIO(file.content)}
    page = grace.post(f"{HOME}import/", upload, follow=True).content.decode()

    assert "sections done" in page
    assert document(draft_of(cast.ridge)).facts == dict(version.document["facts"])


def test_a_wrong_file_is_refused_with_its_line(draft: Draft, grace: Client) -> None:
    file = io.BytesIO(b'{"facts": {\n"lifestreaming": true}}')

    answer = grace.post(f"{HOME}import/", {"file": file})

    assert answer.status_code == 422
    assert "livestreaming" in answer.content.decode()
    assert document(draft).facts == {}


def test_a_file_takes_no_place_of_answers_that_were_saved_meanwhile(
    draft: Draft, grace: Client
) -> None:
    page = grace.get(f"{HOME}import/").content.decode()
    saw = page.split('name="saw" value="')[1].split('"')[0]
    post(grace, "questions/uk_provider/", {"answer": "yes"})
    file = b'{"facts": {"commenting": true}}'

    answer = grace.post(f"{HOME}import/", {"file": io.BytesIO(file), "saw": saw})

    assert "Answers were saved since you opened this page" in answer.content.decode()
    assert document(draft).facts == {"uk_provider": True}

    now = answer.content.decode().split('name="saw" value="')[1].split('"')[0]
    grace.post(f"{HOME}import/", {"file": io.BytesIO(file), "saw": now})
    assert document(draft).facts == {"commenting": True}


def test_a_file_that_is_too_large_is_refused_and_not_read_up_to_a_point(
    draft: Draft, grace: Client
) -> None:
    # Cut off in the letters of the comment, the rest would be a profile of its own.
    text = "[facts]\nlivestreaming = true\n#  " + "é" * 2_200_000 + "\n[risks]\nfraud = 'high'\n"

    answer = grace.post(f"{HOME}import/", {"file": io.BytesIO(text.encode())})

    assert answer.status_code == 422
    assert document(draft).facts == {}


@pytest.mark.parametrize("text", ['{"a":' * 100_000, '{"service": {"users": ' + "9" * 5000 + "}}"])
def test_a_hostile_file_is_refused_on_the_page(text: str, draft: Draft, grace: Client) -> None:
    answer = grace.post(f"{HOME}import/", {"file": io.BytesIO(text.encode())})

    assert answer.status_code == 422


def test_oscal_holds_the_four_documents(cast: Cast, grace: Client) -> None:
    approved(cast)

    documents = json.loads(grace.get(f"{HOME}1/oscal.json").content)

    assert len(documents) == 4


def test_any_two_versions_can_be_compared(cast: Cast, grace: Client) -> None:
    approved(cast)
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    risk = {"level": "high", "reasons": "Seen."}
    there = document(draft).as_json()["risks"]["fraud"]
    set_risk(draft=draft, harm="fraud", risk=risk, saving=Saving(seen(there), "staff:1", NOW))

    page = grace.get(f"{HOME}compare/?earlier=1&later=draft").content.decode()

    assert "high" in page
    assert "no difference" not in page
    assert "Approved by" in page
    assert "Law_as_of" not in page
    assert grace.get(f"{HOME}compare/?earlier=9&later=x").status_code == 200


def test_a_control_that_went_is_compared_by_its_title(cast: Cast, grace: Client) -> None:
    draft = finish(cast)
    ours = {"id": "ours", "title": "We read new posts", "state": "in_place", "harms": ["hate"]}
    set_control(draft=draft, control="ours", value=ours, saving=Saving(seen(None), "staff:1", NOW))
    draft.refresh_from_db()
    approve_draft(draft=draft, revision=draft.revision, by=cast.grace, now=NOW)
    later = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    there = next(one for one in document(later).as_json()["controls"] if one["id"] == "ours")
    saving = Saving(seen(there), "staff:1", NOW)
    set_control(draft=later, control="ours", value=None, saving=saving)

    page = grace.get(f"{HOME}compare/?earlier=1&later=draft").content.decode()

    assert "Control: We read new posts" in page
    assert "Control: ours" not in page


def test_a_version_that_does_not_exist_is_not_found(draft: Draft, grace: Client) -> None:
    for path in ("9/read/record/", "x/record.pdf", "9/assessment.json", "9/oscal.json"):
        assert grace.get(HOME + path).status_code == 404
    assert grace.get(f"{HOME}draft/read/nothing/").status_code == 404


def test_a_review_task_is_closed_with_a_note(cast: Cast, grace: Client) -> None:
    version = approved(cast)
    task = ReviewTask.objects.create(
        service=cast.ridge, version=version, kind="year", says="A year has passed.", key="1",
        opened_at=NOW,
    )  # fmt: skip
    assert "A year has passed." in grace.get(HOME).content.decode()

    grace.post(f"{HOME}tasks/{task.pk}/close/", {"note": ""})
    task.refresh_from_db()
    assert task.closed_at is None

    grace.post(f"{HOME}tasks/{task.pk}/close/", {"note": "We went through it."})
    task.refresh_from_db()
    assert (task.closed_by, task.note) == (cast.grace, "We went through it.")
    assert "A year has passed." not in grace.get(HOME).content.decode()


def test_a_control_keeps_what_the_page_had_no_tick_for(draft: Draft, grace: Client) -> None:
    value = {"title": "We look", "state": "task", "harms": ["fraud"]}
    set_control(draft=draft, control="c1", value=value, saving=Saving(seen(None), "staff:1", NOW))

    post(grace, "controls/c1/", {"title": "We look", "state": "in_place"})

    after = next(one for one in document(draft).controls if one.id == "c1")
    assert (after.state, after.harms) == ("in_place", ("fraud",))


def test_a_control_that_runs_here_links_to_where_it_runs(draft: Draft, grace: Client) -> None:
    value = {"title": "x", "state": "in_place", "measures": ["ICU C2"]}
    for number, where in enumerate(("console:banks", "https://a.example/", "A folder")):
        named = {**value, "where": where}
        saving = Saving(seen(None), "staff:1", NOW)
        set_control(draft=draft, control=f"c{number}", value=named, saving=saving)

    page = grace.get(f"{HOME}measures/ICU%20C2/").content.decode()

    assert '<a href="/console/ridge/banks/">Banks</a>' in page
    assert '<a href="https://a.example/"' in page
    assert "<dd>A folder</dd>" in page


def test_the_page_of_gaps_says_that_more_may_follow_while_levels_are_missing(
    cast: Cast, grace: Client
) -> None:
    draft = finish(cast)
    assert "more gaps may follow" not in grace.get(f"{HOME}gaps/").content.decode()

    there = document(draft).as_json()["risks"]["fraud"]
    saving = Saving(seen(there), "staff:1", NOW)
    set_risk(draft=draft, harm="fraud", risk={"reasons": "We must ask."}, saving=saving)

    assert "1 kind of harm has no level yet" in grace.get(f"{HOME}gaps/").content.decode()


def test_a_number_that_the_register_has_not_checked_has_a_question_mark(
    cast: Cast, grace: Client
) -> None:
    finish(cast)

    page = grace.get(f"{HOME}measures/").content.decode()
    one = grace.get(f"{HOME}measures/PCU-UNVERIFIED-F1/").content.decode()

    assert "PCU F1? " in page
    assert "this number is not checked" in one
