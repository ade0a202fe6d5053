"""What people told us has one door: what somebody may not see is as absent as what never was."""

import pytest
from django.contrib.auth.models import User

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.answers import answer_concern
from dutybound_server.casework.concern_queries import (
    concern_for,
    concern_of_token,
    concerns_about,
    is_restricted,
    teller_record,
    visible_concerns,
)
from dutybound_server.casework.hearing import ConcernNotFound
from dutybound_server.casework.models import Case, Concern
from tests import make
from tests.cast import NOW, Cast

RESTRICTED = "csea_image_csam"


def can_see(user: User, concern: Concern) -> bool:
    try:
        return concern_for(user, concern.service, concern.reference) == concern
    except ConcernNotFound:
        return False


def test_staff_of_another_service_and_an_unknown_secret_find_nothing(cast: Cast) -> None:
    concern = make.concern(cast.ridge)

    assert can_see(cast.mo, concern)
    assert not can_see(cast.vic, concern)
    with pytest.raises(ConcernNotFound):
        concern_for(cast.mo, cast.harbour, concern.reference)
    with pytest.raises(ConcernNotFound):
        concern_of_token("not-a-token")
    assert concern_of_token(concern.token) == concern


def test_a_restricted_harm_hides_a_concern_however_it_comes_in(cast: Cast) -> None:
    said_so = make.concern(cast.ridge, harm=RESTRICTED)
    item = make.item(cast.ridge, text="zonk")
    make.case(cast.ridge, about=item, harm=RESTRICTED)
    about_it = make.concern(cast.ridge, about=[item])
    complains = make.complaint(cast.ridge, about=about_it)
    plain = make.concern(cast.ridge, about=[make.item(cast.ridge)])

    hidden = [said_so, about_it, complains]

    assert [one for one in hidden if can_see(cast.mo, one)] == []
    assert [one for one in hidden if not can_see(cast.ren, one)] == []
    assert [is_restricted(one) for one in [*hidden, plain]] == [True, True, True, False]
    assert list(visible_concerns(cast.ode, cast.ridge)) == [plain]


def test_a_case_shows_what_people_told_of_it(cast: Cast) -> None:
    item = make.item(cast.ridge, text="zonk")
    concerns = [make.concern(cast.ridge, about=[item]) for _ in range(2)]
    make.concern(cast.ridge)

    case = Case.objects.get(subject=item.external_id)

    assert list(concerns_about(cast.mo, case)) == concerns
    assert not concerns_about(cast.vic, case).exists()


def test_what_became_of_all_that_one_person_told_us_is_counted(cast: Cast) -> None:
    first = make.concern(cast.ridge, kind=Kind.DUTIES, email="kim@example.com")
    answer_concern(
        concern_id=first.pk, by=cast.grace, outcome="upheld", reasons="No.", words="No.", now=NOW
    )
    again = make.concern(cast.ridge, email="Kim@example.com ")
    make.concern(cast.ridge, email="lou@example.com")

    record = teller_record(again)

    assert (record.told, record.decided, record.no_action, record.acted) == (2, 1, 1, 0)
    assert teller_record(make.concern(cast.ridge)).told == 1
