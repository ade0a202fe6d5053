"""A reported intimate image is found everywhere, kept from view and looked at; nothing is lost."""

from datetime import timedelta

import pytest

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.status import Status
from dutybound_server.banks.models import Signal
from dutybound_server.casework.actions import reported_hashes
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.intimate import say_which_picture
from dutybound_server.casework.actions.reported_hashes import WATCH
from dutybound_server.casework.hearing import ConcernRefused
from dutybound_server.casework.models import (
    Case,
    Concern,
    Decision,
    Enforcement,
    Learned,
    ReportedHash,
)
from dutybound_server.intake.submissions import Author, GivenHashes, SubmittedMedia
from tests import make
from tests.cast import NOW, Cast
from tests.server.intake.intimate_reports import (
    OTHER,
    PDQ,
    SOON,
    edited,
    look,
    posted,
    reported,
    signals_in,
    state_of,
    take_down,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("missing", ["role", "is_intimate", "no_consent"])
def test_a_report_that_declares_too_little_is_refused_by_name(cast: Cast, missing: str) -> None:
    answers = {name: value for name, value in make.DECLARED.items() if name != missing}

    with pytest.raises(ConcernRefused) as refused:
        reported(cast.ridge, value=PDQ, answers=answers)

    assert refused.value.field == missing
    assert not Concern.objects.exists()


def test_a_report_that_shows_and_names_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(ConcernRefused) as refused:
        reported(cast.ridge)

    assert refused.value.field == "subjects"


def test_a_hash_alone_freezes_every_copy_and_joins_them_to_the_report(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)
    posted(cast.ridge, "edited", edited(20))
    posted(cast.ridge, "another", OTHER)
    posted(cast.harbour, "elsewhere", PDQ)

    concern = reported(cast.ridge, value=PDQ).concern
    look()

    assert set(Case.objects.values_list("subject", flat=True)) == {
        concern.reference,
        "same",
        "edited",
    }
    frozen = Enforcement.objects.filter(kind=EnforcementKind.HOLD, decision__isnull=True)
    assert set(frozen.values_list("subject", flat=True)) == {"same", "edited"}
    joined = concern.subjects.filter(subject_kind="item")
    assert set(joined.values_list("subject", flat=True)) == {"same", "edited"}
    assert Case.objects.get(subject=concern.reference).status == Status.DECIDED
    assert all(one.case.due_at <= NOW + timedelta(hours=48) for one in joined if one.case)


def test_a_reported_item_is_found_in_its_copies_by_what_it_shows(cast: Cast) -> None:
    posted(cast.ridge, "first", PDQ)
    posted(cast.ridge, "copy", edited(8))

    reported(cast.ridge, item="first")
    look()

    assert state_of("first") == state_of("copy") == EnforcementKind.HOLD


def test_what_is_posted_after_the_report_is_held(cast: Cast) -> None:
    concern = reported(cast.ridge, value=PDQ).concern
    look()

    answer = posted(cast.ridge, "later", edited(12), now=SOON)

    assert answer.item.verdict == "hold"
    assert concern.subjects.filter(subject="later").exists()
    assert not Enforcement.objects.exists()


def test_what_is_taken_down_is_blocked_from_then_on_and_reopens_nothing(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)
    posted(cast.ridge, "edited", edited(20))
    reported(cast.ridge, value=PDQ)
    look()

    take_down(cast, "same")
    take_down(cast, "edited")
    look()
    look()

    assert posted(cast.ridge, "again", edited(30), now=SOON).item.verdict == "block"
    assert signals_in("intimate-reported") == []
    assert PDQ in signals_in("intimate-upheld")
    decided = Case.objects.filter(subject__in=["same", "edited"])
    assert {case.status for case in decided} == {Status.DECIDED}
    assert Learned.objects.exists()


def test_a_hash_that_reaches_nothing_never_blocks(cast: Cast) -> None:
    reported(cast.ridge, value=PDQ)

    look()
    look()

    assert signals_in("intimate-reported") == [PDQ]
    assert signals_in("intimate-upheld") == []


def test_a_harmless_picture_is_left_up_and_then_no_longer_held(cast: Cast) -> None:
    posted(cast.ridge, "famous", PDQ)
    reported(cast.ridge, value=PDQ)
    look()
    case = Case.objects.get(subject="famous")

    make.decide(case, by=cast.mo, enforcement_kind="none", ground="none", rule="", now=SOON)
    look()

    assert state_of("famous") == EnforcementKind.RESTORE
    assert signals_in("intimate-reported") == []
    assert posted(cast.ridge, "again", PDQ, now=SOON).item.verdict == "allow"


def test_an_album_that_nobody_told_apart_keeps_no_other_image_from_being_blocked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reported_hashes, "AT_ONCE", 1)
    posted(cast.ridge, "album", OTHER, edited(100))
    reported(cast.ridge, item="album")
    posted(cast.ridge, "same", PDQ)
    reported(cast.ridge, value=PDQ)
    look()
    look()
    take_down(cast, "album")
    take_down(cast, "same")

    look()

    assert PDQ in signals_in("intimate-upheld")


