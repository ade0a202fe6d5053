"""Erasing a person takes away what their digests could be matched by, and leaves every proof."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from dutybound.cases.kinds import Kind
from dutybound.cli.verify_journal import reader
from dutybound.ledger.disclosure import digest
from dutybound.ledger.verify import verify_journal
from dutybound_server.casework.actions.answers import answer_concern
from dutybound_server.casework.actions.forgetting import erase_old_concerns
from dutybound_server.casework.models import Case, Notice
from dutybound_server.intake.actions.accounts import erase_account
from dutybound_server.journal.actions import erase_salts, seal
from dutybound_server.journal.export import export_journal
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import journal_key, proof_of
from tests import make
from tests.cast import NOW, Cast
from tests.server.journal.story import an_entry, the_head

pytestmark = pytest.mark.django_db

LATE = NOW + timedelta(days=180 + 30)
"""The time to appeal, and Ridge Forum's thirty days."""


def matched(value: str) -> int:
    """How many digests somebody who has the database can show to be of that value."""
    return sum(
        told[name] == digest(value, salt=bytes.fromhex(salt))
        for entry in Entry.objects.all()
        for told in [json.loads(bytes(entry.body))["personal"]]
        for name, salt in entry.salts.items()
    )


def check_every_proof(folder: Path) -> None:
    head = the_head()
    sealed = Entry.objects.exclude(number=None)
    assert [entry for entry in sealed if proof_of(entry, head=head).fault] == []
    export_journal(folder, head=head, progress=lambda *_: None)
    assert verify_journal(reader(folder), key=journal_key(head)).verifies


def bodies() -> list[tuple[int, bytes]]:
    rows = Entry.objects.exclude(number=None).order_by("number").values_list("number", "body")
    return [(number or 0, bytes(body)) for number, body in rows]


def test_what_a_person_told_us_is_matched_to_nothing_once_it_is_erased(
    cast: Cast, tmp_path: Path
) -> None:
    words = "My neighbour's shop sells a copy of my lamp."
    concern = make.concern(cast.ridge, kind=Kind.DUTIES, words=words)
    answer_concern(
        concern_id=concern.pk, by=cast.grace, outcome="upheld", reasons="x", words="x", now=NOW
    )
    seal(now=NOW)
    before = bodies()
    assert matched(words) == 1

    erase_old_concerns(now=LATE)
    seal(now=LATE)

    assert matched(words) == 0
    assert not Entry.objects.filter(subject=f"concern:{concern.reference}").exclude(salts={})
    erased = json.loads(bytes(Entry.objects.get(kind="concern.erased").body))
    assert erased["facts"]["salts"] > 0
    assert bodies()[: len(before)] == before
    check_every_proof(tmp_path / "journal")


def test_an_account_is_matched_to_nothing_once_it_is_erased(cast: Cast, tmp_path: Path) -> None:
    case = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)
    seal(now=NOW)
    before = bodies()
    assert matched("bram") > 0
    assert matched(case.subject) > 0
    words = Notice.objects.get().words

    erase_account(service=cast.ridge, external_id="bram", now=LATE)
    seal(now=LATE)

    assert matched("bram") == 0
    assert matched(case.subject) == 0
    assert matched(words) == 1, "what staff wrote can still be shown to be what they wrote"
    assert bodies()[: len(before)] == before
    check_every_proof(tmp_path / "journal")


def test_while_an_appeal_may_come_the_account_can_be_matched(cast: Cast) -> None:
    make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)
    Case.objects.update(subject_kind="page")  # Nothing else of it keeps the account's items.
    before = matched("bram")

    erase_account(service=cast.ridge, external_id="bram", now=NOW + timedelta(days=1))

    assert matched("bram") == before > 0


def test_only_the_names_that_are_given_go() -> None:
    entry = an_entry(personal={"account": "bram", "words": "It was satire."})
    other = an_entry(subject="case:9999", personal={"account": "bram"})
    elsewhere = an_entry(service="harbour", personal={"account": "bram"})

    assert erase_salts(service="ridge", subjects=["case:4f2c"], names=["account"]) == 1

    for one, left in ((entry, {"words"}), (other, {"account"}), (elsewhere, {"account"})):
        one.refresh_from_db()
        assert set(one.salts) == left
    assert erase_salts(service="ridge", subjects=["case:4f2c"], names=["account"]) == 0
    assert erase_salts(service="ridge", subjects=["case:4f2c"]) == 1


def test_an_erasure_that_is_undone_erases_nothing() -> None:
    entry = an_entry(personal={"words": "It was satire."})

    with transaction.atomic():
        erase_salts(service="ridge", subjects=["case:4f2c"])
        transaction.set_rollback(True)

    entry.refresh_from_db()
    assert set(entry.salts) == {"words"}
