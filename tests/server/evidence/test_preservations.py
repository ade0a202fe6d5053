"""A data preservation notice keeps every account it means, also one that comes to us later."""

from datetime import date, datetime, timedelta

import pytest

from dutybound_server.evidence.actions.holds import LegalHoldRefused, end_legal_hold
from dutybound_server.evidence.actions.preservations import (
    Child,
    PreservationRefused,
    end_preservation,
    extend_preservation,
    follow_preservations,
    receive_preservation,
)
from dutybound_server.evidence.models import LegalHold, Preservation, Snapshot
from dutybound_server.intake.actions import erase_old_items
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast, account

pytestmark = pytest.mark.django_db

PAST = NOW - timedelta(days=31)
BORN = date(2011, 4, 2)
CHILD = Child(name="A. Child", date_of_birth=BORN, emails=("Bram@Example.com",))


def received(
    cast: Cast,
    child: Child = CHILD,
    *,
    reference: str = "DPN-1",
    received_at: datetime = PAST,
    until: datetime | None = None,
) -> Preservation:
    return receive_preservation(
        service=cast.ridge, reference=reference, child=child, received_at=received_at,
        until=until, by=cast.grace, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("child", "changes", "field"),
    [
        (Child("A", BORN), {}, "emails"),
        (Child(" ", BORN, accounts=("bram",)), {}, "name"),
        (Child("A", BORN, accounts=("",)), {}, "accounts"),
        (Child("A", BORN, emails=("a@example.com",) * 51), {}, "emails"),
        (Child("A", NOW.date(), accounts=("bram",)), {}, "date_of_birth"),
        (CHILD, {"reference": ""}, "reference"),
        (CHILD, {"received_at": NOW + timedelta(days=1)}, "received_at"),
        (CHILD, {"until": NOW}, "until"),
    ],
)
def test_a_notice_that_lacks_something_is_refused_and_holds_nothing(
    cast: Cast, child: Child, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(PreservationRefused) as refused:
        received(cast, child, **changes)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert not Preservation.objects.exists()
    assert not LegalHold.objects.exists()


def test_a_notice_is_taken_once(cast: Cast) -> None:
    received(cast)

    with pytest.raises(PreservationRefused, match="already"):
        received(cast)


def test_it_holds_the_accounts_of_its_addresses_and_seals_them(cast: Cast) -> None:
    make.item(cast.ridge, author=cast.bram, text="a view", received_at=PAST)
    make.item(cast.ridge, author=cast.cleo, text="a view", received_at=PAST)

    notice = received(cast)

    assert [hold.subject for hold in notice.holds.all()] == ["bram"]
    assert notice.until == PAST.replace(year=PAST.year + 1)
    assert "bram@example.com" in Snapshot.objects.get().content
    assert erase_old_items(now=NOW) == 1


def test_an_account_that_comes_later_is_held_too(cast: Cast) -> None:
    child = Child("A. Child", BORN, emails=("later@example.com",), accounts=("named-only",))
    notice = received(cast, child)
    assert [hold.subject for hold in notice.holds.all()] == ["named-only"]
    assert follow_preservations(now=NOW) == 0

    account("later", at=cast.ridge)

    assert follow_preservations(now=NOW) == 1
    assert follow_preservations(now=NOW) == 0
    assert set(notice.holds.values_list("subject", flat=True)) == {"named-only", "later"}


def test_its_holds_last_as_long_as_it_does_and_end_with_it(cast: Cast) -> None:
    notice = received(cast)
    hold = notice.holds.get()
    with pytest.raises(LegalHoldRefused, match="notice"):
        end_legal_hold(hold_id=hold.pk, why="Enough.", by=cast.grace, now=NOW)
    later = notice.until + timedelta(days=90)

    extend_preservation(
        preservation_id=notice.pk, until=later, why="A second letter.", by=cast.grace, now=NOW
    )
    hold.refresh_from_db()
    assert hold.until == later
    with pytest.raises(PreservationRefused, match="Choose a day after"):
        extend_preservation(
            preservation_id=notice.pk, until=NOW, why="A letter.", by=cast.grace, now=NOW
        )

    end_preservation(preservation_id=notice.pk, why="It is over.", by=cast.grace, now=NOW)
    hold.refresh_from_db()
    assert hold.ended_at == NOW
    with pytest.raises(PreservationRefused, match="ended already"):
        end_preservation(preservation_id=notice.pk, why="It is over.", by=cast.grace, now=NOW)


def test_the_journal_names_no_child(cast: Cast) -> None:
    received(cast)

    body = bytes(Entry.objects.get(kind="preservation.received").body)
    assert b"Child" not in body
    assert b"DPN-1" not in body
