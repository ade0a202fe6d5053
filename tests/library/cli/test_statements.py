"""`dutybound statements check`: a file of statements before anybody publishes it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dutybound.cli.main import main
from tests.library.cases.test_statements import GOOD


def check(path: Path, content: str, *options: str) -> Result:
    path.write_text(content, "utf-8")
    return CliRunner().invoke(main, ["statements", "check", str(path), *options])


@pytest.mark.parametrize("content", ["", "{", '{"puid": 1}\n{'])
def test_a_file_that_cannot_be_read_is_wrong_use(tmp_path: Path, content: str) -> None:
    assert check(tmp_path / "some.json", content).exit_code == 2


def test_what_names_a_person_is_said_with_its_place(tmp_path: Path) -> None:
    wrong = {**GOOD, "puid": "ridge-2", "decision_facts": "Ask @bram_hill."}

    answer = check(tmp_path / "some.json", json.dumps({"statements": [GOOD, wrong]}))

    assert answer.exit_code == 1
    assert answer.stdout == (
        "2 (ridge-2): decision_facts: has a handle: @bram_hill\n"
        "1 of 2 statements have something wrong.\n"
    )


@pytest.mark.parametrize(
    "content", [json.dumps(GOOD), json.dumps([GOOD]), json.dumps(GOOD) + "\n\n"]
)
def test_statements_in_order_exit_with_nothing_wrong(tmp_path: Path, content: str) -> None:
    answer = check(tmp_path / "some.json", content)

    assert (answer.exit_code, answer.stdout) == (0, "Nothing is wrong with 1 statements.\n")


def test_scripts_read_it_as_json(tmp_path: Path) -> None:
    answer = check(tmp_path / "some.json", json.dumps([{**GOOD, "puid": "a b"}]), "--json")

    (found,) = json.loads(answer.stdout)
    assert (found["statement"], found["field"], found["personal"]) == (1, "puid", False)
