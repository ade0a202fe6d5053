"""The bag is one that the Library of Congress's own tool takes, and refuses once it is changed."""

import io
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha512
from pathlib import Path
from zipfile import ZipFile

import pytest

from dutybound.cases.bagit import BadBag, safe_name, write_bag

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def write(target: io.BytesIO, *payload: tuple[str, bytes], name: str = "bag") -> str:
    return write_bag(
        target,
        name=name,
        made_at=NOW,
        info={"Source-Organization": "Ridge Forum", "External-Description": "zonk\r\nBag-Size: 1"},
        payload=[(path, io.BytesIO(content)) for path, content in payload],
        tags=[("stamps/snapshot.json.tsr", b"a stamp")],
    )


def unpacked(file: io.BytesIO, folder: Path) -> Path:
    ZipFile(file).extractall(folder)
    return folder / "bag"


def validates(bag: Path) -> bool:
    tool = [sys.executable, "-W", "ignore", "-m", "bagit", "--validate", str(bag)]
    return subprocess.run(tool, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "path", ["../up", "/etc/passwd", "a//b", ".hidden", "a\nb", "a b", "", "files/\u202egpj.exe"]
)
def test_a_name_that_some_system_reads_in_another_way_is_refused(path: str) -> None:
    with pytest.raises(BadBag, match="letters, digits"):
        write(io.BytesIO(), (path, b"x"))


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(BadBag, match="twice"):
        write(io.BytesIO(), ("a", b"x"), ("a", b"y"))


def test_the_bagit_tool_takes_it_and_refuses_one_that_was_changed(tmp_path: Path) -> None:
    file = io.BytesIO()
    write(file, ("snapshot.json", b"{}"), ("files/001-a.jpg", b"x" * 200_000))

    bag = unpacked(file, tmp_path)

    assert validates(bag)
    (bag / "data/snapshot.json").write_bytes(b"[]")
    assert not validates(bag)


def test_the_answer_seals_all_of_it(tmp_path: Path) -> None:
    file = io.BytesIO()
    seal = write(file, ("snapshot.json", b"{}"))

    bag = unpacked(file, tmp_path)

    assert seal == sha512((bag / "tagmanifest-sha512.txt").read_bytes()).hexdigest()
    assert "stamps/snapshot.json.tsr" in (bag / "tagmanifest-sha512.txt").read_text()
    about = (bag / "bag-info.txt").read_text()
    assert "External-Description: zonk Bag-Size: 1\n" in about
    assert "Payload-Oxum: 2.1\n" in about


def test_a_name_is_made_safe_and_still_tells_what_it_was() -> None:
    assert safe_name("Holiday photo (1).jpg") == "Holiday-photo-1-.jpg"
    assert safe_name("../../etc/passwd") == "etc-passwd"
    assert safe_name("\u202e") == "file"
