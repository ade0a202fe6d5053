"""A report of an intimate image is refused on two grounds only, and a refusal can be wrong."""

from datetime import timedelta

import pytest

from dutybound.cases.judgement import EnforcementKind
from dutybound.cases.kinds import Kind, Outcome, RefusalGround
from dutybound.cases.status import Status
from dutybound_server.casework.actions.answers import answer_concern
from dutybound_server.casework.actions.cases import claim_case
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.intimate import keep_watching, let_through, refuse_intimate
from dutybound_server.casework.hearing import ConcernRefused, Told
from dutybound_server.casework.models import Case, Concern, Enforcement
from dutybound_server.casework.refusals import AlreadyClaimed
from dutybound_server.journal.models import Entry
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

WORDS = "It shows a bridge and no person."
LATER = NOW + timedelta(hours=2)


def found(cast: Cast) -> Concern:
    """A report by a hash that reached two items."""
    posted(cast.ridge, "same", PDQ)
    posted(cast.ridge, "edited", edited(20))
    concern = reported(cast.ridge, value=PDQ).concern
    look()
    return concern


def refused(cast: Cast, concern: Concern, ground: str = RefusalGround.NOT_INTIMATE) -> Concern:
    return refuse_intimate(
        concern_id=concern.pk, ground=ground, words=WORDS, by=cast.sena, now=LATER
    )


def complained(cast: Cast, about: Concern) -> Concern:
    told = Told(kind=Kind.EXPEDITED, words="It is me.", channel="page", about=about)
    return take_concern(service=cast.ridge, told=told, now=LATER).concern


def answered(cast: Cast, complaint: Concern, outcome: str = Outcome.OVERTURNED) -> Concern:
    return answer_concern(
        concern_id=complaint.pk,
        by=cast.nell,
        outcome=outcome,
        reasons="It is an intimate image.",
        words="You were right.",
        now=LATER,
    )


@pytest.mark.parametrize(
    ("ground", "words", "field"),
    [("too_old", WORDS, "ground"), ("", WORDS, "ground"), ("not_intimate", " ", "words")],
)
def test_a_refusal_without_a_lawful_ground_or_a_word_is_none(
    cast: Cast, ground: str, words: str, field: str
) -> None:
    concern = found(cast)

    with pytest.raises(ConcernRefused) as problem:
        refuse_intimate(concern_id=concern.pk, ground=ground, words=words, by=cast.sena, now=LATER)

    assert problem.value.field == field
    assert state_of("same") == EnforcementKind.HOLD
    assert signals_in("intimate-reported") == [PDQ]


def test_a_refusal_waits_for_the_colleague_who_holds_a_case(cast: Cast) -> None:
    concern = found(cast)
    claim_case(case_id=Case.objects.get(subject="same").pk, by=cast.mo, now=SOON)

    with pytest.raises(AlreadyClaimed):
        refuse_intimate(
            concern_id=concern.pk,
            ground="not_intimate",
            words=WORDS,
            by=cast.sena,
            now=SOON,
        )

    concern.refresh_from_db()
    assert concern.decided_at is None
    assert signals_in("intimate-reported") == [PDQ]


def test_a_refusal_puts_everything_back_and_says_why_in_writing(cast: Cast) -> None:
    concern = found(cast)

    refused(cast, concern)
    look(LATER)

    concern.refresh_from_db()
    assert (concern.outcome, concern.refusal) == (Outcome.REFUSED, "not_intimate")
    letter = concern.letters.get(kind="outcome").words
    assert WORDS in letter
    assert "A different person will look at it" in letter
    assert state_of("same") == state_of("edited") == EnforcementKind.RESTORE
    assert signals_in("intimate-reported") == []
    assert set(Case.objects.values_list("status", flat=True)) == {Status.DECIDED}
    assert posted(cast.ridge, "again", PDQ, now=LATER).item.verdict == "allow"
    assert Entry.objects.filter(kind="concern.decided").exists()


def test_what_came_while_it_was_held_is_shown_as_well(cast: Cast) -> None:
    concern = found(cast)
    posted(cast.ridge, "later", edited(12), now=SOON)

    refused(cast, concern)

    assert state_of("later") == EnforcementKind.RESTORE


def test_who_may_not_report_it_leaves_a_case_that_is_looked_at_in_view(cast: Cast) -> None:
    concern = found(cast)

    refused(cast, concern, RefusalGround.NOT_SUBJECT_OR_AGENT)

    assert state_of("same") == EnforcementKind.RESTORE
    assert Case.objects.get(subject="same").status == Status.OPEN


