"""One case a subject: how it opens, what joins it, who works on it."""

from datetime import timedelta

import pytest

from dutybound.cases.claims import CLAIM_LENGTH
from dutybound.cases.status import EventKind, NotAllowed, status_of
from dutybound.matching import Effect
from dutybound_server.casework.actions.cases import (
    claim_case,
    hand_over_case,
    note_case,
    open_account_case,
    open_case,
    record_matches,
    release_case,
    reveal_media,
)
from dutybound_server.casework.models import Case, Match, Queue
from dutybound_server.casework.queries import reveals_since
from dutybound_server.casework.refusals import AlreadyClaimed, CaseNotFound
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in case.events.all()]


def journal_kinds() -> list[str]:
    about_cases = Entry.objects.filter(subject__startswith="case:").order_by("id")
    return list(about_cases.values_list("kind", flat=True))


def test_an_item_that_meets_signals_becomes_one_case_with_all_of_them(cast: Cast) -> None:
    item = make.item(cast.ridge, author=cast.bram, reach=1200)
    picture = make.media(item)
    met = [make.meeting(make.signal(cast.ridge), media=picture) for _ in range(3)]

    case = record_matches(
        item=item, kept=met, set_aside=[], media={"m1": picture}, retroactive=False, now=NOW
    )

    assert case is not None
    assert Case.objects.get() == case
    assert (case.subject, case.account, case.status) == (item.external_id, cast.bram, "open")
    assert (case.harm, case.severity, case.reach) == ("harassment", 4, 1200)
    assert item.matches.filter(media=picture).count() == 3
    assert kinds(case) == journal_kinds_of(case) == ["opened"]
    assert case.queue.slug == "general"


def journal_kinds_of(case: Case) -> list[str]:
    entries = Entry.objects.filter(subject=f"case:{case.reference}").order_by("id")
    return [kind.removeprefix("case.") for kind in entries.values_list("kind", flat=True)]


def test_later_matches_join_the_case_and_only_ever_make_it_graver(cast: Cast) -> None:
    first = make.item(cast.ridge, external_id="post-1", reach=900)
    case = make.case(cast.ridge, about=first, harm="iia")
    edited = make.item(cast.ridge, external_id="post-1", revision=2, reach=7, text="edited")

    again = make.case(cast.ridge, about=edited, harm="fraud", now=NOW + HOUR)

    assert again == case
    assert kinds(again) == ["opened", "matched"]
    assert again.item == edited
    assert (again.harm, again.severity, again.reach) == ("iia", 5, 900)
    assert again.queue.slug == "urgent"


def test_the_same_match_twice_is_one_match_and_no_news(cast: Cast) -> None:
    item = make.item(cast.ridge)
    picture = make.media(item)
    met = [
        make.meeting(make.signal(cast.ridge), media=picture, distance=9),
        make.meeting(make.signal(cast.ridge)),
    ]

    for _ in range(2):
        case = record_matches(
            item=item,
            kept=[*met, *met],
            set_aside=[],
            media={"m1": picture},
            retroactive=False,
            now=NOW,
        )

    assert case is not None
    assert item.matches.count() == 2
    assert kinds(case) == ["opened"]


@pytest.mark.parametrize("why", ["dry run", "set aside", "never", "quarantined"])
def test_a_match_that_asks_for_nobody_is_kept_and_opens_nothing(cast: Cast, why: str) -> None:
    item = make.item(cast.ridge, verdict="allow")
    signal = make.signal(cast.ridge)
    if why == "quarantined":
        signal.quarantined_at = NOW
        signal.save()
    met = make.meeting(
        signal, dry_run=why == "dry run", effect=Effect.NEVER if why == "never" else Effect.FLAG
    )

    case = record_matches(
        item=item,
        kept=[] if why == "set aside" else [met],
        set_aside=[met] if why == "set aside" else [],
        media={},
        retroactive=False,
        now=NOW,
    )

    assert case is None
    assert Match.objects.get().set_aside is (why == "set aside")
    assert not Case.objects.exists()


def test_a_match_of_a_quarantined_signal_joins_a_case_that_is_there(cast: Cast) -> None:
    item = make.item(cast.ridge)
    case = make.case(cast.ridge, about=item)
    signal = make.signal(cast.ridge)
    signal.quarantined_at = NOW
    signal.save()

    again = record_matches(
        item=item,
        kept=[make.meeting(signal)],
        set_aside=[],
        media={},
        retroactive=True,
        now=NOW,
    )

    assert again == case
    assert kinds(case) == ["opened", "matched"]


def test_a_restricted_harm_restricts_the_case_for_good(cast: Cast) -> None:
    item = make.item(cast.ridge)
    case = make.case(cast.ridge, about=item, harm="terrorism")
    assert not case.restricted

    case = make.case(cast.ridge, about=item, harm="csea_image_csam")

    assert case.restricted
    assert case.queue.slug == "restricted"
    # It was terrorism first and that is as grave, but it waits among the restricted.
    assert case.harm == "terrorism"


def test_a_service_gets_its_queues_once_and_for_itself(cast: Cast) -> None:
    make.case(cast.ridge)
    make.case(cast.ridge)
    make.case(cast.harbour)

    for service in (cast.ridge, cast.harbour):
        slugs = Queue.objects.filter(service=service).values_list("slug", flat=True)
        assert list(slugs) == ["restricted", "urgent", "general"]


