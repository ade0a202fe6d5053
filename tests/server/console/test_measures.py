"""The pages of measures: what stands where, why, and from which records."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dutybound_server.assurance.actions.looks import look_at
from tests.cast import Cast
from tests.server.assurance.filled import approved

pytestmark = pytest.mark.django_db

PAGE = "/console/ridge/measures/"


def page_for(client: Client, person: object, path: str = PAGE) -> str:
    client.force_login(person)  # type: ignore[arg-type]
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_may_not_read_the_assessment_may_not_read_how_measures_stand(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.mo)
    assert client.get(PAGE).status_code == 403
    client.force_login(cast.vic)
    assert client.get(PAGE).status_code == 404


def test_before_an_assessment_what_applies_to_everybody_is_there(
    cast: Cast, client: Client
) -> None:
    page = page_for(client, cast.grace)

    assert "Named accountable individual" in page
    assert "more may apply" in page


def test_a_measure_without_a_document_is_told_first(cast: Cast, client: Client) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=timezone.now())

    page = page_for(client, cast.ode)

    assert page.index("Not met") < page.index("Named accountable individual")
    assert "Nothing is held of" in page


def test_when_nothing_looked_for_a_while_the_page_says_so(cast: Cast, client: Client) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=timezone.now() - timedelta(minutes=5))

    page = page_for(client, cast.ode)

    assert "Nothing has looked since" in page
    assert "dutybound worker" in page


def test_a_measure_shows_its_figures_its_query_and_what_it_was_computed_from(
    cast: Cast, client: Client
) -> None:
    approved(cast)
    for days in (1, 0):
        look_at(service=cast.ridge, now=timezone.now() - timedelta(days=days))

    page = page_for(client, cast.ode, f"{PAGE}icu-a2/")

    assert 'href="#query-documents"' in page
    assert 'id="query-documents"' in page
    assert "What it was computed from" in page
    assert "it has not turned" in page
    assert "Nobody looked for over an hour, once; that is shown as stale." in page


def test_a_measure_that_does_not_apply_has_no_page(cast: Cast, client: Client) -> None:
    approved(cast)
    client.force_login(cast.ode)

    assert client.get(f"{PAGE}icu-z9/").status_code == 404


def test_a_measure_leads_to_what_can_be_done_about_it(cast: Cast, client: Client) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=timezone.now())

    page = page_for(client, cast.grace, f"{PAGE}icu-a2/")

    assert "/console/ridge/documents/add/" in page
    assert "/console/ridge/owners/#icu-a2" in page


def test_a_measure_leads_nobody_to_a_page_that_they_may_not_open(
    cast: Cast, client: Client
) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=timezone.now())

    measures = re.findall(
        r'<a href="(/console/ridge/measures/[^/"]+/)"', page_for(client, cast.ode)
    )
    assert measures
    led_to = set[str]()
    for measure in measures[::3]:
        _, _, steps = page_for(client, cast.ode, measure).partition('<h2 id="steps">')
        led_to.update(re.findall(r'href="([^"#]+)', steps.partition("</section>")[0]))

    assert led_to
    assert {client.get(address).status_code for address in led_to} == {200}
