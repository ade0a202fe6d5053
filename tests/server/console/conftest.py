"""Members of staff at their screens."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which the person has signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
