"""The policy on unfounded complaints at the screen: who approves, who uses, who checks."""

from datetime import timedelta

from django.utils import timezone

from dutybound.cases.kinds import Outcome
from dutybound_server.casework.models import Disregard, UnfoundedPolicy
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn

PAGE = "/console/ridge/unfounded/"


def policy_form() -> dict[str, str]:
    return {
        "words": "We set aside what is clearly without ground.",
        "attributes": "It is about nothing.\nIt is the same text again.",
        "monitoring": "A colleague looks at each.",
        "review_by": (timezone.now() + timedelta(days=300)).date().isoformat(),
        "change": "",
    }


def test_only_the_accountable_person_approves_and_a_wrong_date_is_named(
    cast: Cast, sign_in: SignIn
) -> None:
    assert sign_in(cast.mo).post(f"{PAGE}approve/", policy_form()).status_code == 403
    late = {**policy_form(), "review_by": "2099-01-01"}

    answer = sign_in(cast.grace).post(f"{PAGE}approve/", late)

    assert answer.status_code == 422
    assert "within a year" in answer.content.decode()
    assert not UnfoundedPolicy.objects.exists()


def test_a_complaint_is_set_aside_under_the_policy_and_checked_by_a_colleague(
    cast: Cast, sign_in: SignIn
) -> None:
    report = make.concern(cast.ridge, now=timezone.now())
    aside = f"/console/ridge/reports/{report.reference}/aside/"
    mo, sena = sign_in(cast.mo), sign_in(cast.sena)
    assert "No policy" in mo.get(aside).content.decode()
    assert sign_in(cast.grace).post(f"{PAGE}approve/", policy_form()).status_code == 302

    assert "It is about nothing." in mo.get(aside).content.decode()
    assert mo.post(aside, {"attribute": "7", "why": "x"}).status_code == 422
    assert mo.post(aside, {"attribute": "0", "why": "It names nothing."}).status_code == 302

    report.refresh_from_db()
    assert report.outcome == Outcome.UNFOUNDED
    made = Disregard.objects.get()
    for one in (mo, sena):
        one.post(f"{PAGE}{made.pk}/check/", {"was_right": "yes"})
    made.refresh_from_db()
    assert (made.checked_by, made.was_right) == (cast.sena, True)
    assert "1 set aside, 1 looked at again" in mo.get(PAGE).content.decode()


def test_what_is_restricted_is_set_aside_and_checked_by_nobody_who_may_not_see_it(
    cast: Cast, sign_in: SignIn
) -> None:
    hidden = make.concern(cast.ridge, harm="csea_image_csam", now=timezone.now())

    answer = sign_in(cast.mo).get(f"/console/ridge/reports/{hidden.reference}/aside/")

    assert answer.status_code == 404
    assert sign_in(cast.sena).post(f"{PAGE}1/check/").status_code == 404


def test_ending_the_policy_stops_setting_aside(cast: Cast, sign_in: SignIn) -> None:
    grace = sign_in(cast.grace)
    grace.post(f"{PAGE}approve/", policy_form())

    assert grace.post(f"{PAGE}end/").status_code == 302

    assert "None is in force" in grace.get(PAGE).content.decode()
