"""Whoever has the database changes nothing that was signed for without being seen: a sample."""

import json
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, transaction

from dutybound.ledger.disclosure import digest
from dutybound.ledger.findings import Finding
from dutybound.ledger.verify import verify_journal
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import file_at, journal_key
from tests.library.ledger.attacks import Place
from tests.server.journal.attacks import NOT_COVERED, ONE_BYTE, WHOLE_ROWS, Attack, sql
from tests.server.journal.story import NOW, an_entry, entries, take_the_guards_away, the_head

TRIES = 4
SIZE = 260

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> None:
    an_entry(personal={"words": "It was satire."})
    seal(now=NOW)
    entries(SIZE - 1)
    seal(now=NOW + timedelta(hours=1))
    take_the_guards_away()


def found_after(attack: Attack, by: Random) -> tuple[bool, list[Finding]]:
    """Do it, look, and undo it: whether a finding says where, and all findings."""
    key = journal_key(the_head())
    with transaction.atomic():
        place = attack(by)
        head = the_head()
        answer = verify_journal(lambda path: file_at(path, head=head), key=key)
        transaction.set_rollback(True)
    return place.is_named_by(answer.findings), list(answer.findings)


def test_what_is_done_to_rows_is_found_and_named(sealed: None) -> None:
    chance = Random(6)
    for kind, attack in {**ONE_BYTE, **WHOLE_ROWS}.items():
        for _ in range(TRIES):
            is_named, findings = found_after(attack, chance)

            assert is_named, (kind, [str(one) for one in findings])
    assert verify_journal(lambda path: file_at(path, head=the_head())).verifies


def test_what_no_signature_covers_is_said_to_be_so(sealed: None) -> None:
    """The documents say so; a test keeps them honest."""
    for attack in NOT_COVERED.values():
        assert found_after(attack, Random(6))[1] == []


def test_a_changed_salt_proves_nothing_false(sealed: None) -> None:
    entry = Entry.objects.get(number=0)
    told = json.loads(bytes(entry.body))["personal"]["words"]
    NOT_COVERED["entry: a salt"](Random(1))
    entry.refresh_from_db()

    for value in ("It was satire.", "It was meant."):
        assert digest(value, salt=bytes.fromhex(entry.salts["words"])) != told


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps to its types")
def test_what_is_of_another_type_is_found_like_any_other_change(sealed: None) -> None:
    others = ("at = 'zonk'", "at = '2026-13-45 10:00'", "at = 7", "body = 'zonk'", "kind = x'00ff'")
    for change in others:

        def attack(by: Random, change: str = change) -> Place:
            sql(f"UPDATE journal_entry SET {change} WHERE number = 17")
            return Place(17)

        is_named, findings = found_after(attack, Random(6))
        assert is_named, change
        assert len(findings) == 1


@pytest.mark.postgresql
def test_a_time_beyond_all_times_is_found_like_any_other_change(sealed: None) -> None:
    sql("UPDATE journal_entry SET at = 'infinity' WHERE number = 17")

    findings = verify_journal(lambda path: file_at(path, head=the_head())).findings

    assert [finding.first for finding in findings] == [17]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps to its types")
def test_salts_that_cannot_be_read_leave_the_rest_to_be_verified(sealed: None) -> None:
    sql("PRAGMA ignore_check_constraints = ON")
    sql("UPDATE journal_entry SET salts = '{' WHERE number = 17")

    assert verify_journal(lambda path: file_at(path, head=the_head())).verifies
