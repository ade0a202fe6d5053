"""Guided judgement: what answers give, and that the guides which come with us are sound."""

import re
from datetime import date, timedelta
from hashlib import sha256
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

from dutybound.cases.guide_files import guide_called, guides, read_guides
from dutybound.cases.guides import (
    LONGEST_WHY,
    Answer,
    Given,
    Guide,
    Judges,
    Part,
    Result,
    Verdict,
    guide_for,
    problems,
    result_of,
)
from dutybound.register.harms import HARMS
from dutybound.register.loading import BadRegister

SCHEMA = files("dutybound.cases").joinpath("data", "guides", "schema.json").read_text("utf-8")
ALL = guides()
RESHARED = {
    "reshared": "yes",
    "checked_consent": "no",
    "intimate": "yes",
    "shared": "yes",
    "no_consent": "yes",
    "exempt": "no",
    "excuse": "no",
}
SENT = {"genitals": "yes", "sent": "yes", "agreed": "no", "culture": "no"}


def called(name: str) -> Guide:
    guide = guide_called(name)
    assert guide is not None
    return guide


def given(answers: dict[str, str]) -> dict[str, Given]:
    return {name: Given(Answer(said)) for name, said in answers.items()}


def result(name: str, **answers: str) -> Result:
    return result_of(called(name), given(answers))


# What answers give


def test_nothing_answered_is_unsure_and_never_illegal() -> None:
    for guide in ALL:
        nothing = result_of(guide, {})
        assert nothing.verdict is Verdict.UNSURE, guide.id
        assert nothing.missing, guide.id


@pytest.mark.parametrize("guide", ALL, ids=lambda guide: guide.id)
def test_an_element_that_nobody_can_tell_is_never_counted_as_there(guide: Guide) -> None:
    """Every combination of answers to each offence, against the rule written out longhand."""
    for offence in guide.offences:
        names = [*offence.needs, *offence.defences]
        for said in product([*Answer, None], repeat=len(names)):
            known = {name: Given(one) for name, one in zip(names, said, strict=True) if one}
            found = offence in result_of(guide, known).offences
            needs, defences = said[: len(offence.needs)], said[len(offence.needs) :]
            drawn = {one.then for one in result_of(guide, known).inferred}
            all_there = all(
                one is Answer.YES or (name in drawn and one is not Answer.NO)
                for name, one in zip(offence.needs, needs, strict=True)
            )
            no_defence = all(one in {Answer.NO, Answer.UNKNOWN} for one in defences)
            assert found is (all_there and no_defence), (guide.id, offence.id, said)


def test_the_state_of_mind_is_an_element_like_any_other() -> None:
    conduct = {"genitals": "yes", "sent": "yes", "agreed": "yes", "culture": "no"}
    assert result("cyberflashing", **conduct).verdict is Verdict.UNSURE
    assert result("cyberflashing", **conduct, meant_or_careless="no").verdict is (
        Verdict.NOT_ILLEGAL
    )


def test_a_defence_excuses_and_one_that_was_not_thought_of_leaves_it_open() -> None:
    threat = {"threat_to_kill": "yes", "meant_to_be_feared": "yes"}
    others = {"abusive": "no", "distressed": "no"}

    assert result("harassment", **threat).verdict is Verdict.UNSURE
    assert result("harassment", **threat, lawful_excuse="unknown").verdict is Verdict.ILLEGAL
    excused = result("harassment", **threat, **others, lawful_excuse="yes")
    assert excused.verdict is Verdict.NOT_ILLEGAL
    assert excused.parts[Part.DEFENCE] is Answer.YES


def test_one_offence_of_several_is_enough_and_what_is_missing_is_named() -> None:
    threat = result("iia", threat="yes", to_be_feared="yes")
    assert threat.verdict is Verdict.ILLEGAL
    assert [one.id for one in threat.offences] == ["threatened"]
    assert threat.missing == ()

    open_still = result("iia", **{**RESHARED, "reshared": "no"}, threat="no")
    assert open_still.verdict is Verdict.UNSURE
    assert [one.id for one in open_still.missing] == ["no_belief", "to_distress"]


def test_the_terms_say_nothing_about_the_law() -> None:
    broken = result("terms", prohibited="yes", broken="yes", allowed="no")
    assert broken.verdict is Verdict.TERMS
    assert result("terms", prohibited="no").verdict is Verdict.NO_BREACH
    assert result("terms", prohibited="yes").verdict is Verdict.UNSURE


