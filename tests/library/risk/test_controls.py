"""Controls: a service begins with one for each measure, and each state needs its record."""

from datetime import date, timedelta
from importlib.resources import files

import pytest

from dutybound.register.book import register
from dutybound.register.loading import BadRegister
from dutybound.risk.controls import default_controls, uncontrolled, unsound
from dutybound.risk.defaults import defaults, read_defaults
from dutybound.risk.document import Assessment, Control, ControlState
from dutybound.risk.factors import all_factors
from tests.library.risk.test_levels import service

TODAY = date(2026, 11, 25)
FORUM = (
    "child_users",
    "attracts_children",
    "discussion_forum_chat",
    "posting_text_or_links",
    "commenting",
    "user_accounts",
    "user_profiles",
    "hyperlinking",
    "takedown_feasible",
)


def low(*present: str, **parts: object) -> Assessment:
    """A service with everything low."""
    risks = dict.fromkeys(register().on(TODAY).harms, "low")
    return service(*present, risks=risks, **parts)


def begun(assessment: Assessment) -> Assessment:
    """With the controls it begins with."""
    made = default_controls(assessment, as_of=TODAY, owner="Asha", today=TODAY)
    return assessment.model_copy(update={"controls": (*assessment.controls, *made)})


def test_every_measure_and_every_risk_factor_has_a_default() -> None:
    measures = {each.id for each in register().provisions if not each.is_duty}

    assert set(defaults().for_measures) == measures
    assert set(defaults().for_factors) == set(all_factors())


def test_the_duties_about_reports_and_complaints_name_what_the_server_brings() -> None:
    duties = {each.id for each in register().provisions if each.is_duty}
    asked = {"OSA-10-3A", "OSA-20", "OSA-20A", "OSA-21", "OSA-21-2A", "OSA-66", "OSA-101"}

    assert asked <= set(defaults().for_duties) <= duties


def test_each_measure_about_reports_and_complaints_names_where_it_is_run() -> None:
    asked = {f"ICU D{number}" for number in range(1, 15)} | {"ICU C1", "ICU C2", "PCU C1", "PCU C2"}

    assert all(defaults().for_measures[measure].where for measure in asked)


def test_every_default_leads_to_harms_and_factors_there_are() -> None:
    harms = {harm.id for harm in register().harms}
    entries = [*defaults().for_measures.values(), *defaults().for_factors.values()]

    assert {harm for entry in entries for harm in entry.harms} <= harms
    assert {factor for entry in entries for factor in entry.factors} <= set(all_factors())


def test_only_measures_that_may_be_declined_begin_as_declined() -> None:
    permissive = {each.id for each in register().provisions if each.permissive}
    declined = {
        measure
        for measure, entry in defaults().for_measures.items()
        if entry.state is ControlState.DECLINED
    }

    assert declined == permissive


def test_a_small_low_risk_service_has_a_sound_control_for_each_measure_from_the_start() -> None:
    forum = low(*FORUM)

    before, after = (uncontrolled(each, as_of=TODAY) for each in (forum, begun(forum)))

    assert len(before) > 20
    assert after == ()
    assert unsound(begun(forum), as_of=TODAY) == ()


def test_tasks_have_an_owner_and_a_day_and_what_the_server_runs_has_a_place() -> None:
    for control in begun(low(*FORUM)).controls:
        is_task = control.state is ControlState.TASK
        assert bool(control.owner and control.due and control.due > TODAY) is is_task
        assert control.where or not control.built_in


def test_nothing_is_in_place_before_somebody_says_so() -> None:
    begun_with = begun(low(*FORUM)).controls

    assert any(control.built_in for control in begun_with)
    assert all(control.state is not ControlState.IN_PLACE for control in begun_with)
    assert all(control.since is None for control in begun_with)


def test_defaults_are_made_once_and_those_that_people_made_stay() -> None:
    own = Control(
        id="our-queue", title="Our own queue", state=ControlState.IN_PLACE, measures=("ICU C1",)
    )
    once = begun(low(*FORUM, controls=[own.model_dump()]))

    assert default_controls(once, as_of=TODAY, owner="Asha", today=TODAY) == ()
    assert [control.id for control in once.controls if "ICU C1" in control.measures] == [
        "our-queue"
    ]


