"""A person reports an intimate image of themselves, and only what it looks like leaves them."""

from collections.abc import Mapping

import pytest
from django.test import Client

from dutybound.cases.kinds import Kind
from dutybound_server.casework.models import Concern, Draft
from dutybound_server.public.report.intimate import MOST_PICTURES
from tests.cast import Cast
from tests.server.intake.intimate_reports import PDQ, edited
from tests.server.public.test_report import begin, fill

pytestmark = pytest.mark.django_db

START: Mapping[str, object] = {
    "words": "It is me.",
    "places": "",
    "kind": {"sort": "intimate"},
}
DECLARED: Mapping[str, object] = {
    "age": {"adults": "yes"},
    "who": {"role": "subject"},
    "declare": {"declared": "yes"},
}
LAST = {"reply": {"reply": "page"}}


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def test_a_report_by_a_hash_alone_is_sent_with_what_was_declared(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, {**START, **DECLARED, "picture": {"pictures": f"{PDQ} 100"}, **LAST})

    check = browser.get(f"{form}check/").content.decode()
    browser.post(f"{form}check/")

    assert "1, kept on your device" in check
    concern = Concern.objects.get()
    assert (concern.kind, concern.harm) == (Kind.INTIMATE_IMAGE, "iia")
    assert concern.hashes.get().value == PDQ
    assert '"role": "subject"' in concern.answers


@pytest.mark.parametrize(
    "pictures",
    [
        "",
        "zonk",
        f"{PDQ}",
        f"{PDQ} 12",
        f"{PDQ} 101",
        f"{PDQ[:-1]} 100",
        f"{PDQ} 100\n<script>",
        "\n".join(f"{edited(bits)} 100" for bits in range(MOST_PICTURES + 1)),
    ],
)
def test_what_is_no_code_of_a_picture_is_asked_for_again(
    cast: Cast, browser: Client, pictures: str
) -> None:
    form = begin(browser)
    fill(browser, form, {**START, **DECLARED})

    answer = browser.post(f"{form}picture/", {"pictures": pictures})

    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert "hashes" not in Draft.objects.get().answers


def test_who_says_where_it_is_needs_no_picture(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    places = "https://ridge.example/p/1"
    fill(browser, form, {**START, "places": places, **DECLARED, "picture": {}, **LAST})

    browser.post(f"{form}check/")

    assert Concern.objects.get().kind == Kind.INTIMATE_IMAGE


@pytest.mark.parametrize("adults", ["no", "unknown"])
def test_of_a_child_or_perhaps_a_child_no_picture_and_no_code_is_asked_for(
    cast: Cast, browser: Client, adults: str
) -> None:
    form = begin(browser)
    fill(browser, form, {**START, "age": {"adults": adults}, **LAST})

    browser.post(f"{form}check/")

    concern = Concern.objects.get()
    assert (concern.kind, concern.harm) == (Kind.ILLEGAL_CONTENT, "csea_image_csam")
    assert concern.subjects.get().case.restricted  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "answers",
    [
        {"age": {"adults": "yes"}, "who": {"role": "other"}},
        {**DECLARED, "declare": {"declared": "no"}},
    ],
)
def test_who_may_not_report_so_is_heard_as_anybody_is(
    cast: Cast, browser: Client, answers: Mapping[str, object]
) -> None:
    form = begin(browser)
    fill(browser, form, {**START, **answers, "files": {}, **LAST})

    browser.post(f"{form}check/")

    concern = Concern.objects.get()
    assert (concern.kind, concern.harm) == (Kind.ILLEGAL_CONTENT, "iia")


def test_who_thinks_again_sends_no_code_with_another_kind_of_report(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, {**START, **DECLARED, "picture": {"pictures": f"{PDQ} 100"}, **LAST})

    browser.post(f"{form}kind/", {"sort": "unknown"})
    fill(browser, form, {"files": {}} if browser.get(f"{form}check/").status_code == 302 else {})
    browser.post(f"{form}check/")

    concern = Concern.objects.get()
    assert concern.kind == Kind.ILLEGAL_CONTENT
    assert not concern.hashes.exists()
    assert concern.answers == "{}"


def test_the_page_for_the_picture_sends_no_file(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, {**START, **DECLARED})

    page = browser.get(f"{form}picture/").content.decode()

    assert 'type="file"' in page
    assert "multipart" not in page
    assert 'name="pictures"' in page
    assert f'href="{form}places/"' in page
    assert page.count(" name=") == page.count(' name="pictures"') + page.count("<meta name=")
