"""Verdicts stand in the journal by the batch, and a later change of one is found and named."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from dutybound_server.intake.actions import journal_verdicts
from dutybound_server.intake.verdicts import altered_verdicts
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def journalled(cast: Cast) -> list[Item]:
    make.bank(cast.ridge, phrases=["zonk"])
    for number, text in enumerate(["fine", "zonk", "fine"]):
        make.taken(cast.ridge, f"post-{number}", text=text)
    make.taken(cast.harbour, "theirs")
    assert journal_verdicts(now=NOW) == 4
    return list(Item.objects.order_by("id"))


def test_one_entry_covers_a_batch_of_one_service(journalled: list[Item]) -> None:
    entries = Entry.objects.filter(kind="verdicts.given").order_by("id")

    assert [entry.service for entry in entries] == ["ridge", "harbour"]
    facts = json.loads(bytes(entries[0].body))["facts"]
    assert facts["count"] == 3
    assert [item for item, _ in facts["verdicts"]] == [item.pk for item in journalled[:3]]
    assert len(facts["root"]) == 64
    assert Item.objects.filter(verdict_entry=entries[0].pk).count() == 3
    assert journal_verdicts(now=NOW) == 0


def test_verdicts_left_alone_agree_with_the_journal(journalled: list[Item]) -> None:
    assert list(altered_verdicts()) == []
    call_command("check_verdicts", stdout=io.StringIO())


def test_a_changed_verdict_is_named(journalled: list[Item]) -> None:
    zonk = journalled[1]
    Item.objects.filter(pk=zonk.pk).update(answer={**zonk.answer, "matches": []})

    [altered] = altered_verdicts()

    assert altered.item == zonk.pk
    assert "was changed" in str(altered)
    with pytest.raises(CommandError, match="1 verdicts do not agree"):
        call_command("check_verdicts", stderr=io.StringIO())


def test_a_removed_item_is_named(journalled: list[Item]) -> None:
    Item.objects.filter(pk=journalled[0].pk).delete()

    assert [str(altered).partition(" (")[0] for altered in altered_verdicts()] == [
        f"item {journalled[0].pk}: is gone"
    ]


def test_a_verdict_cannot_be_hidden_by_journalling_it_again(journalled: list[Item]) -> None:
    Item.objects.filter(pk=journalled[1].pk).update(verdict="allow", verdict_entry=None)
    journal_verdicts(now=NOW)

    assert [altered.item for altered in altered_verdicts()] == [journalled[1].pk]
