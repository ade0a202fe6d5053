"""`dutybound assess`: an answer that can be read, and every trouble of a bad profile."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dutybound.cli.main import main

FORUM = Path(__file__).parents[3] / "examples/village-forum/profile.toml"
DAY = ("--as-of", "2026-11-25")


def assess(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["assess", *map(str, arguments)])


def written(folder: Path, text: str, name: str = "profile.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_bad_profile_ends_with_2_and_tells_every_trouble(tmp_path: Path) -> None:
    path = written(tmp_path, "[facts]\ncomenting = true\n[risks]\nfraud = 3\n")

    answer = assess(path)

    assert answer.exit_code == 2
    assert f"{path}:2: facts.comenting: there is no fact 'comenting'" in answer.output
    assert f"{path}:4: risks.fraud: expected a table, got 3" in answer.output


@pytest.mark.parametrize(
    ("content", "says"), [(b"\xff\xfe\x00", "holds no text"), (b"[[[", "not TOML")]
)
def test_what_is_no_text_or_no_toml_ends_with_2(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(content)

    answer = assess(path)

    assert answer.exit_code == 2
    assert says in answer.output


def test_the_answer_says_what_applies_why_and_how_sure_that_is() -> None:
    told = assess(FORUM, *DAY).output

    assert "Scope: It is a user-to-user service with links to the UK." in told
    assert "Illegal content Codes: 14 measures apply" in told
    assert "Protection of Children Code: 13 measures apply" in told
    assert "  - ICU C2, Swift take-down (verified), because it is for every" in told
    assert "verified in part: ICU D11, PCU C2" in told
    assert "proposed; would apply" in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80


def test_what_is_not_known_is_told_with_what_would_settle_it(tmp_path: Path) -> None:
    told = assess(written(tmp_path, ""), *DAY).output

    assert "May apply: not known yet" in told
    assert "ICU A1, Annual board-level review of risk management (verified in part)" in told
    assert "say how many UK users it has" in " ".join(told.split())


def test_a_service_out_of_scope_is_told_so_and_why(tmp_path: Path) -> None:
    scope = '[scope]\nuser_to_user = false\nreason = "We publish; nobody can comment."'

    told = assess(written(tmp_path, scope), *DAY).output

    assert "out of scope" in told
    assert "We publish; nobody can comment." in told
    assert "apply" not in told


def test_in_json_every_measure_has_its_answer() -> None:
    told = json.loads(assess(FORUM, *DAY, "--json").output)
    answers = {each["id"]: each for each in told["answers"]}

    assert answers["ICU A1"]["applies"] == "does not apply"
    assert answers["ICU A1"]["why"] == "the service is not large"
    assert answers["PCU C2"]["confidence"] == told["not_verified"]["PCU C2"] == "partial"
    assert told["scope"]["in_scope"] is True
    assert {gap["id"] for gap in told["gaps"]} >= {"hyperlinking", "direct_messaging"}


def test_the_law_of_another_day_is_answered_though_a_kind_was_not_there_yet() -> None:
    told = json.loads(assess(FORUM, "--as-of", "2025-03-17", "--json").output)
    in_force = {a["id"] for a in told["answers"] if a["standing"] == "in force"}

    assert "ICU C1" in in_force
    assert "PCU C1" not in in_force


def test_an_assessment_in_json_is_read_as_well(tmp_path: Path) -> None:
    path = written(tmp_path, '{"service": {"name": "Ridge Forum"}}', "assessment.json")

    assert assess(path, *DAY).output.startswith("Ridge Forum, by the law of 25 November 2026")


def test_it_comes_as_oscal_and_as_pdf(tmp_path: Path) -> None:
    pdf = tmp_path / "record.pdf"

    answer = assess(FORUM, *DAY, "--oscal", "--pdf", pdf)

    assert answer.exit_code == 0
    assert set(json.loads(answer.stdout)) == {
        "catalog.json",
        "profile.json",
        "ssp.json",
        "poam.json",
    }
    assert pdf.read_bytes().startswith(b"%PDF")


def test_json_and_oscal_are_not_both_given() -> None:
    assert assess(FORUM, "--json", "--oscal").exit_code == 2
