"""Two furnished services in a database that is left as it was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from dutybound_server.people.roles import Role, Scope
from tests import cast, make
from tests.security.doors.visits import Visitor
from tests.security.doors.world import Things, furnish


@dataclass(frozen=True, slots=True)
class World:
    """Ridge Forum, at whose doors people knock, Harbour Video beside it, and who knocks."""

    ridge: Things
    harbour: Things
    people: dict[str, Visitor]


@pytest.fixture(scope="package")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    media: Path = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", str(media))
        with transaction.atomic():
            yield _made()
            transaction.set_rollback(True)


def _made() -> World:
    now = timezone.now()
    theirs = cast.hired()
    ridge, harbour = furnish(theirs.ridge, now=now), furnish(theirs.harbour, now=now)
    return World(ridge, harbour, _people(theirs, ridge, harbour))


def _people(theirs: cast.Cast, ridge: Things, harbour: Things) -> dict[str, Visitor]:
    crew = ridge.crew
    unproven = cast.person("Una", at=ridge.service, role=Role.ADMINISTRATOR)
    Authenticator.objects.filter(user=unproven).delete()
    alone = User.objects.create_user("lone@example.com")
    TOTP.activate(alone, generate_totp_secret())
    return {
        "administrator": Visitor.signed_in(crew.administrator),
        "accountable person": Visitor.signed_in(crew.accountable),
        "moderator": Visitor.signed_in(crew.moderator),
        "senior": Visitor.signed_in(crew.senior),
        "restricted-harm moderator": Visitor.signed_in(crew.restricted),
        "auditor": Visitor.signed_in(crew.auditor),
        "staff of another service": Visitor.signed_in(harbour.crew.administrator),
        "flagger": Visitor.signed_in(ridge.flagger_person),
        "without a role": Visitor.signed_in(alone),
        "no second factor": Visitor.signed_in(unproven),
        "nobody": Visitor(),
        "nobody with a key": Visitor(key=make.key(ridge.service, scopes=list(Scope))),
    }
