from datetime import timedelta

import pytest

from dutybound_server.people.actions import issue_key, revoke_key
from dutybound_server.people.models import ServiceKey
from dutybound_server.people.queries import BadKey, key_for
from dutybound_server.people.roles import Scope
from tests.cast import NOW, Cast

TOMORROW = NOW + timedelta(days=1)


def ridge_key(cast: Cast) -> tuple[ServiceKey, str]:
    return issue_key(
        service=cast.ridge,
        name="forum software",
        scopes=[Scope.ITEMS],
        expires_at=TOMORROW,
        by="system",
        now=NOW,
    )


def test_a_key_opens_its_service_and_its_text_is_stored_nowhere(cast: Cast) -> None:
    key, token = ridge_key(cast)

    found = key_for(token, now=NOW)

    assert found.service == cast.ridge
    assert found.allows(Scope.ITEMS)
    assert not found.allows(Scope.BANKS)
    assert token.startswith(f"db_{key.prefix}_")
    row = ServiceKey.objects.filter(id=key.id).values().get()
    assert token.split("_", 2)[2] not in str(row)


def test_a_key_with_one_character_changed_is_unknown(cast: Cast) -> None:
    _, token = ridge_key(cast)
    other = token[:-1] + ("A" if token[-1] != "A" else "B")

    with pytest.raises(BadKey, match="No service has this key"):
        key_for(other, now=NOW)


@pytest.mark.parametrize("token", ["", "db_", "Bearer x", "db_0123456789_short", "db__" + "a" * 43])
def test_text_that_is_no_key_is_told_what_a_key_looks_like(cast: Cast, token: str) -> None:
    with pytest.raises(BadKey, match="looks like"):
        key_for(token, now=NOW)


def test_a_key_ends_at_its_hour(cast: Cast) -> None:
    _, token = ridge_key(cast)

    key_for(token, now=TOMORROW - timedelta(seconds=1))
    with pytest.raises(BadKey, match="expired on 24 November 2026"):
        key_for(token, now=TOMORROW)


def test_a_revoked_key_opens_nothing(cast: Cast) -> None:
    key, token = ridge_key(cast)

    revoke_key(key=key, by="system", now=NOW)

    with pytest.raises(BadKey, match="revoked"):
        key_for(token, now=NOW)


def test_use_of_a_key_is_kept_to_the_minute(cast: Cast) -> None:
    key, token = ridge_key(cast)

    key_for(token, now=NOW)
    key_for(token, now=NOW + timedelta(seconds=59))
    key.refresh_from_db()
    assert key.last_used_at == NOW

    key_for(token, now=NOW + timedelta(seconds=60))
    key.refresh_from_db()
    assert key.last_used_at == NOW + timedelta(seconds=60)
