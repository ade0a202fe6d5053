"""One entry is handed out for one reader, on record, and what it says can be checked elsewhere."""

import json

import pytest
from django.db import transaction
from django.test import Client

from dutybound.ledger.disclosure import Match, disclosure_in, verify_disclosure
from dutybound_server.journal.actions import erase_salts, seal
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import journal_key
from tests.cast import NOW, Cast
from tests.server.journal.story import an_entry, take_the_guards_away, the_head


@pytest.fixture
def number(cast: Cast) -> int:
    """An entry that tells of a note about a person."""
    entry = an_entry(personal={"note": "It was satire.", "account": "bram"})
    seal(now=NOW)
    entry.refresh_from_db()
    return entry.number or 0


@pytest.fixture
def ode(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ode)
    return client


def address(number: int) -> str:
    return f"/console/ridge/journal/{number}/disclosure/"


def disclosed() -> list[dict[str, object]]:
    found = Entry.objects.filter(kind="entry.disclosed").order_by("id")
    return [json.loads(bytes(entry.body)) for entry in found]


def test_an_entry_is_disclosed_with_its_salts_and_proof(ode: Client, number: int) -> None:
    answer = ode.post(address(number), {"to": "Ofcom, notice 12"})

    assert answer.status_code == 200
    assert f"entry-{number}.disclosure.json" in answer["Content-Disposition"]
    disclosure = disclosure_in(answer.content.decode())
    assert verify_disclosure(disclosure, key=journal_key(the_head())).size == the_head().size
    assert disclosure.match("note", "It was satire.") is Match.MATCHES
    assert disclosure.match("note", "It was meant.") is Match.DIFFERS
    assert b"satire" not in answer.content


def test_the_disclosure_is_an_entry_itself(ode: Client, cast: Cast, number: int) -> None:
    ode.post(address(number), {"to": "Ofcom, notice 12"})

    (told,) = disclosed()
    assert told["subject"] == f"entry:{number}"
    assert told["actor"] == f"staff:{cast.ode.pk}"
    assert told["facts"] == {"salts": ["account", "note"], "head": the_head().size}
    assert "Ofcom" not in json.dumps(told)


def test_what_was_erased_is_disclosed_as_erased(ode: Client, number: int) -> None:
    with transaction.atomic():
        erase_salts(service="ridge", subjects=["case:4f2c"], names=["account"])

    page = ode.get(address(number)).content.decode()
    answer = ode.post(address(number), {"to": "Ofcom"})

    assert "its salt is erased" in page
    assert disclosure_in(answer.content.decode()).match("account", "bram") is Match.ERASED


def test_nothing_is_handed_out_to_nobody(ode: Client, number: int) -> None:
    for to in ("", "x" * 201):
        assert ode.post(address(number), {"to": to}).status_code == 422
    assert disclosed() == []


def test_an_entry_that_does_not_verify_is_not_disclosed(ode: Client, number: int) -> None:
    take_the_guards_away()
    Entry.objects.filter(number=number).update(subject="case:0000")

    answer = ode.post(address(number), {"to": "Ofcom"})

    assert answer.status_code == 422
    assert "does not verify" in answer.content.decode()
    assert disclosed() == []


def test_only_who_may_audit_discloses_and_only_their_services_entries(
    ode: Client, cast: Cast, number: int
) -> None:
    elsewhere = an_entry(service="harbour")
    seal(now=NOW)
    elsewhere.refresh_from_db()

    assert ode.post(address(elsewhere.number or 0), {"to": "Ofcom"}).status_code == 404
    ode.force_login(cast.mo)
    assert ode.post(address(number), {"to": "Ofcom"}).status_code == 403
    assert disclosed() == []
