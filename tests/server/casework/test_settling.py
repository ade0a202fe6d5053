"""Once everything a person told us of is decided, they learn the outcome, exactly once."""

from datetime import timedelta

import pytest

from dutybound.cases.kinds import Kind, Outcome
from dutybound.cases.status import Status
from dutybound_server.casework.actions import settling
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.settling import note_look, settle_left
from dutybound_server.casework.models import Case, Concern, Delivery, Letter, Notice
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def letters(concern: Concern) -> list[str]:
    return list(concern.letters.order_by("id").values_list("kind", flat=True))


def case_of(concern: Concern, number: int = 0) -> Case:
    case = concern.subjects.order_by("id")[number].case
    assert case is not None
    return case


def test_an_outcome_waits_until_the_last_thing_is_decided(cast: Cast) -> None:
    items = [make.item(cast.ridge, text="zonk") for _ in range(2)]
    concern = make.concern(cast.ridge, about=items)

    make.decide(case_of(concern), by=cast.mo)

    concern.refresh_from_db()
    assert (concern.decided_at, letters(concern)) == (None, ["acknowledged"])

    make.decide(
        case_of(concern, 1), by=cast.mo, enforcement_kind="none", ground="none", rule="",
        statement="", now=NOW + HOUR,
    )  # fmt: skip

    concern.refresh_from_db()
    assert concern.outcome == Outcome.PARTLY
    assert concern.decided_at == concern.told_at == NOW + HOUR
    assert "We acted on 1 of them" in concern.letters.get(kind="outcome").words


def test_every_teller_of_one_item_is_told_once_and_the_service_by_webhook(cast: Cast) -> None:
    make.endpoint(cast.ridge)
    item = make.item(cast.ridge, text="zonk")
    concerns = [make.concern(cast.ridge, about=[item]) for _ in range(3)]

    make.decide(case_of(concerns[0]), by=cast.mo)

    assert Letter.objects.filter(kind="outcome").count() == 3
    assert Delivery.objects.filter(event="concern.decided").count() == 3
    assert {concern.outcome for concern in Concern.objects.all()} == {Outcome.ACTED}


def test_what_deciding_leaves_the_worker_tells(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(settling, "MOST_LEFT", 2)
    item = make.item(cast.ridge, text="zonk")
    concerns = [make.concern(cast.ridge, about=[item]) for _ in range(5)]
    make.decide(case_of(concerns[0]), by=cast.mo)
    assert Letter.objects.filter(kind="outcome").count() == 2

    assert [settle_left(now=NOW) for _ in range(3)] == [2, 1, 0]

    assert Letter.objects.filter(kind="outcome").count() == 5


def test_a_report_that_only_staff_can_answer_keeps_the_worker_from_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(settling, "MOST_LEFT", 1)
    left_up = make.concern(
        cast.ridge, kind=Kind.INTIMATE_IMAGE, about=[make.item(cast.ridge, text="zonk")]
    )
    make.decide(
        case_of(left_up), by=cast.mo, enforcement_kind="none", ground="none", rule="", statement=""
    )
    item = make.item(cast.ridge, text="zonk")
    concerns = [make.concern(cast.ridge, about=[item]) for _ in range(2)]
    make.decide(case_of(concerns[0]), by=cast.mo)

    assert settle_left(now=NOW) == 1

    assert Letter.objects.filter(kind="outcome").count() == 2


def test_an_undoing_after_a_flood_is_told_by_the_worker_once_to_each(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(settling, "MOST_LEFT", 2)
    item = make.item(cast.ridge, text="zonk")
    concerns = [make.concern(cast.ridge, about=[item]) for _ in range(5)]
    case = case_of(concerns[0])
    decision = make.decide(case, by=cast.mo)
    while settle_left(now=NOW):
        pass

    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW + HOUR)
    assert Letter.objects.filter(kind="changed").count() == 2
    assert [settle_left(now=NOW + HOUR) for _ in range(3)] == [2, 1, 0]
    assert [letters(one) for one in concerns] == [["acknowledged", "outcome", "changed"]] * 5

    make.decide(
        case, by=cast.mo, enforcement_kind="none", ground="none", rule="", statement="",
        now=NOW + 2 * HOUR,
    )  # fmt: skip
    assert [settle_left(now=NOW + 2 * HOUR) for _ in range(3)] == [2, 1, 0]
    assert {letters(one).count("changed") for one in concerns} == {2}
    assert {one.outcome for one in Concern.objects.all()} == {Outcome.NO_ACTION}


def test_who_was_not_told_yet_of_an_undoing_hears_nothing_if_the_same_is_decided_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_AT_ONCE", 2)
    item = make.item(cast.ridge, text="zonk")
    concerns = [make.concern(cast.ridge, about=[item]) for _ in range(4)]
    decision = make.decide(case_of(concerns[0]), by=cast.mo)
    settle_left(now=NOW)

    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW + HOUR)
    make.decide(case_of(concerns[0]), by=cast.mo, now=NOW + 2 * HOUR)
    settle_left(now=NOW + 2 * HOUR)

    assert [letters(one).count("changed") for one in concerns] == [2, 2, 0, 0]


