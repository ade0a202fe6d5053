"""The quality page and a second look: blind, theirs alone, and honest about small numbers."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from dutybound_server.casework.actions.quality import (
    agree_golden,
    answer_look,
    ask_second_looks,
    set_sample_rates,
    take_look,
)
from dutybound_server.casework.models import Calibration, Decision, Desk, GoldenItem, SecondLook
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn

PAGE = "/console/ridge/quality/"
ANSWER = {"enforcement_kind": "none", "harm": "harassment", "reasons": "It is satire."}


@pytest.fixture
def decision(cast: Cast) -> Decision:
    """A decision of Mo's an hour ago, drawn for a second look."""
    now = timezone.now()
    set_sample_rates(service=cast.ridge, rates={"match": 1.0}, by=cast.sena, now=now)
    about = make.item(cast.ridge, author=cast.bram, text="zonk at you", received_at=now)
    make.picture(about)
    case = make.case(cast.ridge, about=about, now=now - timedelta(hours=2))
    made = make.decide(case, by=cast.mo, reasons="A secret reason.", now=now)
    ask_second_looks(now=now)
    return made


def taken(cast: Cast) -> SecondLook:
    look = take_look(service=cast.ridge, by=cast.nell, now=timezone.now())
    assert look is not None
    return look


def disagreed(cast: Cast) -> Calibration:
    answer_look(
        service=cast.ridge, look_id=taken(cast).pk, by=cast.nell, now=timezone.now(), **ANSWER
    )
    return Calibration.objects.get()


