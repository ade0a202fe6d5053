"""Sanctions reach the service: when given, ended, taken back and brought back, each told once."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from dutybound.cases.sanctions import ForAccount, SanctionKind
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import open_account_case
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.sanctions import end_sanctions
from dutybound_server.casework.models import Case, Decision, Delivery, Sanction, Strike
from dutybound_server.casework.refusals import DecisionRefused
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast
from tests.server.casework.test_api import client_of

DAY = timedelta(days=1)
A_WEEK = ForAccount(sanction=SanctionKind.SUSPEND, days=7)
TIMES = dict.fromkeys(("starts_at", "ends_at", "at"))
FINE: dict[str, Any] = {"enforcement_kind": "none", "ground": "none", "rule": ""}


@pytest.fixture
def case(cast: Cast) -> Case:
    make.endpoint(cast.ridge)
    return make.case(cast.ridge, author=cast.bram)


def about_account(cast: Cast) -> Case:
    return open_account_case(account=cast.bram, harm="harassment", why="x", by=cast.mo, now=NOW)


def pulled(cast: Cast) -> list[tuple[str, str, str]]:
    answer = client_of(cast.ridge).get("/api/v1/sanctions").json()
    return [(one["event"], one["why"], one["kind"]) for one in answer["sanctions"]]


def appealed(decision: Decision) -> None:
    lodge_appeal(token=decision.notices.earliest("id").token, grounds="It was satire.", now=NOW)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (ForAccount(sanction=SanctionKind.SUSPEND), "days"),
        (ForAccount(sanction=SanctionKind.CLOSE, days=7), "days"),
        (ForAccount(sanction=SanctionKind.WARN, days=7), "days"),
        (ForAccount(sanction=SanctionKind.LIMIT, days=366), "days"),
        (ForAccount(days=7), "days"),
        (ForAccount(strike=False, sanction=SanctionKind.LIMIT), "sanction"),
    ],
)
def test_what_makes_no_sense_for_an_account_is_refused_by_name(
    cast: Cast, case: Case, chosen: ForAccount, field: str
) -> None:
    with pytest.raises(DecisionRefused) as refused:
        make.decide(case, by=cast.mo, for_account=chosen)

    assert refused.value.field == field
    assert not Decision.objects.exists()


def test_nothing_is_chosen_for_an_account_that_did_nothing_wrong(cast: Cast, case: Case) -> None:
    with pytest.raises(DecisionRefused, match="Nothing is taken away"):
        make.decide(case, by=cast.mo, for_account=A_WEEK, **FINE)


def test_a_case_about_an_account_takes_its_sanction_from_the_outcome(cast: Cast) -> None:
    with pytest.raises(DecisionRefused, match="The outcome says"):
        make.decide(about_account(cast), by=cast.mo, for_account=A_WEEK)


def test_a_suspension_is_told_with_its_end_by_message_by_pull_and_to_the_author(
    cast: Cast, case: Case
) -> None:
    decision = make.decide(case, by=cast.mo, for_account=A_WEEK)

    delivery = Delivery.objects.get(event="sanction.created")
    [told] = client_of(cast.ridge).get("/api/v1/sanctions").json()["sanctions"]
    sent = json.loads(delivery.payload)["data"]
    assert {**sent, **TIMES} == {**told, **TIMES}
    assert datetime.fromisoformat(sent["ends_at"]) == NOW + 7 * DAY
    assert delivery.lane == f"account:{cast.bram.external_id}"
    assert (told["account"], told["case"]) == (cast.bram.external_id, case.reference)
    assert datetime.fromisoformat(told["ends_at"]) == NOW + 7 * DAY
    words = decision.notices.get().words
    assert f"Your account is suspended until {NOW + 7 * DAY:%-d %B %Y}." in words
    assert f"It counts against your account until {NOW + 365 * DAY:%-d %B %Y}." in words


def test_other_services_and_numbers_seen_before_are_left_out(cast: Cast, case: Case) -> None:
    make.decide(case, by=cast.mo, for_account=A_WEEK)
    ridge, harbour = client_of(cast.ridge), client_of(cast.harbour)

    last = ridge.get("/api/v1/sanctions").json()["next"]

    assert ridge.get(f"/api/v1/sanctions?after={last}").json() == {"sanctions": [], "next": last}
    assert harbour.get("/api/v1/sanctions").json()["sanctions"] == []


def test_a_sanction_ends_by_its_date_once(cast: Cast, case: Case) -> None:
    make.decide(case, by=cast.mo, for_account=A_WEEK)

    assert end_sanctions(now=NOW + 7 * DAY - timedelta(seconds=1)) == 0
    assert end_sanctions(now=NOW + 7 * DAY) == 1
    assert end_sanctions(now=NOW + 8 * DAY) == 0

    assert pulled(cast) == [
        ("sanction.created", "decided", "suspend"),
        ("sanction.lifted", "ended", "suspend"),
    ]
    assert Entry.objects.filter(kind="sanction.ended").count() == 1
    assert list(case.enforcements.values_list("kind", flat=True)) == ["take_down"]


def test_a_suspended_account_is_shown_again_when_its_time_is_over(cast: Cast) -> None:
    case = about_account(cast)
    make.decide(case, by=cast.mo, for_account=ForAccount(days=3))

    end_sanctions(now=NOW + 3 * DAY)

    assert Sanction.objects.get().kind == "suspend"
    kinds = case.enforcements.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["take_down", "restore"]


def test_the_same_decision_after_the_end_sanctions_the_account_anew(cast: Cast) -> None:
    make.decide(about_account(cast), by=cast.mo, for_account=ForAccount(days=3))
    end_sanctions(now=NOW + 3 * DAY)

    make.decide(about_account(cast), by=cast.mo, now=NOW + 4 * DAY)

    assert Sanction.objects.get(lifted_at=None).kind == "close"
    assert Strike.objects.filter(removed_at=None).count() == 1


def test_an_undo_lifts_the_sanction_and_says_so(cast: Cast, case: Case) -> None:
    decision = make.decide(case, by=cast.mo, for_account=A_WEEK)

    undo_decision(decision_id=decision.id, by=cast.mo, now=NOW + DAY)

    assert pulled(cast)[1:] == [("sanction.lifted", "taken_back", "suspend")]
    assert "What we did to your account because of it is taken back." in (
        decision.notices.latest("id").words
    )
    assert end_sanctions(now=NOW + 8 * DAY) == 0


def test_a_right_appeal_lifts_and_its_undoing_brings_back_what_still_lasts(
    cast: Cast, case: Case
) -> None:
    appealed(make.decide(case, by=cast.mo, for_account=A_WEEK))
    answer = make.decide(case, by=cast.nell, now=NOW + DAY, **FINE)

    undo_decision(decision_id=answer.id, by=cast.nell, now=NOW + 2 * DAY)

    assert [told[:2] for told in pulled(cast)] == [
        ("sanction.created", "decided"),
        ("sanction.lifted", "taken_back"),
        ("sanction.created", "brought_back"),
    ]
    assert Sanction.objects.get().lifted_at is None


def test_what_would_have_ended_meanwhile_is_not_brought_back(cast: Cast, case: Case) -> None:
    appealed(make.decide(case, by=cast.mo, for_account=A_WEEK))
    answer = make.decide(case, by=cast.nell, now=NOW + DAY, **FINE)

    undo_decision(decision_id=answer.id, by=cast.nell, now=NOW + 9 * DAY)

    assert len(pulled(cast)) == 2
    assert Sanction.objects.get().lifted_at == NOW + DAY


def test_an_answer_that_chooses_nothing_leaves_the_sanction_and_its_end(
    cast: Cast, case: Case
) -> None:
    appealed(make.decide(case, by=cast.mo, for_account=A_WEEK))

    answer = make.decide(case, by=cast.nell, now=NOW + DAY)

    assert Sanction.objects.get().ends_at == NOW + 7 * DAY
    assert "Your account is suspended until" in answer.notices.get().words


def test_a_milder_choice_replaces_the_sanction_and_its_undo_brings_the_first_back(
    cast: Cast, case: Case
) -> None:
    appealed(make.decide(case, by=cast.mo, for_account=A_WEEK))
    milder = ForAccount(sanction=SanctionKind.WARN)
    answer = make.decide(case, by=cast.nell, now=NOW + DAY, for_account=milder)
    assert Sanction.objects.get(lifted_at=None).kind == "warn"
    assert Strike.objects.filter(removed_at=None).count() == 1

    undo_decision(decision_id=answer.id, by=cast.nell, now=NOW + 2 * DAY)

    assert Sanction.objects.get(lifted_at=None).kind == "suspend"
    assert Strike.objects.filter(removed_at=None).count() == 1


def test_a_decision_need_not_count_against_the_account(cast: Cast, case: Case) -> None:
    decision = make.decide(case, by=cast.mo, for_account=ForAccount(strike=False))

    assert not Strike.objects.exists()
    assert "account" not in decision.notices.get().words
