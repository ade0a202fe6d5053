"""What an entry holds, and what is refused."""

import json
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from django.db import transaction

from dutybound_server.journal.actions import append
from dutybound_server.journal.entries import BadEntry
from dutybound_server.journal.models import Entry
from tests.server.journal.story import NOW, an_entry


@pytest.mark.django_db
def test_an_entry_is_canonical_json_of_what_happened() -> None:
    entry = an_entry(facts={"outcome": "take_down", "items": [3, 1]})

    told = json.loads(bytes(entry.body))
    assert rfc8785.dumps(told) == bytes(entry.body)
    assert told.pop("nonce")
    assert told == {
        "actor": "staff:7",
        "at": "2026-11-23T10:00:00.000000Z",
        "facts": {"outcome": "take_down", "items": [3, 1]},
        "kind": "case.decided",
        "personal": {},
        "service": "ridge",
        "subject": "case:4f2c",
    }
    assert entry.number is None


@pytest.mark.django_db
def test_a_personal_value_is_only_a_salted_digest() -> None:
    entry = an_entry(personal={"email": "bram@example.org"})

    told = json.loads(bytes(entry.body))
    salt = bytes.fromhex(entry.salts["email"])
    assert b"bram" not in bytes(entry.body)
    assert told["personal"] == {"email": sha256(salt + b"bram@example.org").hexdigest()}


@pytest.mark.django_db
def test_two_entries_that_say_the_same_do_not_look_the_same() -> None:
    first, second = an_entry(personal={"email": "a@b.c"}), an_entry(personal={"email": "a@b.c"})

    assert bytes(first.body) != bytes(second.body)
    assert first.salts != second.salts


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(BadEntry, match="in the transaction"):
        append(kind="a.b", service="", subject="", actor="system", now=NOW)

    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_when_its_transaction_does() -> None:
    with transaction.atomic():
        an_entry()
        transaction.set_rollback(True)

    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_body_of_65535_bytes_fits_and_one_more_does_not() -> None:
    spare = 65_535 - len(bytes(an_entry(facts={"note": ""}).body))

    assert len(bytes(an_entry(facts={"note": "n" * spare}).body)) == 65_535
    with pytest.raises(BadEntry, match="65,536 bytes, 65,535 fit"):
        an_entry(facts={"note": "n" * (spare + 1)})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "decided"},
        {"kind": "Case.Decided"},
        {"kind": "a" * 60 + ".decided"},
        {"actor": "mo"},
        {"actor": "staff:mo"},
        {"subject": "s" * 201},
        {"subject": "case:\0"},
        {"service": "s" * 65},
        {"now": NOW.replace(tzinfo=None)},
        {"facts": {"at": NOW}},
        {"facts": {"number": 2**53}},
        {"facts": {"number": float("nan")}},
        {"facts": {"note": "\ud800"}},
        {"facts": {1: "one"}},
        {"facts": {"\ud800": "one"}},
    ],
    ids=str,
)
def test_what_cannot_be_an_entry_is_refused_in_words(changes: dict[str, Any]) -> None:
    with pytest.raises(BadEntry):
        an_entry(**changes)

    assert not Entry.objects.exists()