def test_what_harms_children_is_never_called_illegal_by_it() -> None:
    assert result("children_priority", bullies="yes", informs="no").verdict is Verdict.HARMFUL
    assert result("children_priority", bullies="yes").verdict is Verdict.UNSURE
    none = {one.id: "no" for one in called("children_primary").questions}
    assert result("children_primary", **none).verdict is Verdict.NOT_HARMFUL


# The two published inferences


@pytest.mark.parametrize("checked", ["no", "unknown"])
def test_who_reshares_with_no_evidence_of_a_check_had_no_reasonable_belief(checked: str) -> None:
    judged = result("iia", **{**RESHARED, "checked_consent": checked})

    assert judged.verdict is Verdict.ILLEGAL
    assert judged.answers["no_belief"].inferred
    assert [one.then for one in judged.inferred] == ["no_belief"]
    assert "OSAN25" in judged.inferred[0].source.words


@pytest.mark.parametrize(
    "changes",
    [{"reshared": "no"}, {"reshared": "unknown"}, {"checked_consent": "yes"}],
    ids=str,
)
def test_without_its_facts_no_belief_is_inferred(changes: dict[str, str]) -> None:
    judged = result("iia", **{**RESHARED, **changes}, threat="no", to_distress="no")
    assert judged.verdict is Verdict.UNSURE
    assert judged.inferred == ()


def test_a_fact_that_was_not_asked_is_no_fact_and_is_named_as_missing() -> None:
    unasked = {name: said for name, said in RESHARED.items() if name != "checked_consent"}
    judged = result("iia", **unasked)
    assert judged.inferred == ()
    assert "checked_consent" in [one.id for one in judged.missing]


@pytest.mark.parametrize("agreed", ["no", "unknown"])
def test_who_sends_genitals_unasked_meant_it_or_did_not_care(agreed: str) -> None:
    judged = result("cyberflashing", **{**SENT, "agreed": agreed})
    assert judged.verdict is Verdict.ILLEGAL
    assert judged.answers["meant_or_careless"].inferred


@pytest.mark.parametrize(
    "changes",
    [{"agreed": "yes"}, {"culture": "yes"}, {"culture": "unknown"}, {"genitals": "unknown"}],
    ids=str,
)
def test_consent_or_an_accepted_culture_or_doubt_of_it_infers_nothing(
    changes: dict[str, str],
) -> None:
    judged = result("cyberflashing", **{**SENT, **changes})
    assert judged.verdict is Verdict.UNSURE
    assert judged.inferred == ()


def test_a_person_may_see_it_otherwise_but_writes_down_why() -> None:
    judged = result("iia", **RESHARED, no_belief="no", to_distress="no", threat="no")
    assert judged.verdict is Verdict.NOT_ILLEGAL
    assert [one.then for one in judged.against] == ["no_belief"]

    answers = given({**RESHARED, "no_belief": "no"})
    assert [name for name, _ in problems(called("iia"), answers)] == ["no_belief"]
    answers["no_belief"] = Given(Answer.NO, "The person shown wrote that they agreed.")
    assert list(problems(called("iia"), answers)) == []


# What is written down


def test_a_state_of_mind_and_a_defence_are_inferred_from_something_that_is_written_down() -> None:
    harassment = called("harassment")
    answers = given({"abusive": "yes", "meant_to_distress": "yes", "reasonable": "yes"})
    assert [name for name, _ in problems(harassment, answers)] == [
        "meant_to_distress",
        "reasonable",
    ]
    inferred = given({**RESHARED, "no_belief": "yes"})
    assert list(problems(called("iia"), inferred)) == []


def test_unknown_questions_and_endless_reasons_are_refused_by_name() -> None:
    answers = {
        "wrong": Given(Answer.YES),
        "abusive": Given(Answer.YES, "x" * (LONGEST_WHY + 1)),
    }
    found = dict(problems(called("harassment"), answers))
    assert found.keys() == {"wrong", "abusive"}
    assert "1,001" in found["abusive"]


# The guides themselves


