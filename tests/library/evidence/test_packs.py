"""Packs: the same bytes each time, every digest right, and nothing that leads out of the folder."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from dutybound.evidence.annual import agenda, annual_files
from dutybound.evidence.board import Board
from dutybound.evidence.notice import (
    FROM_OVERVIEW,
    Answer,
    Answered,
    Notice,
    answer_files,
    attachment,
    files_from_overview,
)
from dutybound.evidence.overview import digest_of, read, written
from dutybound.evidence.packs import HOW, MANIFEST, SUMS, digests_of, pack
from tests.library.evidence.overviews import HEAD, NOW, RIDGE

NOTICE = Notice(
    "Ofcom", "IN-7 <b>", date(2026, 11, 2), date(2026, 11, 30), ("How soon do you act?", "Why?")
)
FILES = {"b/c.txt": b"more", "a.txt": b"some", "content.json": b'{"a": 1}\n'}


def packed(files: dict[str, bytes] = FILES) -> bytes:
    return pack(files, dated=NOW, content="content.json", head=HEAD.says)


def answer(*attached: str) -> Answer:
    found = tuple(
        attachment(one, FROM_OVERVIEW[one], files_from_overview(one, RIDGE)) for one in attached
    )
    answers = (
        Answered("How soon do you act?", "Within a day.", attached),
        Answered("Why?", "", ()),
    )
    return Answer(NOTICE, 4, RIDGE, answers, found, {})


def test_the_same_files_are_the_same_pack_in_any_order() -> None:
    assert packed() == packed(dict(reversed(FILES.items())))


def test_a_pack_has_each_file_with_its_digest_and_how_to_check_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed())) as archive:
        archive.extractall(tmp_path)

    listed = json.loads((tmp_path / MANIFEST).read_text())["files"]
    assert listed["a.txt"] == {"sha256": hashlib.sha256(b"some").hexdigest(), "size": 4}
    assert "checkpoint 4,210" in (tmp_path / HOW).read_text()
    checked = subprocess.run(
        ["sha256sum", "--check", SUMS], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


def test_the_line_that_is_told_prints_the_digest_of_the_content(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed())) as archive:
        archive.extractall(tmp_path)
    told = (tmp_path / HOW).read_text()
    program = told.split('python3 -c "')[1].split('"\n')[0]

    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )

    assert printed.stdout.strip() == digest_of({"a": 1})


@pytest.mark.parametrize("name", ["/etc/passwd", "../up.txt", "a/../../up", "a\\b"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="within the pack"):
        packed({name: b""})


def test_the_annual_pack_has_what_the_review_reads() -> None:
    files = annual_files(Board(RIDGE, None), assessment={"assessment-record.pdf": b"%PDF"})

    assert set(files) == {
        "board-report.pdf", "assessment-record.pdf", "findings/findings.json",
        "findings/figures.csv", "findings/turns.csv", "heard.csv", "documents.csv",
        "tasks-and-reviews.csv", "agenda-and-minutes.txt",
    }  # fmt: skip
    assert files == annual_files(Board(RIDGE, None), assessment={"assessment-record.pdf": b"%PDF"})
    assert json.loads(files["findings/findings.json"])[0]["status"] == "not_met"


def test_the_agenda_asks_what_the_report_asks() -> None:
    told = agenda(Board(RIDGE, None, ("Fund a moderator.",)))

    assert "- Fund a moderator." in told
    assert "ICU A1" in told


@pytest.mark.parametrize("which", FROM_OVERVIEW)
def test_an_attachment_has_the_digest_of_each_of_its_files(which: str) -> None:
    files = files_from_overview(which, RIDGE)

    assert dict(attachment(which, "A title", files).files) == dict(digests_of(files))


def test_an_answer_goes_question_by_question_and_runs_nothing() -> None:
    given = answer("findings", "figures")
    attached = {**files_from_overview("findings", RIDGE), **files_from_overview("figures", RIDGE)}

    files = answer_files(given, attached)

    page = files["index.html"].decode()
    assert page.index("Within a day.") < page.index("findings/figures.csv") < page.index("Why?")
    assert "IN-7 &lt;b&gt;" in page
    assert "Nothing is attached." in page
    assert "due on 30 November 2026" in page
    index = json.loads(files["index.json"])
    assert index["answers"][0]["attached"] == ["findings", "figures"]
    assert all(
        hashlib.sha256(files[path]).hexdigest() == digest
        for one in index["attachments"]
        for path, digest in one["files"].items()
    )


def test_an_answer_that_was_written_down_gives_the_same_files() -> None:
    given = answer("heard")

    again = read(Answer, json.loads(json.dumps(written(given))))

    assert answer_files(again, {}) == answer_files(given, {})
