"""Staff make what others are given, read it, and withdraw it; everyone reads what is for them."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from dutybound_server.assurance.models import Publication
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import Cast
from tests.server.console.conftest import SignIn

pytestmark = pytest.mark.django_db

HOME = "/console/ridge/publications/"
TODAY = timezone.localdate().isoformat()
NOTICE = {
    "sender": "Ofcom", "reference": "IN-7", "dated": "2026-01-02", "due": "2026-02-02",
    "questions": "How soon do you act?\n\nWho answers?\n",
}  # fmt: skip


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def figures(client: Client, **changes: str) -> Publication:
    client.post(f"{HOME}make/figures/", {"start": "2026-01-01", "end": TODAY, **changes})
    return Publication.objects.latest("number")


def test_nothing_yet_says_what_to_begin_with(grace: Client) -> None:
    assert "A board report is a good first one" in body(grace, HOME)


def test_an_auditor_reads_and_makes_nothing(cast: Cast, sign_in: SignIn) -> None:
    auditor = sign_in(cast.ode)

    assert auditor.get(HOME).status_code == 200
    assert auditor.get(f"{HOME}make/board/").status_code == 403
    assert auditor.post(f"{HOME}make/board/", {"days": "90"}).status_code == 403
    assert not Publication.objects.exists()


def test_a_moderator_does_not_read_them(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.mo).get(HOME).status_code == 403


def test_a_board_report_is_made_read_and_downloaded(grace: Client) -> None:
    answer = grace.post(f"{HOME}make/board/", {"days": "30", "asks": "Fund a moderator."})

    assert answer.headers["Location"] == f"{HOME}1/"
    page = body(grace, f"{HOME}1/")
    assert "Fund a moderator." in page
    assert "How many measures stand how" in page
    file = grace.get(f"{HOME}1/files/board-report.pdf")
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")
    assert Entry.objects.filter(kind="publication.made").count() == 1


@pytest.mark.parametrize("days", ["", "7", "x"])
def test_a_report_of_no_period_is_not_made(grace: Client, days: str) -> None:
    assert grace.post(f"{HOME}make/board/", {"days": days}).status_code == 422
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"end": "2999-01-01"}, "This day lies ahead"),
        ({"start": TODAY, "end": "2026-01-01"}, "comes before the first"),
        ({"start": "soon"}, "Enter a valid date"),
    ],
)
def test_figures_of_no_possible_period_are_not_made(
    grace: Client, changes: dict[str, str], says: str
) -> None:
    answer = grace.post(f"{HOME}make/figures/", {"start": "2026-01-01", "end": TODAY} | changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_file_that_comes_out_otherwise_is_given_only_when_that_is_known(grace: Client) -> None:
    made = figures(grace)
    made.content["files"]["figures.csv"] = "00" * 32
    made.save()
    address = f"{HOME}1/files/figures.csv"

    assert grace.get(address).headers["Location"] == f"{HOME}1/"
    assert "would differ" in body(grace, f"{HOME}1/")
    assert grace.get(f"{address}?now=yes").status_code == 200


def test_what_was_changed_in_the_database_says_so_to_everyone(
    client: Client, grace: Client
) -> None:
    made = figures(grace, for_everyone="on")
    assert "not what was given" not in body(grace, f"{HOME}1/")
    made.content["made"]["received"] = 7
    made.save()

    assert "not what was given" in body(grace, f"{HOME}1/")
    assert "not the figures that were published" in body(client, "/figures/ridge/")


def test_a_file_that_is_none_of_its_is_not_found(grace: Client) -> None:
    figures(grace)

    assert grace.get(f"{HOME}1/files/board-report.pdf").status_code == 404
    assert grace.get(f"{HOME}2/").status_code == 404


def test_a_notice_is_recorded_and_answered_question_by_question(grace: Client) -> None:
    grace.post(f"{HOME}make/notice/", NOTICE)
    assert "days late" in body(grace, HOME)
    page = body(grace, f"{HOME}1/answer/")
    assert "Question 2 of 2" in page
    assert "Findings: how each measure stands" in page

    answer = grace.post(
        f"{HOME}1/answer/",
        {"start": "2026-01-01", "end": TODAY, "q1-answer": "Within a day.",
         "q1-attached": ["findings", "figures"], "q2-answer": ""},
    )  # fmt: skip

    assert answer.headers["Location"] == f"{HOME}2/"
    page = body(grace, f"{HOME}2/")
    assert "Within a day." in page
    assert "Nothing is attached." in page
    assert "Answered" in body(grace, HOME)
    assert grace.get(f"{HOME}2/files/answer-to-notice.zip").content.startswith(b"PK")


def test_an_answer_attaches_nothing_that_is_not_offered(grace: Client) -> None:
    grace.post(f"{HOME}make/notice/", NOTICE)

    answer = grace.post(
        f"{HOME}1/answer/", {"start": "2026-01-01", "end": TODAY, "q1-attached": ["document:1"]}
    )

    assert answer.status_code == 422
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"due": "2025-01-01"}, "cannot be due before"),
        ({"questions": " \n "}, "This field is required"),
        ({"questions": "?\n" * 51}, "at most 50"),
    ],
)
def test_a_notice_that_cannot_be_is_not_recorded(
    grace: Client, changes: dict[str, str], says: str
) -> None:
    answer = grace.post(f"{HOME}make/notice/", NOTICE | changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_only_a_notice_is_answered(grace: Client) -> None:
    figures(grace)

    assert grace.get(f"{HOME}1/answer/").status_code == 404


def test_what_is_withdrawn_says_why_where_it_stood(grace: Client) -> None:
    figures(grace)

    assert grace.post(f"{HOME}1/withdraw/", {"why": ""}).status_code == 422
    grace.post(f"{HOME}1/withdraw/", {"why": "A day was missing."})

    assert "A day was missing." in body(grace, f"{HOME}1/")


# For everyone


def test_figures_are_on_the_public_page_only_where_that_was_said(
    cast: Cast, client: Client, grace: Client
) -> None:
    make.concern(cast.ridge, harm="fraud", now=timezone.now())
    figures(grace)
    assert client.get("/figures/ridge/").status_code == 404
    assert client.get("/figures/ridge/1/figures.csv").status_code == 404

    figures(grace, for_everyone="on")

    page = body(client, "/figures/ridge/")
    assert "Online safety in figures" in page
    assert "Withheld by kind: Content that may be illegal" in page
    assert "Grace" not in page
    told = json.loads(client.get("/figures/ridge/2/figures.json").content)
    assert told["received"] is None
    assert client.get("/figures/ridge/1/").status_code == 404
    assert client.get("/figures/ridge/2/figures.csv").content.startswith(b"table,id,name")
    assert client.get("/figures/harbour/").status_code == 404


def test_a_senior_moderator_shows_nothing_to_everyone(cast: Cast, sign_in: SignIn) -> None:
    senior = sign_in(cast.sena)

    answer = senior.post(
        f"{HOME}make/figures/", {"start": "2026-01-01", "end": TODAY, "for_everyone": "on"}
    )

    assert answer.status_code == 422
    assert not Publication.objects.exists()


def test_withdrawn_figures_make_way_and_can_still_be_read(client: Client, grace: Client) -> None:
    figures(grace, for_everyone="on")
    grace.post(f"{HOME}1/withdraw/", {"why": "A day was missing."})

    assert "were withdrawn" in body(client, "/figures/ridge/")
    assert "A day was missing." in body(client, "/figures/ridge/1/")
    assert client.get("/figures/ridge/1/figures.csv").status_code == 200
