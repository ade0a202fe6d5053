"""A legal hold beats every job that deletes, and nobody ends one that the law keeps."""

from datetime import datetime, timedelta

import pytest

from dutybound_server.evidence.actions.holds import (
    HoldKind,
    LegalHoldRefused,
    end_legal_hold,
    place_legal_hold,
)
from dutybound_server.evidence.models import LegalHold
from dutybound_server.intake.actions import erase_old_items
from dutybound_server.intake.submissions import Author
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

PAST = NOW - timedelta(days=31)


def hold(
    cast: Cast,
    subject_kind: str,
    subject: str,
    *,
    kind: HoldKind = HoldKind.STAFF,
    why: str = "The police asked by letter.",
    until: datetime | None = None,
) -> LegalHold:
    return place_legal_hold(
        service=cast.ridge, subject_kind=subject_kind, subject=subject, kind=kind, why=why,
        reference="P-1", by=cast.sena, until=until, now=PAST,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("subject_kind", "subject", "changes", "field"),
    [
        ("person", "A. Child", {}, "subject_kind"),
        ("item", " ", {}, "subject"),
        ("item", "a" * 2001, {}, "subject"),
        ("item", "old", {"why": " "}, "why"),
        ("item", "old", {"why": "a\0b"}, "why"),
        ("item", "old", {"until": PAST}, "until"),
    ],
)
def test_a_hold_that_says_too_little_is_refused_and_leaves_nothing(
    cast: Cast, subject_kind: str, subject: str, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(LegalHoldRefused) as refused:
        hold(cast, subject_kind, subject, **changes)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert not LegalHold.objects.exists()
    assert not Entry.objects.filter(kind__startswith="legal_hold").exists()


def test_an_item_that_is_held_stays_in_every_revision_and_the_others_go(cast: Cast) -> None:
    make.item(cast.ridge, external_id="old", text="a view", received_at=PAST)
    make.item(cast.ridge, external_id="old", revision=2, text="edited", received_at=PAST)
    make.item(cast.ridge, external_id="other", text="a view", received_at=PAST)
    make.item(cast.harbour, external_id="old", text="a view", received_at=PAST)

    hold(cast, "item", "old")

    assert erase_old_items(now=NOW) == 2
    kept = Item.objects.filter(erased_at__isnull=True)
    assert {(item.service.slug, item.text) for item in kept} == {
        ("ridge", "a view"),
        ("ridge", "edited"),
    }


def test_all_items_of_an_account_that_is_held_stay(cast: Cast) -> None:
    make.item(cast.ridge, author=cast.bram, text="a view", received_at=PAST)
    make.item(cast.ridge, author=cast.cleo, text="a view", received_at=PAST)

    hold(cast, "account", "bram")

    assert erase_old_items(now=NOW) == 1
    assert Item.objects.get(erased_at__isnull=True).account == cast.bram


def test_what_comes_after_the_hold_is_held_as_well(cast: Cast) -> None:
    hold(cast, "account", "not-seen-yet")
    make.taken(cast.ridge, "later", text="a view", now=PAST, author=Author("not-seen-yet"))

    assert erase_old_items(now=NOW) == 0


def test_a_hold_ends_with_its_day_or_when_a_person_ends_it(cast: Cast) -> None:
    make.item(cast.ridge, external_id="old", text="a view", received_at=PAST)
    make.item(cast.ridge, external_id="older", text="a view", received_at=PAST)
    hold(cast, "item", "old", until=NOW)
    ended = hold(cast, "item", "older")

    end_legal_hold(hold_id=ended.pk, why="They have it.", by=cast.ren, now=NOW)

    assert erase_old_items(now=NOW) == 2
    with pytest.raises(LegalHoldRefused, match="ended already"):
        end_legal_hold(hold_id=ended.pk, why="They have it.", by=cast.ren, now=NOW)


def test_a_hold_for_the_nca_cannot_be_ended_before_its_day(cast: Cast) -> None:
    until = NOW + timedelta(days=1)
    held = hold(cast, "item", "old", kind=HoldKind.CSEA, until=until)

    with pytest.raises(LegalHoldRefused, match="The law keeps it"):
        end_legal_hold(hold_id=held.pk, why="It is old.", by=cast.ren, now=NOW)

    end_legal_hold(hold_id=held.pk, why="Its day has come.", by=cast.ren, now=until)
    held.refresh_from_db()
    assert (held.ended_at, held.ended_by) == (until, cast.ren)


def test_placing_and_ending_stand_in_the_journal_without_a_name(cast: Cast) -> None:
    held = hold(cast, "account", "bram")
    end_legal_hold(hold_id=held.pk, why="They have it.", by=cast.sena, now=NOW)

    placed, ended = Entry.objects.filter(subject=f"legal_hold:{held.pk}").order_by("id")
    assert (placed.kind, ended.kind) == ("legal_hold.placed", "legal_hold.ended")
    assert b"bram" not in bytes(placed.body)
    assert placed.actor == f"staff:{cast.sena.pk}"