def test_the_image_is_blocked_although_an_edit_of_it_was_left_up_before(cast: Cast) -> None:
    posted(cast.ridge, "blurred", edited(5))
    posted(cast.ridge, "same", PDQ)
    reported(cast.ridge, value=PDQ)
    look()
    left_up = Case.objects.get(subject="blurred")

    make.decide(left_up, by=cast.mo, enforcement_kind="none", ground="none", rule="", now=SOON)
    look()
    take_down(cast, "same")
    look()

    assert PDQ in signals_in("intimate-upheld")
    assert posted(cast.ridge, "again", PDQ, now=SOON).item.verdict == "block"


def test_what_a_person_left_up_is_looked_at_again_in_full_view(cast: Cast) -> None:
    posted(cast.ridge, "famous", PDQ)
    reported(cast.ridge, value=PDQ)
    look()
    case = Case.objects.get(subject="famous")
    make.decide(case, by=cast.mo, enforcement_kind="none", ground="none", rule="", now=SOON)
    look()

    reported(cast.ridge, value=PDQ, now=SOON)
    look()

    case.refresh_from_db()
    assert case.status == Status.OPEN
    assert state_of("famous") == EnforcementKind.RESTORE


def test_another_picture_that_only_looks_alike_leaves_the_report_standing(cast: Cast) -> None:
    posted(cast.ridge, "alike", edited(28))
    reported(cast.ridge, value=PDQ)
    look()
    case = Case.objects.get(subject="alike")

    make.decide(case, by=cast.mo, enforcement_kind="none", ground="none", rule="", now=SOON)
    look()

    assert signals_in("intimate-reported") == [PDQ]


def test_of_an_item_with_several_pictures_none_is_blocked_by_itself(cast: Cast) -> None:
    posted(cast.ridge, "album", PDQ, OTHER)
    reported(cast.ridge, item="album")
    look()

    take_down(cast, "album")
    look()

    assert signals_in("intimate-reported") == sorted([PDQ, OTHER])
    assert signals_in("intimate-upheld") == []


def test_of_several_pictures_the_one_that_is_meant_is_blocked_and_the_others_are_free(
    cast: Cast,
) -> None:
    album = posted(cast.ridge, "album", PDQ, OTHER).item
    posted(cast.ridge, "landscape", OTHER, author="cleo")
    posted(cast.ridge, "copy", edited(8), author="cleo")
    concern = reported(cast.ridge, item="album").concern
    look()
    assert state_of("landscape") == EnforcementKind.HOLD

    meant = [album.media.order_by("id")[0].pk]
    say_which_picture(concern_id=concern.pk, pictures=meant, by=cast.mo, now=SOON)
    look()

    assert signals_in("intimate-reported") == [PDQ]
    assert (state_of("album"), state_of("copy")) == (EnforcementKind.HOLD, EnforcementKind.HOLD)
    assert state_of("landscape") == EnforcementKind.RESTORE
    assert posted(cast.ridge, "lake", OTHER, now=SOON).item.verdict == "allow"
    take_down(cast, "album")
    look()
    assert signals_in("intimate-reported") == []
    assert PDQ in signals_in("intimate-upheld")
    assert OTHER not in signals_in("intimate-upheld")


def test_which_picture_is_meant_can_be_said_again_and_after_the_item_was_taken_down(
    cast: Cast,
) -> None:
    album = posted(cast.ridge, "album", PDQ, OTHER).item
    concern = reported(cast.ridge, item="album").concern
    look()
    take_down(cast, "album")
    look()
    first, second = album.media.order_by("id")

    say_which_picture(concern_id=concern.pk, pictures=[first.pk], by=cast.mo, now=SOON)
    say_which_picture(concern_id=concern.pk, pictures=[second.pk], by=cast.mo, now=SOON)
    look()
    look()

    assert signals_in("intimate-reported") == []
    assert signals_in("intimate-upheld") == [OTHER]


def test_a_picture_that_another_report_means_stays_held(cast: Cast) -> None:
    album = posted(cast.ridge, "album", PDQ, OTHER).item
    concern = reported(cast.ridge, item="album").concern
    reported(cast.ridge, value=OTHER)
    look()

    meant = [album.media.order_by("id")[0].pk]
    say_which_picture(concern_id=concern.pk, pictures=meant, by=cast.mo, now=SOON)
    look()

    assert signals_in("intimate-reported") == sorted([PDQ, OTHER])


