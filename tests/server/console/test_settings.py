import json
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dutybound_server.journal.models import Entry
from dutybound_server.people.actions import issue_key
from dutybound_server.people.queries import BadKey, key_for
from dutybound_server.people.roles import Scope
from tests.cast import NOW, Cast

SETTINGS = "/console/ridge/settings/"
CHOICES = {"name": "Ridge Forum", "retention_days": "30", "media_hosts": ""}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.ada)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_only_an_administrator_sees_settings(cast: Cast) -> None:
    assert signed_in(cast.ode).get(SETTINGS).status_code == 403
    assert signed_in(cast.vic).get(SETTINGS).status_code == 404


def test_choices_are_kept_and_the_journal_says_what_they_were(cast: Cast, ada: Client) -> None:
    changed = CHOICES | {"media_hosts": "Media.Example.org\ncdn.example.org", "retention_days": "7"}

    ada.post(f"{SETTINGS}change/", changed)

    cast.ridge.refresh_from_db()
    assert cast.ridge.media_hosts == ["cdn.example.org", "media.example.org"]
    entry = Entry.objects.get(kind="service.changed")
    facts = json.loads(bytes(entry.body))["facts"]
    assert facts["before"] == {"media_hosts": [], "retention_days": 30}
    assert facts["after"]["retention_days"] == 7


def test_private_items_are_matched_only_with_a_reason(cast: Cast, ada: Client) -> None:
    answer = ada.post(f"{SETTINGS}change/", CHOICES | {"screens_private": "on"})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()

    reason = {"screens_private_reason": "Shared groups of 500 are private in name only."}
    ada.post(f"{SETTINGS}change/", CHOICES | {"screens_private": "on"} | reason)

    cast.ridge.refresh_from_db()
    assert cast.ridge.screens_private
    facts = json.loads(bytes(Entry.objects.get(kind="service.changed").body))["facts"]
    assert facts["why"] == reason["screens_private_reason"]


@pytest.mark.parametrize("host", ["http://a.example", "a.example/x", "localhost", "a..b", "-a.b"])
def test_what_is_not_a_host_name_is_refused_by_name(ada: Client, host: str) -> None:
    answer = ada.post(f"{SETTINGS}change/", CHOICES | {"media_hosts": host})

    assert answer.status_code == 422
    assert "is not a host name" in answer.content.decode()


def test_nothing_changed_leaves_no_entry(ada: Client) -> None:
    ada.post(f"{SETTINGS}change/", CHOICES)

    assert not Entry.objects.filter(kind="service.changed").exists()


def test_a_new_key_is_shown_once_works_and_can_be_revoked(cast: Cast, ada: Client) -> None:
    asked = {"name": "forum, live", "scopes": ["items"], "days": "365"}
    page = ada.post(f"{SETTINGS}keys/", asked).content.decode()

    found = re.search(r"db_[0-9a-f]{10}_[\w-]{43}", page)
    assert found
    key = key_for(found.group(), now=timezone.now())
    assert key.scopes == ["items"]
    assert found.group() not in ada.get(SETTINGS).content.decode()

    ada.post(f"{SETTINGS}keys/{key.pk}/revoke/")
    with pytest.raises(BadKey):
        key_for(found.group(), now=timezone.now())
    kinds = Entry.objects.filter(subject=f"key:{key.prefix}").values_list("kind", flat=True)
    assert list(kinds) == ["key.issued", "key.revoked"]


def test_revoking_says_what_will_happen_before_its_button(ada: Client) -> None:
    ada.post(f"{SETTINGS}keys/", {"name": "app", "scopes": ["items"], "days": "365"})

    page = ada.get(SETTINGS).content.decode()

    said = "Whatever uses this key is refused from now on."
    assert page.index("Revoke…") < page.index(said) < page.index("Revoke app</button>")


def test_a_key_of_another_service_cannot_be_revoked(cast: Cast, ada: Client) -> None:
    key, token = issue_key(
        service=cast.harbour, name="k", scopes=[Scope.ITEMS], expires_at=None, by="system", now=NOW
    )

    assert ada.post(f"{SETTINGS}keys/{key.pk}/revoke/").status_code == 404
    assert key_for(token, now=NOW) == key
