"""OSCAL out and in: valid for NIST's schema, read by others, and the same document comes back."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from dutybound.register.book import register
from dutybound.risk.document import Assessment, ControlState
from dutybound.risk.oscal import BadOscal, NothingApplies, as_oscal, check, from_oscal
from tests.library.risk.filled import TODAY, filled_in, village_forum
from tests.needs import OSCAL

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ALL = {"filled in": filled_in(), "village forum": village_forum(), "empty": Assessment()}

READ_BY_TRESTLE = """
import sys
from pathlib import Path
from trestle.core.catalog.catalog_interface import CatalogInterface
from trestle.core.profile_resolver import ProfileResolver
from trestle.oscal import catalog, poam, profile, ssp
folder = Path(sys.argv[1])
assert catalog.Catalog.oscal_read(folder / "catalog.json").groups
print(profile.Profile.oscal_read(folder / "profile.json").imports[0].href)
print(ssp.SystemSecurityPlan.oscal_read(folder / "ssp.json").system_characteristics.system_name)
print(len(poam.PlanOfActionAndMilestones.oscal_read(folder / "poam.json").poam_items))
resolved = ProfileResolver.get_resolved_profile_catalog(folder, folder / "profile.json")
print(sorted(CatalogInterface(resolved).get_control_ids()))
"""

Documents = dict[str, Any]


def exported(assessment: Assessment, *, as_of: date = TODAY) -> Documents:
    return dict(as_oscal(assessment, as_of=as_of, last_modified=NOW))


FILLED_IN = json.dumps(exported(filled_in()))
_STRANGE = '  \u2028\n <b>#\\ "x" \u202e \U0001f642 ' + "y" * 250
STRANGE = filled_in(
    service={"name": _STRANGE, "description": " \n ", "provider": " "},
    people={"completed_by": _STRANGE, "responsible": "\t"},
    days={"approved": "9026-11-12", "completed": "0026-11-12"},
    controls=[
        {"id": "1", "title": " ", "state": "task", "measures": ["ICU A2", "none"], "owner": "\n"},
        {"id": "2", "title": _STRANGE, "state": "unknown", "harms": ["hate"]},
    ],
)


@pytest.fixture
def documents() -> Documents:
    return json.loads(FILLED_IN)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ALL)
def test_what_is_exported_comes_back_the_same(name: str) -> None:
    written = json.loads(json.dumps(exported(ALL[name])))

    assert from_oscal(written).assessment == ALL[name]
    assert from_oscal(written["ssp.json"]).assessment == ALL[name]


@pytest.mark.parametrize("name", ALL)
def test_what_is_exported_agrees_with_itself(name: str) -> None:
    assert check(exported(ALL[name])) == []


def test_the_same_assessment_gives_the_same_documents(documents: Documents) -> None:
    assert exported(filled_in()) == documents


def test_without_a_time_it_was_modified_when_something_was_last_done_to_it() -> None:
    catalog = as_oscal(filled_in(), as_of=TODAY)["catalog.json"]["catalog"]

    assert catalog["metadata"]["last-modified"] == "2026-11-12T00:00:00+00:00"


def test_another_version_has_other_numbers_and_the_same_parts(documents: Documents) -> None:
    people = filled_in().people.model_copy(update={"responsible": "Bram Hale"})

    other = exported(filled_in(people=people.model_dump()))

    ours, theirs = (d["ssp.json"]["system-security-plan"] for d in (documents, other))
    assert ours["uuid"] != theirs["uuid"]
    assert ours["metadata"]["version"] != theirs["metadata"]["version"]
    assert ours["system-implementation"] == theirs["system-implementation"]


def test_the_catalog_has_each_measure_with_its_standing_and_how_sure_it_is(
    documents: Documents,
) -> None:
    groups = documents["catalog.json"]["catalog"]["groups"]
    controls = [c for code in groups for part in code["groups"] for c in part["controls"]]
    props = {c["id"]: {p["name"]: p["value"] for p in c["props"]} for c in controls}

    edition = register().on(TODAY)
    assert len(controls) == len(edition.measures) + len(edition.duties)
    assert props["icu-c15"]["standing"] == "laid"
    assert props["icu-a2"]["confidence"] == "verified"
    assert props["icu-c14"]["in-force"] == "2026-09-30"


def test_the_profile_has_the_measures_that_apply_with_reasons(documents: Documents) -> None:
    profile = documents["profile.json"]["profile"]

    (selected,) = profile["imports"][0]["include-controls"]
    reasons = {a["control-id"]: a["adds"][0]["props"][0] for a in profile["modify"]["alters"]}
    assert {"icu-a2", "pcu-a2"} <= set(selected["with-ids"]) == set(reasons)
    assert reasons["icu-a2"]["value"] == "it is for every user-to-user service"


def test_the_plan_tells_in_which_state_each_control_is(documents: Documents) -> None:
    plan = documents["ssp.json"]["system-security-plan"]
    states = {
        r["control-id"]: r["by-components"][0]["implementation-status"]["state"]
        for r in plan["control-implementation"]["implemented-requirements"]
    }

    assert states["icu-a2"] == "implemented"
    assert states["icu-c1"] == "planned"
    assert states["icu-d9"] == "alternative"
    assert states["pcu-g3"] == "refused"
    assert states["icu-d13"] == "declined"
    assert states["icu-d11"] == "idle"
    assert states["icu-d1"] == "not-recorded"


def test_what_is_not_known_is_left_to_do_and_never_left_out() -> None:
    items = exported(Assessment())["poam.json"]["plan-of-action-and-milestones"]["poam-items"]

    titles = {item["title"] for item in items}
    assert "Give fraud a level" in titles
    assert any(title.startswith("Find out whether ICU C9") for title in titles)


def test_gaps_and_tasks_are_left_to_do_with_owner_and_day(documents: Documents) -> None:
    items = documents["poam.json"]["plan-of-action-and-milestones"]["poam-items"]
    task = next(item for item in items if item["title"] == "Look at sellers first")

    told = {p["name"]: p["value"] for p in task["props"]}
    assert (told["owner"], told["due"], told["control-id"]) == ("Bram Hale", "2027-01-15", "icu-c1")
    titles = {item["title"] for item in items}
    assert {"Nothing stands behind ICU D1", "Treat the risk of bullying"} <= titles
    assert "Treat the risk of fraud" not in titles  # a task is linked with it
    assert any(title.startswith("Answer the risk factor: ") for title in titles)
    assert "Look again at what was accepted: fraud" in titles


def test_a_control_that_was_refused_mitigates_nothing() -> None:
    refused = {"id": "c", "title": "C", "state": "refused", "harms": ["bullying"]}

    items = exported(filled_in(controls=[refused]))["poam.json"]

    titles = {i["title"] for i in items["plan-of-action-and-milestones"]["poam-items"]}
    assert "Treat the risk of bullying" in titles


def test_before_any_code_was_in_force_there_is_no_profile() -> None:
    with pytest.raises(NothingApplies, match="2024-01-01"):
        exported(filled_in(), as_of=date(2024, 1, 1))


def spoilt(documents: Documents, change: Callable[[Documents], None]) -> list[str]:
    copy = deepcopy(documents)
    change(copy)
    return [f"{trouble.path}: {trouble.says}" for trouble in check(copy)]


def _catalog(documents: Documents) -> Any:  # noqa: ANN401 - JSON
    return documents["catalog.json"]["catalog"]


def _plan(documents: Documents) -> Any:  # noqa: ANN401 - JSON
    return documents["ssp.json"]["system-security-plan"]


def _items(documents: Documents) -> Any:  # noqa: ANN401 - JSON
    return documents["poam.json"]["plan-of-action-and-milestones"]["poam-items"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: _catalog(d)["metadata"].update({"oscal-version": "1.0.4"}),
         "catalog.json/catalog/metadata/oscal-version: expected 1.2.1, got '1.0.4'"),
        (lambda d: _catalog(d)["groups"][0]["groups"][0]["controls"][1].update(id="icu-a1"),
         "groups/0/groups/0/controls/1/id: icu-a1 is used 2 times"),
        (lambda d: _catalog(d)["groups"][0]["groups"][1].update(id="icu-a1"),
         "icu-a1 is used more than once"),
        (lambda d: _catalog(d)["back-matter"]["resources"].pop(0), "nothing in the back matter is"),
        (lambda d: d["profile.json"]["profile"]["imports"][0].update(href="other.json"),
         "imports/0/href: there is no other.json"),
        (lambda d: d["profile.json"]["profile"]["imports"][0]["include-controls"][0]["with-ids"]
         .append("icu-z9"), "catalog.json has no control icu-z9"),
        (lambda d: d["profile.json"]["profile"]["modify"]["alters"][0].update(
            {"control-id": "icu-a1"}), "icu-a1 is changed, and not selected"),
        (lambda d: _plan(d)["import-profile"].update(href="no.json"), "there is no no.json"),
        (lambda d: _plan(d)["control-implementation"]["implemented-requirements"].pop(0),
         "nothing is said of icu-a2"),
        (lambda d: _plan(d)["control-implementation"]["implemented-requirements"][0].update(
            {"control-id": "icu-a1"}), "profile.json does not select icu-a1"),
        (lambda d: _plan(d)["control-implementation"]["implemented-requirements"][0].update(
            {"control-id": "icu-c1"}), "icu-c1 is used 2 times"),
        (lambda d: _plan(d)["system-implementation"]["components"].pop(1), "there is no component"),
        (lambda d: _plan(d)["metadata"]["parties"].pop(0), "there is no party"),
        (lambda d: _plan(d)["metadata"]["roles"].pop(0), "there is no role prepared-by"),
        (lambda d: _plan(d)["metadata"]["parties"].append(_plan(d)["metadata"]["parties"][0]),
         "is used 2 times"),
        (lambda d: d["poam.json"]["plan-of-action-and-milestones"]["import-ssp"].update(
            href="x.json"), "there is no x.json"),
        (lambda d: _items(d)[0].pop("props"), "names no control"),
        (lambda d: _items(d)[0]["props"][1].update(value="icu-z9"),
         "no catalog has the control icu-z9"),
        (lambda d: d["poam.json"]["plan-of-action-and-milestones"]["risks"].pop(0),
         "there is no risk"),
    ],
)  # fmt: skip
def test_our_own_check_sees(
    documents: Documents, change: Callable[[Documents], None], told: str
) -> None:
    assert any(told in trouble for trouble in spoilt(documents, change))


def embedded(content: bytes, **more: object) -> Documents:
    resource = {
        "uuid": "1",
        "base64": {
            "media-type": "application/vnd.dutybound.assessment+json",
            "value": b64encode(content).decode(),
        }
        | more,
    }
    metadata = {"oscal-version": "1.2.1"}
    return {"catalog": {"metadata": metadata, "back-matter": {"resources": [resource]}}}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "the document: expected an object, got list"),
        ({"catalog": 3}, "catalog: expected an object, got int"),
        ({"catalog": {}}, "catalog: expected metadata, and there is none"),
        ({"catalog": {"metadata": {"oscal-version": 1}}}, "oscal-version: expected text, got int"),
        ({"catalog": {"metadata": {"oscal-version": "2.0"}}}, "expected 1.2.1, got '2.0'"),
        ({"catalog": {"metadata": {"oscal-version": "1.2.1"}}},
         "expected a system-security-plan, or one that holds an assessment"),
        ({"catalog": {"metadata": {"oscal-version": "1.2.1"}, "back-matter": {"resources": {}}}},
         "catalog/back-matter/resources: expected a list, got dict"),
        (embedded(b"", value="%%"), "back-matter/resources/0/base64/value: expected base64"),
        (embedded(b"{"), "resources/0/base64/value: expected JSON inside"),
        (embedded(b'{"risks": {"fraud": {"level": "huge"}}}'), "inside at risks/fraud/level"),
        (embedded(b'{"fraud": 1}'), "inside at fraud"),
        ({"system-security-plan": {"metadata": {"oscal-version": "1.2.1"}}},
         "system-security-plan: expected system-characteristics, and there is none"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_path(given: object, told: str) -> None:
    with pytest.raises(BadOscal) as refusal:
        from_oscal(given)

    assert told in str(refusal.value)


def test_an_assessment_that_was_changed_on_its_way_is_refused(documents: Documents) -> None:
    held = _plan(documents)["back-matter"]["resources"][0]["base64"]
    held["value"] = b64encode(b"{}").decode()

    with pytest.raises(BadOscal, match="expected content with SHA-256"):
        from_oscal(documents)


def test_of_a_plan_by_others_what_came_over_is_told(documents: Documents) -> None:
    foreign = {"system-security-plan": _plan(documents)}
    del foreign["system-security-plan"]["back-matter"]
    requirements = _plan(documents)["control-implementation"]["implemented-requirements"]
    requirements[-1]["control-id"] = "ac-1"

    found = from_oscal(foreign)

    controls = {control.title: control for control in found.assessment.controls}
    assert found.assessment.service.name == "Ridge Forum"
    assert controls["Asha answers for safety"].state is ControlState.IN_PLACE
    assert controls["Asha answers for safety"].measures == ("ICU A2", "PCU A2")
    assert found.assessment.facts == {} == found.assessment.risks
    assert "Facts, levels of risk, evidence and people are not known." in found.notes[0]
    assert found.notes[1].endswith("control-id: ac-1 is no measure we know.")


@pytest.mark.oscal
@pytest.mark.parametrize("assessment", [*ALL.values(), STRANGE], ids=[*ALL, "strange"])
def test_every_document_is_valid_under_nists_schema(assessment: Assessment) -> None:
    (path,) = OSCAL.glob("lib/python3*/site-packages/*/oscal_schemas/oscal_complete_schema.json")
    schema = json.loads(path.read_text("utf-8"))
    validator = jsonschema_rs.validator_for(schema)

    assert "/1.2.1/" in schema["$id"]
    for document in exported(assessment).values():
        validator.validate(document)


@pytest.mark.oscal
def test_nists_schema_refuses_what_is_wrong() -> None:
    (path,) = OSCAL.glob("lib/python3*/site-packages/*/oscal_schemas/oscal_complete_schema.json")
    validator = jsonschema_rs.validator_for(json.loads(path.read_text("utf-8")))
    documents = exported(village_forum())
    del documents["ssp.json"]["system-security-plan"]["import-profile"]

    assert not validator.is_valid(documents["ssp.json"])


@pytest.mark.oscal
def test_compliance_trestle_reads_all_and_resolves_the_profile_to_what_applies(
    tmp_path: Path, documents: Documents
) -> None:
    (tmp_path / ".trestle").mkdir()
    for name, document in documents.items():
        (tmp_path / name).write_text(json.dumps(document))

    read = subprocess.run(
        [OSCAL / "bin" / "python", "-c", READ_BY_TRESTLE, tmp_path],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    (selected,) = documents["profile.json"]["profile"]["imports"][0]["include-controls"]
    expected = ["catalog.json", "Ridge Forum", str(len(_items(documents)))]
    assert read.stdout.splitlines() == [*expected, str(sorted(selected["with-ids"]))], read.stderr