def test_staff_can_open_a_case_about_an_item_and_about_an_account(cast: Cast) -> None:
    item = make.item(cast.ridge, author=cast.bram, verdict="allow")

    about_item = open_case(item=item, harm="bullying", why="A parent rang.", by=cast.mo, now=NOW)
    about_account = open_account_case(
        account=cast.bram, harm="fraud", why="Third shop.", by=cast.mo, now=NOW
    )
    again = open_account_case(account=cast.bram, harm="csea", why="Worse.", by=cast.mo, now=NOW)

    assert about_item.account == cast.bram
    assert again == about_account
    assert (again.subject_kind, again.subject, again.restricted) == ("account", "bram", True)
    assert kinds(again) == ["opened", "raised"]
    assert [event.note for event in again.events.all()] == ["Third shop.", "Worse."]


def test_what_staff_wrote_reaches_the_journal_only_as_a_digest(cast: Cast) -> None:
    case = make.case(cast.ridge, author=cast.bram)

    note_case(case_id=case.id, by=cast.mo, note="Ask bram's sister", now=NOW)

    bodies = b"".join(bytes(entry.body) for entry in Entry.objects.all())
    assert b"sister" not in bodies
    assert case.subject.encode() not in bodies


# Claims


def test_a_claim_keeps_everyone_else_out_until_it_ends(cast: Cast) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=NOW)

    with pytest.raises(AlreadyClaimed, match="Mo works on this case until 10:15") as refused:
        claim_case(case_id=case.id, by=cast.nell, now=NOW + CLAIM_LENGTH / 2)
    assert (refused.value.by, refused.value.until) == (cast.mo, NOW + CLAIM_LENGTH)

    claim_case(case_id=case.id, by=cast.nell, now=NOW + CLAIM_LENGTH)
    case.refresh_from_db()
    assert case.claimed_by == cast.nell


def test_claiming_ones_own_case_again_only_makes_it_last_longer(cast: Cast) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=NOW)

    case = claim_case(case_id=case.id, by=cast.mo, now=NOW + CLAIM_LENGTH / 2)

    case.refresh_from_db()
    assert case.claimed_until == NOW + CLAIM_LENGTH * 1.5
    assert kinds(case) == ["opened", "claimed"]


def test_a_released_case_is_free_and_only_its_holder_can_release_it(cast: Cast) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=NOW)

    release_case(case_id=case.id, by=cast.nell, now=NOW)
    case.refresh_from_db()
    assert case.claimed_by == cast.mo

    case = release_case(case_id=case.id, by=cast.mo, now=NOW)
    assert case.claimed_by is None
    assert kinds(case) == ["opened", "claimed", "released"]


def test_a_case_is_handed_over_with_a_note_by_whoever_holds_it(cast: Cast) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=NOW)

    with pytest.raises(AlreadyClaimed):
        hand_over_case(case_id=case.id, by=cast.nell, note="Mine now", now=NOW)
    hand_over_case(case_id=case.id, by=cast.mo, note="Needs Welsh.", now=NOW)

    case.refresh_from_db()
    assert case.claimed_by is None
    assert [(event.kind, event.note) for event in case.events.all()][-1] == (
        EventKind.HANDED_OVER,
        "Needs Welsh.",
    )


def test_the_status_of_a_case_can_be_rebuilt_from_its_events(cast: Cast) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=NOW)
    release_case(case_id=case.id, by=cast.mo, now=NOW)

    case.refresh_from_db()
    assert status_of(EventKind(kind) for kind in kinds(case)) == case.status


# Looking


def test_each_look_at_a_medium_is_recorded_and_counted(cast: Cast) -> None:
    item = make.item(cast.ridge)
    picture = make.media(item)
    case = make.case(cast.ridge, about=item)

    for _ in range(2):
        reveal_media(case_id=case.id, media_id=picture.id, by=cast.mo, now=NOW)

    assert reveals_since(cast.mo, NOW - HOUR) == 2
    assert reveals_since(cast.mo, NOW + HOUR) == 0
    assert journal_kinds() == ["case.opened", "case.revealed", "case.revealed"]


def test_a_medium_of_a_restricted_case_shows_only_to_who_may_see_it(cast: Cast) -> None:
    item = make.item(cast.ridge)
    picture = make.media(item)
    case = make.case(cast.ridge, about=item, harm="csea_image_csam")

    with pytest.raises(CaseNotFound):
        reveal_media(case_id=case.id, media_id=picture.id, by=cast.mo, now=NOW)
    reveal_media(case_id=case.id, media_id=picture.id, by=cast.ren, now=NOW)

    assert case.reveals.get().by == cast.ren


def test_a_medium_of_another_item_does_not_show_through_a_case(cast: Cast) -> None:
    elsewhere = make.media(make.item(cast.ridge))
    case = make.case(cast.ridge)

    with pytest.raises(CaseNotFound):
        reveal_media(case_id=case.id, media_id=elsewhere.id, by=cast.mo, now=NOW)


def test_a_decided_case_cannot_be_claimed(cast: Cast) -> None:
    case = make.decided_case(cast.ridge, by=cast.mo)

    with pytest.raises(NotAllowed):
        claim_case(case_id=case.id, by=cast.mo, now=NOW)

    case.refresh_from_db()
    assert case.claimed_by is None
