"""The settings of the reporting form: who may change them, and what they may be."""

import pytest

from dutybound.cases.signposts import all_signposts
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.journal.models import Entry
from tests.cast import Cast
from tests.server.console.conftest import SignIn

PAGE = "/console/ridge/form/"
FORM = {"is_open": "on", "colour": "#225588", "version": "child", "nation": "SCT", "proof_bits": 0}


def test_a_moderator_reads_the_settings_and_changes_none(cast: Cast, sign_in: SignIn) -> None:
    mo = sign_in(cast.mo)

    assert desk_of(cast.ridge).link_secret not in mo.get(PAGE).content.decode()
    assert mo.post(f"{PAGE}change/", FORM).status_code == 403
    assert mo.post(f"{PAGE}secret/").status_code == 403


def test_an_administrator_sets_how_the_form_speaks_and_the_journal_says_so(
    cast: Cast, sign_in: SignIn
) -> None:
    answer = sign_in(cast.ada).post(f"{PAGE}change/", {**FORM, "welsh": "on"})

    assert answer.status_code == 302
    desk = desk_of(cast.ridge)
    assert (desk.version, desk.nation, desk.languages) == ("child", "SCT", ["cy"])
    assert Entry.objects.filter(kind="desk.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("colour", "red"), ("nation", "FRA"), ("proof_bits", 99), ("home_url", "javascript:alert(1)")],
)
def test_a_wrong_setting_is_named_and_nothing_is_kept(
    cast: Cast, sign_in: SignIn, field: str, value: object
) -> None:
    answer = sign_in(cast.ada).post(f"{PAGE}change/", {**FORM, field: value})

    assert answer.status_code == 422
    assert desk_of(cast.ridge).version == "adult"


def test_the_act_s_48_hours_can_be_shortened_and_not_lengthened(
    cast: Cast, sign_in: SignIn
) -> None:
    ada = sign_in(cast.ada)

    assert ada.post(f"{PAGE}targets/", {"hours_intimate_image": 72}).status_code == 422
    assert ada.post(f"{PAGE}targets/", {"hours_intimate_image": 24}).status_code == 302
    assert desk_of(cast.ridge).targets == {"intimate_image": 24}


def test_somebody_of_another_service_answers_nothing_here(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.ada).post(f"{PAGE}targets/", {"owner_duties": cast.vic.pk})

    assert answer.status_code == 422
    assert desk_of(cast.ridge).owners == {}


def test_a_new_secret_leaves_the_one_before_in_use(cast: Cast, sign_in: SignIn) -> None:
    before = desk_of(cast.ridge).link_secret

    sign_in(cast.ada).post(f"{PAGE}secret/")

    desk = desk_of(cast.ridge)
    assert desk.old_link_secret == before != desk.link_secret


def test_what_stands_beside_a_post_is_there_to_copy_and_runs_nothing_here(
    cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.mo).get(PAGE).content.decode()

    assert "&lt;dutybound-report service=&quot;ridge&quot;" in page
    assert "<dutybound-report" not in page
    assert "&lt;textarea id=&quot;report-ITEM_ID&quot;" in page


def test_helplines_that_nobody_has_checked_are_named(cast: Cast, sign_in: SignIn) -> None:
    never = [one for one in all_signposts() if one.last_checked is None]

    page = sign_in(cast.mo).get(PAGE).content.decode()

    assert never
    assert all(one.name_in("en") in page for one in never)
