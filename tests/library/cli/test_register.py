"""`dutybound register`: the law of a day, what changed, and whether the files are right."""

import json
import re
import shutil
import subprocess
import sys
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dutybound.cli import register as cli_register
from dutybound.cli.main import main
from dutybound.register.book import register

TODAY = "2026-11-25"
FIRST_DAY, NEXT_DAY = "2026-09-29", "2026-09-30"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["register", *arguments])


def test_a_day_that_is_none_is_wrong_use() -> None:
    answer = run("list", "--as-of", "June")

    assert answer.exit_code == 2
    assert "expected a day such as 2026-06-29, got 'June'" in answer.stderr


def test_every_entry_of_the_day_has_a_line_with_its_standing_and_confidence() -> None:
    lines = run("list", "--as-of", TODAY).stdout.splitlines()

    edition = register().on(date.fromisoformat(TODAY))
    rows = [line for line in lines if not line.startswith(" ")]
    assert len(rows) == len(edition.duties) + len(edition.measures)
    assert "ICU C15               laid      partial   Crisis response protocol" in rows
    assert max(map(len, lines)) <= 80


def test_a_list_can_be_of_one_code() -> None:
    lines = run("list", "--as-of", TODAY, "--code", "act").stdout.splitlines()

    assert all(line.startswith(("OSA-", " ")) for line in lines)


def test_before_anybody_proposed_anything_the_list_says_so() -> None:
    assert run("list", "--as-of", "2020-01-01").stdout == (
        "Nothing of that was known on 1 January 2020.\n"
    )


def test_scripts_read_the_list_as_json() -> None:
    told = {each["id"]: each for each in json.loads(run("list", "--as-of", TODAY, "--json").stdout)}

    assert told["ICU C14"]["standing"] == "in force"
    assert told["ICU C14"]["dates"]["issued"] == "2026-09-09"
    assert told["ICU C14"]["confidence"]["level"] == "partial"


@pytest.mark.parametrize("name", [("ICU", "C14"), ("icu c14",), ("icu-c14",)], ids=str)
def test_an_entry_is_found_however_its_id_is_written(name: tuple[str, ...]) -> None:
    assert run("show", *name, "--as-of", TODAY).stdout.startswith("ICU C14: Hash matching")


def test_an_entry_is_shown_with_condition_dates_confidence_sources_and_place() -> None:
    shown = run("show", "ICU C14", "--as-of", TODAY).stdout

    flat = " ".join(shown.split())
    assert "illegal content Codes; in force on 25 November 2026" in flat
    assert "all of these: users can share images or videos any of these:" in flat
    assert "issued 2026-09-09" in flat
    assert "Verified in part; the rest is from memory." in flat
    assert "OXF: public compliance record of an encrypted file-transfer service" in flat
    assert re.search(r"Written in\n  illegal-content/content-moderation\.yaml:\d+\n$", shown)


def test_a_date_from_memory_says_so() -> None:
    shown = run("show", "ICU A1", "--as-of", TODAY).stdout

    assert "proposed   2023-11-09  (from memory)" in shown


def test_all_versions_are_listed_and_that_of_the_day_is_marked() -> None:
    before = run("show", "ICU G1", "--as-of", "2026-06-28").stdout
    after = run("show", "ICU G1", "--as-of", "2026-06-29").stdout

    assert "until 2026-06-29 (shown here)" in " ".join(before.split())
    assert "- in force 2026-06-29 (shown here)" in after
    assert "48-hour" not in before
    assert "48-hour" in after


def test_every_entry_can_be_shown_on_80_columns() -> None:
    names = {entry.id for entry in register().provisions} | {harm.id for harm in register().harms}
    for name in names:
        shown = run("show", name, "--as-of", TODAY)

        assert shown.exit_code == 0, name
        wide = [line for line in shown.stdout.splitlines() if len(line) > 80]
        assert all("/" in line for line in wide), f"only an address is not cut: {wide}"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("icu c99", "There is no duty, measure or kind of harm 'icu c99'; did you mean ICU C9?"),
        ("cyberflash", "did you mean cyberflashing?"),
        ("zonk", "There is no duty, measure or kind of harm 'zonk'\n"),
    ],
)
def test_an_unknown_id_is_told_with_the_nearest(name: str, says: str) -> None:
    answer = run("show", name)

    assert answer.exit_code == 2
    assert says in answer.stderr


def test_an_entry_of_later_says_when_it_begins() -> None:
    answer = run("show", "ICU C15", "--as-of", "2025-01-01")

    assert answer.exit_code == 2
    assert (
        "ICU C15 was not there on 1 January 2025; its first day is 30 June 2025." in answer.stderr
    )


