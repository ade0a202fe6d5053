"""What came in and was compared, from items, banks and the journal of their settings."""

from datetime import datetime, timedelta

import pytest

from dutybound.evidence.matching import BanksSeen, Matched, NewContent
from dutybound_server.assurance.measuring.matching import (
    CSAM_WANTED,
    INTIMATE_WANTED,
    LINKS_WANTED,
    banks_seen,
    gaps,
    new_content,
)
from dutybound_server.banks.actions import (
    NewSignal,
    add_signals,
    change_bank,
    quarantine_signal,
    remove_signals,
)
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.casework.actions.cases import record_matches
from dutybound_server.intake.actions import rematch
from dutybound_server.intake.models import Rematch
from dutybound_server.items.models import Frame, Item
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HASH = "f" * 64


def pictured(service: Service, *, at: datetime = NOW, quality: int = 100) -> Item:
    """An item with a picture, as intake stores it."""
    item = make.item(service, verdict="allow", received_at=at)
    Frame.objects.create(media=make.media(item), quality=quality, hashes=bytes(32))
    return item


def bank(service: Service, harm: str = "csea_image_csam", *, effect: str = "block") -> Bank:
    name = f"known-{harm.replace('_', '-')}"
    return make.bank(service, name, harm=harm, hashes=[("pdq", HASH)], effect=effect)


def set_bank(one: Bank, *, at: datetime, **changes: object) -> None:
    change_bank(bank=one, changes=changes, why="A test pulls it.", by="system", now=at)


def csam(cast: Cast, at: datetime) -> BanksSeen:
    return banks_seen(CSAM_WANTED, cast.ridge, at)


def test_public_pictures_are_counted_and_those_that_cannot_be_compared(cast: Cast) -> None:
    pictured(cast.ridge)
    pictured(cast.ridge, quality=10)
    make.media(make.item(cast.ridge))
    make.item(cast.ridge, text="words alone")
    private = pictured(cast.ridge)
    private.visibility = "private"
    private.save()
    sound = make.media(make.item(cast.ridge))
    sound.content_type = "audio/mpeg"
    sound.save()
    pictured(cast.harbour)

    assert new_content(cast.ridge, NOW) == NewContent(items=5, media=3, in_part=2)
    assert new_content(cast.ridge, NOW + 29 * DAY) == NewContent(0, 0, 0)


def test_without_a_bank_all_is_unprotected(cast: Cast) -> None:
    pictured(cast.ridge)

    seen = csam(cast, NOW + HOUR)

    assert (seen.banks, seen.in_force, seen.unprotected) == (0, 0, 1)
    assert seen.matched == Matched()


def test_a_bank_with_signals_is_in_force_from_the_first_of_them_on(cast: Cast) -> None:
    pictured(cast.ridge, at=NOW - HOUR)
    bank(cast.ridge)
    pictured(cast.ridge, at=NOW + HOUR)

    seen = csam(cast, NOW + DAY)

    assert (seen.banks, seen.in_force, seen.keeping) == (1, 1, 1)
    assert seen.newest_days == 1.0
    assert seen.unprotected == 1


def test_a_bank_that_is_switched_off_is_in_force_no_more_and_was_before(cast: Cast) -> None:
    one = bank(cast.ridge)
    pictured(cast.ridge, at=NOW + HOUR)
    set_bank(one, at=NOW + 2 * HOUR, enabled=False)
    pictured(cast.ridge, at=NOW + 3 * HOUR)

    assert csam(cast, NOW + 4 * HOUR).in_force == 0
    assert csam(cast, NOW + 4 * HOUR).unprotected == 1
    assert csam(cast, NOW + HOUR).in_force == 1

    set_bank(one, at=NOW + 5 * HOUR, enabled=True)
    pictured(cast.ridge, at=NOW + 6 * HOUR)

    assert (csam(cast, NOW + DAY).in_force, csam(cast, NOW + DAY).unprotected) == (1, 1)


@pytest.mark.parametrize("changes", [{"dry_run": True}, {"effect": "never"}])
def test_a_bank_on_trial_or_of_what_is_harmless_protects_nobody(
    cast: Cast, changes: dict[str, object]
) -> None:
    set_bank(bank(cast.ridge), at=NOW + HOUR, **changes)

    assert csam(cast, NOW + 2 * HOUR).in_force == 0


def test_a_bank_that_only_flags_keeps_nothing_from_view(cast: Cast) -> None:
    bank(cast.ridge, effect="flag")

    seen = csam(cast, NOW + HOUR)

    assert (seen.in_force, seen.keeping) == (1, 0)


def test_a_bank_whose_signals_are_gone_or_of_another_kind_is_not_in_force(cast: Cast) -> None:
    one = bank(cast.ridge)
    ids = list(Signal.objects.values_list("id", flat=True))
    remove_signals(bank=one, ids=ids, why="Wrong.", by="system", now=NOW + HOUR)
    make.bank(cast.ridge, "exact", harm="csea", hashes=[("md5", "a" * 32)])

    seen = csam(cast, NOW + 2 * HOUR)

    assert (seen.banks, seen.in_force) == (1, 0)
    assert csam(cast, NOW).in_force == 1


