"""Going back through the form, and what its pages say of who learns of a report and by when."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Attachment, Concern, Draft
from dutybound_server.public.templatetags.report import when
from tests import make
from tests.cast import Cast
from tests.server.public.test_report import ADULT, WORDS, begin, fill, set_desk


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def page_of(browser: Client, address: str) -> str:
    return browser.get(address, follow=True).content.decode()


def test_every_page_leads_back_to_the_one_before_up_to_the_first(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, ADULT)
    here, been = f"{form}check/", []
    while f'class="back"><a href="{form}' in (page := page_of(browser, here)):
        here = page.partition('class="back"><a href="')[2].partition('"')[0]
        been.append(here.removeprefix(form).rstrip("/"))

    assert been == ["reply", "files", "harm", "kind", "places", "words", "first"]


def test_from_the_first_page_one_starts_again_with_all_that_was_said(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, ADULT)

    again = browser.post(f"{form}first/", follow=True)

    assert again.redirect_chain[-1][0] == f"{form}words/"
    assert "They call me a &lt;b&gt;zonk" in again.content.decode()
    assert Draft.objects.count() == 1


def test_who_changes_to_the_page_for_children_keeps_the_words_and_chooses_anew(
    cast: Cast, browser: Client
) -> None:
    set_desk(cast.ridge, languages=["cy"])
    form = begin(browser)
    fill(browser, form, ADULT)

    assert "Beth sydd" not in page_of(browser, f"{form}first/?for=child")
    browser.post(f"{form}first/", {"for": "child", "lang": "cy"})

    assert WORDS[:12] in page_of(browser, f"{form}words/")
    left = browser.get(f"{form}check/", follow=True)
    assert left.redirect_chain[-1][0] == f"{form}kind/"
    assert 'lang="cy"' in left.content.decode()


def test_a_widget_hands_over_the_words_and_the_page_asks_the_rest(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser, words=WORDS, **{"from": "widget"})
    fill(browser, form, {name: said for name, said in ADULT.items() if name != "words"})
    browser.post(f"{form}check/")

    assert (Concern.objects.get().words, Concern.objects.get().channel) == (WORDS, "widget")


def test_a_file_that_the_page_does_not_show_any_more_is_not_sent(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, ADULT)
    browser.post(f"{form}files/", {"files": SimpleUploadedFile("a.png", b"a picture")})
    fill_again = {
        "kind": {"sort": "intimate"}, "age": {"adults": "yes"}, "who": {"role": "subject"},
        "declare": {"declared": "yes"}, "picture": {},
    }  # fmt: skip
    for name, said in fill_again.items():
        browser.post(f"{form}{name}/", said)
    assert "a.png" not in page_of(browser, f"{form}check/")

    browser.post(f"{form}check/")

    assert Concern.objects.get().kind == Kind.INTIMATE_IMAGE
    assert not Attachment.objects.exists()


def test_before_it_is_sent_a_person_reads_who_learns_of_it(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, ADULT)
    told = "We do not tell them that it was you, even if they ask us to look again."

    assert told in page_of(browser, "/report/ridge/")
    assert told in page_of(browser, f"{form}check/")
    assert "We do not tell them that it was you" in page_of(browser, "/report/ridge/?for=child")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Kind.ILLEGAL_CONTENT, "limit it, or find that it may stay"),
        (Kind.DUTIES, "how we work"),
        (Kind.INTIMATE_IMAGE, "or tell you why we do not"),
    ],
)
def test_the_page_says_what_can_come_of_each_kind_until_it_is_answered(
    cast: Cast, browser: Client, kind: Kind, says: str
) -> None:
    page = page_of(browser, f"/told/{told(cast, kind).token}/")

    assert says in page
    assert ("The law gives us until" in page) == (kind is Kind.INTIMATE_IMAGE)


@pytest.mark.parametrize(
    ("kind", "asks"), [(Kind.ILLEGAL_CONTENT, True), (Kind.INTIMATE_IMAGE, False)]
)
def test_the_page_asks_for_no_file_where_the_form_asks_for_none(
    cast: Cast, browser: Client, kind: Kind, asks: bool
) -> None:
    page = page_of(browser, f"/told/{told(cast, kind).token}/")

    assert ('type="file"' in page) == asks
    assert ("Do not send us nude" in page) == asks


def test_a_time_is_said_as_people_say_it() -> None:
    now = timezone.localtime().replace(hour=9, minute=5)
    other_year = now.replace(year=now.year + 1, month=12, day=1)

    assert ">today, 09:05<" in when(now)
    assert ">tomorrow, 09:05<" in when(now + timedelta(days=1))
    assert f">1 December {other_year.year}, 09:05<" in when(other_year)
    with translation.override("cy"):
        assert ">yfory, 09:05<" in when(now + timedelta(days=1))


def told(cast: Cast, kind: Kind) -> Concern:
    said = Told(
        kind=kind, words="A zonk.", channel="page",
        answers=make.DECLARED if kind is Kind.INTIMATE_IMAGE else {},
        subjects=(Subject("address", "https://ridge.example/p/1"),),
    )  # fmt: skip
    now: datetime = timezone.now()
    return take_concern(service=cast.ridge, told=said, now=now).concern
