"""The journal as foreign software reads it over HTTP."""

import pytest
from django.test import Client

from dutybound.ledger.verify import verify_journal
from dutybound_server.journal.actions import seal
from dutybound_server.journal.queries import journal_key
from dutybound_server.people.actions import grant_role
from dutybound_server.people.roles import Role
from tests.cast import Cast
from tests.server.journal.story import NOW, entries, the_head

IMMUTABLE = "public, max-age=31536000, immutable"


@pytest.fixture
def sealed(db: None) -> None:
    entries(300)
    seal(now=NOW)


def read_with(client: Client, path: str) -> bytes | None:
    answer = client.get(f"/journal/{path}")
    assert answer.status_code in {200, 404}
    return answer.content if answer.status_code == 200 else None


def test_a_journal_that_has_no_head_yet_is_not_there(db: None, client: Client) -> None:
    assert read_with(client, "checkpoint") is None


def test_head_and_key_are_text_that_is_asked_for_anew(sealed: None, client: Client) -> None:
    for path, content in (("checkpoint", the_head().note), ("key", f"{journal_key(the_head())}\n")):
        answer = client.get(f"/journal/{path}")
        assert answer.content.decode() == content
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "hashes", "caching"),
    [
        ("tile/0/000", 256, IMMUTABLE),
        ("tile/0/001.p/44", 44, "no-cache"),
        ("tile/0/001.p/7", 7, "no-cache"),
        ("tile/1/000.p/1", 1, "no-cache"),
    ],
)
def test_tiles_are_served_to_everyone(
    sealed: None, client: Client, path: str, hashes: int, caching: str
) -> None:
    answer = client.get(f"/journal/{path}")

    assert len(answer.content) == 32 * hashes
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Cache-Control"] == caching


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001",
        "tile/0/001.p/45",
        "tile/0/002",
        "tile/1/000",
        "tile/2/000.p/1",
        "tile/0/0",
        "tile/0/../0/000",
        "tile/entries/002",
        "tile/x",
        "nothing",
        f"tile/0/{'x001/' * 30}001",
    ],
)
def test_what_the_head_does_not_cover_is_not_there(
    sealed: None, settings: object, client: Client, path: str
) -> None:
    settings.JOURNAL_ENTRIES_PUBLIC = True  # type: ignore[attr-defined]

    assert read_with(client, path) is None


def test_entries_are_not_for_everyone(sealed: None, client: Client) -> None:
    assert read_with(client, "tile/entries/000") is None
    assert read_with(client, "tile/entries/001.p/44") is None


def test_who_may_audit_every_service_may_read_entries(
    cast: Cast, sealed: None, client: Client
) -> None:
    client.force_login(cast.ode)
    assert read_with(client, "tile/entries/000") is None

    grant_role(user=cast.ode, service=cast.harbour, role=Role.AUDITOR, by="system", now=NOW)
    answer = client.get("/journal/tile/entries/000")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    key = journal_key(the_head())
    assert verify_journal(lambda path: read_with(client, path), key=key).verifies


def test_a_provider_may_publish_entries(sealed: None, settings: object, client: Client) -> None:
    settings.JOURNAL_ENTRIES_PUBLIC = True  # type: ignore[attr-defined]

    assert client.get("/journal/tile/entries/000")["Cache-Control"] == IMMUTABLE
    assert verify_journal(lambda path: read_with(client, path)).verifies


def test_the_journal_is_only_read(sealed: None, client: Client) -> None:
    assert client.post("/journal/checkpoint").status_code == 405
    assert client.head("/journal/checkpoint").status_code == 200
