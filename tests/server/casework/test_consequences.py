"""What a decision brings is taken back with it: strike, sanction, and signals in banks."""

from datetime import timedelta
from typing import Any

import pytest

from dutybound_server.banks.actions import NewSignal
from dutybound_server.banks.models import Signal
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import open_account_case
from dutybound_server.casework.actions.consequences import learn_signals
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.models import Case, Decision, Sanction, Strike
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

DAY = timedelta(days=1)
RIGHT: dict[str, Any] = {
    "enforcement_kind": "none",
    "ground": "none",
    "rule": "",
    "reasons": "It is satire.",
    "statement": "You were right.",
}


@pytest.fixture
def case(cast: Cast) -> Case:
    return make.case(cast.ridge, author=cast.bram)


def counting() -> int:
    return Strike.objects.filter(removed_at=None).count()


def live(*values: str) -> list[str]:
    found = Signal.objects.filter(removed_at=None, value__in=values)
    return sorted(found.values_list("value", flat=True))


def learned(decision: Decision, value: str = "zonk off") -> Decision:
    bank = decision.case.service.banks.filter(name="upheld").first() or make.bank(
        decision.case.service, "upheld"
    )
    new = [NewSignal("phrase", value)]
    learn_signals(decision=decision, bank=bank, signals=new, why="It was upheld.", now=NOW)
    return decision


def appealed(decision: Decision) -> None:
    lodge_appeal(token=decision.notices.earliest("id").token, grounds="It was satire.", now=NOW)


def test_a_decision_that_leaves_it_up_counts_against_nobody(cast: Cast, case: Case) -> None:
    make.decide(case, by=cast.mo, **RIGHT)

    assert not Strike.objects.exists()


def test_an_appeal_that_is_right_takes_everything_back_and_says_so(cast: Cast, case: Case) -> None:
    appealed(learned(make.decide(case, by=cast.mo)))
    assert (counting(), live("zonk off")) == (1, ["zonk off"])

    answer = make.decide(case, by=cast.nell, now=NOW + DAY, **RIGHT)

    assert (counting(), live("zonk off")) == (0, [])
    notice = answer.notices.get()
    assert notice.words == "You were right.\n\nIt no longer counts against your account."
    kinds = Entry.objects.filter(kind__startswith="consequence.").values_list("kind", flat=True)
    assert list(kinds) == ["consequence.brought", "consequence.taken_back"]


def test_an_appeal_that_is_wrong_changes_nothing_and_counts_only_once(
    cast: Cast, case: Case
) -> None:
    appealed(learned(make.decide(case, by=cast.mo)))

    make.decide(case, by=cast.nell, now=NOW + DAY)

    assert (counting(), Strike.objects.count(), live("zonk off")) == (1, 1, ["zonk off"])


def test_an_undone_answer_lets_the_first_decision_count_again(cast: Cast, case: Case) -> None:
    appealed(learned(make.decide(case, by=cast.mo)))
    answer = make.decide(case, by=cast.nell, now=NOW + DAY, **RIGHT)

    undo_decision(decision_id=answer.id, by=cast.nell, now=NOW + 2 * DAY)

    assert (counting(), live("zonk off")) == (1, ["zonk off"])
    make.decide(case, by=cast.nell, now=NOW + 3 * DAY, **RIGHT)
    assert (counting(), live("zonk off")) == (0, [])


def test_what_was_said_twice_is_taken_back_and_brought_back_whole(cast: Cast, case: Case) -> None:
    learned(make.decide(case, by=cast.mo))
    make.case(cast.ridge, about=case.item)
    again = make.decide(case, by=cast.nell)
    appealed(again)

    answer = make.decide(case, by=cast.sena, **RIGHT)
    assert (counting(), live("zonk off")) == (0, [])

    undo_decision(decision_id=answer.id, by=cast.sena, now=NOW + DAY)
    assert (counting(), live("zonk off")) == (1, ["zonk off"])


def test_an_edited_item_counts_anew(cast: Cast, case: Case) -> None:
    make.decide(case, by=cast.mo)
    assert case.item is not None
    edited = make.item(
        cast.ridge, external_id=case.item.external_id, revision=2, author=cast.bram, text="zonk 2"
    )
    make.case(cast.ridge, about=edited)

    make.decide(case, by=cast.mo)

    assert counting() == 2


def test_an_undo_takes_back_strike_and_signals(cast: Cast, case: Case) -> None:
    decision = learned(make.decide(case, by=cast.mo))

    undo_decision(decision_id=decision.id, by=cast.mo, now=NOW)

    assert (counting(), live("zonk off")) == (0, [])


def test_the_same_decision_again_after_an_undo_learns_the_same_again(
    cast: Cast, case: Case
) -> None:
    first = learned(make.decide(case, by=cast.mo))
    undo_decision(decision_id=first.id, by=cast.mo, now=NOW)

    other = make.decide(case, by=cast.mo, enforcement_kind="label")
    assert live("zonk off") == []
    undo_decision(decision_id=other.id, by=cast.mo, now=NOW)
    again = make.decide(case, by=cast.mo)
    assert live("zonk off") == ["zonk off"]

    undo_decision(decision_id=again.id, by=cast.mo, now=NOW)
    assert live("zonk off") == []


def test_a_signal_that_another_decision_needs_stays(cast: Cast, case: Case) -> None:
    first = learned(make.decide(case, by=cast.mo))
    second = learned(make.decide(make.case(cast.ridge), by=cast.mo))

    undo_decision(decision_id=first.id, by=cast.mo, now=NOW)
    assert live("zonk off") == ["zonk off"]

    undo_decision(decision_id=second.id, by=cast.mo, now=NOW)
    assert live("zonk off") == []


def test_a_signal_that_was_there_before_is_not_taken_out(cast: Cast, case: Case) -> None:
    make.bank(cast.ridge, "upheld", phrases=["zonk off"])
    decision = learned(make.decide(case, by=cast.mo))

    undo_decision(decision_id=decision.id, by=cast.mo, now=NOW)

    assert live("zonk off") == ["zonk off"]


def test_a_closed_account_is_open_again_after_its_appeal(cast: Cast) -> None:
    case = open_account_case(account=cast.bram, harm="harassment", why="x", by=cast.mo, now=NOW)
    decision = make.decide(case, by=cast.mo)
    assert Sanction.objects.get().kind == "close"
    appealed(decision)

    make.decide(case, by=cast.nell, now=NOW + DAY, **RIGHT)

    assert Sanction.objects.get().lifted_at == NOW + DAY
    assert list(case.enforcements.order_by("id").values_list("kind", flat=True)) == [
        "take_down",
        "restore",
    ]


def test_a_milder_answer_takes_the_graver_sanction_back(cast: Cast) -> None:
    case = open_account_case(account=cast.bram, harm="harassment", why="x", by=cast.mo, now=NOW)
    appealed(make.decide(case, by=cast.mo))

    make.decide(case, by=cast.nell, enforcement_kind="label")

    assert Sanction.objects.get(lifted_at=None).kind == "warn"
    assert counting() == 1
