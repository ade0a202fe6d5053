"""Members of staff at their screens."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dutybound_server.assurance.actions.drafts import start_draft
from dutybound_server.assurance.models import Draft
from tests.cast import NOW, Cast

SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which the person has signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def grace(cast: Cast, sign_in: SignIn) -> Client:
    """The accountable person at her screen."""
    return sign_in(cast.grace)


@pytest.fixture
def draft(cast: Cast) -> Draft:
    """An assessment that was just started."""
    return start_draft(service=cast.ridge, by="staff:1", now=NOW)
