"""An author asks for another person to look again."""

from datetime import timedelta
from typing import Any

import pytest

from dutybound_server.casework.actions.appeals import LONGEST_GROUNDS, lodge_appeal
from dutybound_server.casework.actions.cases import claim_case
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.models import Appeal, Case, Decision, Enforcement, Notice
from dutybound_server.casework.queries import open_appeals, open_queue, queues_for
from dutybound_server.casework.refusals import AppealRefused, DecisionRefused, NoticeNotFound
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

DAY = timedelta(days=1)
LEAVE_UP: dict[str, Any] = {
    "enforcement_kind": "none",
    "ground": "none",
    "rule": "",
    "statement": "",
}


@pytest.fixture
def case(cast: Cast) -> Case:
    item = make.item(cast.ridge, author=cast.bram, verdict="allow")
    return make.case(cast.ridge, about=item)


def token_of(decision: Decision) -> str:
    return decision.notices.get(kind="decided").token


def test_an_appeal_puts_the_case_before_a_different_person(cast: Cast, case: Case) -> None:
    decision = make.decide(case, by=cast.mo)

    appeal = lodge_appeal(token=token_of(decision), grounds=" It was satire. ", now=NOW + DAY)

    case.refresh_from_db()
    assert (case.status, case.waiting_since) == ("appealed", NOW + DAY)
    assert list(open_queue(cast.nell, cast.ridge, None, NOW + DAY)) == [case]
    assert list(open_queue(cast.mo, cast.ridge, None, NOW + DAY)) == []
    assert not any(one.waiting for one in queues_for(cast.mo, cast.ridge, NOW + DAY))
    assert list(open_appeals(case)) == [appeal]
    assert appeal.grounds == "It was satire."
    with pytest.raises(DecisionRefused, match="different person"):
        make.decide(case, by=cast.mo)
    with pytest.raises(DecisionRefused, match="different person"):
        claim_case(case_id=case.id, by=cast.mo, now=NOW + DAY)
    make.decide(case, by=cast.nell)


def test_an_appeal_that_succeeds_brings_the_post_back_and_answers_its_author(
    cast: Cast, case: Case
) -> None:
    decision = make.decide(case, by=cast.mo)
    appeal = lodge_appeal(token=token_of(decision), grounds="It was satire.", now=NOW)

    answer = make.decide(case, by=cast.nell, **LEAVE_UP)

    appeal.refresh_from_db()
    assert appeal.outcome == answer
    assert answer.enforcements.get().kind == "restore"
    assert list(Notice.objects.order_by("id").values_list("kind", flat=True)) == [
        "decided",
        "appeal_decided",
    ]
    assert not open_appeals(case).exists()


def test_an_appeal_that_fails_is_answered_too_and_final(cast: Cast, case: Case) -> None:
    decision = make.decide(case, by=cast.mo)
    lodge_appeal(token=token_of(decision), grounds="It was satire.", now=NOW)

    answer = make.decide(case, by=cast.nell)

    notice = answer.notices.get()
    assert notice.kind == "appeal_decided"
    with pytest.raises(AppealRefused, match="final"):
        lodge_appeal(token=notice.token, grounds="Again.", now=NOW)
    with pytest.raises(AppealRefused, match="is answered"):
        lodge_appeal(token=token_of(decision), grounds="Again.", now=NOW)


def test_undoing_the_answer_leaves_the_appeal_to_be_answered_anew(cast: Cast, case: Case) -> None:
    decision = make.decide(case, by=cast.mo)
    appeal = lodge_appeal(token=token_of(decision), grounds="It was satire.", now=NOW)
    answer = make.decide(case, by=cast.nell, **LEAVE_UP)

    undo_decision(decision_id=answer.id, by=cast.nell, now=NOW + DAY)

    case.refresh_from_db()
    appeal.refresh_from_db()
    assert (case.status, appeal.outcome) == ("appealed", None)
    assert case.waiting_since == NOW
    told = Enforcement.objects.order_by("id").values_list("kind", flat=True)
    assert list(told) == ["take_down", "restore", "take_down"]


@pytest.mark.parametrize("why", ["twice", "late", "undone", "in favour", "replaced"])
def test_what_cannot_be_appealed_is_refused_and_leaves_nothing(
    cast: Cast, case: Case, why: str
) -> None:
    changes = {**LEAVE_UP, "enforcement_kind": "restore"} if why == "in favour" else {}
    decision = make.decide(case, by=cast.mo, **changes)
    if why == "twice":
        lodge_appeal(token=token_of(decision), grounds="First.", now=NOW)
    if why == "undone":
        undo_decision(decision_id=decision.id, by=cast.mo, now=NOW)
    if why == "replaced":
        assert case.item is not None
        make.case(cast.ridge, about=case.item)
        make.decide(case, by=cast.mo)
    before = (Appeal.objects.count(), case.events.count(), Entry.objects.count())

    with pytest.raises(AppealRefused):
        lodge_appeal(
            token=token_of(decision),
            grounds="It was satire.",
            now=NOW + 181 * DAY if why == "late" else NOW,
        )

    assert (Appeal.objects.count(), case.events.count(), Entry.objects.count()) == before


@pytest.mark.parametrize("grounds", ["", " \n", "x" * (LONGEST_GROUNDS + 1)])
def test_an_appeal_needs_words_and_not_too_many(cast: Cast, case: Case, grounds: str) -> None:
    decision = make.decide(case, by=cast.mo)

    with pytest.raises(AppealRefused):
        lodge_appeal(token=token_of(decision), grounds=grounds, now=NOW)


def test_an_unknown_token_opens_nothing(cast: Cast) -> None:
    with pytest.raises(NoticeNotFound):
        lodge_appeal(token="guess", grounds="It was satire.", now=NOW)


def test_the_journal_holds_an_appeal_without_its_words(cast: Cast, case: Case) -> None:
    decision = make.decide(case, by=cast.mo)
    lodge_appeal(token=token_of(decision), grounds="It was satire.", now=NOW)

    entry = Entry.objects.get(kind="appeal.lodged")

    assert b"satire" not in bytes(entry.body)
    assert set(entry.salts) == {"account", "grounds"}