def test_a_measure_with_nothing_to_act_on_is_idle_and_waits_where_that_is_not_known() -> None:
    states = {measure: c.state for c in begun(low()).controls for measure in c.measures}
    unknown = begun(Assessment())

    assert states["ICU D11"] is ControlState.IDLE
    assert "ICU D11" not in {measure for c in unknown.controls for measure in c.measures}
    assert "ICU D11" in {each.provision.id for each in uncontrolled(unknown, as_of=TODAY)}


RECORD = {"done_instead": "a", "how_it_complies": "b", "expression_and_privacy": "c"}
REFUSAL = {"reason": "a", "severity": "b", "who_is_affected": "c", "expression_and_privacy": "d"}


@pytest.mark.parametrize(
    ("measure", "control", "missing"),
    [
        ("ICU C1", {"state": "task", "due": "2027-01-01"}, "name who does it"),
        ("ICU C1", {"state": "task", "owner": "Asha"}, "set a day"),
        ("ICU C1", {"state": "alternative"}, "s.23(4)"),
        ("ICU C1", {"state": "alternative", "alternative": RECORD | {"done_instead": " "}}, "s.23"),
        ("ICU C1", {"state": "alternative", "alternative": RECORD}, ""),
        ("ICU C1", {"state": "refused"}, "who is affected"),
        ("ICU C1", {"state": "refused", "refusal": REFUSAL}, ""),
        ("ICU C1", {"state": "idle"}, "may have something"),
        ("ICU D11", {"state": "idle"}, ""),
        ("ICU C1", {"state": "declined"}, "no measure that a provider may decline"),
        ("ICU D13", {"state": "declined"}, ""),
        ("ICU C1", {"state": "unknown"}, "not known"),
    ],
)
def test_each_state_needs_what_bears_it_out(
    measure: str, control: dict[str, object], missing: str
) -> None:
    control = {"id": "c", "title": "C", "measures": [measure]} | control

    found = unsound(low("takedown_feasible", controls=[control]), as_of=TODAY)

    assert len(found) == bool(missing)
    assert all(missing in each.says for each in found)


def test_a_claim_that_nothing_can_be_taken_down_is_recorded_and_expires() -> None:
    def told(**claim: object) -> int:
        surface = {"name": "messages", "takedown_feasible": False} | claim
        about = {"service": {"surfaces": [surface]}}
        return len(unsound(Assessment.model_validate(about), as_of=TODAY))

    reasons = {"reason": "Encrypted.", "owner": "Asha", "decided_on": "2026-01-01"}

    assert told() == 1
    assert told(claim=reasons | {"expires_on": TODAY + timedelta(days=1)}) == 0
    assert told(claim=reasons | {"expires_on": TODAY}) == 1
    assert told(claim=reasons | {"expires_on": TODAY + timedelta(days=1), "owner": " "}) == 1


def test_a_bare_no_to_taking_down_is_not_enough_without_the_parts_it_is_about() -> None:
    (found,) = unsound(
        Assessment.model_validate({"facts": {"takedown_feasible": False}}), as_of=TODAY
    )

    assert "List the parts of the service" in found.says


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("ICU A1, PCU A1", "ICU A2, PCU A1", r"controls\.yaml:1\d: ICU A2 has a control"),
        ("  days: 14\n", "", r"controls\.yaml:7: "),
        ("where: console:queue", "where: somewhere", r"controls\.yaml:\d+: "),
    ],
)
def test_a_file_of_defaults_that_is_wrong_is_refused_with_its_line(
    before: str, after: str, says: str
) -> None:
    folder = files("dutybound.risk").joinpath("data")
    text = folder.joinpath("controls.yaml").read_text().replace(before, after, 1)

    with pytest.raises(BadRegister, match=says):
        read_defaults(text, schema=folder.joinpath("controls-schema.json").read_text())
