"""An overview is what the records hold at a moment: measures, turns, and who was heard."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dutybound.evidence.board import Board, board_report
from dutybound.evidence.overview import Overview, digest_of, read, written
from dutybound.evidence.probes import QUERIES
from dutybound.evidence.status import Status
from dutybound.risk.pdf import as_pdf
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.heard import heard
from dutybound_server.assurance.models import Finding
from dutybound_server.assurance.overviews import OWN_QUERIES, in_witnesses_words, overview_of
from dutybound_server.assurance.residual_queries import residual_of
from dutybound_server.casework.actions.concerns import withdraw_concern
from dutybound_server.casework.models import Concern
from dutybound_server.journal.actions import seal
from dutybound_server.journal.queries import Witnessed
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved

pytestmark = pytest.mark.django_db

QUARTER = timedelta(days=90)


def overview(service: Service) -> Overview:
    return overview_of(service, since=NOW - QUARTER, until=NOW + QUARTER, now=NOW)


def test_before_anything_is_done_an_account_says_that_nothing_is_known(cast: Cast) -> None:
    found = overview(cast.ridge)

    assert {one.status for one in found.measures} <= {Status.STALE}
    assert found.by_kind == ()
    assert found.assessment is None
    assert "Nothing" in str(board_report(Board(found, None)).as_dict())


def test_an_account_has_each_measure_with_its_finding_and_the_head_it_stands_on(cast: Cast) -> None:
    approved(cast)
    seal(now=NOW)
    look_at(service=cast.ridge, now=NOW)

    found = overview(cast.ridge)

    kept = Finding.objects.get(measure="ICU A2")
    one = next(one for one in found.measures if one.id == "ICU A2")
    assert (one.status, one.digest) == (Status.NOT_MET, kept.digest)
    assert one.checkpoint == kept.checkpoint_size == found.head.size > 0
    assert [turn.status for turn in one.turns] == [Status.NOT_MET]
    assert found.assessment is not None
    assert found.assessment.number == 1
    assert {figure.query for figure in one.figures} <= {query.name for query in found.queries}


def test_what_is_the_same_hour_after_hour_is_one_turn(cast: Cast) -> None:
    approved(cast)
    for hours in range(5):
        look_at(service=cast.ridge, now=NOW + timedelta(hours=hours))

    since, until = NOW + timedelta(minutes=30), NOW + timedelta(hours=5)
    found = overview_of(cast.ridge, since=since, until=until, now=until)

    one = next(one for one in found.measures if one.id == "ICU A2")
    assert [(turn.at, turn.status) for turn in one.turns] == [(since, Status.NOT_MET)]


def test_where_nobody_looked_it_was_stale_whatever_was_found_before_and_after(cast: Cast) -> None:
    approved(cast)
    hour = timedelta(hours=1)
    for hours in (0, 9, 10, 20):
        look_at(service=cast.ridge, now=NOW + hours * hour)

    since, until = NOW + 5 * hour, NOW + 40 * hour
    found = overview_of(cast.ridge, since=since, until=until, now=until)

    one = next(one for one in found.measures if one.id == "ICU A2")
    assert [((turn.at - NOW) / hour, str(turn.status)) for turn in one.turns] == [
        (5, "stale"), (9, "not_met"), (11, "stale"), (20, "not_met"), (21, "stale"),
    ]  # fmt: skip


def test_an_account_that_was_written_down_gives_the_same_pdf(cast: Cast) -> None:
    approved(cast)
    make.concern(cast.ridge, harm="fraud", now=NOW)
    look_at(service=cast.ridge, now=NOW)
    found = Board(overview(cast.ridge), None)

    again = read(Board, written(found))

    assert digest_of(written(again)) == digest_of(written(found))
    assert as_pdf(board_report(again)) == as_pdf(board_report(found))


def test_what_became_of_each_concern_adds_up_to_what_was_received(cast: Cast) -> None:
    for _ in range(3):
        make.concern(cast.ridge, harm="fraud", now=NOW)
    withdraw_concern(concern_id=Concern.objects.earliest("id").pk, now=NOW)

    found = heard(cast.ridge, since=NOW - QUARTER, until=NOW + QUARTER, now=NOW)

    (kind,) = found.by_kind
    assert kind.received == kind.acted + kind.not_acted + kind.waiting + kind.withdrawn == 3
    assert (kind.waiting, kind.withdrawn, kind.late) == (2, 1, 0)
    assert [(one.id, one.received) for one in found.by_harm] == [("fraud", 3)]


def test_what_waits_past_its_target_is_late(cast: Cast) -> None:
    make.concern(cast.ridge, harm="fraud", now=NOW)

    (kind,) = heard(
        cast.ridge, since=NOW, until=NOW + QUARTER, now=NOW + timedelta(days=60)
    ).by_kind

    assert (kind.late, kind.in_time, kind.decision) == (1, 0, None)


def test_another_period_and_another_service_are_not_counted(cast: Cast) -> None:
    make.concern(cast.ridge, now=NOW)

    assert heard(cast.ridge, since=NOW - QUARTER, until=NOW, now=NOW).by_kind == ()
    assert heard(cast.harbour, since=NOW, until=NOW + QUARTER, now=NOW).by_kind == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"asked": False}, "Nobody else signs the journal: no witness is asked."),
        ({"size": 0, "since": NOW},
         "Unwitnessed since 23 November 2026, 10:00 UTC: no witness has signed the journal yet."),
        ({"unwitnessed": 2, "since": NOW},
         "Unwitnessed since 23 November 2026, 10:00 UTC: 2 entries after the 40 that others saw."),
        ({}, "Witnessed by gate, mill."),
    ],
)  # fmt: skip
def test_it_says_who_else_signs_the_journal_and_since_when_nobody_did(
    changes: dict[str, Any], says: str
) -> None:
    seen = Witnessed(
        asked=True, size=40, seen_by={"mill": NOW, "gate": NOW}, note="", unwitnessed=0, since=None,
        troubles=(),
    )  # fmt: skip

    assert in_witnesses_words(replace(seen, **changes)) == says


def test_no_query_has_the_name_of_another() -> None:
    assert {query.name for query in OWN_QUERIES} & set(QUERIES) == set()


def test_what_is_left_of_each_risk_is_told_with_the_reason(cast: Cast) -> None:
    approved(cast)
    look_at(service=cast.ridge, now=NOW)

    found = {one.harm: one for one in overview(cast.ridge).residual}

    expected = residual_of(cast.ridge, NOW)
    assert set(found) == {one.harm.id for one in expected}
    assert all(one.says for one in found.values())
    assert found["fraud"].level in {"low", "medium", "high", "negligible"}