def test_a_picture_that_the_item_does_not_show_is_not_meant(cast: Cast) -> None:
    posted(cast.ridge, "album", PDQ, OTHER)
    concern = reported(cast.ridge, item="album").concern
    look()

    with pytest.raises(ConcernRefused) as refused:
        say_which_picture(concern_id=concern.pk, pictures=[0], by=cast.mo, now=SOON)

    assert refused.value.field == "pictures"
    assert signals_in("intimate-reported") == sorted([PDQ, OTHER])


def test_an_undone_take_down_holds_the_picture_again_and_finds_it_again(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)
    concern = reported(cast.ridge, value=PDQ).concern
    look()
    take_down(cast, "same")
    look()
    assert PDQ in signals_in("intimate-upheld")

    decision = Decision.objects.get()
    undo_decision(decision_id=decision.pk, by=cast.sena, now=SOON)
    look()
    look()

    assert signals_in("intimate-upheld") == []
    assert signals_in("intimate-reported") == [PDQ]
    assert posted(cast.ridge, "later", edited(8), author="cleo", now=SOON).item.verdict == "hold"
    assert concern.subjects.filter(subject="later").exists()
    take_down(cast, "same")
    take_down(cast, "later")
    look()
    look()
    assert signals_in("intimate-reported") == []
    assert posted(cast.ridge, "again", edited(4), now=SOON).item.verdict == "block"


def test_an_undone_take_down_that_becomes_a_no_lets_the_picture_go(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)
    reported(cast.ridge, value=PDQ)
    look()
    take_down(cast, "same")
    look()
    undo_decision(decision_id=Decision.objects.get().pk, by=cast.sena, now=SOON)
    look()

    case = Case.objects.get(subject="same")
    make.decide(case, by=cast.mo, enforcement_kind="none", ground="none", rule="", now=SOON)
    look()
    look()

    assert signals_in("intimate-reported") == signals_in("intimate-upheld") == []


def test_decided_the_same_at_once_after_an_undo_it_is_blocked_as_before(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)
    reported(cast.ridge, value=PDQ)
    look()
    take_down(cast, "same")
    look()
    undo_decision(decision_id=Decision.objects.get().pk, by=cast.sena, now=SOON)
    take_down(cast, "same")

    look()
    look()

    assert signals_in("intimate-reported") == []
    assert PDQ in signals_in("intimate-upheld")
    signal = ReportedHash.objects.get().signal
    assert signal is not None
    assert signal.removed_at is None


def test_a_report_is_answered_no_only_by_a_lawful_refusal(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)
    concern = reported(cast.ridge, item="same").concern
    look()
    case = Case.objects.get(subject="same")

    make.decide(case, by=cast.mo, enforcement_kind="none", ground="none", rule="", now=SOON)

    concern.refresh_from_db()
    assert (concern.decided_at, concern.outcome) == (None, "")


def test_a_picture_that_many_post_is_not_frozen(cast: Cast) -> None:
    for number in range(25):
        posted(cast.ridge, f"p{number}", PDQ, author=f"account-{number}")

    reported(cast.ridge, value=PDQ)
    look()

    assert not Enforcement.objects.exists()
    assert Signal.objects.get(value=PDQ).quarantined_at is not None


def test_one_of_too_many_from_one_place_freezes_nothing_by_itself(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)

    reported(cast.ridge, value=PDQ, queued=True)
    look()

    assert not Enforcement.objects.exists()
    assert Concern.objects.get().due_at == NOW + timedelta(hours=48)


def test_a_withdrawn_report_is_looked_for_no_more_unless_another_asks(cast: Cast) -> None:
    first = reported(cast.ridge, value=PDQ).concern
    second = reported(cast.ridge, value=PDQ).concern
    look()

    Concern.objects.filter(pk=first.pk).update(withdrawn_at=SOON)
    look()
    still = signals_in("intimate-reported")
    Concern.objects.filter(pk=second.pk).update(withdrawn_at=SOON)
    look()

    assert still == [PDQ]
    assert signals_in("intimate-reported") == []


def test_a_picture_that_never_came_is_forgotten_after_a_year(cast: Cast) -> None:
    concern = reported(cast.ridge, value=PDQ).concern
    look()
    Concern.objects.filter(pk=concern.pk).update(decided_at=SOON, outcome="not_ours")

    look(NOW + WATCH)
    on_the_day = signals_in("intimate-reported")
    look(NOW + WATCH + timedelta(days=1))

    assert on_the_day == [PDQ]
    assert signals_in("intimate-reported") == []


def test_a_film_of_which_no_picture_can_be_taken_is_found_by_its_very_file(cast: Cast) -> None:
    file = GivenHashes("c" * 64, "", ())
    for external_id in ("p1", "p2"):
        media = (SubmittedMedia("m1", hashes=file),)
        make.taken(cast.ridge, external_id, media=media, author=Author("bram"), now=NOW)
    reported(cast.ridge, item="p1")

    look()

    assert state_of("p2") is EnforcementKind.HOLD
