"""The assessment's pages: one question at a time, each answer saved, nothing lost."""

import io
import json
import re
from collections.abc import Mapping

import pytest
from django.test import Client
from django.utils import timezone

from dutybound_server.assurance.actions.drafts import (
    Saving,
    answer_question,
    set_risk,
    start_draft,
)
from dutybound_server.assurance.models import Draft, Version
from dutybound_server.assurance.parts import seen
from dutybound_server.assurance.queries import draft_of, newest_version
from dutybound_server.people.actions import grant_role
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved, document, finish
from tests.server.console.conftest import SignIn

pytestmark = pytest.mark.django_db
HOME = "/console/ridge/assessment/"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{16})"')
PAGES = [
    "", "history/", "import/", "service/", "scope/", "scope/user_to_user/", "scope/exemptions/",
    "exemptions/email/", "questions/", "questions/uk_users/", "questions/communication/",
    "questions/proactive_technology/", "questions/takedown_feasible/", "children/", "risks/",
    "risks/fraud/", "risks/csea_grooming/", "risks/fraud/evidence/", "measures/",
    "measures/ICU%20C2/", "gaps/", "gaps/fraud/accept/", "check/", "people/", "compare/",
    "draft/read/record/", "draft/read/board/", "draft/read/statement/", "draft/read/terms/",
]  # fmt: skip


@pytest.fixture
def grace(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.grace)


@pytest.fixture
def draft(cast: Cast) -> Draft:
    return start_draft(service=cast.ridge, by="staff:1", now=NOW)


def post(client: Client, path: str, answers: Mapping[str, object]) -> str:
    """Open a page, answer it, and read what comes after."""
    page = client.get(HOME + path).content.decode()
    found = SEEN.search(page)
    sent = dict(answers) | ({"seen": found.group(1)} if found else {})
    return client.post(HOME + path, sent, follow=True).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_on_an_empty_draft(path: str, draft: Draft, grace: Client) -> None:
    assert grace.get(HOME + path).status_code == 200


def test_each_page_opens_on_a_finished_one_and_on_an_approved(cast: Cast, grace: Client) -> None:
    finish(cast)
    wrong = [path for path in PAGES if grace.get(HOME + path).status_code != 200]
    assert wrong == []

    approved(cast)
    for path in ("", "compare/", "1/read/record/", "1/record.pdf", "1/assessment.json"):
        assert grace.get(HOME + path).status_code == 200


def test_starting_leads_to_the_task_list(cast: Cast, grace: Client) -> None:
    assert "Start the assessment" in grace.get(HOME).content.decode()

    page = grace.post(f"{HOME}start/", follow=True).content.decode()

    assert "sections done" in page
    assert draft_of(cast.ridge).revision == 0


def test_only_staff_with_the_permission_read_and_only_some_answer(
    cast: Cast, draft: Draft, sign_in: SignIn
) -> None:
    question = f"{HOME}questions/uk_users/"
    for person, reads, answers in (
        (cast.mo, 403, 403),
        (cast.ren, 403, 403),
        (cast.ode, 200, 403),
        (cast.sena, 200, 200),
        (cast.ada, 200, 200),
        (cast.grace, 200, 200),
    ):
        client = sign_in(person)
        assert client.get(HOME).status_code == reads, person
        assert client.get(question).status_code == answers, person


# Questions


def test_a_question_has_its_reason_and_an_example_and_dont_know(
    draft: Draft, grace: Client
) -> None:
    page = grace.get(f"{HOME}questions/proactive_technology/").content.decode()

    assert "Does software look for harmful content" in page
    assert "Your terms must say so" in page
    assert "Known pictures matched by hash" in page
    assert "I don&#x27;t know" in page


def test_an_answer_is_saved_and_the_next_question_comes(draft: Draft, grace: Client) -> None:
    page = post(grace, "questions/uk_provider/", {"answer": "yes"})

    assert document(draft).facts == {"uk_provider": True}
    assert "Saved." in page
    assert "Which of these is the service?" in page


def test_i_dont_know_is_carried_through_as_unknown(draft: Draft, grace: Client) -> None:
    post(grace, "questions/uk_provider/", {"answer": "unknown"})
    post(grace, "questions/recommenders/", {"facts": "content_recommender", "rest": "not_sure"})

    assert document(draft).facts == {
        "uk_provider": None,
        "content_recommender": True,
        "network_recommender": None,
    }


def test_nothing_chosen_is_no_answer_and_nothing_is_saved(draft: Draft, grace: Client) -> None:
    for path in ("uk_provider", "communication", "uk_users", "takedown_feasible"):
        answer = grace.post(f"{HOME}questions/{path}/", {"reason": ""})

        assert answer.status_code == 422
        assert "Nothing was saved yet" in answer.content.decode()
    assert document(draft).facts == {}


def test_none_of_the_others_sets_each_to_no(draft: Draft, grace: Client) -> None:
    post(grace, "questions/recommenders/", {"rest": "none_of_them"})

    assert document(draft).facts == {"content_recommender": False, "network_recommender": False}


@pytest.mark.parametrize(
    ("answers", "users"),
    [
        ({"band": "under 700,000", "count": "400"}, (400, 400)),
        ({"band": "under 700,000"}, (0, 699_999)),
        ({"band": "over 7 million"}, (7_000_001, None)),
        ({"band": "unknown"}, (0, None)),
    ],
)
def test_users_are_a_count_a_band_or_not_known(
    answers: Mapping[str, object], users: tuple[int, int | None], draft: Draft, grace: Client
) -> None:
    post(grace, "questions/uk_users/", answers)

    told = document(draft).service.users
    assert (told.least, told.most) == users
    assert told.counted
    again = grace.get(f"{HOME}questions/uk_users/").content.decode()
    assert re.search(rf'value="{answers["band"]}"[^>]*checked', again)


