"""Findings in OSCAL: valid for NIST's schema, read by others, and "satisfied" means met."""

import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from dutybound.evidence.oscal_results import with_findings
from dutybound.evidence.overview import Overview
from dutybound.evidence.status import Status
from dutybound.risk.oscal import as_oscal, check
from tests.library.evidence.overviews import RIDGE, many, measure
from tests.library.risk.filled import TODAY, filled_in
from tests.needs import OSCAL

ACCOUNTS = {
    "some": RIDGE,
    "many": many(9),
    "none": replace(RIDGE, measures=(), tasks=(), residual=()),
    "no figures": replace(RIDGE, measures=(measure("ICU A2", Status.NOT_MET, figures=()),)),
    "strange": replace(
        RIDGE,
        service=" \n ",
        measures=(measure("ICU A2", says=" \u2028 ", title="  ", owner="\t"),),
    ),
}
READ_BY_TRESTLE = """
import sys
from pathlib import Path
from trestle.oscal import assessment_plan, assessment_results, poam
folder = Path(sys.argv[1])
plan = assessment_plan.AssessmentPlan.oscal_read(folder / "assessment-plan.json")
print(len(plan.local_definitions.activities))
results = assessment_results.AssessmentResults.oscal_read(folder / "assessment-results.json")
print({f.target.target_id: f.target.status.state.value for f in results.results[0].findings})
print(len(poam.PlanOfActionAndMilestones.oscal_read(folder / "poam.json").poam_items))
"""

Documents = dict[str, Any]


@cache
def assessed() -> Documents:
    return dict(as_oscal(filled_in(), as_of=TODAY))


def exported(overview: Overview) -> Documents:
    # A copy: what one test spoils is whole for the next.
    return json.loads(json.dumps(with_findings(assessed(), overview)))  # type: ignore[no-any-return]


def result(documents: Documents) -> Documents:
    found: Documents = documents["assessment-results.json"]["assessment-results"]["results"][0]
    return found


def items(documents: Documents) -> list[Documents]:
    found: list[Documents] = documents["poam.json"]["plan-of-action-and-milestones"]["poam-items"]
    return found


def props(holder: Documents) -> dict[str, str]:
    return {one["name"]: one["value"] for one in holder["props"]}


def test_nothing_but_met_is_satisfied() -> None:
    every = tuple(
        measure(f"ICU C{place}", status) for place, status in enumerate((*Status, None), start=1)
    )

    found = result(exported(replace(RIDGE, measures=every)))["findings"]

    satisfied = [one for one in found if one["target"]["status"]["state"] == "satisfied"]
    assert [props(one)["status"] for one in satisfied] == ["met"]
    assert len(found) == len(Status)


def test_each_figure_is_an_observation_with_its_query_and_the_head() -> None:
    found = result(exported(RIDGE))

    told = [props(one) for one in found["observations"]]
    first = told[0]
    assert (first["query"], first["value"], first["of"]) == ("acknowledged", "12", "14")
    assert props(found)["journal-checkpoint"] == "4210"
    assert found["observations"][0]["title"] == "Acknowledged in time"


def test_tasks_and_risks_that_the_records_speak_against_are_left_to_do() -> None:
    before = items(assessed())

    found = items(exported(RIDGE))[len(before) :]

    assert [one["title"] for one in found] == [
        "Put ICU A2 right",
        "Look again at the level of Fraud",
    ]
    assert all(one["related-risks"] for one in found)


def test_a_measure_that_the_catalog_does_not_have_is_named_and_left_out() -> None:
    overview = replace(RIDGE, measures=(measure("ICU Z9"), measure("ICU A2")), tasks=())

    found = result(exported(overview))

    assert [one["title"][:6] for one in found["findings"]] == ["ICU A2"]
    assert "Not in the catalog: ICU Z9." in found["description"]


@pytest.mark.parametrize("name", ACCOUNTS)
def test_what_is_exported_agrees_with_itself(name: str) -> None:
    assert check(exported(ACCOUNTS[name])) == []


def test_the_same_account_gives_the_same_documents() -> None:
    assert exported(RIDGE) == exported(RIDGE)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: result(d)["findings"][0]["target"].update({"target-id": "icu-z9_smt"}),
         "no catalog has the statement icu-z9_smt"),
        (lambda d: result(d)["observations"].pop(0), "there is no observation"),
        (lambda d: result(d)["risks"].pop(0), "there is no risk"),
        (lambda d: result(d)["reviewed-controls"]["control-selections"][0]["include-controls"][0]
         .update({"control-id": "icu-z9"}), "no catalog has icu-z9"),
        (lambda d: d.pop("assessment-plan.json"), "there is no assessment-plan.json"),
        (lambda d: d["assessment-plan.json"]["assessment-plan"]["import-ssp"].update(href="x"),
         "there is no x"),
    ],
)  # fmt: skip
def test_our_own_check_sees(change: Callable[[Documents], None], told: str) -> None:
    spoilt = deepcopy(exported(RIDGE))
    change(spoilt)

    assert any(told in trouble.says for trouble in check(spoilt))


@pytest.mark.oscal
@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_document_is_valid_under_nists_schema(name: str) -> None:
    (path,) = OSCAL.glob("lib/python3*/site-packages/*/oscal_schemas/oscal_complete_schema.json")
    validator = jsonschema_rs.validator_for(json.loads(path.read_text("utf-8")))

    troubles = {
        file: [error.message for error in validator.iter_errors(document)]
        for file, document in exported(ACCOUNTS[name]).items()
    }

    assert {file: found for file, found in troubles.items() if found} == {}
    assert len(troubles) == 6


@pytest.mark.oscal
def test_compliance_trestle_reads_the_plan_the_results_and_what_is_left(tmp_path: Path) -> None:
    documents = exported(RIDGE)
    for name, document in documents.items():
        (tmp_path / name).write_text(json.dumps(document))

    answer = subprocess.run(
        [OSCAL / "bin" / "python", "-c", READ_BY_TRESTLE, tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert answer.returncode == 0, answer.stderr
    activities, states, left = answer.stdout.splitlines()
    assert activities == "1"
    assert "'icu-a2_smt': 'not-satisfied'" in states
    assert "'icu-c9_smt': 'satisfied'" in states
    assert int(left) == len(items(documents))