def test_every_kind_of_harm_has_exactly_one_guide_that_judges_what_it_is() -> None:
    judged = {harm: guide.judges for guide in ALL for harm in guide.harms}
    kinds = {Judges.LAW: "illegal", Judges.CHILDREN: "children"}
    assert {harm: kinds[judges] for harm, judges in judged.items()} == {
        harm.id: harm.kind for harm in HARMS.values()
    }
    assert guide_for(ALL, "iia") == called("iia")
    assert guide_for(ALL, "zonk") is None


def test_every_offence_asks_for_conduct_and_the_law_fits_a_decision() -> None:
    for guide in ALL:
        for offence in guide.offences:
            parts = {guide.question(name).part for name in offence.needs}
            assert Part.CONDUCT in parts, (guide.id, offence.id)
            assert len(offence.law) <= 200


def test_a_guide_is_due_for_review_on_its_day_and_within_fifteen_months() -> None:
    for guide in ALL:
        assert guide.is_review_due(guide.review_by)
        assert not guide.is_review_due(guide.review_by - timedelta(days=1))
        assert guide.review_by - guide.reviewed <= timedelta(days=460), guide.id


def test_whoever_changes_a_guide_gives_it_a_new_version() -> None:
    """guides.txt holds each version's digest: change the version, then write its line anew."""
    folder = files("dutybound.cases").joinpath("data", "guides")
    now = {}
    for guide in ALL:
        text = folder.joinpath(f"{guide.id}.yaml").read_text("utf-8")
        now[f"{guide.id} {guide.version}"] = sha256(text.encode()).hexdigest()[:16]
    lines = Path(__file__).with_name("guides.txt").read_text().splitlines()
    written = dict(line.rsplit(" ", 1) for line in lines)
    assert now == written


def test_the_reference_names_every_guide_and_its_example_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (Path(__file__).parents[3] / "docs/reference/guides.md").read_text()
    assert [guide.id for guide in ALL if f"| `{guide.id}` | {guide.title} |" not in page] == []

    [example] = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    exec(example, {})
    assert capsys.readouterr().out.startswith("illegal ['Whoever sends")


# Reading


SOUND = """
id: zonk
version: "2026-11-23"
reviewed: 2026-11-23
review_by: 2027-11-23
title: Saying zonk
about: Somebody says zonk to a person.
harms: [harassment]
questions:
- {id: said, part: conduct, ask: Was it said?, source: Zonk Act s.1, confidence: recalled}
- {id: meant, part: mind, ask: Was it meant?, source: Zonk Act s.1, confidence: recalled}
offences:
- {id: zonk, law: Zonk Act s.1, needs: [said, meant]}
"""


def read(*texts: str) -> list[Guide]:
    named = [(f"{number}.yaml", text) for number, text in enumerate(texts)]
    return list(read_guides(named, schema=SCHEMA))


def test_a_sound_guide_is_read() -> None:
    [guide] = read(SOUND)
    assert (guide.id, guide.reviewed) == ("zonk", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[said, meant]", "[said, ment]", "there is no question ment; did you mean meant?"),
        ("part: mind", "part: soul", "questions.1.part"),
        ("confidence: recalled}\noff", "confidence: sure}\noff", "questions.1.confidence"),
        ("[said, meant]", "[]", "offences.0.needs"),
        ("[said, meant]", "[said]", "nothing rests on meant"),
        ("needs: [said, meant]", "needs: [said], defences: [meant]", "meant is of the part mind"),
        ("id: meant", "id: said", "two questions have the same id"),
        ("review_by: 2027", "review_by: 2025", "expected a day after it was reviewed"),
        ("review_by: 2027-11-23", "review_by: soon", "expected a day such as"),
        ('version: "2026-11-23"', "version: latest", "version"),
        ("about:", "abut:", "there is no such key; did you mean about?"),
    ],
    ids=lambda value: value[:24],
)
def test_a_broken_guide_is_refused_with_file_and_line(old: str, new: str, says: str) -> None:
    assert SOUND.count(old) >= 1
    with pytest.raises(BadRegister, match=r"^0\.yaml:[0-9]+: ") as refused:
        read(SOUND.replace(old, new))
    assert says in str(refused.value)


def test_two_guides_for_one_kind_of_harm_are_refused() -> None:
    with pytest.raises(BadRegister, match="harm harassment has a guide already"):
        read(SOUND, SOUND.replace("id: zonk\nversion", "id: zank\nversion"))