def test_who_was_told_an_outcome_is_told_when_it_is_undone_and_what_comes_then(cast: Cast) -> None:
    concern = make.concern(cast.ridge, about=[make.item(cast.ridge, text="zonk")])
    decision = make.decide(case_of(concern), by=cast.mo)

    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW + HOUR)
    make.decide(case_of(concern), by=cast.mo, now=NOW + 2 * HOUR)

    concern.refresh_from_db()
    assert letters(concern) == ["acknowledged", "outcome", "changed", "changed"]
    assert concern.outcome == Outcome.ACTED
    assert concern.decided_at == NOW


def test_an_appeal_is_acknowledged_clocked_and_told_and_so_is_who_reported(cast: Cast) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    report = make.concern(cast.ridge, about=[item])
    make.decide(case_of(report), by=cast.mo)
    notice = Notice.objects.get()

    lodged = lodge_appeal(token=notice.token, grounds="It was a joke.", now=NOW + HOUR)

    appeal = lodged.concern
    assert (appeal.kind, appeal.channel, appeal.words) == (
        Kind.APPEAL_ITEM, "notice", "It was a joke.",
    )  # fmt: skip
    assert appeal.due_at == NOW + HOUR + timedelta(days=7)
    make.decide(
        case_of(report), by=cast.sena, enforcement_kind="none", ground="none", rule="",
        statement="", now=NOW + 2 * HOUR,
    )  # fmt: skip
    appeal.refresh_from_db()
    assert appeal.outcome == Outcome.OVERTURNED
    # The notice is mailed; the letter of the same is not.
    assert [letter.mail_due_at is None for letter in appeal.letters.order_by("id")] == [False, True]
    report.refresh_from_db()
    assert report.outcome == Outcome.NO_ACTION
    assert letters(report) == ["acknowledged", "outcome", "changed"]


def test_a_late_outcome_is_late_though_no_clock_was_watched(cast: Cast) -> None:
    concern = make.concern(cast.ridge, about=[make.item(cast.ridge, text="zonk")])

    make.decide(case_of(concern), by=cast.mo, now=concern.due_at + HOUR)

    concern.refresh_from_db()
    assert concern.breached_at == concern.due_at


def test_the_first_look_counts_for_everyone_who_told_us_of_it(cast: Cast) -> None:
    item = make.item(cast.ridge, text="zonk")
    concerns = [make.concern(cast.ridge, about=[item]) for _ in range(2)]
    case = case_of(concerns[0])

    assert note_look(case=case, by=cast.mo, now=NOW + HOUR) == 2
    assert note_look(concern=concerns[0], by=cast.nell, now=NOW + 2 * HOUR) == 0

    assert {one.looked_at for one in Concern.objects.all()} == {NOW + HOUR}
    assert Entry.objects.get(kind="concern.looked").actor == f"staff:{cast.mo.pk}"
    assert case.status == Status.OPEN
