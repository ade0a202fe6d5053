import io
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner

from dutybound_server.project import backups
from dutybound_server.project.backups import BadBackup
from dutybound_server.project.commands.backup import backup
from tests.cast import NOW

MEDIUM = "media/ab/cd/abcdef0123456789"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with 500 rows, a medium, one half-written, and keys."""
    folder = tmp_path / "data"
    for name, content in {
        MEDIUM: b"DBM1 sealed",
        "media/ab/cd/ffff.part": b"half",
        "keys/content.key": b"secret\n",
        "keys/django.key": b"secret\n",
        "keys/journal.key": b"secret\n",
        "keys/journal-mldsa.key": b"secret\n",
        "keys/journal-next.key": b"secret\n",
        "keys/journal-mldsa-next.key": b"secret\n",
        "keys/journal-mldsa.key.7.part": b"half",
        "metrics/counter_1.db": b"0",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with closing(sqlite3.connect(folder / "dutybound.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
        database.executemany("INSERT INTO pair VALUES (?, ?)", [(n, n) for n in range(500)])
        database.commit()
    return folder


def made(data: Path, *, with_keys: bool = False) -> Path:
    target = data.with_name("backup.tar")
    backups.make(
        target,
        data=data,
        database=data / "dutybound.sqlite3",
        with_keys=with_keys,
        now=NOW,
        progress=lambda _: None,
    )
    return target


def restored(source: Path, into: Path) -> backups.Contents:
    return backups.restore(source, data=into, progress=lambda _: None)


def test_what_is_backed_up_comes_back_and_the_keys_stay_out(data: Path, tmp_path: Path) -> None:
    contents = restored(made(data), tmp_path / "new")

    assert sorted(contents.files) == ["dutybound.sqlite3", MEDIUM]
    assert not contents.has_keys
    assert (tmp_path / "new" / MEDIUM).read_bytes() == b"DBM1 sealed"
    with closing(sqlite3.connect(tmp_path / "new" / "dutybound.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM pair").fetchone() == (500,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "data", "new"]


def test_keys_come_along_only_when_asked(data: Path, tmp_path: Path) -> None:
    contents = restored(made(data, with_keys=True), tmp_path / "new")

    assert contents.has_keys
    assert (tmp_path / "new" / "keys" / "content.key").read_bytes() == b"secret\n"
    assert (tmp_path / "new" / "keys" / "content.key").stat().st_mode & 0o077 == 0


def test_a_backup_is_one_moment_while_others_write(data: Path, tmp_path: Path) -> None:
    stop = Event()

    def write() -> None:
        with closing(sqlite3.connect(data / "dutybound.sqlite3", timeout=20)) as database:
            while not stop.is_set():
                with database:
                    database.execute("UPDATE pair SET a = a + 1")
                    database.execute("UPDATE pair SET b = b + 1")

    writer = Thread(target=write)
    writer.start()
    try:
        restored(made(data), tmp_path / "new")
    finally:
        stop.set()
        writer.join()

    with closing(sqlite3.connect(tmp_path / "new" / "dutybound.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM pair WHERE a != b").fetchone() == (0,)


def test_a_backup_into_a_folder_that_is_missing_names_the_folder(tmp_path: Path) -> None:
    answer = CliRunner().invoke(backup, [str(tmp_path / "absent" / "x.tar"), "--media-only"])

    assert answer.exit_code == 2
    assert f"There is no folder {tmp_path / 'absent'}" in answer.output


def test_a_folder_with_something_in_it_is_left_alone(data: Path) -> None:
    source = made(data)
    before = sorted(data.rglob("*"))

    with pytest.raises(BadBackup, match="not empty"):
        restored(source, data)

    assert sorted(data.rglob("*")) == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_backup_that_is_cut_short_is_refused(data: Path, tmp_path: Path, share: float) -> None:
    whole = made(data).read_bytes()
    end = whole.rindex(b"manifest.json")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole[: int(end * share)])

    with pytest.raises(BadBackup):
        restored(cut, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_one_changed_byte_is_found(data: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.tar"
    changed.write_bytes(made(data).read_bytes().replace(b"DBM1 sealed", b"DBM1 Sealed"))

    with pytest.raises(BadBackup, match=f"{MEDIUM} is not what the manifest says"):
        restored(changed, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "media/../../evil", "keys/other", "x"])
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    source = tmp_path / "evil.tar"
    with tarfile.open(source, "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))

    with pytest.raises(BadBackup, match="does not belong"):
        restored(source, tmp_path / "new")
    assert list(tmp_path.iterdir()) == [source]


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "letter.txt"
    source.write_text("Dear all, " * 200)

    with pytest.raises(BadBackup, match="cannot be read as a backup"):
        restored(source, tmp_path / "new")
