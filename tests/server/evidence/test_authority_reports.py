"""A report to the NCA: complete or refused, never twice, hidden from others, and kept."""

from datetime import timedelta
from types import MappingProxyType

import pytest

from dutybound.cases.authority import SCHEDULE_1, Answer, Authority, Urgency
from dutybound.cases.kinds import Kind
from dutybound.cases.status import Status
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.evidence import begin_authority_report
from dutybound_server.casework.actions.forgetting import erase_old_concerns
from dutybound_server.casework.evidence_queries import (
    visible_authority_reports,
    visible_holds,
    visible_snapshots,
)
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Case, Concern
from dutybound_server.casework.queries import visible_cases
from dutybound_server.evidence import senders as sender_list
from dutybound_server.evidence.actions.authority_reports import (
    PORTAL,
    ReportRefused,
    answer_report,
    answers_of,
    erase_old_answers,
    record_sent,
    withdraw_report,
)
from dutybound_server.evidence.actions.holds import LegalHoldRefused, end_legal_hold
from dutybound_server.evidence.actions.sending import hand_to_sender, send_due
from dutybound_server.evidence.actions.snapshots import seal_snapshot
from dutybound_server.evidence.models import AuthorityReport, LegalHold, Snapshot
from dutybound_server.evidence.senders import NotSent, Prepared
from dutybound_server.intake.actions import erase_old_items
from dutybound_server.items.models import Item
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
ALL = {item.id: Answer(held=False, words="We do not collect it.") for item in SCHEDULE_1}


def seal(cast: Cast, item: Item) -> Snapshot:
    return seal_snapshot(
        service=cast.ridge, subject_kind="item", subject=item.external_id, item=item,
        concern="", why="Reported", restricted=False, now=NOW,
    )  # fmt: skip


@pytest.fixture
def snapshot(cast: Cast) -> Snapshot:
    case = make.case(cast.ridge, author=cast.bram)
    assert case.item is not None
    make.media(case.item)
    return seal(cast, case.item)


def begin(
    cast: Cast, snapshot: Snapshot, authority: Authority = Authority.NCA, earlier: str = ""
) -> AuthorityReport:
    return begin_authority_report(
        snapshot=snapshot, authority=authority, urgency=Urgency.SOON, earlier=earlier,
        by=cast.ren, now=NOW,
    )  # fmt: skip


def sent(cast: Cast, report: AuthorityReport, reference: str = "NCA-7") -> AuthorityReport:
    answer_report(report_id=report.pk, answers=ALL, by=cast.ren, now=NOW)
    return record_sent(
        report_id=report.pk, reference=reference, through=PORTAL, by=cast.ren, now=NOW
    )


def test_only_staff_for_restricted_harms_begin_one(cast: Cast, snapshot: Snapshot) -> None:
    for person in (cast.mo, cast.sena, cast.grace, cast.ada, cast.vic):
        with pytest.raises(ReportRefused, match="restricted harms"):
            begin_authority_report(
                snapshot=snapshot, authority=Authority.NCA, urgency=Urgency.SOON, earlier="",
                by=person, now=NOW,
            )  # fmt: skip

    assert not AuthorityReport.objects.exists()
    assert not LegalHold.objects.exists()


def test_once_begun_nobody_else_sees_case_snapshot_hold_or_report(
    cast: Cast, snapshot: Snapshot
) -> None:
    begin(cast, snapshot)

    for person in (cast.mo, cast.sena, cast.grace, cast.ada, cast.ode, cast.vic):
        assert not visible_cases(person, cast.ridge).exists()
        assert not visible_snapshots(person, cast.ridge).exists()
        assert not visible_holds(person, cast.ridge).exists()
        assert not visible_authority_reports(person, cast.ridge).exists()
    assert visible_authority_reports(cast.ren, cast.ridge).count() == 1
    assert visible_holds(cast.ren, cast.ridge).count() == 2


def test_it_is_not_sent_while_an_item_has_no_answer(cast: Cast, snapshot: Snapshot) -> None:
    report = begin(cast, snapshot)
    said = {"content": Answer(held=True, words="One picture.")}
    answer_report(report_id=report.pk, answers=said, by=cast.ren, now=NOW)

    with pytest.raises(ReportRefused, match="payment") as refused:
        record_sent(report_id=report.pk, reference="N", through=PORTAL, by=cast.ren, now=NOW)

    assert "the content" not in refused.value.sentence
    assert AuthorityReport.objects.get().sent_at is None


@pytest.mark.parametrize("reference", ["", "  ", "x" * 201, "a\0b"])
def test_it_is_not_sent_without_a_reference(cast: Cast, snapshot: Snapshot, reference: str) -> None:
    with pytest.raises(ReportRefused, match="reference it gave back"):
        sent(cast, begin(cast, snapshot), reference)


def test_an_answer_to_no_item_is_refused_and_nothing_is_kept(
    cast: Cast, snapshot: Snapshot
) -> None:
    report = begin(cast, snapshot)

    with pytest.raises(ReportRefused, match="no such item"):
        answer_report(
            report_id=report.pk, answers={**ALL, "shoes": Answer(held=True, words="9")},
            by=cast.ren, now=NOW,
        )  # fmt: skip

    report.refresh_from_db()
    assert answers_of(report) == {}


