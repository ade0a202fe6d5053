"""A trusted flagger's desk: its own reports and record, for its own people; and who is one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from dutybound_server.casework.actions.flaggers import end_flagger_person
from dutybound_server.casework.models import Case, Concern, Flagger
from dutybound_server.people.actions import grant_role
from dutybound_server.people.roles import Role
from tests import make
from tests.cast import NOW, Cast

DESK = "/flagger/ridge/fraud-watch/"
REPORT: dict[str, Any] = {
    "subjects": "post-1\nitem:post-2\naccount:bram\nhttps://ridge.example/shop",
    "harm": "fraud",
    "kind": "illegal_content",
    "words": "It takes money and sends nothing.",
    "request_id": "made-with-the-page",
}


@pytest.fixture
def watch(cast: Cast) -> Flagger:
    return make.flagger(cast.ridge, by=cast.ada, first_in_queue=True, harms=("fraud",))


@pytest.fixture
def fay(cast: Cast, watch: Flagger) -> User:
    return make.flagger_person(watch, by=cast.ada)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_stranger_signs_in_first_and_everybody_else_finds_nothing(
    cast: Cast, fay: User, client: Client
) -> None:
    assert client.get(DESK).headers["Location"].startswith("/accounts/login/")
    for person in (cast.ada, cast.mo, cast.vic):
        assert signed_in(person).get(DESK).status_code == 404
        assert signed_in(person).get("/flagger/").status_code == 404


def test_without_a_second_factor_the_desk_stays_shut(fay: User) -> None:
    Authenticator.objects.filter(user=fay).delete()

    assert signed_in(fay).get(DESK).status_code == 302


def test_a_flagger_sees_no_page_of_the_console(fay: User) -> None:
    desk = signed_in(fay)

    assert desk.get("/console/ridge/cases/").status_code == 404
    assert desk.get("/console/", follow=True).redirect_chain[-1][0] == DESK


def test_who_becomes_staff_or_is_removed_finds_nothing(
    cast: Cast, watch: Flagger, fay: User
) -> None:
    pol = make.flagger_person(watch, by=cast.ada, name="Pol")
    grant_role(user=fay, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOW)
    end_flagger_person(person_id=watch.people.get(user=pol).pk, by=cast.ada, now=NOW)

    assert signed_in(fay).get(DESK).status_code == 404
    assert signed_in(pol).get(DESK).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"subjects": ""},
        {"subjects": "item:"},
        {"subjects": "\n".join(f"post-{n}" for n in range(51))},
        {"subjects": "https://" + "z" * 2000},
        {"words": " "},
        {"kind": "appeal_item"},
        {"harm": "gossip"},
        {"request_id": ""},
    ],
)
def test_what_is_wrong_is_said_and_nothing_written_is_lost(
    fay: User, change: dict[str, str]
) -> None:
    answer = signed_in(fay).post(f"{DESK}new/", {**REPORT, "words": "I kept this.", **change})

    assert answer.status_code == 422
    assert "I kept this." in answer.content.decode() or "words" in change
    assert not Concern.objects.exists()


def test_a_report_is_sent_once_followed_and_learnt_of(cast: Cast, fay: User) -> None:
    desk = signed_in(fay)

    sent = desk.post(f"{DESK}new/", REPORT)
    again = desk.post(f"{DESK}new/", REPORT)

    assert sent.headers["Location"] == again.headers["Location"]
    concern = Concern.objects.get()
    subjects = concern.subjects.order_by("id").values_list("subject_kind", "subject")
    assert list(subjects) == [
        ("item", "post-1"),
        ("item", "post-2"),
        ("account", "bram"),
        ("address", "https://ridge.example/shop"),
    ]

    make.decide(Case.objects.get(subject="post-1"), by=cast.mo)

    page = desk.get(sent.headers["Location"]).content.decode()
    assert ("taken down" in page, page.count("waiting")) == (True, 3)
    assert concern.reference in desk.get(DESK).content.decode()
    assert "1 of 1 things decided" in desk.get(f"{DESK}record/").content.decode()


def test_hostile_words_are_shown_as_words(fay: User) -> None:
    desk = signed_in(fay)

    sent = desk.post(f"{DESK}new/", {**REPORT, "words": "<script>zonk()</script>\u202egnik"})

    page = desk.get(sent.headers["Location"]).content.decode()
    assert "&lt;script&gt;zonk()" in page
    assert "<script>zonk" not in page


def test_a_flagger_sees_no_report_of_another(cast: Cast, fay: User) -> None:
    police = make.flagger(cast.ridge, by=cast.ada, name="Police", kind="police")
    pol = make.flagger_person(police, by=cast.ada, name="Pol")
    theirs = make.flagged(police, "post-1", by=pol)

    assert signed_in(fay).get(f"{DESK}reports/{theirs.reference}/").status_code == 404
    assert signed_in(fay).get("/flagger/ridge/police/").status_code == 404


def test_anybody_may_read_who_has_a_channel_and_why(watch: Flagger, client: Client) -> None:
    page = client.get("/flaggers/ridge/").content.decode()

    assert "They know fraud better than we do." in page
    assert "go before others" in page
    assert client.get("/flaggers/nowhere/").status_code == 404
