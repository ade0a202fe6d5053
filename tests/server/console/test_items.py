"""The items: what came in, what was answered, and asking people to look."""

from datetime import timedelta

from django.utils import timezone

from dutybound_server.casework.models import Case
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn

ITEMS = "/console/ridge/items/"


def test_no_items_yet_says_where_they_come_from(cast: Cast, sign_in: SignIn) -> None:
    assert "Nothing has come in yet" in sign_in(cast.mo).get(ITEMS).content.decode()


def test_an_item_shows_its_answer_its_media_and_its_revisions(cast: Cast, sign_in: SignIn) -> None:
    make.item(cast.ridge, external_id="post-9", revision=1, verdict="allow")
    second = make.item(cast.ridge, external_id="post-9", revision=2, text="zonk", verdict="hold")
    medium = make.media(second)
    medium.note = "Too plain to compare."
    medium.save()

    page = sign_in(cast.mo).get(f"{ITEMS}{second.pk}/").content.decode()

    assert "Hold" in page
    assert "Too plain to compare." in page
    assert "<strong>2</strong>" in page


def test_items_are_found_by_answer_and_by_account(cast: Cast, sign_in: SignIn) -> None:
    make.item(cast.ridge, external_id="from-bram", author=cast.bram, verdict="block")
    make.item(cast.ridge, external_id="from-cleo", author=cast.cleo, verdict="allow")
    browser = sign_in(cast.mo)

    by_account = browser.get(ITEMS, {"q": "bram"}).content.decode()
    by_answer = browser.get(ITEMS, {"verdict": "allow"}).content.decode()

    assert ("from-bram" in by_account, "from-cleo" in by_account) == (True, False)
    assert ("from-bram" in by_answer, "from-cleo" in by_answer) == (False, True)


def test_a_restricted_item_does_not_exist_for_other_staff_in_any_revision(
    cast: Cast, sign_in: SignIn
) -> None:
    first = make.item(cast.ridge, external_id="post-r", revision=1)
    second = make.item(cast.ridge, external_id="post-r", revision=2)
    make.case(cast.ridge, about=second, harm="csea_image_csam")

    for item in (first, second):
        assert sign_in(cast.sena).get(f"{ITEMS}{item.pk}/").status_code == 404
        assert sign_in(cast.ren).get(f"{ITEMS}{item.pk}/").status_code == 200
    assert "post-r" not in sign_in(cast.sena).get(ITEMS).content.decode()


def test_a_person_asks_for_a_look_at_an_item_no_signal_met(cast: Cast, sign_in: SignIn) -> None:
    item = make.item(cast.ridge, external_id="post-7", verdict="allow")

    answer = sign_in(cast.mo).post(
        f"{ITEMS}{item.pk}/raise/", {"harm": "hate", "why": "It reads like a threat."}
    )

    case = Case.objects.get()
    assert answer.headers["Location"] == f"/console/ridge/cases/{case.reference}/"
    assert case.events.get(kind="opened").note == "It reads like a threat."


def test_no_kind_of_harm_is_suspected_before_somebody_says_so(cast: Cast, sign_in: SignIn) -> None:
    item = make.item(cast.ridge)
    browser = sign_in(cast.mo)

    page = browser.get(f"{ITEMS}{item.pk}/").content.decode()
    answer = browser.post(f"{ITEMS}{item.pk}/raise/", {"harm": "", "why": "It is odd."})

    assert '<option value="" selected>Choose one</option>' in page
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_asking_without_a_reason_opens_nothing(cast: Cast, sign_in: SignIn) -> None:
    item = make.item(cast.ridge)

    answer = sign_in(cast.mo).post(f"{ITEMS}{item.pk}/raise/", {"harm": "hate", "why": ""})

    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_moderator_holds_content_sees_who_does_and_lets_it_go(
    cast: Cast, sign_in: SignIn
) -> None:
    item = make.item(cast.ridge)
    browser, page = sign_in(cast.mo), f"{ITEMS}{item.pk}/"
    until = timezone.now().date() + timedelta(days=30)

    browser.post(f"{page}hold/", {"until": until.isoformat(), "why": "The police asked."})
    held = browser.get(page).content.decode()
    browser.post(f"{page}let-go/", {"why": "They have it."})
    free = browser.get(page).content.decode()

    assert f"holds it until {until:%-d %B %Y}: The police asked." in held
    assert "holds it until" not in free
    assert "Text, links and files are erased" in free


def test_a_hold_that_is_refused_says_why_and_keeps_what_was_written(
    cast: Cast, sign_in: SignIn
) -> None:
    item = make.item(cast.ridge)

    answer = sign_in(cast.mo).post(
        f"{ITEMS}{item.pk}/hold/", {"until": "2001-01-01", "why": "The police asked."}
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose a day that is still to come." in page
    assert "The police asked.</textarea>" in page


def test_who_may_not_decide_may_not_hold(cast: Cast, sign_in: SignIn) -> None:
    item = make.item(cast.ridge)

    answer = sign_in(cast.ode).post(f"{ITEMS}{item.pk}/hold/", {"until": "2030-01-01", "why": "x"})

    assert answer.status_code == 403