@pytest.mark.parametrize("first", [Authority.NCMEC, Authority.NCA])
def test_what_was_reported_is_not_reported_twice_unless_it_adds_to_it(
    cast: Cast, snapshot: Snapshot, first: Authority
) -> None:
    sent(cast, begin(cast, snapshot, first), "N-1")
    again = make.item(cast.ridge, author=cast.cleo)
    make.media(again)
    same_picture = seal(cast, again)

    for one in (snapshot, same_picture):
        with pytest.raises(ReportRefused, match="N-1"):
            begin(cast, one)

    assert begin(cast, same_picture, earlier="N-1").earlier == "N-1"


def test_the_law_decides_how_long_all_of_it_is_kept(cast: Cast, snapshot: Snapshot) -> None:
    report = sent(cast, begin(cast, snapshot))

    assert {hold.until for hold in report.holds.all()} == {NOW + YEAR}
    assert {hold.subject for hold in report.holds.all()} == {snapshot.subject, "bram"}
    hold = report.holds.all()[0]
    with pytest.raises(LegalHoldRefused, match="The law keeps it"):
        end_legal_hold(hold_id=hold.pk, why="Enough.", by=cast.ren, now=NOW + timedelta(days=9))
    decide_and_wait = NOW + YEAR - timedelta(days=1)
    case = snapshot.item.cases.get() if snapshot.item else None
    assert case is not None
    make.decide(case, by=cast.ren)
    assert erase_old_items(now=decide_and_wait) == 0
    assert erase_old_items(now=NOW + YEAR) == 1


def test_answers_go_after_a_year_and_the_reference_after_five(
    cast: Cast, snapshot: Snapshot
) -> None:
    report = sent(cast, begin(cast, snapshot))
    five = NOW.replace(year=NOW.year + 5)

    assert erase_old_answers(now=NOW + YEAR - timedelta(days=1)) == 0
    assert erase_old_answers(now=NOW + YEAR) == 1
    report.refresh_from_db()
    assert (answers_of(report), report.reference) == ({}, "NCA-7")

    assert erase_old_answers(now=five - timedelta(days=1)) == 0
    assert erase_old_answers(now=five) == 1
    report.refresh_from_db()
    assert report.reference == ""
    assert erase_old_answers(now=five) == 0


def test_one_begun_by_mistake_ends_with_what_it_holds(cast: Cast, snapshot: Snapshot) -> None:
    report = begin(cast, snapshot)

    withdraw_report(report_id=report.pk, why="It is a statue.", by=cast.ren, now=NOW)

    assert not LegalHold.objects.filter(ended_at__isnull=True).exists()
    with pytest.raises(ReportRefused, match="withdrawn"):
        sent(cast, report)
    assert begin(cast, snapshot).pk != report.pk


def test_a_sender_sends_it_again_until_it_is_taken(
    cast: Cast, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Prepared] = []

    def sender(prepared: Prepared) -> str:
        asked.append(prepared)
        if len(asked) == 1:
            raise NotSent("It is closed at night.")
        return "NCA-8"

    monkeypatch.setattr(
        "dutybound_server.evidence.actions.sending.senders",
        lambda: MappingProxyType({"by-wire": sender}),
    )
    report = begin(cast, snapshot)
    with pytest.raises(ReportRefused, match="no answer yet"):
        hand_to_sender(report_id=report.pk, sender="by-wire", by=cast.ren, now=NOW)
    answer_report(report_id=report.pk, answers=ALL, by=cast.ren, now=NOW)
    hand_to_sender(report_id=report.pk, sender="by-wire", by=cast.ren, now=NOW)

    assert send_due(now=NOW) == 1
    report.refresh_from_db()
    assert report.send_problem == "It is closed at night."
    assert send_due(now=NOW) == 0
    assert send_due(now=NOW + timedelta(minutes=1)) == 1

    report.refresh_from_db()
    assert (report.reference, report.sent_through) == ("NCA-8", "by-wire")
    assert asked[0].key == asked[1].key
    assert send_due(now=NOW + YEAR) == 0


def test_no_sender_comes_with_us(cast: Cast, snapshot: Snapshot) -> None:
    assert dict(sender_list.senders()) == {}
    with pytest.raises(ReportRefused, match="no sender of that name"):
        hand_to_sender(report_id=begin(cast, snapshot).pk, sender="nca", by=cast.ren, now=NOW)


def test_what_people_told_us_of_an_address_is_kept_as_long_as_its_report(cast: Cast) -> None:
    told = Told(
        kind=Kind.ILLEGAL_CONTENT, words="This is cruel.", channel="page",
        subjects=(Subject("address", "https://ridge.example/thread/7"),),
    )  # fmt: skip
    concern = take_concern(service=cast.ridge, told=told, now=NOW).concern
    sent(cast, begin(cast, Snapshot.objects.get()))
    Concern.objects.update(decided_at=NOW)
    Case.objects.update(status=Status.DECIDED)

    assert erase_old_concerns(now=NOW + YEAR - timedelta(days=1)) == 0
    assert erase_old_concerns(now=NOW + YEAR) == 1
    concern.refresh_from_db()
    assert concern.words == ""