def test_a_second_look_shows_the_content_and_no_decision(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    client = sign_in(cast.nell)
    answer = client.post(f"{PAGE}take/", follow=True)

    page = answer.content.decode()
    assert "zonk at you" in page
    assert not re.search(r"\bMo\b", page)
    for told in ("secret reason", "Be kind", decision.case.reference):
        assert told not in page
    assert client.get(f"/console/ridge/cases/{decision.case.reference}/").status_code == 404
    assert (
        decision.case.reference
        not in client.get(f"/console/ridge/accounts/{cast.bram.pk}/").content.decode()
    )


@pytest.mark.parametrize(
    "page",
    [
        "journal/",
        "journal/?kind=case.decided",
        "accounts/{account}/",
        "items/{item}/",
        "cases/?show=decided",
        "cases/{case}/",
        "deliveries/",
        "evidence/",
        "statements/",
        "reports/",
        "quality/",
        "work/",
    ],
)
def test_no_page_tells_a_senior_with_a_second_look_what_was_decided(
    cast: Cast, sign_in: SignIn, decision: Decision, page: str
) -> None:
    sena, case = sign_in(cast.sena), decision.case
    address = "/console/ridge/" + page.format(
        account=cast.bram.pk, item=case.item_id, case=case.reference
    )
    assert take_look(service=cast.ridge, by=cast.sena, now=timezone.now()) is not None

    during = sena.get(address, follow=True).content.decode()

    assert case.reference not in during
    assert "A secret reason." not in during


def test_an_entry_of_the_journal_is_not_there_while_one_judges_its_case_anew(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    seal(now=timezone.now())
    entry = Entry.objects.get(kind="case.decided")
    sena, address = sign_in(cast.sena), f"/console/ridge/journal/{entry.number}/"
    assert sena.get(address).status_code == 200
    look = take_look(service=cast.ridge, by=cast.sena, now=timezone.now())
    assert look is not None

    pages = [sena.get(address + more).status_code for more in ("", "entry/", "proof/")]
    answer_look(service=cast.ridge, look_id=look.pk, by=cast.sena, now=timezone.now(), **ANSWER)

    assert pages == [404, 404, 404]
    assert sena.get(address).status_code == 200


def test_words_that_are_about_something_restricted_besides_are_not_shown_in_a_look(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    plain, other, before = decision.case.item, make.item(cast.ridge), decision.decided_at
    assert plain is not None
    make.concern(cast.ridge, about=(plain,), words="canary: this one", now=before)
    make.concern(cast.ridge, about=(plain, other), words="canary: both of them", now=before)
    make.concern(cast.ridge, about=(other,), harm="csea", now=before)

    page = sign_in(cast.nell).get(f"{PAGE}looks/{taken(cast).pk}/").content.decode()

    assert "canary: this one" in page
    assert "canary: both of them" not in page


def test_another_persons_look_is_not_there(cast: Cast, sign_in: SignIn, decision: Decision) -> None:
    look = taken(cast)

    for other in (cast.mo, cast.sena, cast.ren):
        assert sign_in(other).get(f"{PAGE}looks/{look.pk}/").status_code == 404
        assert sign_in(other).post(f"{PAGE}looks/{look.pk}/", ANSWER).status_code == 404


def test_a_picture_of_a_look_is_hidden_until_one_chooses(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    client, look = sign_in(cast.nell), taken(cast)
    item = decision.case.item
    assert item is not None
    path = f"{PAGE}looks/{look.pk}/media/{item.media.get().pk}/"
    assert client.get(f"{path}hidden/").status_code == 200
    assert client.get(f"{path}grey/").status_code == 404

    page = client.post(f"{path}reveal/", follow=True).content.decode()

    assert f"{path}grey/" in page
    assert client.get(f"{path}grey/").status_code == 200
    assert sign_in(cast.sena).get(f"{path}hidden/").status_code == 404


def test_an_unfinished_judgement_is_kept_on_the_page(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    look = taken(cast)

    answer = sign_in(cast.nell).post(f"{PAGE}looks/{look.pk}/", ANSWER | {"harm": ""})

    assert answer.status_code == 422
    assert "It is satire." in answer.content.decode()
    assert "Choose a kind of harm." in answer.content.decode()


def test_a_disagreement_stands_on_the_page_until_a_third_person_closes_it(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    client, look = sign_in(cast.nell), taken(cast)
    said = client.post(f"{PAGE}looks/{look.pk}/", ANSWER, follow=True).content.decode()
    assert "do not agree" in said
    assert "A secret reason." in said
    path = f"{PAGE}calibrations/{Calibration.objects.get().pk}/close/"
    assert client.post(path).status_code == 403

    sena = sign_in(cast.sena)
    assert "Not closed" in sena.post(path, {"learned": ""}, follow=True).content.decode()
    page = sena.post(path, {"learned": "Ask who it is at.", "right": "first"}, follow=True)

    assert "Ask who it is at." in page.content.decode()
    assert Calibration.objects.get().first_was_right is True


def test_figures_of_people_are_for_who_answers_for_the_work_and_for_oneself(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    disagreed(cast)

    def names_mo(person: object) -> bool:
        return ">Person</span> Mo<" in sign_in(person).get(PAGE).content.decode()  # type: ignore[arg-type]

    assert names_mo(cast.mo)
    assert names_mo(cast.sena)
    assert names_mo(cast.ode)
    assert not names_mo(cast.nell)


def test_the_page_with_nothing_yet_says_what_will_be_there(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.sena).get(f"{PAGE}?days=30").content.decode()

    assert "nothing can be said" in page
    assert "Nothing was decided against anybody in the last 30 days" in page


def test_shares_are_set_in_per_cent_and_wrong_ones_are_refused(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.sena)
    page = client.get(PAGE)
    form = page.context["form"]
    asked = {name: str(field.initial) for name, field in form.fields.items()}

    assert client.post(f"{PAGE}shares/", asked | {"match": "120"}).status_code == 422
    assert client.post(f"{PAGE}shares/", asked | {"match": "12.5"}).status_code == 302

    assert Desk.objects.get().sample_rates["match"] == 0.125
    assert sign_in(cast.mo).post(f"{PAGE}shares/", asked).status_code == 403


def test_a_senior_makes_an_item_golden_and_retires_it(
    cast: Cast, sign_in: SignIn, decision: Decision
) -> None:
    client = sign_in(cast.sena)
    path = f"/console/ridge/cases/{decision.case.reference}/golden/"
    agreed = {"enforcement_kind": "take_down", "harm": "harassment", "why": "All of us agreed."}
    assert sign_in(cast.mo).post(path, agreed).status_code == 403
    assert client.post(path, agreed | {"why": ""}).status_code == 422

    client.post(path, agreed)

    golden = GoldenItem.objects.get()
    assert client.post(path, agreed).status_code == 422
    client.post(f"{PAGE}golden/{golden.pk}/retire/")
    golden.refresh_from_db()
    assert golden.retired_at is not None


def test_nothing_of_a_restricted_case_is_on_the_page_of_others(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    set_sample_rates(service=cast.ridge, rates={"match": 1.0}, by=cast.sena, now=now)
    case = make.case(cast.ridge, author=cast.bram, harm="csea_image_csam", now=now)
    make.decide(case, by=cast.ren, rule="A rule nobody else may read", now=now)
    agree_golden(
        case=case, enforcement_kind="take_down", harm="csea_image_csam", why="Agreed.",
        by=cast.ren, now=now,
    )  # fmt: skip
    ask_second_looks(now=now)

    page = sign_in(cast.sena).get(PAGE).content.decode()

    assert "A rule nobody else" not in page
    assert case.subject not in page
    assert "No decision waits" in page
    path = f"/console/ridge/cases/{case.reference}/golden/"
    assert sign_in(cast.sena).get(path).status_code == 404
