"""How a decision was reasoned: refused where at odds with itself, else kept as it was asked."""

import json
from typing import Any

import pytest

from dutybound.cases.guides import Answer, Given, Judged
from dutybound_server.casework.actions.decisions import decide_identical, undo_decision
from dutybound_server.casework.models import Case, Decision, Judging
from dutybound_server.casework.refusals import DecisionRefused
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

RESHARED = {
    "reshared": "yes",
    "checked_consent": "unknown",
    "intimate": "yes",
    "shared": "yes",
    "no_consent": "yes",
    "exempt": "no",
    "excuse": "no",
}
UNDER_THE_LAW: dict[str, Any] = {
    "ground": "law",
    "rule": "Sexual Offences Act 2003 s.66B(1)",
    "harm": "iia",
}
BROKEN = {"prohibited": "yes", "broken": "yes", "allowed": "no"}


def judged(guide: str, answers: dict[str, str], **whys: str) -> Judged:
    return Judged(
        guide, {name: Given(Answer(said), whys.get(name, "")) for name, said in answers.items()}
    )


def refusal(case: Case, cast: Cast, judging: Judged, **changes: Any) -> DecisionRefused:  # noqa: ANN401 - any field
    with pytest.raises(DecisionRefused) as refused:
        make.decide(case, by=cast.mo, judging=judging, **changes)
    case.refresh_from_db()
    assert case.status == "open"
    assert Decision.objects.count() == Judging.objects.count() == 0
    return refused.value


@pytest.mark.parametrize(
    ("guide", "answers", "says"),
    [
        ("iia", {}, "The answers do not suffice"),
        ("iia", {"intimate": "no", "threat": "no"}, "it is not illegal"),
        ("terms", BROKEN, "about our terms"),
        ("children_priority", {"bullies": "yes", "informs": "no"}, "need not be illegal"),
        ("zonk", BROKEN, "no such guide"),
    ],
)
def test_the_law_is_no_ground_without_answers_that_carry_it(
    cast: Cast, guide: str, answers: dict[str, str], says: str
) -> None:
    case = make.case(cast.ridge, harm="iia")
    refused = refusal(case, cast, judged(guide, answers), **UNDER_THE_LAW)
    assert refused.field == "guide"
    assert says in refused.sentence


@pytest.mark.parametrize("kind", ["none", "restore"])
@pytest.mark.parametrize("guide", ["iia", "terms", "children_priority"])
def test_what_the_answers_speak_against_cannot_stay(cast: Cast, kind: str, guide: str) -> None:
    case = make.case(cast.ridge, harm="iia")
    harmful = {"bullies": "yes", "informs": "no"}
    answers = {"iia": RESHARED, "terms": BROKEN, "children_priority": harmful}[guide]
    in_favour: dict[str, Any] = {
        "enforcement_kind": kind,
        "ground": "none",
        "rule": "",
        "statement": "",
    }
    refused = refusal(case, cast, judged(guide, answers), **in_favour)
    assert "By these answers it" in refused.sentence


@pytest.mark.parametrize(
    ("answers", "says"),
    [({"prohibited": "no"}, "breaks no rule"), ({"prohibited": "yes"}, "do not suffice")],
)
def test_the_terms_are_no_ground_where_their_questions_say_otherwise(
    cast: Cast, answers: dict[str, str], says: str
) -> None:
    case = make.case(cast.ridge)
    assert says in refusal(case, cast, judged("terms", answers)).sentence


def test_a_state_of_mind_with_nothing_it_is_inferred_from_is_refused_by_its_question(
    cast: Cast,
) -> None:
    case = make.case(cast.ridge, harm="iia")
    answers = {"threat": "yes", "to_be_feared": "yes"}
    refused = refusal(case, cast, judged("iia", answers), **UNDER_THE_LAW)
    assert refused.field == "answer:to_be_feared"


def test_the_answers_are_kept_as_asked_with_what_was_inferred(cast: Cast) -> None:
    case = make.case(cast.ridge, harm="iia")
    judging = judged("iia", RESHARED, no_consent=" She reported it herself. ")

    decision = make.decide(case, by=cast.mo, judging=judging, **UNDER_THE_LAW)

    kept = Judging.objects.get(decision=decision)
    assert (kept.guide, kept.version, kept.result) == ("iia", "2026-11-23", "illegal")
    answers = {one["question"]: one for one in kept.answers}
    assert answers["no_consent"]["why"] == "She reported it herself."
    assert answers["no_consent"]["asked"].startswith("Are there grounds")
    assert answers["no_belief"]["inferred"] is True
    assert "proper steps" in answers["no_belief"]["why"]
    body = bytes(Entry.objects.get(kind="case.decided").body)
    facts = json.loads(body)["facts"]
    assert (facts["guide"], facts["guide_version"]) == ("iia", "2026-11-23")
    assert (facts["judged"], facts["offences"]) == ("illegal", ["shared"])
    assert facts["inferred"] == ["no_belief"]
    assert b"reported" not in body


def test_what_is_unsure_under_the_law_can_be_judged_under_the_terms(cast: Cast) -> None:
    unsure, broken = make.case(cast.ridge, harm="iia"), make.case(cast.ridge, harm="fraud")
    first = make.decide(unsure, by=cast.mo, judging=judged("iia", {"intimate": "unknown"}))
    second = make.decide(broken, by=cast.mo, judging=judged("terms", BROKEN))
    assert Judging.objects.get(decision=first).result == "unsure"
    assert Judging.objects.get(decision=second).result == "terms"


def test_the_same_content_is_reasoned_once_and_kept_with_every_decision(cast: Cast) -> None:
    cases = [make.case(cast.ridge, harm="iia") for _ in range(2)]
    decisions = decide_identical(
        case_ids=[case.pk for case in cases],
        by=cast.sena,
        enforcement_kind="take_down",
        reasons="Shared again.",
        statement="We took it down.",
        judging=judged("iia", RESHARED),
        now=NOW,
        **UNDER_THE_LAW,
    )
    assert Judging.objects.filter(decision__in=decisions, result="illegal").count() == 2


def test_undoing_a_decision_keeps_how_it_was_reasoned(cast: Cast) -> None:
    case = make.case(cast.ridge, harm="iia")
    decision = make.decide(case, by=cast.mo, judging=judged("iia", RESHARED), **UNDER_THE_LAW)
    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW)
    assert Judging.objects.filter(decision=decision).exists()
