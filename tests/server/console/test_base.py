"""The frame of every page: times in words, the way in, the shapes of a form field."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template.loader import render_to_string

from dutybound_server.console.navigation import places_for
from dutybound_server.console.templatetags.console import said
from dutybound_server.people.actions import revoke_role
from dutybound_server.people.roles import Role
from tests.cast import Cast
from tests.server.console.conftest import SignIn

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON.replace(hour=9, minute=5), "today 09:05"),
        (NOON - timedelta(days=1), "yesterday 12:00"),
        (NOON + timedelta(days=1), "tomorrow 12:00"),
        (NOON - timedelta(days=20), "3 Nov 12:00"),
        (NOON - timedelta(days=400), "19 Oct 2025"),
    ],
)
def test_a_time_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert said(moment, now=NOON) == words


def test_a_moderator_is_not_shown_the_places_they_cannot_open() -> None:
    assert [place.area for place in places_for([Role.MODERATOR])] == [
        "cases",
        "concerns",
        "items",
        "banks",
        "accounts",
        "quality",
        "evidence",
    ]


def test_the_way_in_leads_to_the_cases_of_the_first_service_one_works_for(
    cast: Cast, sign_in: SignIn
) -> None:
    answer = sign_in(cast.mo).get("/console/")

    assert answer.headers["Location"] == "/console/ridge/cases/"


def test_somebody_without_a_service_is_told_whom_to_ask(cast: Cast, sign_in: SignIn) -> None:
    revoke_role(user=cast.mo, service=cast.ridge, role=Role.MODERATOR, by="system", now=NOON)

    assert b"You do not work for a service yet" in sign_in(cast.mo).get("/console/").content


def test_the_top_line_leads_to_the_places_the_person_may_open(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.mo).get("/console/ridge/cases/").content.decode()

    assert 'href="/console/ridge/items/"' in page
    assert 'href="/console/ridge/staff/"' not in page


def test_places_opened_rarely_are_under_more_which_says_where_one_is(
    cast: Cast, sign_in: SignIn
) -> None:
    moderator = sign_in(cast.mo).get("/console/ridge/cases/").content.decode()
    administrator = sign_in(cast.ada).get("/console/ridge/staff/").content.decode()

    assert "top-more" not in moderator
    assert ">More: Staff " in administrator
    assert 'href="/console/ridge/staff/" aria-current="page"' in administrator


class Question(forms.Form):
    words = forms.CharField(label="Your words", help_text="As you like.")
    colour = forms.ChoiceField(choices=[("r", "Red")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="I am sure")


def test_a_field_names_its_hint_and_its_error() -> None:
    page = render_to_string("console/_field.html", {"field": Question({})["words"]})

    assert 'for="id_words"' in page
    assert 'aria-describedby="id_words_helptext id_words_error"' in page
    assert 'id="id_words_error">This field is required.' in page


def test_radio_buttons_become_a_group_with_a_legend() -> None:
    page = render_to_string("console/_field.html", {"field": Question({})["colour"]})

    assert '<legend class="label">Colour</legend>' in page
