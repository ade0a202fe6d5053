"""`dutybound verify-disclosure`: what it says, and how it exits."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dutybound.cli.main import main
from tests.library.ledger.published import KEY
from tests.library.ledger.test_disclosure import GOOD, changed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "entry-4.disclosure.json"
    path.write_text(GOOD)
    return path


def verify(file: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["verify-disclosure", str(file), "--key", str(KEY), *options])


def test_an_entry_is_shown_with_what_is_known_of_each_value(file: Path) -> None:
    answer = verify(file)

    assert answer.exit_code == 0
    assert "The entry is in the journal example.org/journal, under its head of 5." in answer.stdout
    assert '"kind": "case.decided"' in answer.stdout
    assert "- note can be matched; give it with --value" in answer.stdout
    assert "- account cannot be matched to anything: its salt is erased" in answer.stdout


def test_a_value_that_was_told_is_matched_or_not(file: Path) -> None:
    true = verify(file, "--value", "note=It was satire.")
    false = verify(file, "--value", "note=It was meant.")
    strange = verify(file, "--value", "email=bram@example.com")

    assert (true.exit_code, false.exit_code, strange.exit_code) == (0, 1, 1)
    assert "- note is what was given" in true.stdout
    assert "- note is NOT what was given" in false.stdout
    assert "- email is NOT in the entry" in strange.stdout


def test_an_erased_value_is_neither_right_nor_wrong(file: Path) -> None:
    assert verify(file, "--value", "account=bram").exit_code == 0


def test_a_changed_entry_exits_with_1(file: Path) -> None:
    file.write_text(changed(entry='{"personal": {}}'))

    answer = verify(file)

    assert answer.exit_code == 1
    assert "It does not verify" in answer.stdout


def test_what_cannot_be_read_exits_with_2(file: Path) -> None:
    file.write_bytes(b"\xff")

    assert verify(file).exit_code == 2
    assert verify(file, "--value", "zonk").exit_code == 2
    assert verify(file.parent / "nowhere").exit_code == 2
