"""The assessment's pages: one question at a time, each answer saved, nothing lost."""

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from dutybound.risk.document import Assessment
from dutybound_server.assurance.actions.drafts import (
    Saving,
    answer_question,
    import_document,
)
from dutybound_server.assurance.models import Draft
from dutybound_server.assurance.parts import seen
from dutybound_server.assurance.queries import draft_of
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved, document, finish
from tests.server.console.answering import HOME, SEEN, post
from tests.server.console.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGES = [
    "", "history/", "import/", "service/", "scope/", "scope/user_to_user/", "scope/exemptions/",
    "exemptions/email/", "questions/", "questions/uk_users/", "questions/communication/",
    "questions/proactive_technology/", "questions/takedown_feasible/", "children/", "risks/",
    "risks/fraud/", "risks/csea_grooming/", "risks/fraud/evidence/", "measures/",
    "measures/ICU%20C2/", "gaps/", "gaps/fraud/accept/", "check/", "people/", "days/",
    "particular/", "risks/bullying/", "compare/",
    "draft/read/record/", "draft/read/board/", "draft/read/statement/", "draft/read/terms/",
]  # fmt: skip


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


def test_what_nobody_said_of_the_others_is_asked_and_not_taken_for_a_no(
    draft: Draft, grace: Client
) -> None:
    page = post(grace, "questions/recommenders/", {"facts": "content_recommender"})

    assert "Say whether none of the others is true" in page
    assert document(draft).facts == {}


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
    page = post(grace, "scope/exemptions/", {"none": "yes"})

    assert "counts as in scope" in page
    assert {one.covers for one in document(draft).scope.exemptions.values()} == {"none"}


def test_an_exemption_that_may_hold_is_asked_about(draft: Draft, grace: Client) -> None:
    page = post(grace, "scope/exemptions/", {"exemption": "email"})
    assert "How much of the service is it?" in page

    post(grace, "exemptions/email/", {"covers": "part", "reason": "The newsletter."})

    assert document(draft).scope.exemptions["email"].covers == "part"


def test_a_service_out_of_scope_with_a_reason_is_asked_nothing_more(
    draft: Draft, grace: Client
) -> None:
    post(grace, "scope/user_to_user/", {"answer": "no"})
    assert "counts as in scope" in grace.get(f"{HOME}scope/").content.decode()

    page = post(grace, "scope/", {"reason": "It is a shop window. Nobody can post."})

    assert "It seems to be out of scope" in page
    assert "Questions: children" not in grace.get(HOME).content.decode()


def test_a_question_that_a_file_answered_in_part_is_not_filled_in_with_a_no(
    cast: Cast, draft: Draft, grace: Client
) -> None:
    told = Assessment.model_validate(
        {"facts": {"commenting": True}, "reasons": {"commenting": "Below every walk."}}
    )
    import_document(service=cast.ridge, document=told, by="staff:1", now=NOW)

    page = grace.get(f"{HOME}questions/communication/").content.decode()
    checked = re.findall(r'name="rest" value="(\w+)"[^>]*checked', page)
    assert checked == ["not_sure"]

    post(grace, "questions/communication/", {"facts": "commenting", "rest": checked[0]})
    assert document(draft).facts["direct_messaging"] is None
    assert document(draft).reasons == {"commenting": "Below every walk."}


def test_only_what_there_is_can_be_accepted(draft: Draft, grace: Client) -> None:
    told = {"accepted_by": "Grace", "reason": "It is rare.", "review_on": "2027-01-01"}

    answer = grace.post(f"{HOME}gaps/nonsense/accept/", told | {"seen": seen(None)})

    assert answer.status_code == 404
    assert document(draft).accepted == ()


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


def test_an_answer_says_what_it_changed(draft: Draft, grace: Client) -> None:
    answers = {"facts": ["content_recommender"], "rest": "none_of_them"}

    page = post(grace, "questions/recommenders/", answers)

    assert re.search(r"Saved\. \w.* adds \d+ kinds? of harm", page)