def test_a_count_outside_its_band_is_refused(draft: Draft, grace: Client) -> None:
    page = post(grace, "questions/uk_users/", {"band": "over 7 million", "count": "400"})

    assert "400 is not over 7 million" in page
    assert document(draft).service.users.most is None


def test_a_claim_that_nothing_can_be_taken_down_needs_its_record(
    draft: Draft, grace: Client
) -> None:
    answers = {"s0-name": "Messages", "s0-answer": "no", "s1-name": "", "s1-answer": ""}
    assert "A “no” needs this" in post(grace, "questions/takedown_feasible/", answers)

    record = {"s0-reason": "Encrypted", "s0-owner": "Grace", "s0-expires_on": "2027-05-01"}
    post(grace, "questions/takedown_feasible/", answers | record)

    (surface,) = document(draft).service.surfaces
    assert surface.takedown_feasible is False
    assert surface.claim is not None
    assert surface.claim.expires_on.isoformat() == "2027-05-01"


def test_the_records_stand_beside_the_question_and_a_no_against_them_is_flagged(
    cast: Cast, draft: Draft, grace: Client
) -> None:
    make.bank(cast.ridge, "slurs", phrases=["zonk"])
    page = post(grace, "questions/proactive_technology/", {"answer": "no"})
    assert document(draft).facts == {"proactive_technology": False}

    page = grace.get(f"{HOME}questions/proactive_technology/").content.decode()

    assert "compares every item with 1 bank" in page
    assert "This does not fit the records" in page
    assert "do not fit the records" in grace.get(f"{HOME}check/").content.decode()


def test_answers_that_cannot_both_be_true_are_told_and_nothing_is_saved(
    draft: Draft, grace: Client
) -> None:
    page = post(
        grace, "questions/identification/", {"facts": "user_profiles", "rest": "none_of_them"}
    )
    assert "Both cannot be true" in page
    assert document(draft).facts == {}

    both = {"facts": ["user_profiles", "user_accounts"], "rest": "none_of_them"}
    post(grace, "questions/identification/", both)

    assert document(draft).facts["user_profiles"]


# Scope


def test_scope_is_asked_first_and_doubt_counts_as_in(draft: Draft, grace: Client) -> None:
    post(grace, "scope/user_to_user/", {"answer": "yes"})
    post(grace, "scope/uk_links/", {"answer": "unknown"})
    page = grace.post(f"{HOME}scope/exemptions/", {"none": "yes"}, follow=True).content.decode()

    assert "counts as in scope" in page
    assert {one.covers for one in document(draft).scope.exemptions.values()} == {"none"}


def test_an_exemption_that_may_hold_is_asked_about(draft: Draft, grace: Client) -> None:
    page = grace.post(f"{HOME}scope/exemptions/", {"exemption": "email"}, follow=True)
    assert "How much of the service is it?" in page.content.decode()

    post(grace, "exemptions/email/", {"covers": "part", "reason": "The newsletter."})

    assert document(draft).scope.exemptions["email"].covers == "part"


# Two people


def test_the_second_person_is_shown_both_answers_and_chooses(
    cast: Cast, draft: Draft, grace: Client, sign_in: SignIn
) -> None:
    opened = grace.get(f"{HOME}questions/uk_provider/").content.decode()
    saw = SEEN.search(opened)
    assert saw is not None
    post(sign_in(cast.sena), "questions/uk_provider/", {"answer": "yes"})

    answer = grace.post(
        f"{HOME}questions/uk_provider/", {"answer": "no", "reason": "Dublin", "seen": saw.group(1)}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Sena saved another answer" in page
    assert "Dublin" in page
    assert document(draft).facts == {"uk_provider": True}

    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    del hidden["csrfmiddlewaretoken"]
    grace.post(f"{HOME}questions/uk_provider/", hidden)
    assert document(draft).facts == {"uk_provider": False}
    assert document(draft).reasons == {"uk_provider": "Dublin"}


def test_the_history_keeps_what_was_set_aside(cast: Cast, draft: Draft, grace: Client) -> None:
    for number, answer in enumerate((True, False)):
        value = {"facts": {"uk_provider": answer}}
        saving = Saving(seen(None), f"staff:{cast.grace.pk}", NOW)
        if number:
            grace.post(f"{HOME}questions/uk_provider/", {"answer": "no", "seen": seen(None)})
        else:
            answer_question(draft=draft, question="uk_provider", answer=value, saving=saving)

    assert "set aside" in grace.get(f"{HOME}history/").content.decode()


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
    revision = {"revision": draft.revision}
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
    sent = {"revision": draft.revision, "read": "yes"}
    assert ada.post(f"{HOME}approve/", sent).status_code == 403


def test_what_hinders_approval_is_listed(draft: Draft, grace: Client) -> None:
    page = grace.get(f"{HOME}check/").content.decode()

    assert "To do before it can be approved" in page
    assert "Approve this assessment" not in page


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
    assert grace.get(f"{HOME}compare/?earlier=9&later=x").status_code == 200


def test_a_version_that_does_not_exist_is_not_found(draft: Draft, grace: Client) -> None:
    for path in ("9/read/record/", "x/record.pdf", "9/assessment.json", "9/oscal.json"):
        assert grace.get(HOME + path).status_code == 404
    assert grace.get(f"{HOME}draft/read/nothing/").status_code == 404
