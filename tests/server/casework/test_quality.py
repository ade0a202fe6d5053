"""Second looks: drawn by nobody, taken blind, and a disagreement is talked about."""

from datetime import timedelta
from typing import Any

import pytest

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import note_case
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.quality import (
    agree_golden,
    answer_look,
    ask_second_looks,
    close_calibration,
    free_look,
    retire_golden,
    set_sample_rates,
    take_look,
)
from dutybound_server.casework.concern_queries import visible_concerns
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Calibration, Case, Decision, SecondLook
from dutybound_server.casework.quality_queries import (
    agreement_of,
    calibrations,
    overturns,
    shown_item,
)
from dutybound_server.casework.queries import case_for
from dutybound_server.casework.refusals import CaseNotFound, LookNotFound, QualityRefused
from tests import make
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)
LEAVE_UP: dict[str, Any] = {
    "enforcement_kind": "none",
    "ground": "none",
    "rule": "",
    "statement": "",
}


@pytest.fixture
def everything(cast: Cast) -> None:
    """Every decision is looked at twice."""
    set_sample_rates(service=cast.ridge, rates={"match": 1.0}, by=cast.sena, now=NOW)


def decided(cast: Cast, *, harm: str = "harassment", **changes: Any) -> Decision:  # noqa: ANN401 - any field
    case = make.case(cast.ridge, author=cast.bram, harm=harm)
    return make.decide(case, by=cast.ren if harm == "csea" else cast.mo, **changes)


def answer(cast: Cast, look: SecondLook, kind: str = "take_down") -> SecondLook:
    assert look.by is not None
    return answer_look(
        service=cast.ridge, look_id=look.pk, by=look.by, enforcement_kind=kind,
        harm="harassment", reasons="It says zonk.", now=NOW + HOUR,
    )  # fmt: skip


# Which decisions


def test_without_a_share_nothing_is_drawn(cast: Cast) -> None:
    set_sample_rates(
        service=cast.ridge, rates={"match": 0.0, "no_action": 0.0}, by=cast.sena, now=NOW
    )
    decided(cast)

    assert ask_second_looks(now=NOW) == 0


def test_a_share_that_is_none_is_refused(cast: Cast) -> None:
    with pytest.raises(QualityRefused, match="from 0 to 1"):
        set_sample_rates(service=cast.ridge, rates={"match": 2.0}, by=cast.sena, now=NOW)


def test_a_decision_is_drawn_once_however_often_we_ask(cast: Cast, everything: None) -> None:
    decided(cast)

    assert [ask_second_looks(now=NOW) for _ in range(3)] == [1, 0, 0]


def test_what_was_left_up_is_drawn_by_its_own_share(cast: Cast) -> None:
    set_sample_rates(
        service=cast.ridge, rates={"match": 0.0, "no_action": 1.0}, by=cast.sena, now=NOW
    )
    decided(cast)
    left = decided(cast, **LEAVE_UP)

    ask_second_looks(now=NOW)

    look = SecondLook.objects.get()
    assert (look.decision, look.reason) == (left, "no_action")


def test_what_was_undone_or_is_long_ago_is_not_looked_at(cast: Cast, everything: None) -> None:
    undone = decided(cast)
    undo_decision(decision_id=undone.id, by=cast.mo, now=NOW)
    decided(cast)

    assert ask_second_looks(now=NOW + timedelta(days=8)) == 0
    assert ask_second_looks(now=NOW) == 1


# Looking blind


def test_who_decided_or_has_a_hand_in_the_case_gets_another(cast: Cast, everything: None) -> None:
    decision = decided(cast)
    note_case(case_id=decision.case_id, by=cast.nell, note="I know this one.", now=NOW)
    ask_second_looks(now=NOW)

    assert take_look(service=cast.ridge, by=cast.mo, now=NOW) is None
    assert take_look(service=cast.ridge, by=cast.nell, now=NOW) is None
    assert take_look(service=cast.ridge, by=cast.vic, now=NOW) is None
    assert take_look(service=cast.ridge, by=cast.ode, now=NOW) is None
    assert take_look(service=cast.ridge, by=cast.sena, now=NOW) is not None


def test_a_restricted_case_is_looked_at_by_restricted_staff_only(
    cast: Cast, everything: None
) -> None:
    decided(cast, harm="csea")
    ask_second_looks(now=NOW)

    assert take_look(service=cast.ridge, by=cast.sena, now=NOW) is None
    assert agreement_of(cast.ridge, NOW).queues == ()