def test_a_bank_that_was_emptied_for_a_while_protected_nobody_then(cast: Cast) -> None:
    one = bank(cast.ridge)
    ids = list(Signal.objects.values_list("id", flat=True))
    remove_signals(bank=one, ids=ids, why="Quiet, please.", by="system", now=NOW + HOUR)
    for hours in (2, 3):
        pictured(cast.ridge, at=NOW + hours * HOUR)
    new = [NewSignal("pdq", "e" * 64), NewSignal("pdq", "d" * 64)]
    for hours, signal in zip((4, 5), new, strict=True):
        add_signals(bank=one, signals=[signal], why="Back.", by="system", now=NOW + hours * HOUR)
    pictured(cast.ridge, at=NOW + 6 * HOUR)

    seen = csam(cast, NOW + DAY)

    assert (seen.in_force, seen.unprotected) == (1, 2)
    quarantine_signal(signal_id=ids[0] + 1, why="A flood.", by="system", now=NOW + 2 * DAY)
    assert csam(cast, NOW + 3 * DAY).unprotected == 2


def test_what_was_reported_here_is_no_bank_from_outside(cast: Cast) -> None:
    make.bank(cast.ridge, "intimate-reported", harm="iia", hashes=[("pdq", HASH)])

    assert banks_seen(INTIMATE_WANTED, cast.ridge, NOW).banks == 0


def test_links_need_signals_that_are_links(cast: Cast) -> None:
    bank(cast.ridge, harm="csea_csam_urls")
    make.bank(cast.ridge, "addresses", harm="csea_csam_urls", hashes=[("host", "bad.example")])
    make.item(cast.ridge, text="words", received_at=NOW - HOUR)

    seen = banks_seen(LINKS_WANTED, cast.ridge, NOW + HOUR)

    assert (seen.banks, seen.in_force, seen.unprotected) == (1, 1, 1)


def test_matches_are_counted_by_when_they_were_found_and_what_people_made_of_them(
    cast: Cast,
) -> None:
    known = Signal.objects.get(bank=bank(cast.ridge))
    for retroactive, kind in ((False, "take_down"), (True, "none"), (False, "")):
        case = record_matches(
            item=pictured(cast.ridge),
            kept=[make.meeting(known)],
            set_aside=[],
            media={},
            retroactive=retroactive,
            now=NOW,
        )
        assert case is not None
        favour = {"ground": "none", "rule": "", "statement": ""} if kind == "none" else {}
        if kind:
            make.decide(case, by=cast.ren, now=NOW + HOUR, enforcement_kind=kind, **favour)

    seen = csam(cast, NOW + DAY)

    assert seen.matched == Matched(at_receipt=2, later=1, reviewed=2, right=1)
    assert csam(cast, NOW + 8 * DAY).matched.unreviewed_late == 1
    assert csam(cast, NOW).matched.reviewed == 0


def test_a_signal_that_is_set_aside_is_excused_until_somebody_found_it_wrong(cast: Cast) -> None:
    known = Signal.objects.get(bank=bank(cast.ridge))
    item = pictured(cast.ridge)
    record_matches(
        item=item, kept=[], set_aside=[make.meeting(known)], media={}, retroactive=False, now=NOW
    )

    assert csam(cast, NOW + HOUR).matched == Matched(excused=1)

    favour = {"enforcement_kind": "none", "ground": "none", "rule": "", "statement": ""}
    case = make.case(cast.ridge, about=item, now=NOW)
    make.decide(case, by=cast.ren, now=NOW + 2 * HOUR, **favour)
    assert csam(cast, NOW + DAY).matched.excused == 0


def test_a_match_on_trial_counts_for_nothing(cast: Cast) -> None:
    known = Signal.objects.get(bank=bank(cast.ridge))
    record_matches(
        item=pictured(cast.ridge),
        kept=[make.meeting(known, dry_run=True)],
        set_aside=[],
        media={},
        retroactive=False,
        now=NOW,
    )

    assert csam(cast, NOW + DAY).matched == Matched()


def test_what_is_still_to_be_compared_is_told_with_how_long_it_waits(cast: Cast) -> None:
    bank(cast.ridge)
    rematch(now=NOW + HOUR)
    assert csam(cast, NOW + 2 * HOUR).looking_back == 0

    Rematch.objects.update(finished_at=None)

    seen = csam(cast, NOW + 3 * HOUR)
    assert (seen.looking_back, seen.oldest_look_back_seconds) == (1, 7200.0)


def test_gaps_are_what_no_time_covers() -> None:
    hours = [NOW + number * HOUR for number in range(10)]
    times = [(hours[4], hours[6]), (hours[1], hours[3]), (hours[2], hours[5])]

    found = list(gaps(times, since=hours[0], until=hours[9]))

    assert found == [(hours[0], hours[1]), (hours[6], hours[9])]
    assert list(gaps([], since=hours[0], until=hours[1])) == [(hours[0], hours[1])]
    assert list(gaps([(hours[0], hours[9])], since=hours[1], until=hours[9])) == []
