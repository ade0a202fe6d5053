"""What staff and tellers do about a concern after it was received, and what they may not."""

import io
from datetime import timedelta

import pytest

from dutybound.cases.kinds import Kind, Outcome
from dutybound.cases.status import Status
from dutybound_server.casework.actions.answers import (
    answer_concern,
    pause_clock,
    point_to,
    resume_clock,
)
from dutybound_server.casework.actions.concerns import (
    add_to_concern,
    opt_in,
    opt_out,
    withdraw_concern,
)
from dutybound_server.casework.hearing import AddedFile, ConcernRefused, Subject
from dutybound_server.casework.models import Case, Concern, Letter
from tests import make
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def answered(concern: Concern, *, by: object, **changes: object) -> Concern:
    fields = {"outcome": "upheld", "reasons": "We checked.", "words": "We looked.", **changes}
    return answer_concern(concern_id=concern.pk, by=by, now=NOW + HOUR, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"outcome": "refused"}, "outcome"), ({"reasons": " "}, "reasons"), ({"words": ""}, "words")],
)
def test_an_answer_needs_an_outcome_reasons_and_words(
    cast: Cast, changes: dict[str, str], field: str
) -> None:
    complaint = make.concern(cast.ridge, kind=Kind.DUTIES)

    with pytest.raises(ConcernRefused) as refused:
        answered(complaint, by=cast.grace, **changes)

    assert refused.value.field == field
    complaint.refresh_from_db()
    assert complaint.decided_at is None


def test_a_complaint_is_answered_once_in_the_words_of_staff(cast: Cast) -> None:
    complaint = make.concern(cast.ridge, kind=Kind.DUTIES)
    assert not Case.objects.exists()

    answered(complaint, by=cast.grace)

    complaint.refresh_from_db()
    assert (complaint.outcome, complaint.decided_by) == (Outcome.UPHELD, cast.grace)
    assert Letter.objects.get(concern=complaint, kind="outcome").words == "We looked."
    with pytest.raises(ConcernRefused):
        answered(complaint, by=cast.ada)


def test_a_report_is_answered_by_its_case_and_an_own_decision_by_somebody_else(cast: Cast) -> None:
    report = make.concern(cast.ridge)
    with pytest.raises(ConcernRefused, match="Decide the case"):
        answered(report, by=cast.mo)

    earlier = make.concern(cast.ridge, kind=Kind.DUTIES)
    answered(earlier, by=cast.grace)
    earlier.refresh_from_db()
    about_it = make.complaint(cast.ridge, about=earlier)
    with pytest.raises(ConcernRefused, match="Ask a colleague"):
        answered(about_it, by=cast.grace)
    answered(about_it, by=cast.sena)


def test_a_report_that_named_nothing_is_pointed_to_an_item_and_told_its_outcome(cast: Cast) -> None:
    item = make.item(cast.ridge, text="zonk")
    report = make.concern(cast.ridge)
    placeholder = Case.objects.get()

    pointed = point_to(
        concern_id=report.pk, subject=Subject("item", item.external_id), by=cast.mo, now=NOW
    )

    placeholder.refresh_from_db()
    assert placeholder.status == Status.DECIDED
    assert not placeholder.decisions.exists()
    assert pointed.case is not None
    make.decide(pointed.case, by=cast.mo)
    report.refresh_from_db()
    assert report.outcome == Outcome.ACTED
    with pytest.raises(ConcernRefused):
        point_to(concern_id=report.pk, subject=Subject("item", "post-x"), by=cast.mo, now=NOW)


def test_a_clock_stands_still_with_a_reason_and_ends_as_much_later(cast: Cast) -> None:
    report = make.concern(cast.ridge)
    due_at = report.due_at
    with pytest.raises(ConcernRefused, match="Say why"):
        pause_clock(concern_id=report.pk, why=" ", by=cast.mo, now=NOW)

    pause_clock(concern_id=report.pk, why="We asked what it is about.", by=cast.mo, now=NOW)
    resume_clock(concern_id=report.pk, by=cast.mo, now=NOW + 5 * HOUR)

    report.refresh_from_db()
    assert report.due_at == due_at + 5 * HOUR
    assert report.pauses.get().ended_at == NOW + 5 * HOUR
    assert [event.kind for event in report.events.all()] == ["paused", "resumed"]


def test_no_pause_stops_the_clock_of_the_act_nor_mends_what_is_late(cast: Cast) -> None:
    intimate = make.concern(
        cast.ridge, kind=Kind.INTIMATE_IMAGE, about=[make.item(cast.ridge, text="zonk")]
    )
    report = make.concern(cast.ridge)

    with pytest.raises(ConcernRefused, match="The Act"):
        pause_clock(concern_id=intimate.pk, why="Busy.", by=cast.mo, now=NOW)
    with pytest.raises(ConcernRefused, match="late already"):
        pause_clock(concern_id=report.pk, why="Busy.", by=cast.mo, now=report.due_at)


def test_a_person_adds_to_what_they_told_us_and_its_case_shows_it(cast: Cast) -> None:
    items = [make.item(cast.ridge, text="zonk") for _ in range(2)]
    report = make.concern(cast.ridge, about=items[:1])
    with pytest.raises(ConcernRefused, match="Write what"):
        add_to_concern(concern_id=report.pk, now=NOW)

    added = add_to_concern(
        concern_id=report.pk,
        words="And this one.",
        subjects=[Subject("item", one.external_id) for one in items],
        files=[AddedFile("shot.png", "image/png", io.BytesIO(b"not opened"))],
        now=NOW,
    )

    assert added.words == "And this one."
    assert report.subjects.count() == 2
    assert report.attachments.get().size == 10
    first = Case.objects.get(subject=items[0].external_id)
    assert [event.kind for event in first.events.all()] == ["opened", "raised"]


def test_what_is_withdrawn_is_over_for_the_person_while_its_case_stays_open(cast: Cast) -> None:
    item = make.item(cast.ridge, text="zonk")
    report = make.concern(cast.ridge, about=[item])

    withdraw_concern(concern_id=report.pk, now=NOW)

    case = Case.objects.get()
    assert case.status == Status.OPEN
    make.decide(case, by=cast.mo)
    report.refresh_from_db()
    assert (report.outcome, report.decided_at) == (Outcome.WITHDRAWN, None)
    assert not report.letters.filter(kind="outcome").exists()
    with pytest.raises(ConcernRefused):
        add_to_concern(concern_id=report.pk, words="More.", now=NOW)


def test_who_opts_out_is_written_to_no_more_and_still_told_on_their_page(cast: Cast) -> None:
    report = make.concern(
        cast.ridge, about=[make.item(cast.ridge, text="zonk")], email="kim@example.com"
    )
    assert report.letters.get().mail_due_at == NOW

    opt_out(concern_id=report.pk, now=NOW)
    make.decide(Case.objects.get(), by=cast.mo)

    assert [letter.mail_due_at for letter in report.letters.all()] == [None, None]
    assert opt_in(concern_id=report.pk, now=NOW).wants_messages
