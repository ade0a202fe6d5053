"""The cast: two services and named people whose relations are the permissions.

ada, grace, mo, nell, sena, ren and ode work for Ridge Forum; vic moderates Harbour Video only.
bram and cleo have accounts at Ridge Forum.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User

from dutybound_server.people.actions import (
    create_service,
    create_staff,
    grant_role,
    see_account,
)
from dutybound_server.people.models import Account, Service
from dutybound_server.people.roles import Role

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PASSWORD = "a long walk along the ridge"


@dataclass(frozen=True, slots=True)
class Cast:
    ridge: Service
    harbour: Service
    ada: User
    """administrator"""
    grace: User
    """accountable person"""
    mo: User
    """moderator"""
    nell: User
    """moderator"""
    sena: User
    """senior moderator"""
    ren: User
    """restricted-harm moderator"""
    ode: User
    """auditor"""
    vic: User
    """moderator at Harbour Video only"""
    bram: Account
    cleo: Account


def hired() -> Cast:
    """All of them, with what they may do, in an empty database."""
    ridge = create_service(slug="ridge", name="Ridge Forum", by="system", now=NOW)
    harbour = create_service(slug="harbour", name="Harbour Video", by="system", now=NOW)
    return Cast(
        ridge=ridge,
        harbour=harbour,
        ada=person("Ada", at=ridge, role=Role.ADMINISTRATOR),
        grace=person("Grace", at=ridge, role=Role.ACCOUNTABLE),
        mo=person("Mo", at=ridge, role=Role.MODERATOR),
        nell=person("Nell", at=ridge, role=Role.MODERATOR),
        sena=person("Sena", at=ridge, role=Role.SENIOR),
        ren=person("Ren", at=ridge, role=Role.RESTRICTED),
        ode=person("Ode", at=ridge, role=Role.AUDITOR),
        vic=person("Vic", at=harbour, role=Role.MODERATOR),
        bram=account("bram", at=ridge),
        cleo=account("cleo", at=ridge),
    )


def person(name: str, *, at: Service, role: Role) -> User:
    """A member of staff with a second factor, so that every staff page lets them in."""
    user = create_staff(
        email=f"{name.lower()}@{at.slug}.example",
        name=name,
        password=PASSWORD,
        by="system",
        now=NOW,
    )
    grant_role(user=user, service=at, role=role, by="system", now=NOW)
    TOTP.activate(user, generate_totp_secret())
    return user


def account(external_id: str, *, at: Service) -> Account:
    email = f"{external_id}@example.com"
    return see_account(service=at, external_id=external_id, email=email, now=NOW)
