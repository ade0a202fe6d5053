"""Who is asking, and what they may do."""

import base64
from collections.abc import Iterator
from datetime import datetime
from hmac import compare_digest

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from dutybound_server.people.actions import SECOND_FACTOR_SECRETS, note_key_use
from dutybound_server.people.models import Membership, Service, ServiceKey
from dutybound_server.people.roles import ROLE_MAY, May, Role
from dutybound_server.people.tokens import key_text


class BadKey(Exception):
    """No service may be served for this key; the sentence may be shown to its holder."""


def key_for(token: str, *, now: datetime) -> ServiceKey:
    """The live key whose text this is, its service with it; raises BadKey."""
    text = key_text(token)
    if text is None:
        raise BadKey("A key looks like db_, ten hex digits, an underscore and 43 characters.")
    key = ServiceKey.objects.select_related("service").filter(prefix=text.prefix).first()
    if key is None or not compare_digest(key.digest, text.digest):
        raise BadKey("No service has this key.")
    if key.revoked_at is not None:
        raise BadKey(f"The key {key.name!r} was revoked; use a new one.")
    if key.expires_at is not None and key.expires_at <= now:
        raise BadKey(f"The key {key.name!r} expired on {key.expires_at:%d %B %Y}; use a new one.")
    note_key_use(key=key, now=now)
    return key


def may(user: User | AnonymousUser, service: Service, permission: May) -> bool:
    """Whether one of the person's roles at the service carries the permission."""
    return any(permission in ROLE_MAY[role] for role in roles_of(user, service))


def roles_of(user: User | AnonymousUser, service: Service) -> frozenset[Role]:
    names = Membership.objects.filter(user=user.pk, user__is_active=True, service=service)
    return frozenset(Role(name) for name in names.values_list("role", flat=True))


def services_for(user: User | AnonymousUser) -> QuerySet[Service]:
    """The services at which the person has any role, by name."""
    held = Membership.objects.filter(user=user.pk, user__is_active=True)
    return Service.objects.filter(memberships__in=held).distinct().order_by("name")


def has_second_factor(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey; recovery codes alone are none."""
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=factors).exists())


def rules_over(administrator: User, person: User) -> bool:
    """Whether the administrator administers every service that the person works for.

    Only then may they change what the services share: the way in and whether it is open.
    """
    held = Membership.objects.filter(user=person).values("service")
    administered = Membership.objects.filter(
        user=administrator, user__is_active=True, role=Role.ADMINISTRATOR
    ).values("service")
    return not Service.objects.filter(id__in=held).exclude(id__in=administered).exists()


def person_at(service: Service, user_id: int) -> User:
    """The member of the service's staff; raises User.DoesNotExist for anybody else."""
    return User.objects.filter(memberships__service=service).distinct().get(id=user_id)


def works_at(user: User, service: Service) -> bool:
    """Whether the person has any role at the service, and may sign in."""
    return bool(roles_of(user, service))


def staff_of(service: Service) -> QuerySet[User]:
    """Those who work at the service, by name."""
    working = User.objects.filter(memberships__service=service, is_active=True).distinct()
    return working.order_by("first_name", "email")


def staff_with(role: Role, *, at: Service) -> QuerySet[User]:
    """Those who have the role at the service, by name."""
    held = Membership.objects.filter(service=at, role=role)
    return staff_of(at).filter(memberships__in=held)


def second_factor_secrets() -> Iterator[bytes]:
    """Every secret of an authenticator, as it is sealed."""
    for authenticator in Authenticator.objects.all():
        for name in SECOND_FACTOR_SECRETS:
            if name in authenticator.data:
                yield base64.b64decode(authenticator.data[name])