def test_while_one_looks_the_case_is_hidden_and_afterwards_not(
    cast: Cast, everything: None
) -> None:
    decision = decided(cast)
    ask_second_looks(now=NOW)
    look = take_look(service=cast.ridge, by=cast.nell, now=NOW)
    assert look is not None

    with pytest.raises(CaseNotFound):
        case_for(cast.nell, cast.ridge, decision.case.reference)
    answer(cast, look)

    assert case_for(cast.nell, cast.ridge, decision.case.reference) == decision.case


def test_taking_twice_gives_the_same_one_and_nobody_else_gets_it(
    cast: Cast, everything: None
) -> None:
    decided(cast)
    ask_second_looks(now=NOW)

    first = take_look(service=cast.ridge, by=cast.nell, now=NOW)

    assert take_look(service=cast.ridge, by=cast.nell, now=NOW) == first
    assert take_look(service=cast.ridge, by=cast.sena, now=NOW) is None


def test_one_looks_at_the_revision_that_was_decided(cast: Cast, everything: None) -> None:
    decision = decided(cast)
    item = decision.case.item
    assert item is not None
    edited = make.item(cast.ridge, external_id=item.external_id, revision=2, received_at=NOW + HOUR)
    make.case(cast.ridge, about=edited, now=NOW + HOUR)
    ask_second_looks(now=NOW + HOUR)

    look = take_look(service=cast.ridge, by=cast.nell, now=NOW + HOUR)

    assert look is not None
    assert shown_item(look) == item


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("enforcement_kind", {"enforcement_kind": "hold"}),
        ("harm", {"harm": "nothing"}),
        ("reasons", {"reasons": " "}),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(
    cast: Cast, everything: None, field: str, changes: dict[str, str]
) -> None:
    decided(cast)
    ask_second_looks(now=NOW)
    look = take_look(service=cast.ridge, by=cast.nell, now=NOW)
    assert look is not None
    judgement = {"enforcement_kind": "none", "harm": "harassment", "reasons": "x", **changes}

    with pytest.raises(QualityRefused) as refused:
        answer_look(service=cast.ridge, look_id=look.pk, by=cast.nell, now=NOW, **judgement)

    assert refused.value.field == field


def test_nobody_answers_what_they_have_not_taken_or_twice(cast: Cast, everything: None) -> None:
    decided(cast)
    ask_second_looks(now=NOW)
    look = take_look(service=cast.ridge, by=cast.nell, now=NOW)
    assert look is not None
    look.by = cast.sena
    with pytest.raises(LookNotFound):
        answer(cast, look)
    look.by = cast.nell
    answer(cast, look)
    with pytest.raises(LookNotFound):
        answer(cast, look)


def test_a_senior_gives_a_forgotten_look_to_another(cast: Cast, everything: None) -> None:
    decided(cast)
    ask_second_looks(now=NOW)
    look = take_look(service=cast.ridge, by=cast.nell, now=NOW)
    assert look is not None
    with pytest.raises(QualityRefused):
        free_look(service=cast.ridge, look_id=look.pk, by=cast.nell, now=NOW)

    free_look(service=cast.ridge, look_id=look.pk, by=cast.sena, now=NOW)

    assert take_look(service=cast.ridge, by=cast.sena, now=NOW) == look


def test_while_one_looks_what_people_said_and_were_told_is_hidden_too(cast: Cast) -> None:
    set_sample_rates(
        service=cast.ridge, rates={"match": 0.0, "illegal_content": 1.0}, by=cast.sena, now=NOW
    )
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    told = Told(
        kind=Kind.ILLEGAL_CONTENT,
        words="This is cruel.",
        channel="page",
        subjects=(Subject("item", item.external_id),),
    )
    concern = take_concern(service=cast.ridge, told=told, now=NOW).concern
    make.decide(Case.objects.get(), by=cast.mo)
    ask_second_looks(now=NOW)
    assert visible_concerns(cast.nell, cast.ridge).get() == concern

    take_look(service=cast.ridge, by=cast.nell, now=NOW)

    assert not visible_concerns(cast.nell, cast.ridge).exists()
    assert visible_concerns(cast.sena, cast.ridge).exists()


# Disagreeing


