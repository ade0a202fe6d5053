"""A person keeps content past its time: with a reason, for a while, and in the journal."""

from datetime import UTC, datetime, time, timedelta

import pytest

from dutybound_server.items.actions import LONGEST_HOLD, HoldRefused, end_hold, hold_item
from dutybound_server.items.models import Hold
from dutybound_server.items.queries import hold_on
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("until", "why", "field"),
    [
        (NOW, "The police asked.", "until"),
        (NOW + LONGEST_HOLD + timedelta(days=1), "The police asked.", "until"),
        (SOON, "The police\0 asked.", "why"),
        (SOON, "  ", "why"),
        (SOON, "x" * 2001, "why"),
    ],
)
def test_a_hold_without_an_end_or_a_reason_is_refused(
    cast: Cast, until: datetime, why: str, field: str
) -> None:
    item = make.item(cast.ridge)

    with pytest.raises(HoldRefused) as refused:
        hold_item(item=item, until=until, why=why, by=cast.mo, now=NOW)

    assert refused.value.field == field
    assert not Hold.objects.exists()
    assert not Entry.objects.filter(kind="item.held").exists()


def test_the_last_day_of_the_longest_hold_may_be_chosen_whole(cast: Cast) -> None:
    last_moment = datetime.combine((NOW + LONGEST_HOLD).date(), time.max, tzinfo=UTC)

    held = hold_item(
        item=make.item(cast.ridge), until=last_moment, why="A trial.", by=cast.mo, now=NOW
    )

    assert held.until == last_moment


def test_what_was_erased_cannot_be_held(cast: Cast) -> None:
    item = make.item(cast.ridge)
    item.erased_at = NOW
    item.save()

    with pytest.raises(HoldRefused, match="erased"):
        hold_item(item=item, until=SOON, why="The police asked.", by=cast.mo, now=NOW)


def test_a_hold_and_its_end_stand_in_the_journal_without_the_words(cast: Cast) -> None:
    item = make.item(cast.ridge, external_id="post-of-bram")

    hold_item(item=item, until=SOON, why="Bram asked.", by=cast.mo, now=NOW)
    end_hold(item=item, why="Bram is content.", by=cast.mo, now=NOW)

    entries = Entry.objects.filter(kind__startswith="item.").order_by("id")
    assert [entry.kind for entry in entries] == ["item.held", "item.hold_ended"]
    assert not any(b"ram" in bytes(entry.body) for entry in entries)


def test_a_new_hold_takes_the_place_of_the_one_before(cast: Cast) -> None:
    item = make.item(cast.ridge)
    hold_item(item=item, until=SOON, why="First.", by=cast.mo, now=NOW)

    hold_item(item=item, until=SOON + timedelta(days=7), why="Longer.", by=cast.nell, now=NOW)

    held = hold_on(item, now=NOW)
    assert held is not None
    assert (held.why, held.by) == ("Longer.", cast.nell)
    assert Hold.objects.count() == 2
    assert hold_on(item, now=SOON + timedelta(days=7)) is None
