"""Governance tasks: a document is evidence that something is written down, and of nothing else."""

from dataclasses import replace

import pytest

from dutybound.evidence.document_kinds import DOCUMENT_KINDS
from dutybound.evidence.documents import DOCUMENTS, NOT_JUDGED, Documents
from dutybound.evidence.governance import GOVERNANCE
from dutybound.evidence.governance_records import (
    ACCOUNTABLE,
    ASSESSED,
    AUDITS_DONE,
    BOARD_REPORTS,
    DUTIES_TRAINED,
    POLICE_CHANNELS,
    Accountable,
    Assessed,
    AuditsDone,
    BoardReports,
    DutiesTrained,
    PoliceChannels,
)
from dutybound.evidence.probe import Finding, Probe, find, find_again
from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import Status
from tests.library.evidence.cases import by_name
from tests.library.evidence.cases_governance import CASES, held, held_of

TASKS = {probe.id: probe for probe in GOVERNANCE}


def found(probe: str, **changes: object) -> Finding:
    """What the task says where all is well but for `changes`, by name of the query."""
    task = TASKS[probe]
    return find(task, task.measures[0], {**by_name(CASES[probe].met), **changes})


@pytest.mark.parametrize("probe", GOVERNANCE, ids=lambda probe: probe.id)
def test_each_task_fails_without_its_document_and_holds_with_all(probe: Probe) -> None:
    cases = CASES[probe.id]

    assert find(probe, probe.measures[0], by_name(cases.not_met)).status is Status.NOT_MET
    good = find(probe, probe.measures[0], by_name(cases.met))
    assert good.status is Status.MET
    assert NOT_JUDGED in good.says
    assert find_again(probe, probe.measures[0], good.inputs) == good


@pytest.mark.parametrize("probe", GOVERNANCE, ids=lambda probe: probe.id)
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"days_left": -1}, Status.STALE),
        ({"days_left": 30}, Status.AT_RISK),
        ({"has_owner": False}, Status.AT_RISK),
    ],
)
def test_a_document_past_its_day_or_without_an_owner_is_not_met(
    probe: Probe, changes: dict[str, object], status: Status
) -> None:
    answers = {**by_name(CASES[probe.id].met), DOCUMENTS.name: held_of(probe, **changes)}

    assert find(probe, probe.measures[0], answers).status is status


def test_each_kind_that_a_probe_wants_is_known_and_says_what_stands_in_it() -> None:
    wanted = {kind for probe in PROBES.values() for kind in probe.documents}

    assert wanted <= set(DOCUMENT_KINDS)
    assert all(kind.covers and 0 < kind.days <= 366 for kind in DOCUMENT_KINDS.values())


def test_a_letter_of_appointment_is_not_enough_without_the_person() -> None:
    assert found("accountable_person").status is Status.MET
    nobody = found("accountable_person", **{ACCOUNTABLE.name: Accountable(0)})
    assert nobody.status is Status.NOT_MET
    assert nobody.says == "Nobody who works here has the role of accountable person now."
    two = found("accountable_person", **{ACCOUNTABLE.name: Accountable(2)})
    assert two.status is Status.AT_RISK


def test_minutes_alone_do_not_show_that_those_in_charge_were_told() -> None:
    none = found("board_review", **{BOARD_REPORTS.name: BoardReports(0, None)})
    due = found("board_review", **{BOARD_REPORTS.name: BoardReports(1, 337)})

    assert (none.status, due.status) == (Status.NOT_MET, Status.AT_RISK)


def test_a_plan_of_audits_without_one_is_at_risk() -> None:
    assert found("internal_assurance", **{AUDITS_DONE.name: AuditsDone(0)}).status is Status.AT_RISK


@pytest.mark.parametrize(
    ("trained", "status"),
    [
        (DutiesTrained(people=3, trained=2, joined_lately=0, expiring=0), Status.NOT_MET),
        (DutiesTrained(people=3, trained=2, joined_lately=1, expiring=0), Status.AT_RISK),
        (DutiesTrained(people=3, trained=3, joined_lately=0, expiring=1), Status.AT_RISK),
        (DutiesTrained(people=3, trained=1, joined_lately=1, expiring=0), Status.NOT_MET),
        (DutiesTrained(people=1, trained=1, joined_lately=0, expiring=0), Status.MET),
    ],
)
def test_everybody_is_trained_or_it_is_not_met(trained: DutiesTrained, status: Status) -> None:
    assert found("duties_training", **{DUTIES_TRAINED.name: trained}).status is status


@pytest.mark.parametrize(
    ("channels", "status"),
    [
        (PoliceChannels(agreed=0, open=0, overdue=0), Status.NOT_MET),
        (PoliceChannels(agreed=1, open=0, overdue=0), Status.NOT_MET),
        (PoliceChannels(agreed=2, open=1, overdue=1), Status.AT_RISK),
        (PoliceChannels(agreed=1, open=1, overdue=0), Status.MET),
    ],
)
def test_a_channel_is_one_that_somebody_can_use(channels: PoliceChannels, status: Status) -> None:
    assert found("police_channel", **{POLICE_CHANNELS.name: channels}).status is status


@pytest.mark.parametrize(
    ("written", "approved", "status"),
    [
        (200, 100, Status.AT_RISK),
        (200, 90, Status.MET),
        (50, 100, Status.MET),
    ],
)
def test_rules_older_than_the_assessment_are_at_risk(
    written: int, approved: int, status: Status
) -> None:
    rules = Documents((held("content_policies", days_old=written),))

    finding = found(
        "content_policies", **{DOCUMENTS.name: rules, ASSESSED.name: Assessed(approved)}
    )

    assert finding.status is status


def test_a_feature_that_only_its_owner_tried_is_not_met() -> None:
    good = held_of(TASKS["blocking"])
    own = Documents(tuple(replace(one, by_another=False) for one in good.held))

    finding = found("blocking", **{DOCUMENTS.name: own})

    assert finding.status is Status.NOT_ENOUGH
    assert "Nobody but its owner" in finding.says


def test_a_task_with_two_faults_says_both() -> None:
    papers = held_of(TASKS["accountable_person"], days_left=-3)
    answers = {DOCUMENTS.name: papers, ACCOUNTABLE.name: Accountable(0)}

    finding = found("accountable_person", **answers)

    assert finding.status is Status.NOT_MET
    assert "Past the day" in finding.says
    assert "Nobody who works here" in finding.says