def test_a_disagreement_opens_a_calibration_that_a_third_person_closes(
    cast: Cast, everything: None
) -> None:
    decided(cast)
    ask_second_looks(now=NOW)
    look = take_look(service=cast.ridge, by=cast.nell, now=NOW)
    assert look is not None

    answer(cast, look, "none")

    calibration = Calibration.objects.get(look=look)
    assert list(calibrations(cast.mo, cast.ridge)) == [calibration]
    assert not calibrations(cast.vic, cast.ridge).exists()
    close: dict[str, Any] = {"calibration_id": calibration.pk, "first_was_right": True, "now": NOW}
    with pytest.raises(QualityRefused, match="Somebody else"):
        close_calibration(service=cast.ridge, by=cast.nell, learned="x", **close)
    with pytest.raises(QualityRefused, match="learned"):
        close_calibration(service=cast.ridge, by=cast.sena, learned=" ", **close)
    close_calibration(service=cast.ridge, by=cast.sena, learned="Zonk at a person is.", **close)
    with pytest.raises(QualityRefused, match="closed already"):
        close_calibration(service=cast.ridge, by=cast.sena, learned="Again.", **close)


def test_agreement_is_told_by_queue_and_by_who_decided_first(cast: Cast, everything: None) -> None:
    for kind in ("take_down", "take_down", "none", "none"):
        decided(cast, **(LEAVE_UP if kind == "none" else {}))
    ask_second_looks(now=NOW)
    for second in ("take_down", "take_down", "restore", "take_down"):
        look = take_look(service=cast.ridge, by=cast.nell, now=NOW)
        assert look is not None
        answer(cast, look, second)

    found = agreement_of(cast.ridge, NOW)

    assert found.whole.kappa.observed == 0.75
    assert found.whole.kappa.value == pytest.approx(0.5)
    assert [one.name for one in found.queues] == ["General"]
    assert [one.name for one in found.people] == ["Mo"]


# Golden items


def test_a_golden_item_comes_as_any_other_and_once_to_each(cast: Cast) -> None:
    decision = decided(cast)
    golden = agree_golden(
        case=decision.case, enforcement_kind="take_down", harm="harassment",
        why="All three of us agreed.", by=cast.sena, now=NOW,
    )  # fmt: skip
    look = take_look(service=cast.ridge, by=cast.nell, now=NOW)
    assert look is not None
    assert (look.golden, shown_item(look)) == (golden, decision.case.item)

    answer(cast, look, "none")

    assert Calibration.objects.filter(look=look).exists()
    assert take_look(service=cast.ridge, by=cast.nell, now=NOW) is None
    assert take_look(service=cast.ridge, by=cast.mo, now=NOW) is None  # He decided it.
    (nell,) = agreement_of(cast.ridge, NOW).people
    assert nell.golden is not None
    assert (nell.name, nell.golden.count, nell.golden.of) == ("Nell", 0, 1)


def test_a_retired_golden_item_is_asked_of_nobody(cast: Cast) -> None:
    decision = decided(cast)
    golden = agree_golden(
        case=decision.case, enforcement_kind="take_down", harm="harassment", why="Agreed.",
        by=cast.sena, now=NOW,
    )  # fmt: skip
    with pytest.raises(QualityRefused, match="already"):
        agree_golden(
            case=decision.case, enforcement_kind="none", harm="harassment", why="Agreed.",
            by=cast.sena, now=NOW,
        )  # fmt: skip

    retire_golden(service=cast.ridge, golden_id=golden.pk, by=cast.sena, now=NOW)

    assert take_look(service=cast.ridge, by=cast.nell, now=NOW) is None


# What was overturned


def test_overturns_count_what_appeals_changed(cast: Cast) -> None:
    won, eased, lost, waiting = (decided(cast) for _ in range(4))
    decided(cast)
    for one in (won, eased, lost, waiting):
        lodge_appeal(token=one.notices.get().token, grounds="It was satire.", now=NOW)
    make.decide(won.case, by=cast.nell, **LEAVE_UP)
    make.decide(eased.case, by=cast.nell, enforcement_kind="label")
    make.decide(lost.case, by=cast.nell)

    whole = overturns(cast.ridge, NOW).whole

    assert (whole.decided, whole.appealed, whole.answered) == (5, 4, 3)
    assert (whole.overturned, whole.eased) == (1, 1)
    assert overturns(cast.ridge, NOW).by_rule[0].name == "Be kind"
    assert overturns(cast.harbour, NOW).whole.decided == 0
