"""Every probe can come out not met, and not enough: none of them is always content."""

import pytest

from dutybound.evidence.probe import Finding, Probe, find, find_again
from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import Status
from dutybound.register.book import register
from tests.library.evidence.cases import Answers, by_name, every_case

CASES = every_case()
BY_ID = {probe.id: probe for probe in PROBES.values()}
CODES = ("illegal-content", "children")


def found(probe: Probe, answers: Answers) -> Finding:
    return find(probe, probe.measures[0], by_name(answers))


def test_every_probe_has_cases_and_every_case_a_probe() -> None:
    assert set(CASES) == set(BY_ID)


@pytest.mark.parametrize("probe_id", sorted(CASES))
def test_it_comes_out_not_met(probe_id: str) -> None:
    assert found(BY_ID[probe_id], CASES[probe_id].not_met).status is Status.NOT_MET


@pytest.mark.parametrize("probe_id", sorted(CASES))
def test_it_comes_out_not_enough(probe_id: str) -> None:
    cases = CASES[probe_id]
    if cases.not_enough is None:
        assert cases.why_never_short, "say why it always knows"
        return

    assert found(BY_ID[probe_id], cases.not_enough).status is Status.NOT_ENOUGH


@pytest.mark.parametrize("probe_id", sorted(CASES))
def test_it_comes_out_as_its_other_cases_say(probe_id: str) -> None:
    cases, probe = CASES[probe_id], BY_ID[probe_id]

    assert found(probe, cases.met).status is Status.MET
    if cases.at_risk is not None:
        assert found(probe, cases.at_risk).status is Status.AT_RISK
    for status, answers in cases.others:
        assert found(probe, answers).status == status


@pytest.mark.parametrize("probe_id", sorted(CASES))
def test_what_it_finds_is_said_in_a_sentence_and_made_again_from_its_inputs(probe_id: str) -> None:
    cases, probe = CASES[probe_id], BY_ID[probe_id]
    told = [cases.not_met, cases.met, *(answers for _, answers in cases.others)]
    told += [one for one in (cases.not_enough, cases.at_risk) if one is not None]

    for answers in told:
        finding = found(probe, answers)

        assert finding.says.endswith(".")
        assert len(finding.says) < 500
        assert {figure.query for figure in finding.figures} <= {one.name for one in probe.reads}
        assert find_again(probe, finding.measure, finding.inputs).digest == finding.digest


def test_every_measure_of_the_codes_has_a_probe_or_a_governance_task() -> None:
    measures = {one.id for one in register().provisions if one.code in CODES and not one.is_duty}

    assert set(PROBES) == measures
