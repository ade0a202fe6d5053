"""No staff page opens to a stranger, nor to staff of another service, whatever is added later."""

from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from dutybound_server.console.urls import urlpatterns
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGES = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]
OF_A_SERVICE = [page for page in PAGES if "service" in page.pattern.converters]
METHODS = ["get", "post"]


def address(page: URLPattern) -> str:
    """The page at Ridge Forum, about the first of whatever it is about."""
    arguments = dict.fromkeys(page.pattern.converters, "1") | {"service": "ridge"}
    if "service" not in page.pattern.converters:
        del arguments["service"]
    return reverse(f"console:{page.name}", kwargs=arguments)


def answers(client: Client, pages: list[URLPattern]) -> dict[str, tuple[int, str]]:
    """The status of each page, asked for and sent to, with where it leads."""
    found = {}
    for page, method in product(pages, METHODS):
        answer = getattr(client, method)(address(page))
        found[f"{method} {page.name}"] = (answer.status_code, answer.headers.get("Location", ""))
    return found


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    opened = {
        page: (status, leads)
        for page, (status, leads) in answers(client, PAGES).items()
        if status != 405 and not (status == 302 and leads.startswith("/accounts/login/"))
    }

    assert opened == {}


def test_staff_of_another_service_find_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.vic)

    found = answers(client, OF_A_SERVICE)

    assert {page: told for page, told in found.items() if told[0] not in {404, 405}} == {}
