"""Where a service hears from us: its webhook addresses and the secrets that sign."""

import base64
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from dutybound_server.casework.models import Endpoint
from dutybound_server.journal.actions import append
from dutybound_server.people.models import Service

SECRET_BYTES = 32
BOTH_SECRETS_FOR = timedelta(days=1)
LONGEST_URL = 500


class BadEndpoint(ValueError):
    """The address cannot take webhooks; the sentence says what was expected."""


@transaction.atomic
def create_endpoint(*, service: Service, url: str, by: str, now: datetime) -> Endpoint:
    """Send everything from now on to this address too; raises BadEndpoint."""
    endpoint = Endpoint.objects.create(
        service=service, url=_checked(url), secret=_new_secret(), created_at=now
    )
    _tell(endpoint, "endpoint.created", by=by, now=now)
    return endpoint


@transaction.atomic
def enable_endpoint(*, endpoint: Endpoint, by: str, now: datetime) -> None:
    """Send again, what waited first; enabling it twice changes nothing."""
    disabled = Endpoint.objects.filter(id=endpoint.pk, enabled=False)
    if disabled.update(enabled=True, disabled_why="") == 1:
        _tell(endpoint, "endpoint.enabled", by=by, now=now)


@transaction.atomic
def disable_endpoint(*, endpoint: Endpoint, why: str, by: str, now: datetime) -> None:
    """Send nothing there for now. What waits is kept; what is new from now on is not sent."""
    enabled = Endpoint.objects.filter(id=endpoint.pk, enabled=True)
    if enabled.update(enabled=False, disabled_why=why) == 1:
        _tell(endpoint, "endpoint.disabled", by=by, now=now, why=why)


@transaction.atomic
def rotate_secret(*, endpoint: Endpoint, by: str, now: datetime) -> Endpoint:
    """Sign with a new secret, and for a day with the old one too, so nothing is turned away."""
    endpoint.old_secret = endpoint.secret
    endpoint.old_secret_until = now + BOTH_SECRETS_FOR
    endpoint.secret = _new_secret()
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _tell(endpoint, "endpoint.secret_rotated", by=by, now=now)
    return endpoint


def _checked(url: str) -> str:
    url = url.strip()
    expected = BadEndpoint("expected an address such as https://example.org/hooks")
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise expected from None
    if parts.scheme not in {"http", "https"} or not parts.host or len(url) > LONGEST_URL:
        raise expected
    if parts.auth:
        raise BadEndpoint("expected an address without a name or password in it")
    return url


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _tell(endpoint: Endpoint, kind: str, *, by: str, now: datetime, why: str = "") -> None:
    append(
        kind=kind,
        service=endpoint.service.slug,
        subject=f"endpoint:{endpoint.pk}",
        actor=by,
        now=now,
        facts={"url": endpoint.url, **({"why": why} if why else {})},
    )
