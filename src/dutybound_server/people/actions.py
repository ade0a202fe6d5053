"""What changes in services, keys, staff and accounts. Each change stands in the journal."""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from dutybound_server.journal.actions import append
from dutybound_server.lib.sealed import is_newest, seal, unseal
from dutybound_server.people.actors import SYSTEM, staff_actor
from dutybound_server.people.models import Account, Membership, Service, ServiceKey
from dutybound_server.people.roles import Role, Scope
from dutybound_server.people.tokens import new_key_text

LAST_USED_STEP = timedelta(minutes=1)
# Where allauth keeps what SecondFactorAdapter sealed: of an app, of recovery codes.
SECOND_FACTOR_SECRETS = ("secret", "seed")
CHANGEABLE = (
    "name",
    "screens_private",
    "screens_private_reason",
    "media_hosts",
    "retention_days",
)


class LastAdministrator(Exception):
    """Without one more administrator nobody could ever change the service's staff again."""


class EmailTaken(Exception):
    """A person signs in with this address already."""


# Services and their keys


@transaction.atomic
def create_service(*, slug: str, name: str, by: str, now: datetime) -> Service:
    service = Service.objects.create(slug=slug, name=name, created_at=now)
    append(
        kind="service.created",
        service=slug,
        subject=f"service:{slug}",
        actor=by,
        now=now,
        facts={"name": name},
    )
    return service


@transaction.atomic
def change_service(
    *, service: Service, changes: Mapping[str, Any], why: str = "", by: str, now: datetime
) -> Service:
    """Set the fields of `CHANGEABLE` that differ; the entry says what they were and are."""
    service = Service.objects.select_for_update().get(id=service.id)
    unknown = set(changes).difference(CHANGEABLE)
    if unknown:
        raise ValueError(f"a service has no changeable {', '.join(sorted(unknown))}")
    before = {name: getattr(service, name) for name in changes}
    changed = [name for name, value in changes.items() if value != before[name]]
    if not changed:
        return service

    for name in changed:
        setattr(service, name, changes[name])
    service.save(update_fields=changed)
    append(
        kind="service.changed",
        service=service.slug,
        subject=f"service:{service.slug}",
        actor=by,
        now=now,
        facts={
            "before": {name: before[name] for name in changed},
            "after": {name: changes[name] for name in changed},
            "why": why,
        },
    )
    return service


