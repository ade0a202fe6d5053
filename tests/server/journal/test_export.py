"""Whatever is done to the database behind the journal's back, an export of it shows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from dutybound.cli.verify_journal import reader
from dutybound.ledger.verify import verify_journal
from dutybound_server.journal.actions import seal
from dutybound_server.journal.export import export_journal
from dutybound_server.journal.models import Checkpoint, Entry, Tile
from dutybound_server.journal.queries import journal_key
from dutybound_server.project.commands.export_journal import export_journal as command
from tests.server.journal.story import NOW, entries, take_the_guards_away, the_head

pytestmark = pytest.mark.django_db

SIZE = 300


@pytest.fixture
def sealed() -> None:
    entries(SIZE)
    seal(now=NOW)
    take_the_guards_away()


def exported(folder: Path) -> list[str]:
    """What verifying an export of the database finds."""
    head = the_head()
    export_journal(folder, head=head, progress=lambda *_: None)
    answer = verify_journal(reader(folder), key=journal_key(head))
    return [str(finding) for finding in answer.findings]


def in_sql(*statements: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return run


def turn_a_bit_of(number: int) -> None:
    entry = Entry.objects.get(number=number)
    body = bytearray(entry.body)
    body[40] ^= 1
    Entry.objects.filter(number=number).update(body=bytes(body))


def turn_a_bit_of_tile(level: int) -> None:
    tile = Tile.objects.filter(level=level).earliest("index")
    hashes = bytearray(tile.hashes)
    hashes[5] ^= 1
    Tile.objects.filter(pk=tile.pk).update(hashes=bytes(hashes))


def grow_the_checkpoint() -> None:
    head = the_head()
    Checkpoint.objects.filter(size=head.size).update(note=head.note.replace("\n300\n", "\n299\n"))


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda: turn_a_bit_of(17), ["entry 17 was changed"]),
        (lambda: turn_a_bit_of(299), ["entry 299 was changed"]),
        (
            in_sql("UPDATE journal_entry SET subject = 'case:0000' WHERE number = 17"),
            ["entry 17 was changed"],
        ),
        (
            in_sql("UPDATE journal_entry SET kind = 'case.reopened', actor = '' WHERE number = 4"),
            ["entry 4 was changed"],
        ),
        (in_sql("DELETE FROM journal_entry WHERE number = 17"), ["entry 17 is missing"]),
        (
            in_sql(
                "DELETE FROM journal_entry WHERE number = 17",
                "UPDATE journal_entry SET number = number + 1000 WHERE number > 17",
                "UPDATE journal_entry SET number = number - 1001 WHERE number > 1000",
            ),
            ["entry 17 is missing"],
        ),
        (
            in_sql(
                "UPDATE journal_entry SET number = 1000 WHERE number = 17",
                "UPDATE journal_entry SET number = 17 WHERE number = 270",
                "UPDATE journal_entry SET number = 270 WHERE number = 1000",
            ),
            ["in the place of entry 17 stands entry 270", "in the place of entry 270 stands"],
        ),
        (
            in_sql("UPDATE journal_entry SET number = 1000 WHERE number = 17"),
            ["entry 17 is missing"],
        ),
        (
            in_sql(
                "UPDATE journal_entry SET number = number + 1000 WHERE number >= 17",
                "UPDATE journal_entry SET number = number - 999 WHERE number >= 1000",
                "INSERT INTO journal_entry (number, service, kind, subject, actor, at, body, salts)"
                " SELECT 17, service, kind, subject, 'staff:8', at, body, salts"
                " FROM journal_entry WHERE number = 16",
            ),
            ["an entry was inserted after entry 16", "entry 299 is missing"],
        ),
        (lambda: turn_a_bit_of_tile(0), ["tile/0/000 does not match"]),
        (lambda: turn_a_bit_of_tile(1), ["tile/1/000.p/1 does not match"]),
        (
            in_sql("DELETE FROM journal_tile WHERE level = 0"),
            ["tile/0/000 is missing", "tile/0/001.p/44 is missing"],
        ),
        (grow_the_checkpoint, ["the checkpoint is not signed"]),
    ],
    ids=[
        "a body in a full tile",
        "a body in the last tile",
        "a column",
        "two columns",
        "a row removed",
        "a row removed, later ones renumbered",
        "two rows swapped",
        "a forged number",
        "a row inserted",
        "a tile",
        "a tile higher up",
        "tiles removed",
        "the checkpoint",
    ],
)
def test_what_was_done_to_the_database_is_found(
    sealed: None, tmp_path: Path, harm: Callable[[], None], found: list[str]
) -> None:
    assert exported(tmp_path / "before") == []

    harm()

    findings = exported(tmp_path / "after")
    for finding, start in zip(findings, found, strict=False):
        assert finding.startswith(start)
    assert len(findings) >= len(found)


def test_a_body_altered_by_hand_is_found_even_if_it_became_text(
    sealed: None, tmp_path: Path
) -> None:
    body = "replace(body, 'decided', 'closed!')"  # SQLite keeps what it is given: text.
    if connection.vendor == "postgresql":
        body = "convert_to(replace(convert_from(body, 'UTF8'), 'decided', 'closed!'), 'UTF8')"
    in_sql(f"UPDATE journal_entry SET body = {body} WHERE number = 17")()

    assert exported(tmp_path / "out")[0].startswith("entry 17 was changed")


def test_erasing_the_salts_leaves_the_journal_whole(sealed: None, tmp_path: Path) -> None:
    Entry.objects.update(salts={})

    assert exported(tmp_path / "journal") == []


def test_the_command_writes_what_verifies_and_says_how(sealed: None, tmp_path: Path) -> None:
    entries(2)
    folder = tmp_path / "journals" / "today"

    answer = CliRunner().invoke(command, [str(folder)])

    assert answer.exit_code == 0, answer.output
    assert f"Entries in {folder}: 300. Not yet sealed: 2." in answer.output
    assert verify_journal(reader(folder)).verifies
    assert folder.stat().st_mode & 0o77 == 0
    assert [path.name for path in folder.parent.iterdir()] == ["today"]


def test_an_export_never_mixes_with_what_is_there(sealed: None, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()

    answer = CliRunner().invoke(command, [str(tmp_path)])

    assert answer.exit_code == 2
    assert "is not empty" in answer.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_an_export_that_is_cut_off_leaves_nothing(sealed: None, tmp_path: Path) -> None:
    def cut_off(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_journal(tmp_path / "journal", head=the_head(), progress=cut_off)

    assert list(tmp_path.iterdir()) == []


def test_a_journal_without_a_sealed_entry_is_not_exported(tmp_path: Path) -> None:
    answer = CliRunner().invoke(command, [str(tmp_path / "journal")])

    assert answer.exit_code == 2
    assert "no sealed entry yet" in answer.output
    assert not (tmp_path / "journal").exists()
