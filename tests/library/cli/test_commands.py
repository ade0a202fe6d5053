"""The commands hash, match and bank, as a person or a script at a prompt meets them."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from dutybound.cli import main as cli
from dutybound.cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in an empty folder that holds photo.png, mirrored.png and other.png."""
    monkeypatch.chdir(tmp_path)
    photo, other = (
        Image.fromarray(shades).resize((200, 200))
        for shades in np.random.default_rng(1).integers(0, 256, (2, 16, 16, 3), dtype=np.uint8)
    )
    photo.save("photo.png")
    photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save("mirrored.png")
    other.save("other.png")
    runner = CliRunner()
    return lambda *arguments: runner.invoke(main, [str(each) for each in arguments])


def build(run: Run, *more: str, effect: str = "block") -> Result:
    settings = ["--name", "demo", "--source", "a test", "--harm", "iia", "--effect", effect]
    return run("bank", "build", "bank.jsonl", *more, *settings)


def test_a_bank_of_no_kind_of_harm_is_refused_with_the_nearest_name(run: Run) -> None:
    settings = ["--name", "demo", "--source", "a test", "--harm", "fruad", "--effect", "block"]

    answer = run("bank", "build", "bank.jsonl", "photo.png", *settings)

    assert answer.exit_code == 2
    assert "'fruad' is no kind of harm; did you mean fraud?" in answer.output
    assert not Path("bank.jsonl").exists()


def test_hash_prints_the_hashes_of_each_file(run: Run) -> None:
    answer = run("hash", "--json", "photo.png", "other.png")

    first, second = map(json.loads, answer.output.splitlines())
    assert answer.exit_code == 0
    assert first["file"] == "photo.png"
    assert len(first["frames"][0]["pdq"]) == len(second["sha256"]) == 64


def test_hash_tells_of_an_empty_file_and_goes_on(run: Run) -> None:
    Path("empty.png").touch()

    answer = run("hash", "empty.png", "photo.png")

    assert answer.exit_code == 2
    assert "It has no bytes." in answer.output
    assert "sha256" in answer.output


def test_a_mirrored_picture_matches_and_the_exit_code_says_so(run: Run) -> None:
    assert build(run, "photo.png").exit_code == 0

    answer = run("match", "mirrored.png", "--bank", "bank.jsonl")

    assert answer.exit_code == 1
    assert "mirrored.png: block" in answer.output
    assert "limit 31, mirrored: block." in answer.output


def test_another_picture_does_not_match(run: Run) -> None:
    build(run, "photo.png")

    answer = run("match", "other.png", "--bank", "bank.jsonl", "--json")

    assert answer.exit_code == 0
    assert json.loads(answer.output)["matches"] == []


def test_a_match_is_told_even_when_another_file_cannot_be_read(run: Run) -> None:
    build(run, "photo.png")
    Path("empty.png").touch()

    answer = run("match", "empty.png", "photo.png", "--bank", "bank.jsonl", "--json")

    assert answer.exit_code == 1
    assert json.loads(answer.output.splitlines()[0])["verdict"] is None


def test_words_match_without_any_file(run: Run) -> None:
    Path("words.csv").write_text("zonk\n")
    assert build(run, "--signals", "words.csv", "--kind", "phrase", effect="hold").exit_code == 0

    answer = run("match", "--text", "Such a ZONK.", "--bank", "bank.jsonl")

    assert answer.exit_code == 1
    assert "--text: hold" in answer.output


def test_two_banks_in_one_run_do_not_mix_their_signals(run: Run) -> None:
    build(run, "photo.png")
    Path("bank.jsonl").rename("first.jsonl")
    build(run, "other.png")

    answer = run("match", "photo.png", "-b", "first.jsonl", "-b", "bank.jsonl", "--json")

    matches = json.loads(answer.output)["matches"]
    assert {match["source_record"] for match in matches} == {"photo.png"}


def test_a_list_with_a_bad_row_is_refused_whole(run: Run) -> None:
    Path("hashes.csv").write_text("kind,value\nmd5,xyz\n")

    answer = build(run, "--signals", "hashes.csv")

    assert answer.exit_code == 2
    assert "hashes.csv: line 2: expected 32 hex digits" in answer.output
    assert not Path("bank.jsonl").exists()


def test_a_bank_without_signals_is_not_built(run: Run) -> None:
    answer = build(run)

    assert answer.exit_code == 2
    assert "There are no signals" in answer.output
    assert not Path("bank.jsonl").exists()


def test_info_checks_a_bank_and_tells_what_is_in_it(run: Run) -> None:
    build(run, "photo.png", "other.png")

    told = json.loads(run("bank", "info", "bank.jsonl", "--json").output)

    assert (told["signals"], told["kinds"]) == (4, {"sha256": 2, "pdq": 2})
    assert "threshold        31" in run("bank", "info", "bank.jsonl").output


def test_a_damaged_bank_is_refused_by_every_command(run: Run) -> None:
    build(run, "photo.png")
    text = Path("bank.jsonl").read_text()
    Path("bank.jsonl").write_text(text.replace('"threshold": 31', '"threshold": 13'))

    for arguments in (("bank", "info"), ("match", "photo.png", "-b")):
        answer = run(*arguments, "bank.jsonl")
        assert answer.exit_code == 2
        assert "the checksum does not fit" in answer.output


def test_diff_tells_what_was_added_removed_and_changed(run: Run) -> None:
    build(run, "photo.png")
    Path("bank.jsonl").rename("old.jsonl")
    build(run, "photo.png", "other.png", effect="hold")

    answer = run("bank", "diff", "old.jsonl", "bank.jsonl", "--json")

    told = json.loads(answer.output)
    assert answer.exit_code == 1
    assert told["settings"] == {"effect": {"old": "block", "new": "hold"}}
    assert {each["kind"] for each in told["added"]} == {"sha256", "pdq"}
    assert not told["removed"]
    assert run("bank", "diff", "old.jsonl", "old.jsonl").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [("hash",), ("hash", "nowhere.png"), ("match", "photo.png"), ("bank", "build", "x"), ("zonk",)],
)
def test_wrong_use_has_its_own_exit_code(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


class BrokenEntry:
    name, value = "broken", "nowhere.at.all:command"

    def load(self) -> object:
        raise ImportError("No module named 'nowhere'")


def test_a_broken_command_of_others_says_so_and_stops_no_other(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "entry_points", lambda **_: [BrokenEntry()])

    broken, listed, whole = run("broken"), run("--help"), run("hash", "photo.png")

    assert broken.exit_code == 2
    assert "'broken' could not be loaded from nowhere.at.all:command" in broken.output
    assert "broken" in listed.output
    assert whole.exit_code == 0
