"""The list of cases: who sees what, in which order, and what it says when it is empty."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dutybound_server.casework.actions.cases import claim_case
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn

QUEUE = "/console/ridge/cases/"


def test_an_empty_queue_says_what_will_appear_and_how(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.mo).get(QUEUE).content.decode()

    assert "Nothing waits for you" in page
    assert "something Ridge Forum sends meets a signal" in page


def test_the_gravest_late_case_stands_first_with_the_reason_for_its_place(
    cast: Cast, sign_in: SignIn
) -> None:
    now = timezone.now()
    mild = make.case(cast.ridge, harm="fraud", now=now - timedelta(hours=30))
    grave = make.case(cast.ridge, harm="iia", now=now - timedelta(hours=3))

    page = sign_in(cast.mo).get(QUEUE).content.decode()

    assert page.index(grave.reference) < page.index(mild.reference)
    assert page.index("Act now") < page.index("Later")
    assert "severity 5 × reach 1 × 3 h" in page


def test_a_restricted_case_is_not_in_the_list_of_other_staff(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge, harm="csea_image_csam")

    assert case.reference not in sign_in(cast.mo).get(QUEUE).content.decode()
    assert case.reference in sign_in(cast.ren).get(QUEUE).content.decode()


def test_staff_of_another_service_find_no_queue(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.vic).get(QUEUE).status_code == 404


def test_mine_holds_the_cases_i_claimed(cast: Cast, sign_in: SignIn) -> None:
    mine, other = make.case(cast.ridge), make.case(cast.ridge)
    claim_case(case_id=mine.id, by=cast.mo, now=timezone.now())

    page = sign_in(cast.mo).get(QUEUE, {"queue": "mine"}).content.decode()

    assert mine.reference in page
    assert other.reference not in page


def test_decided_cases_have_a_tab_of_their_own(cast: Cast, sign_in: SignIn) -> None:
    case = make.decided_case(cast.ridge, by=cast.mo)
    browser = sign_in(cast.nell)

    assert case.reference not in browser.get(QUEUE).content.decode()
    assert case.reference in browser.get(QUEUE, {"queue": "decided"}).content.decode()


@pytest.mark.parametrize("asked", ["reference", "subject", "bram"])
def test_search_finds_by_reference_item_and_account(
    cast: Cast, sign_in: SignIn, asked: str
) -> None:
    found = make.case(cast.ridge, author=cast.bram)
    make.case(cast.ridge, author=cast.cleo)
    q = getattr(found, asked, asked)

    page = sign_in(cast.mo).get(QUEUE, {"q": q}).content.decode()

    assert page.count('class="case-row"') == 1
    assert found.reference in page


@pytest.mark.parametrize(
    "query", ["q=%00", "page=x", "page=-1", "queue=nowhere", "q=" + "a" * 5000]
)
def test_an_odd_address_gives_a_list_not_an_error(cast: Cast, sign_in: SignIn, query: str) -> None:
    make.case(cast.ridge)

    assert sign_in(cast.mo).get(f"{QUEUE}?{query}").status_code == 200


def test_a_long_queue_comes_in_pages_for_few_questions_to_the_database(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for _ in range(51):
        make.case(cast.ridge, author=cast.bram)
    browser = sign_in(cast.mo)

    with django_assert_max_num_queries(30):  # type: ignore[operator]
        page = browser.get(QUEUE).content.decode()

    assert page.count('class="case-row"') == 50
    assert "1 to 50 of 51" in page
    assert browser.get(QUEUE, {"page": "2"}).content.decode().count('class="case-row"') == 1