@transaction.atomic
def issue_key(
    *,
    service: Service,
    name: str,
    scopes: Iterable[Scope],
    expires_at: datetime | None,
    by: str,
    now: datetime,
) -> tuple[ServiceKey, str]:
    """Make a key; the text comes back once and is stored nowhere."""
    text = new_key_text()
    key = ServiceKey.objects.create(
        service=service,
        name=name,
        prefix=text.prefix,
        digest=text.digest,
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    append(
        kind="key.issued",
        service=service.slug,
        subject=f"key:{key.prefix}",
        actor=by,
        now=now,
        facts={
            "name": name,
            "scopes": key.scopes,
            "expires_at": expires_at.isoformat() if expires_at else None,
        },
    )
    return key, text.token


@transaction.atomic
def revoke_key(*, key: ServiceKey, by: str, now: datetime) -> None:
    """Refuse the key from now on; revoking it again changes nothing."""
    live = ServiceKey.objects.filter(id=key.id, revoked_at__isnull=True)
    if live.update(revoked_at=now) != 1:
        return
    append(
        kind="key.revoked",
        service=key.service.slug,
        subject=f"key:{key.prefix}",
        actor=by,
        now=now,
    )


def note_key_use(*, key: ServiceKey, now: datetime) -> None:
    """Keep when a key was last used, to the minute: a write for each request would cost more."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - LAST_USED_STEP)
    if key.last_used_at is None or now - key.last_used_at >= LAST_USED_STEP:
        ServiceKey.objects.filter(stale, id=key.id).update(last_used_at=now)


# Staff and their roles


@transaction.atomic
def create_staff(*, email: str, name: str, password: str | None, by: str, now: datetime) -> User:
    """Make a person who may sign in; without a password they set one by an invitation link."""
    email = email.strip().lower()
    if _staff_with(email) is not None:
        raise EmailTaken(f"{email} belongs to a member of staff already")
    user = User.objects.create_user(email, email, password, first_name=name, date_joined=now)
    # An administrator vouches for the address, so no verification mail stands in the way.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    append(
        kind="staff.created",
        service="",
        subject=staff_actor(user),
        actor=by,
        now=now,
        personal={"email": email, "name": name},
    )
    return user


@transaction.atomic
def invite_staff(
    *, email: str, name: str, roles: Iterable[Role], service: Service, by: str, now: datetime
) -> tuple[User, bool]:
    """Give a person all these roles or none, and make them if nobody has the address.

    The answer is the person, and whether they are new and need an invitation link.
    """
    known = _staff_with(email)
    user = known or create_staff(email=email, name=name, password=None, by=by, now=now)
    for role in roles:
        grant_role(user=user, service=service, role=role, by=by, now=now)
    return user, known is None


@transaction.atomic
def appoint_administrator(*, email: str, slug: str, service_name: str, now: datetime) -> User:
    """Give a service an administrator from the server's own command line; make what is missing."""
    service = Service.objects.filter(slug=slug).first() or create_service(
        slug=slug, name=service_name, by=SYSTEM, now=now
    )
    roles = [Role.ADMINISTRATOR]
    user, _ = invite_staff(email=email, name="", roles=roles, service=service, by=SYSTEM, now=now)
    reactivate_staff(user=user, by=SYSTEM, now=now)
    user.refresh_from_db()
    return user


@transaction.atomic
def grant_role(*, user: User, service: Service, role: Role, by: str, now: datetime) -> None:
    """Give a role at one service; giving it twice changes nothing."""
    _, is_new = Membership.objects.get_or_create(
        user=user, service=service, role=role, defaults={"since": now}
    )
    if is_new:
        append(
            kind="role.granted",
            service=service.slug,
            subject=staff_actor(user),
            actor=by,
            now=now,
            facts={"role": role},
        )


@transaction.atomic
def revoke_role(*, user: User, service: Service, role: Role, by: str, now: datetime) -> None:
    """Take a role away at once; raises LastAdministrator."""
    if role == Role.ADMINISTRATOR:
        _keep_an_administrator(service=service, without=user)
    gone, _ = Membership.objects.filter(user=user, service=service, role=role).delete()
    if gone:
        append(
            kind="role.revoked",
            service=service.slug,
            subject=staff_actor(user),
            actor=by,
            now=now,
            facts={"role": role},
        )


@transaction.atomic
def deactivate_staff(*, user: User, by: str, now: datetime) -> None:
    """Shut a person out; raises LastAdministrator.

    Their password goes too: sessions are tied to it, so all of them end, for good.
    """
    user = User.objects.select_for_update().get(id=user.id)
    if not user.is_active:
        return
    for service in Service.objects.filter(
        memberships__user=user, memberships__role=Role.ADMINISTRATOR
    ):
        _keep_an_administrator(service=service, without=user)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    append(kind="staff.deactivated", service="", subject=staff_actor(user), actor=by, now=now)


@transaction.atomic
def reactivate_staff(*, user: User, by: str, now: datetime) -> None:
    """Let a person in again; they set a new password by an invitation link."""
    if User.objects.filter(id=user.id, is_active=False).update(is_active=True) == 1:
        append(kind="staff.reactivated", service="", subject=staff_actor(user), actor=by, now=now)


@transaction.atomic
def set_own_password(*, user: User, password: str, now: datetime) -> None:
    """Give a person the password they chose, signed in or by a link."""
    user.set_password(password)
    user.save(update_fields=["password"])
    actor = staff_actor(user)
    append(kind="staff.password_changed", service="", subject=actor, actor=actor, now=now)


@transaction.atomic
def record_own_factor(*, user: User, kind: str, factor: str, now: datetime) -> None:
    """Remember that a person added a second factor, or removed one."""
    actor = staff_actor(user)
    facts = {"factor": factor}
    append(kind=kind, service="", subject=actor, actor=actor, now=now, facts=facts)


@transaction.atomic
def reset_second_factor(*, user: User, by: str, now: datetime) -> None:
    """Forget the lost phone or key of a person; they set up a new one when they come back."""
    gone, _ = Authenticator.objects.filter(user=user).delete()
    if gone:
        append(kind="staff.factor_reset", service="", subject=staff_actor(user), actor=by, now=now)


@transaction.atomic
def reseal_second_factors() -> int:
    """Seal the secrets of authenticators again with the newest content key; how many it were."""
    done = 0
    for factor in Authenticator.objects.select_for_update():
        sealed = {
            name: base64.b64decode(factor.data[name])
            for name in SECOND_FACTOR_SECRETS
            if name in factor.data
        }
        old = {name: one for name, one in sealed.items() if not is_newest(one)}
        for name, one in old.items():
            factor.data[name] = base64.b64encode(seal(unseal(one))).decode()
        if old:
            factor.save(update_fields=["data"])
            done += 1
    return done


def _staff_with(email: str) -> User | None:
    return User.objects.filter(username=email.strip().lower()).first()


def _keep_an_administrator(*, service: Service, without: User) -> None:
    # The lock makes two administrators who remove each other at once take turns.
    Service.objects.select_for_update().get(id=service.id)
    administrators = Membership.objects.filter(
        service=service, role=Role.ADMINISTRATOR, user__is_active=True
    )
    if not administrators.exclude(user=without).exists():
        raise LastAdministrator(
            f"{service.name} has no other administrator; make somebody else one first"
        )


# Accounts


@transaction.atomic
def forget_email(*, account: Account) -> None:
    """Empty the address of an account that is gone; the caller's entry tells of it."""
    account.email = ""
    account.save(update_fields=["email"])


def see_account(*, service: Service, external_id: str, email: str, now: datetime) -> Account:
    """The account the service names; made when first seen, its address kept up to date.

    It has no entry of its own: the item that names it is in the journal by its verdict.
    """
    account, is_new = Account.objects.get_or_create(
        service=service,
        external_id=external_id,
        defaults={"email": email, "first_seen_at": now},
    )
    if not is_new and email and email != account.email:
        account.email = email
        account.save(update_fields=["email"])
    return account
