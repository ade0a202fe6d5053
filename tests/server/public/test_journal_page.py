"""The journal's page for everyone, and the same on the console: who else has seen it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.test import Client
from django.utils import timezone

from dutybound.ledger.checkpoint import unverified
from dutybound.ledger.policy import policy_in
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Checkpoint, Entry, KeyChange, Witness
from dutybound_server.journal.queries import journal_key
from dutybound_server.journal.witnesses.actions import ask_witnesses
from dutybound_server.journal.witnesses.asking import Trouble
from dutybound_server.journal.witnesses.words import IN_WORDS
from tests.cast import Cast
from tests.library.ledger.witnesses import witness as a_key
from tests.server.journal.story import an_entry, take_the_guards_away, the_head
from tests.server.journal.witnessing import a_witness, policy_with

pytestmark = pytest.mark.django_db


def sealed(*, ago: timedelta = timedelta()) -> None:
    at = timezone.now() - ago
    an_entry(now=at)
    an_entry(now=at)
    seal(now=at)


def page(client: Client) -> str:
    answer = client.get("/journal/")
    assert answer.status_code == 200
    return answer.content.decode().replace("&#x27;", "'")


def console(client: Client, cast: Cast) -> str:
    client.force_login(cast.ode)
    return client.get("/console/ridge/journal/").content.decode()


@pytest.fixture
def seen(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    with a_witness(tmp_path / "witness") as server:
        settings.WITNESSES = policy_with(server)
        sealed()
        ask_witnesses(now=timezone.now())
        yield


def test_everyone_may_read_what_the_journal_is(client: Client) -> None:
    sealed()

    told = page(client)

    assert str(journal_key(the_head())) in told
    assert "testserver/journal" in told
    assert "You can check that without trusting us" in told
    assert 'href="/journal/checkpoint"' in told
    assert client.get("/journal/")["Cache-Control"].startswith("max-age=0")


def test_an_empty_journal_says_that_nothing_is_sealed(client: Client) -> None:
    assert "Nothing is sealed yet" in page(client)


def test_a_journal_that_nobody_watches_says_so_to_everyone(client: Client, cast: Cast) -> None:
    sealed(ago=timedelta(seconds=1))

    told = page(client)

    assert "Unwitnessed since" in told
    assert "Nobody outside watches this journal" in told
    assert "Unwitnessed since" in console(client, cast)


def test_a_journal_whose_witnesses_never_signed_says_so(
    client: Client, settings: LazySettings, cast: Cast
) -> None:
    settings.WITNESSES = policy_in(f"witness w {a_key(1).key} http://127.0.0.1:9\nquorum w")
    sealed()

    assert "none has signed yet" in page(client)
    assert "Unwitnessed since" in console(client, cast)


def test_a_witnessed_journal_says_by_whom_and_when(client: Client, seen: None, cast: Cast) -> None:
    told = page(client)

    assert "<strong>Witnessed.</strong>" in told
    assert "ngo-0" in told
    assert 'href="/journal/witnessed"' in told
    assert "Unwitnessed" not in told
    assert "Witnessed</span>" in console(client, cast)


def test_a_few_seconds_without_a_witness_are_no_news_and_ten_minutes_are(
    client: Client, seen: None
) -> None:
    sealed(ago=timedelta(minutes=9))
    assert "Unwitnessed" not in page(client)

    # The first entry after the witnessed head is the one that counts.
    take_the_guards_away()
    Entry.objects.filter(number=2).update(at=timezone.now() - timedelta(minutes=11))
    told = page(client)
    assert "Unwitnessed since" in told
    assert "have not signed the newest 2 entries" in told


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_words_and_grave_ones_are_shouted(
    client: Client, settings: LazySettings, cast: Cast, trouble: Trouble
) -> None:
    settings.WITNESSES = policy_in(f"witness w {a_key(1).key} https://ngo.example/x\nquorum w")
    sealed()
    Witness.objects.create(
        url="https://ngo.example/x", trouble=trouble, since=timezone.now(), told="<b>zonk</b>"
    )

    for told in (page(client), console(client, cast)):
        assert IN_WORDS[trouble] in told.replace("&#x27;", "'")
        assert "ngo.example" in told
        assert "<b>zonk" not in told
        is_grave = trouble in {Trouble.AHEAD, Trouble.FORKED, Trouble.BROKEN}
        assert ("notice-red" in told) is is_grave
    assert "zonk" not in page(client), "a stranger's words are for staff"


def test_a_change_of_key_is_led_to(client: Client) -> None:
    sealed()
    assert client.get("/journal/key-changes").status_code == 404
    key = str(journal_key(the_head()))
    KeyChange.objects.create(old=key, new=key, note=the_head().note, at=timezone.now())

    assert 'href="/journal/key-changes"' in page(client)
    assert client.get("/journal/key-changes").status_code == 200


def test_both_keys_are_served_as_text(client: Client) -> None:
    sealed()

    for path in ("key", "key-mldsa"):
        answer = client.get(f"/journal/{path}")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.content.startswith(b"testserver/journal+")
    assert client.get("/journal/witnessed").status_code == 404


def test_a_head_of_an_earlier_version_has_one_key(client: Client) -> None:
    sealed()
    head = the_head()
    take_the_guards_away()
    Checkpoint.objects.update(note=unverified(head.note).signed(settings.JOURNAL_KEY))

    assert client.get("/journal/key-mldsa").status_code == 404
    assert "Our second key" not in page(client)
    assert client.get("/journal/key").status_code == 200
