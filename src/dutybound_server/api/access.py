"""Who calls: a service, by the key it sends, for the one scope an operation needs."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from dutybound_server.api.problems import Problem, unauthorized
from dutybound_server.people.models import ServiceKey
from dutybound_server.people.queries import BadKey, key_for
from dutybound_server.people.roles import Scope


class ServiceRequest(HttpRequest):
    """A request whose key was checked."""

    auth: ServiceKey


class ServiceKeyBearer(HttpBearer):
    """Takes `Authorization: Bearer <service key>` with the scope; sets `request.auth`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ServiceKey:  # noqa: ARG002 - Ninja gives it
        try:
            key = key_for(token, now=timezone.now())
        except BadKey as bad:
            # Only who holds the whole key learns that it expired or was revoked: the sentence
            # for a key that never was and for one with a wrong secret is the same.
            raise unauthorized(str(bad)) from None
        if not key.allows(self.scope):
            raise Problem(403, f"The key {key.name!r} has no scope {self.scope.value!r}.")
        return key
