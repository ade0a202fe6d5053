"""Who calls: a service, by the key it sends, for the one scope an operation needs."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from dutybound_server.api.problems import Problem, too_many, unauthorized
from dutybound_server.casework.tellers import network_digest
from dutybound_server.lib.floods import Floods
from dutybound_server.people.addresses import address_of
from dutybound_server.people.models import ServiceKey
from dutybound_server.people.queries import BadKey, key_for
from dutybound_server.people.roles import Scope

WRONG_KEYS = Floods(60)
"""From one network in a minute. Whoever shares it and has a key that fits is let in."""


def refused(request: HttpRequest, bad: BadKey) -> Problem:
    """What is said to a wrong key: why; after too many from there, only to wait."""
    if wait := WRONG_KEYS.seconds_to_wait(network_digest(address_of(request))):
        return too_many(wait)
    # Only who holds the whole key learns that it expired or was revoked: the sentence
    # for a key that never was and for one with a wrong secret is the same.
    return unauthorized(str(bad))


class ServiceRequest(HttpRequest):
    """A request whose key was checked."""

    auth: ServiceKey


class ServiceKeyBearer(HttpBearer):
    """Takes `Authorization: Bearer <service key>` with the scope; sets `request.auth`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ServiceKey:
        try:
            key = key_for(token, now=timezone.now())
        except BadKey as bad:
            raise refused(request, bad) from None
        if not key.allows(self.scope):
            raise Problem(403, f"The key {key.name!r} has no scope {self.scope.value!r}.")
        return key