def test_two_days_that_are_the_same_exit_with_0() -> None:
    answer = run("diff", "2026-10-01", "2026-10-02")

    assert answer.exit_code == 0
    assert answer.stdout == "Nothing changed from 1 October 2026 to 2 October 2026.\n"


def test_what_came_went_and_changed_has_a_sign_and_a_word() -> None:
    answer = run("diff", "2026-06-28", "2026-06-29")

    assert answer.exit_code == 1
    assert answer.stdout.splitlines() == [
        "~ ICU G1 changed: Terms of service: substance",
        "    requires",
        "      + Terms also cover the 48-hour intimate image duty (s.10(5)(b)).",
        "+ OSA-10-3A came: 48-hour intimate image take-down",
        "+ OSA-20A came: Intimate image content reports",
        "+ OSA-21-2A came: Expedited complaints for intimate image reporters",
    ]


def test_the_days_the_other_way_round_tell_what_went() -> None:
    told = json.loads(run("diff", "2026-06-29", "2026-06-28", "--json").stdout)

    assert {each["id"]: each["what"] for each in told} == {
        "ICU G1": "changed",
        "OSA-10-3A": "went",
        "OSA-20A": "went",
        "OSA-21-2A": "went",
    }


def profile(folder: Path, text: str) -> str:
    path = folder / "profile.toml"
    path.write_text(text)
    return str(path)


def test_a_profile_tells_what_changes_for_its_service(tmp_path: Path) -> None:
    file = profile(
        tmp_path,
        "[service.users]\nleast = 800_000\nmost = 900_000\n"
        '[facts]\nposting_images_videos = true\n[risks]\niia = "high"\n',
    )

    answer = run("diff", FIRST_DAY, NEXT_DAY, "--profile", file)

    assert answer.exit_code == 1
    assert " ".join(answer.stdout.split()) == (
        "~ ICU C14: Hash matching for intimate image abuse was issued, applies (partial) "
        "is in force, applies (partial), because users can share images or videos, the risk of "
        "intimate image abuse is high and it has more than 700,000 monthly UK users"
    )


def test_what_applies_on_neither_day_is_no_change_for_a_service(tmp_path: Path) -> None:
    file = profile(tmp_path, "[facts]\nposting_images_videos = false\n")

    answer = run("diff", FIRST_DAY, NEXT_DAY, "--profile", file)

    assert answer.exit_code == 0
    assert answer.stdout.startswith("Nothing changed for this service from 29 September 2026")


def test_a_changed_text_of_what_applies_is_told_and_read_as_json(tmp_path: Path) -> None:
    file = profile(tmp_path, "")

    text = run("diff", "2026-06-28", "2026-06-29", "--profile", file).stdout
    told = json.loads(run("diff", "2026-06-28", "2026-06-29", "--profile", file, "--json").stdout)

    assert "~ ICU G1: Terms of service: substance\n    what it asks for changed\n" in text
    assert [each["id"] for each in told if each["before"] is None] == [
        "OSA-10-3A", "OSA-20A", "OSA-21-2A",
    ]  # fmt: skip


def test_a_profile_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    file = profile(tmp_path, "[facts]\nposting_imges_videos = true\n")

    answer = run("diff", FIRST_DAY, NEXT_DAY, "--profile", file)

    assert answer.exit_code == 2
    assert f"{file}:2:" in answer.stderr


def copied(folder: Path) -> Path:
    with as_file(files("dutybound.register").joinpath("data")) as data:
        return Path(shutil.copytree(data, folder / "law"))


def test_the_register_that_comes_with_dutybound_is_right() -> None:
    answer = run("check")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("Nothing is wrong: ")


def test_files_that_are_wrong_are_told_with_their_lines(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for name, old, new in (
        ("duties.yaml", "title:", "titel:"),
        ("sources.yaml", "TSH", "TSH: a\n "),
    ):
        (folder / name).write_text((folder / name).read_text().replace(old, new, 1))

    answer = run("check", str(folder))

    assert answer.exit_code == 1
    lines = answer.stdout.splitlines()
    assert lines[0].startswith(f"{folder}/duties.yaml:4: ")
    assert any(line.startswith(f"{folder}/sources.yaml:") for line in lines)


def test_a_folder_that_is_right_is_told_so(tmp_path: Path) -> None:
    assert run("check", str(copied(tmp_path))).exit_code == 0


def test_a_broken_register_can_still_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path)
    (folder / "duties.yaml").write_text("duties: 3\n")
    monkeypatch.setattr(cli_register, "DATA", folder)

    answer = run("check")

    assert answer.exit_code == 1
    assert answer.stdout == 'duties.yaml:1: duties: 3 is not of type "array"\n'


def test_no_command_reads_the_register_before_it_is_asked_for() -> None:
    program = (
        "import dutybound.cli.main; from dutybound.register.book import register; "
        "print(register.cache_info().currsize)"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert answer.stdout == "0\n"
