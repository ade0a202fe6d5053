"""The accounts pages: what an account posted, what was decided, what it was told."""

from dutybound_server.casework.actions.cases import open_account_case
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.models import Case
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn

PAGE = "/console/ridge/accounts/"


def test_accounts_are_found_by_a_part_of_their_id(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.mo).get(f"{PAGE}?q=bra").content.decode()

    assert "bram" in page
    assert "cleo" not in page


def test_a_search_without_an_answer_says_so(cast: Cast, sign_in: SignIn) -> None:
    assert "Nobody found" in sign_in(cast.mo).get(f"{PAGE}?q=zonk").content.decode()


def test_an_account_shows_its_items_cases_decisions_and_notices(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)

    page = sign_in(cast.ode).get(f"{PAGE}{cast.bram.pk}/").content.decode()

    assert case.reference in page
    assert case.subject in page
    assert "Take down" in page
    assert "We took down your post" in page
    assert "bram@example.com" not in page


def test_restricted_cases_of_an_account_are_for_those_who_may(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge, author=cast.bram, harm="csea_image_csam")
    path = f"{PAGE}{cast.bram.pk}/"

    assert case.reference not in sign_in(cast.mo).get(path).content.decode()
    assert case.reference in sign_in(cast.ren).get(path).content.decode()


def test_an_account_of_another_service_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.vic).get(f"/console/harbour/accounts/{cast.bram.pk}/").status_code == 404


def test_a_moderator_opens_a_case_about_an_account(cast: Cast, sign_in: SignIn) -> None:
    asked = {"harm": "harassment", "why": "Four accounts, one person."}

    sign_in(cast.mo).post(f"{PAGE}{cast.bram.pk}/case/", asked)

    case = Case.objects.get()
    assert (case.subject_kind, case.subject) == ("account", "bram")


def test_a_case_about_an_account_needs_a_reason(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.mo).post(f"{PAGE}{cast.bram.pk}/case/", {"harm": "harassment"})

    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_an_auditor_opens_no_case(cast: Cast, sign_in: SignIn) -> None:
    asked = {"harm": "harassment", "why": "Odd."}

    assert sign_in(cast.ode).post(f"{PAGE}{cast.bram.pk}/case/", asked).status_code == 403


def test_what_counts_against_an_account_is_shown_until_it_is_taken_back(
    cast: Cast, sign_in: SignIn
) -> None:
    path, mo = f"{PAGE}{cast.bram.pk}/", sign_in(cast.mo)
    assert "Nothing. A decision against it" in mo.get(path).content.decode()
    case = open_account_case(account=cast.bram, harm="harassment", why="x", by=cast.mo, now=NOW)
    decision = make.decide(case, by=cast.mo)
    assert ">Close<" in mo.get(path).content.decode()

    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW)

    page = mo.get(path).content.decode()
    assert "Taken back" in page
    assert ">Over<" in page
