"""What goes to a body outside is read first, and what it found is written down."""

import pytest

from dutybound.cases.bundle import opened
from dutybound_server.casework.models import Case, OutsideReview
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn


@pytest.fixture
def case(cast: Cast) -> Case:
    return make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)


def page_of(case: Case) -> str:
    return f"/console/ridge/cases/{case.reference}/outside/"


def test_nothing_goes_out_unread_or_to_nobody(cast: Cast, sign_in: SignIn, case: Case) -> None:
    sena = sign_in(cast.sena)

    unread = sena.post(page_of(case), {"body": "Appeals Centre", "leave_out": "zonk"})
    nobody = sena.post(page_of(case), {"body": "", "read": "on"})

    assert (unread.status_code, nobody.status_code) == (422, 422)
    assert "Read what goes out" in unread.content.decode()
    assert not OutsideReview.objects.exists()


def test_what_is_left_is_shown_before_anything_goes_out(
    cast: Cast, sign_in: SignIn, case: Case
) -> None:
    sena = sign_in(cast.sena)
    assert "words: zonk" in sena.get(page_of(case)).content.decode()

    asked = {"body": "Appeals Centre", "leave_out": "zonk", "preview": "1"}
    page = sena.post(page_of(case), asked).content.decode()

    assert "words: [left out]" in page
    assert 'value="Appeals Centre"' in page
    assert not OutsideReview.objects.exists()


def test_the_file_is_a_signed_bundle_and_its_outcome_comes_back(
    cast: Cast, sign_in: SignIn, case: Case
) -> None:
    sena = sign_in(cast.sena)
    asked = {"body": "Appeals Centre", "leave_out": "zonk", "read": "on"}

    answer = sena.post(page_of(case), asked)

    review = OutsideReview.objects.get()
    assert answer.headers["Content-Type"] == "application/zip"
    assert opened(answer.content).digest == review.digest
    path = f"{page_of(case)}{review.pk}/"
    assert sena.post(path, {"outcome": "agrees", "words": ""}).status_code == 422
    sena.post(path, {"outcome": "disagrees", "words": "It is a joke."})
    case.refresh_from_db()
    assert case.status == "open"
    assert "It is a joke." in sena.get(page_of(case)).content.decode()


def test_only_who_may_overturn_gives_a_case_away(cast: Cast, sign_in: SignIn, case: Case) -> None:
    for person in (cast.mo, cast.ada, cast.ode):
        assert sign_in(person).get(page_of(case)).status_code == 403
    hidden = make.case(cast.ridge, harm="csea_image_csam")
    assert sign_in(cast.sena).get(page_of(hidden)).status_code == 404


def test_an_outcome_of_another_case_is_not_there(cast: Cast, sign_in: SignIn, case: Case) -> None:
    sena = sign_in(cast.sena)
    sena.post(page_of(case), {"body": "Appeals Centre", "read": "on"})
    other = make.decided_case(cast.ridge, by=cast.mo)

    path = f"{page_of(other)}{OutsideReview.objects.get().pk}/"

    assert sena.post(path, {"outcome": "agrees", "words": "x"}).status_code == 404
