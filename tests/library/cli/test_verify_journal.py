"""`dutybound verify-journal`: what it says, and how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dutybound.cli.main import main
from tests.library.ledger.oracle import entries_of
from tests.library.ledger.published import KEY, Paths, journal, with_entries
from tests.library.ledger.witnesses import AT, cosigned, head_of, witness

ENTRIES = entries_of(300)
GOOD = journal(ENTRIES)
CHANGED = with_entries(GOOD, [*ENTRIES[:17], b"forged", *ENTRIES[18:]], size=300)
REMOVED = with_entries(GOOD, ENTRIES[::2], size=300)


def write(paths: Paths, folder: Path) -> str:
    for path, content in paths.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return str(folder)


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify-journal", *arguments])


def test_a_good_journal_exits_with_0_and_says_what_its_own_key_proves(tmp_path: Path) -> None:
    answer = verify(write(GOOD, tmp_path))

    assert answer.exit_code == 0
    assert "It verifies" in answer.stdout
    assert "shows only that the journal fits itself" in answer.stdout


def test_a_given_key_is_trusted_without_a_caution(tmp_path: Path) -> None:
    answer = verify(write(GOOD, tmp_path), "--key", str(KEY))

    assert answer.exit_code == 0
    assert f"Trusted key: {KEY}" in answer.stdout
    assert "fits itself" not in answer.stdout


def test_a_changed_entry_exits_with_1_and_is_named(tmp_path: Path) -> None:
    answer = verify(write(CHANGED, tmp_path))

    assert answer.exit_code == 1
    assert "- entry 17 was changed" in answer.stdout
    assert answer.stdout.endswith("It does not verify.\n")


def test_scripts_read_json(tmp_path: Path) -> None:
    answer = verify(write(CHANGED, tmp_path), "--json")

    told = json.loads(answer.stdout)
    assert (told["verifies"], told["size"], told["key_was_given"]) == (False, 300, False)
    assert [(found["what"], found["first"]) for found in told["findings"]] == [("changed", 17)]


def test_a_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    answer = verify(write(REMOVED, tmp_path))

    assert answer.stdout.count("\n- entry") == 50
    assert "and 100 more; --json lists all" in answer.stdout


def test_a_journal_is_held_against_a_checkpoint_that_was_kept(tmp_path: Path) -> None:
    for name, size in (("older", 200), ("longer", 301)):
        (tmp_path / name).write_bytes(journal(entries_of(size))["checkpoint"])
    folder = tmp_path / "journal"
    write(GOOD, folder)

    assert verify(str(folder), "--since", str(tmp_path / "older")).exit_code == 0
    shrunk = verify(str(folder), "--since", str(tmp_path / "longer"))
    assert shrunk.exit_code == 1
    assert "it had 301 entries then and has 300 now" in shrunk.stdout


def test_a_journal_is_held_against_a_policy(tmp_path: Path) -> None:
    (tmp_path / "policy").write_text(f"log {KEY}\nwitness ngo {witness(1).key}\nquorum ngo\n")
    policy = ("--policy", str(tmp_path / "policy"))
    seen = cosigned(head_of(ENTRIES), witness(1))

    unseen = verify(write(GOOD, tmp_path / "journal"), *policy)
    told = verify(write({"checkpoint": seen.encode()}, tmp_path / "journal"), *policy)
    as_json = json.loads(verify(str(tmp_path / "journal"), *policy, "--json").stdout)

    assert unseen.exit_code == 1
    assert "does not satisfy the policy" in unseen.stdout
    assert told.exit_code == 0
    assert "Witnessed by ngo on 2026-09-21" in told.stdout
    assert "fits itself" not in told.stdout
    assert as_json["witnessed_by"] == {"ngo": AT}


def test_a_journal_without_a_witness_says_so_and_still_exits_with_0(tmp_path: Path) -> None:
    answer = verify(write(GOOD, tmp_path))

    assert answer.exit_code == 0
    assert "No witness: nobody outside has signed this head." in answer.stdout


def test_what_is_no_policy_exits_with_2_and_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "policy").write_text("quorum none\nzonk\n")

    answer = verify(write(GOOD, tmp_path / "journal"), "--policy", str(tmp_path / "policy"))

    assert answer.exit_code == 2
    assert "line 2: expected log, witness, group or quorum" in answer.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere"],
        [".", "--policy", "nowhere"],
        [".", "--key", "zonk"],
        [".", "--since", "nowhere"],
        [],
    ],
    ids=str,
)
def test_wrong_use_exits_with_2(arguments: list[str]) -> None:
    assert verify(*arguments).exit_code == 2


def test_what_cannot_be_read_exits_with_2(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").mkdir()

    answer = verify(str(tmp_path))

    assert answer.exit_code == 2
    assert "Cannot read the journal" in answer.stderr
