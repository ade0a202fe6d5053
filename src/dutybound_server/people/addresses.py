"""Where a request came from."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address it came from, as the proxies we trust say; empty where nobody knows."""
    return get_adapter().get_client_ip(request) or ""
