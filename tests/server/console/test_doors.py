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


@pytest.mark.parametrize(("page", "method"), [*product(PAGES, METHODS)])
def test_a_stranger_is_sent_to_sign_in(page: URLPattern, method: str, client: Client) -> None:
    answer = getattr(client, method)(address(page))

    assert answer.status_code in {302, 405}
    if answer.status_code == 302:
        assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize(("page", "method"), [*product(OF_A_SERVICE, METHODS)])
def test_staff_of_another_service_find_nothing(
    page: URLPattern, method: str, client: Client, cast: Cast
) -> None:
    client.force_login(cast.vic)

    assert getattr(client, method)(address(page)).status_code in {404, 405}
