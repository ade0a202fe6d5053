"""The cast: two services and named people whose relations are the permissions.

ada, grace, mo, nell, sena, ren and ode work for Ridge Forum; vic moderates Harbour Video only.
bram and cleo have accounts at Ridge Forum.
"""

import pickle
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from dutybound_server.journal.models import Entry
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


_first: list[bytes] = []
"""The cast of this run and all rows it came with, once somebody has been hired."""


def on_stage() -> Cast:
    """All of them, in an empty database.

    The first time they are hired; after that their rows are put back, which takes a tenth of it.
    """
    if any(model._base_manager.exists() for model in (Service, User, Entry)):
        return hired()
    if not _first:
        before = {model: _keys(model) for model in _models()}
        cast = hired()
        new = [model._base_manager.exclude(pk__in=before[model]) for model in _models()]
        _first.append(pickle.dumps((cast, [list(rows) for rows in new if rows])))
        return cast
    cast, tables = pickle.loads(_first[0])
    with transaction.atomic():
        for rows in tables:
            type(rows[0])._base_manager.bulk_create(rows)
    return cast  # type: ignore[no-any-return]


def _models() -> list[type[Model]]:
    return apps.get_models(include_auto_created=True)


def _keys(model: type[Model]) -> list[object]:
    return list(model._base_manager.values_list("pk", flat=True))


def hired() -> Cast:
    """All of them, with what they may do."""
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