def test_a_picture_that_another_person_reported_too_stays_held(cast: Cast) -> None:
    concern = found(cast)
    reported(cast.ridge, value=PDQ)
    look()

    refused(cast, concern)

    assert state_of("same") == EnforcementKind.HOLD
    assert signals_in("intimate-reported") == [PDQ]


def test_what_another_bank_holds_stays_held(cast: Cast) -> None:
    make.bank(cast.ridge, "known", hashes=[("pdq", OTHER)], effect="hold")
    posted(cast.ridge, "both", PDQ, OTHER)
    concern = reported(cast.ridge, value=PDQ).concern
    look()

    refused(cast, concern)

    assert state_of("both") == EnforcementKind.HOLD


def test_a_complaint_about_a_refusal_is_answered_by_a_different_person(cast: Cast) -> None:
    complaint = complained(cast, refused(cast, found(cast)))

    with pytest.raises(ConcernRefused):
        answer_concern(
            concern_id=complaint.pk,
            by=cast.sena,
            outcome=Outcome.UPHELD,
            reasons="No.",
            words="No.",
            now=LATER,
        )


def test_a_complaint_is_about_a_report_of_an_intimate_image_only(cast: Cast) -> None:
    told = Told(kind=Kind.ILLEGAL_CONTENT, words="This is cruel.", channel="page")
    other = take_concern(service=cast.ridge, told=told, now=NOW).concern

    with pytest.raises(ConcernRefused) as problem:
        complained(cast, other)

    assert problem.value.field == "about"


def test_a_wrong_refusal_is_taken_back_and_the_report_runs_to_its_end(cast: Cast) -> None:
    report = refused(cast, found(cast))

    answered(cast, complained(cast, report))
    look(LATER)

    report.refresh_from_db()
    assert (report.decided_at, report.refusal) == (None, "")
    assert report.due_at == NOW + timedelta(hours=48)
    assert state_of("same") == state_of("edited") == EnforcementKind.HOLD
    assert signals_in("intimate-reported") == [PDQ]

    take_down(cast, "same", now=LATER)
    take_down(cast, "edited", now=LATER)
    report.refresh_from_db()
    assert report.outcome == Outcome.ACTED
    kinds = list(report.letters.order_by("id").values_list("kind", flat=True))
    assert kinds == ["acknowledged", "outcome", "changed", "changed"]


def test_who_refused_wrongly_does_not_refuse_again(cast: Cast) -> None:
    report = refused(cast, found(cast))
    answered(cast, complained(cast, report))

    with pytest.raises(ConcernRefused, match="Ask a colleague"):
        refused(cast, report)

    refuse_intimate(concern_id=report.pk, ground="not_intimate", words="x", by=cast.mo, now=LATER)


def test_a_right_refusal_stands(cast: Cast) -> None:
    report = refused(cast, found(cast))

    answered(cast, complained(cast, report), Outcome.UPHELD)

    report.refresh_from_db()
    assert report.outcome == Outcome.REFUSED
    assert state_of("same") == EnforcementKind.RESTORE


def test_a_picture_that_is_nowhere_is_watched_for_and_the_person_learns_when_it_came(
    cast: Cast,
) -> None:
    concern = reported(cast.ridge, value=PDQ).concern
    look()
    keep_watching(concern_id=concern.pk, by=cast.sena, now=SOON)

    held = posted(cast.ridge, "later", edited(4), now=LATER)
    take_down(cast, "later", now=LATER)
    look(LATER)

    concern.refresh_from_db()
    assert held.item.verdict == "hold"
    assert concern.outcome == Outcome.ACTED
    kinds = list(concern.letters.order_by("id").values_list("kind", flat=True))
    assert kinds == ["acknowledged", "outcome", "changed"]


def test_what_was_found_is_decided_and_not_only_watched_for(cast: Cast) -> None:
    concern = found(cast)

    with pytest.raises(ConcernRefused):
        keep_watching(concern_id=concern.pk, by=cast.sena, now=SOON)


def test_one_that_waited_behind_others_is_looked_for_once_a_person_lets_it(cast: Cast) -> None:
    posted(cast.ridge, "same", PDQ)
    concern = reported(cast.ridge, value=PDQ, queued=True).concern

    let_through(concern_id=concern.pk, by=cast.mo, now=SOON)
    look()

    assert Enforcement.objects.get().subject == "same"
